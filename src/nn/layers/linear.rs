//! `linear`: the fully connected (affine) layer, `y = x·Wᵀ + b`.

use super::{Aux, Layer, ParameterSpec, Part, Passed, Settings, WholeBatch, weight_and_bias};
use crate::nn::{
    products::{BLOCK_LEN, Dots, Outer, Packed, Start},
    shape::Shape,
    tensor::Tensor,
};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.Linear`; the input's features are inferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linear {
    /// Outputs.
    pub out_features: usize,
    /// Whether a bias is added to each output.
    #[serde(default = "yes")]
    pub bias: bool,
}

fn yes() -> bool {
    true
}

/// The most outputs that are accepted.
const MAX_FEATURES: usize = 1 << 20;

/// Images that go backward together, which bounds the scratch memory.
const TOGETHER: usize = 128;

#[derive(Debug)]
struct Module {
    inputs: usize,
    outputs: usize,
    bias: bool,
}

impl Linear {
    /// A layer with `out_features` outputs and biases.
    pub const fn new(out_features: usize) -> Self {
        Self { out_features, bias: true }
    }
}

impl Settings for Linear {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, String> {
        let Shape::Vector(inputs) = input else {
            return Err(format!("needs a vector, but its input is {input}: put a flatten layer before it"));
        };
        let outputs = self.out_features;
        if outputs == 0 || outputs > MAX_FEATURES {
            return Err(format!("out_features is {outputs}, but must be from 1 to {MAX_FEATURES}"));
        }
        Ok(Box::new(Module { inputs, outputs, bias: self.bias }))
    }

    fn summary(&self) -> String {
        format!("linear {}", self.out_features)
    }

    fn examples() -> Vec<(Self, Shape)> {
        vec![
            (Self::new(3), Shape::Vector(5)),
            (Self { out_features: 4, bias: false }, Shape::Vector(7)),
            (Self::new(1), Shape::Vector(1)),
        ]
    }
}

impl Layer for Module {
    fn input(&self) -> Shape {
        Shape::Vector(self.inputs)
    }

    fn output(&self) -> Shape {
        Shape::Vector(self.outputs)
    }

    fn parameters(&self) -> Vec<ParameterSpec> {
        let shape = vec![self.outputs, self.inputs];
        weight_and_bias(shape, (self.inputs, self.outputs), self.bias, self.outputs)
    }

    fn multiply_adds(&self) -> u64 {
        self.inputs as u64 * self.outputs as u64
    }

    fn whole_batch(&self) -> Option<&dyn WholeBatch> {
        Some(self)
    }

    fn scratch_len(&self) -> usize {
        BLOCK_LEN + Packed::len(TOGETHER, self.outputs).max(Packed::len(self.outputs, TOGETHER))
    }

    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], _: &mut Aux<'_>) {
        let weight = parameters[0].values();
        match parameters.get(1) {
            Some(bias) => y.chunks_exact_mut(self.outputs).for_each(|row| row.copy_from_slice(bias.values())),
            None => y.fill(0.0),
        }
        let dots = Dots {
            rows: (x.len() / self.inputs, self.outputs),
            pairs: 1,
            a: |_, image| &x[image * self.inputs..][..self.inputs],
            b: |_, output| &weight[output * self.inputs..][..self.inputs],
        };
        dots.add_to(y);
    }

    fn backward(
        &self,
        parameters: &[Tensor],
        passed: Passed<'_>,
        dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        aux: &mut Aux<'_>,
    ) {
        let Self { inputs, outputs, .. } = *self;
        let Passed { x, dy, .. } = passed;
        for (number, gradient) in gradients.iter_mut().enumerate() {
            self.add_gradient(number, 0, &[Part { x, dy }], Start::Old, gradient.values_mut(), aux.scratch);
        }
        let Some(dx) = dx else { return };
        let weight = parameters[0].values();
        let (block, packed) = aux.scratch.split_at_mut(BLOCK_LEN);
        for (dx, dy) in dx.chunks_mut(TOGETHER * inputs).zip(dy.chunks(TOGETHER * outputs)) {
            let columns = (0..outputs).map(|output| &dy[output..]);
            let a = Packed::new(dx.len() / inputs, outputs, packed, &columns, outputs);
            let b = |output: usize| &weight[output * inputs..][..inputs];
            Outer { a, b, columns: inputs, start: Start::Zero }.write(dx, block);
        }
    }
}

impl WholeBatch for Module {
    fn gradient(
        &self,
        number: usize,
        row: usize,
        batch: &[Part<'_>],
        gradient: &mut [f32],
        scratch: &mut [f32],
    ) {
        self.add_gradient(number, row, batch, Start::Zero, gradient, scratch);
    }
}

impl Module {
    /// The gradient of the weights (0) or biases (1) from output `row` on.
    fn add_gradient(
        &self,
        number: usize,
        row: usize,
        batch: &[Part<'_>],
        mut start: Start,
        to: &mut [f32],
        scratch: &mut [f32],
    ) {
        let Self { inputs, outputs, .. } = *self;
        let parts = batch.iter();
        let mut images =
            parts.flat_map(|part| part.x.chunks_exact(inputs).zip(part.dy.chunks_exact(outputs))).peekable();
        if number == 1 || images.peek().is_none() {
            if matches!(start, Start::Zero) {
                to.fill(0.0);
            }
            return images.for_each(|(_, dy)| to.iter_mut().zip(&dy[row..]).for_each(|(to, &d)| *to += d));
        }
        let (block, packed) = scratch.split_at_mut(BLOCK_LEN.min(scratch.len()));
        while images.peek().is_some() {
            let mut together: [(&[f32], &[f32]); TOGETHER] = [(&[], &[]); TOGETHER];
            let mut count = 0;
            for (slot, image) in together.iter_mut().zip(&mut images) {
                *slot = image;
                count += 1;
            }
            let columns = together[..count].iter().map(|(_, dy)| &dy[row..]);
            let a = Packed::new(to.len() / inputs, count, packed, &columns, 1);
            Outer { a, b: |image: usize| together[image].0, columns: inputs, start }.write(to, block);
            start = Start::Old;
        }
    }
}

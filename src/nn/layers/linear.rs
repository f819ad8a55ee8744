//! `linear`: the fully connected (affine) layer, `y = x·Wᵀ + b`.

use super::{Aux, Layer, ParameterSpec, Passed, Settings, weight_and_bias};
use crate::nn::{
    products::{BLOCK_LEN, Dots, Outer, Packed, Rows, Start},
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
const TOGETHER: usize = 64;

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
        mut dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        aux: &mut Aux<'_>,
    ) {
        let Self { inputs, outputs, .. } = *self;
        let (block, packed) = aux.scratch.split_at_mut(BLOCK_LEN);
        let batches = passed.x.chunks(TOGETHER * inputs).zip(passed.dy.chunks(TOGETHER * outputs));
        for (number, (x, dy)) in batches.enumerate() {
            let images = x.len() / inputs;
            let a = Packed::new(outputs, images, packed, |output, image| dy[image * outputs + output]);
            let b = Rows(|image| &x[image * inputs..][..inputs]);
            let dw = gradients[0].values_mut();
            Outer { a, b, columns: inputs, start: Start::Old }.write(dw, block);
            if let Some(dx) = dx.as_deref_mut() {
                let a = Packed::new(images, outputs, packed, |image, output| dy[image * outputs + output]);
                let b = Rows(|output| &parameters[0].values()[output * inputs..][..inputs]);
                let dx = &mut dx[number * TOGETHER * inputs..][..images * inputs];
                Outer { a, b, columns: inputs, start: Start::Zero }.write(dx, block);
            }
        }
        if let Some(db) = gradients.get_mut(1) {
            for row in passed.dy.chunks_exact(outputs) {
                for (db, &d) in db.values_mut().iter_mut().zip(row) {
                    *db += d;
                }
            }
        }
    }
}

//! `linear`: the fully connected (affine) layer, `y = x·Wᵀ + b`.

use super::{
    batch::{BatchShard, FullBatch},
    context::{BackwardInput, LayerContext},
    convolution::weight_and_bias,
    defaults::yes,
    error::LayerError,
    layer::{Layer, ParameterSpec},
    settings::Settings,
};
use crate::nn::{
    kernels::{BLOCK_LEN, Beta, Gemm, GemmNt, MAX_ROWS, Packed, rows_mut},
    setting_error::SettingError,
    shape::Shape,
    tensor::Tensor,
};
use crate::text::{fill, tr};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The settings of `torch.nn.Linear`; `in_features` is inferred. (N, `in_features`) → (N, `out_features`).
///
/// Parameters: weight (`out_features`, `in_features`), bias (`out_features`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linear {
    /// The number of outputs.
    pub out_features: usize,
    /// Whether each output has a bias.
    #[serde(default = "yes")]
    pub bias: bool,
}

/// The most outputs.
const MAX_FEATURES: usize = 1 << 20;

/// From this many weights on, no L2 cache holds them.
const LARGE: usize = 1 << 19;

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
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let Shape::Vector(inputs) = input else {
            return Err(LayerError::NeedsVector(input));
        };
        let outputs = self.out_features;
        SettingError::check("out_features", outputs, 1..=MAX_FEATURES)?;
        Ok(Box::new(Module { inputs, outputs, bias: self.bias }))
    }

    fn summary(&self) -> String {
        fill(tr("linear {outputs}"), &[("outputs", &self.out_features.to_string())])
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

    fn full_batch(&self) -> Option<&dyn FullBatch> {
        Some(self)
    }

    fn scratch_len(&self, _: usize) -> usize {
        BLOCK_LEN + Packed::len(MAX_ROWS, self.outputs.max(MAX_ROWS))
    }

    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], _: &mut LayerContext<'_>) {
        let Self { inputs, outputs, .. } = *self;
        for (x, y) in x.chunks(MAX_ROWS * inputs).zip(y.chunks_mut(MAX_ROWS * outputs)) {
            let (mut y, count) = rows_mut(y, outputs);
            self.outputs(parameters, 0..outputs, &rows(x, inputs)[..count], &mut y[..count]);
        }
    }

    fn backward(
        &self,
        parameters: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        context: &mut LayerContext<'_>,
    ) {
        let Self { inputs, outputs, .. } = *self;
        let BackwardInput { x, dy, .. } = input;
        for (number, gradient) in gradients.iter_mut().enumerate() {
            let columns = if number == 0 { inputs } else { outputs };
            for (i, gradient) in gradient.values_mut().chunks_mut(MAX_ROWS * columns).enumerate() {
                let (mut rows, count) = rows_mut(gradient, columns);
                let place = (i * MAX_ROWS, 0..columns);
                self.add_gradient(
                    number,
                    place,
                    &[BatchShard { x, dy }],
                    Beta::One,
                    &mut rows[..count],
                    context.scratch,
                );
            }
        }
        let Some(dx) = dx else { return };
        for (dx, dy) in dx.chunks_mut(MAX_ROWS * inputs).zip(dy.chunks(MAX_ROWS * outputs)) {
            let (mut dx, count) = rows_mut(dx, inputs);
            self.input_gradient(
                parameters,
                0..inputs,
                &rows(dy, outputs)[..count],
                &mut dx[..count],
                context.scratch,
            );
        }
    }
}

impl FullBatch for Module {
    fn is_large(&self) -> bool {
        self.inputs * self.outputs >= LARGE
    }

    fn outputs(&self, parameters: &[Tensor], outputs: Range<usize>, x: &[&[f32]], y: &mut [&mut [f32]]) {
        let weight = &parameters[0].values()[outputs.start * self.inputs..];
        for y in &mut *y {
            match parameters.get(1) {
                Some(bias) => y.copy_from_slice(&bias.values()[outputs.clone()]),
                None => y.fill(0.0),
            }
        }
        let products = GemmNt {
            rows: (x.len(), outputs.len()),
            pairs: 1,
            a: |_, image| x[image],
            b: |_, output| &weight[output * self.inputs..][..self.inputs],
        };
        products.add_to(y);
    }

    fn input_gradient(
        &self,
        parameters: &[Tensor],
        inputs: Range<usize>,
        dy: &[&[f32]],
        dx: &mut [&mut [f32]],
        scratch: &mut [f32],
    ) {
        let weight = parameters[0].values();
        let (block, packed) = scratch.split_at_mut(BLOCK_LEN);
        let a = Packed::of_rows(dy, self.outputs, packed);
        let b = |output: usize| &weight[output * self.inputs..][..self.inputs];
        Gemm { a, b, columns: inputs, beta: Beta::Zero }.write(dx, block);
    }

    fn gradient(
        &self,
        number: usize,
        place: (usize, Range<usize>),
        batch: &[BatchShard<'_>],
        gradient: &mut [&mut [f32]],
        scratch: &mut [f32],
    ) {
        self.add_gradient(number, place, batch, Beta::Zero, gradient, scratch);
    }
}

/// The rows of a matrix with this many columns, at most [`MAX_ROWS`] of them.
#[inline]
fn rows(matrix: &[f32], columns: usize) -> [&[f32]; MAX_ROWS] {
    let mut rows: [&[f32]; MAX_ROWS] = [&[]; MAX_ROWS];
    for (i, row) in matrix.chunks_exact(columns).take(MAX_ROWS).enumerate() {
        rows[i] = row;
    }
    rows
}

impl Module {
    /// [`FullBatch::gradient`], added to the old values if `beta` is one.
    fn add_gradient<'a>(
        &self,
        number: usize,
        (row, columns): (usize, Range<usize>),
        batch: &[BatchShard<'a>],
        mut beta: Beta,
        to: &mut [&mut [f32]],
        scratch: &mut [f32],
    ) {
        let Self { inputs, outputs, .. } = *self;
        let image = |shard: &BatchShard<'a>, i: usize| {
            (&shard.x[i * inputs..][..inputs], &shard.dy[i * outputs..][..outputs])
        };
        let shards = batch.iter();
        let mut images =
            shards.flat_map(|shard| (0..shard.dy.len() / outputs).map(move |i| image(shard, i))).peekable();
        if number == 1 || images.peek().is_none() {
            for to in to {
                if matches!(beta, Beta::Zero) {
                    to.fill(0.0);
                }
                for (_, dy) in &mut images {
                    let to = &mut **to;
                    let dy = &dy[columns.clone()][..to.len()];
                    for i in 0..to.len() {
                        to[i] += dy[i];
                    }
                }
            }
            return;
        }
        let (block, packed) = scratch.split_at_mut(BLOCK_LEN.min(scratch.len()));
        while images.peek().is_some() {
            let mut together: [(&[f32], &[f32]); MAX_ROWS] = [(&[], &[]); MAX_ROWS];
            let mut count = 0;
            while count < MAX_ROWS {
                let Some(image) = images.next() else { break };
                together[count] = image;
                count += 1;
            }
            let dy = together[..count].iter().map(|(_, dy)| &dy[row..]);
            let a = Packed::new(to.len(), count, packed, &dy, 1);
            Gemm { a, b: |image: usize| together[image].0, columns: columns.clone(), beta }.write(to, block);
            beta = Beta::One;
        }
    }
}

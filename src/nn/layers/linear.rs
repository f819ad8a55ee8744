//! `linear`: the fully connected (affine) layer, `y = x·Wᵀ + b`.

use super::{Aux, Layer, ParameterSpec, Passed, Settings, weight_and_bias};
use crate::nn::{
    matrix::{matrix, product},
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

    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], _: &mut Aux<'_>) {
        let n = x.len() / self.inputs;
        let weight = matrix(parameters[0].values(), self.outputs, self.inputs);
        if let Some(bias) = parameters.get(1) {
            for row in y.chunks_exact_mut(self.outputs) {
                row.copy_from_slice(bias.values());
            }
        }
        let keep = if self.bias { 1.0 } else { 0.0 };
        product(&matrix(x, n, self.inputs), &weight.t(), keep, y);
    }

    fn backward(
        &self,
        parameters: &[Tensor],
        passed: Passed<'_>,
        dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        _: &mut Aux<'_>,
    ) {
        let n = passed.x.len() / self.inputs;
        let dy = matrix(passed.dy, n, self.outputs);
        product(&dy.t(), &matrix(passed.x, n, self.inputs), 1.0, gradients[0].values_mut());
        if let Some(db) = gradients.get_mut(1) {
            for row in passed.dy.chunks_exact(self.outputs) {
                for (db, &d) in db.values_mut().iter_mut().zip(row) {
                    *db += d;
                }
            }
        }
        if let Some(dx) = dx {
            product(&dy, &matrix(parameters[0].values(), self.outputs, self.inputs), 0.0, dx);
        }
    }
}

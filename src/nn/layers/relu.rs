//! `relu`: `max(0, x)` for every value.

use super::{
    Layer, Settings,
    activation::{Elementwise, example_shapes},
};
use crate::nn::shape::Shape;
use serde::{Deserialize, Serialize};

/// `y = max(0, x)`, element by element; the gradient at 0 is 0, as in PyTorch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relu {}

impl Settings for Relu {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, String> {
        Ok(Box::new(Elementwise {
            shape: input,
            name: "relu",
            function: |x| x.max(0.0),
            slope: |y| if y > 0.0 { 1.0 } else { 0.0 },
        }))
    }

    fn summary(&self) -> String {
        "ReLU".into()
    }

    fn examples() -> Vec<(Self, Shape)> {
        example_shapes().into_iter().map(|shape| (Self {}, shape)).collect()
    }
}

//! `tanh`: `tanh(x)` for every value.

use super::{
    Layer, LayerError, Settings,
    activation::{Elementwise, example_shapes},
};
use crate::nn::{exp, shape::Shape};
use serde::{Deserialize, Serialize};

/// `y = tanh(x)`, element by element; its slope is 1 − y².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tanh {}

impl Settings for Tanh {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        Ok(Box::new(Elementwise {
            shape: input,
            name: "tanh",
            function: exp::tanh,
            slope: |_, y: f32| 1.0 - y * y,
        }))
    }

    fn summary(&self) -> String {
        "tanh".into()
    }

    fn examples() -> Vec<(Self, Shape)> {
        example_shapes().into_iter().map(|shape| (Self {}, shape)).collect()
    }
}

//! `sigmoid`: `1 / (1 + exp(−x))` for every value.

use super::{
    Layer, LayerError, Settings,
    activation::{Elementwise, example_shapes},
};
use crate::nn::{exp, shape::Shape};
use serde::{Deserialize, Serialize};

/// `y = 1 / (1 + exp(−x))`, element by element; its slope is y·(1 − y).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sigmoid {}

impl Settings for Sigmoid {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        Ok(Box::new(Elementwise {
            shape: input,
            name: "sigmoid",
            function: exp::sigmoid,
            slope: |_, y: f32| y * (1.0 - y),
        }))
    }

    fn summary(&self) -> String {
        "sigmoid".into()
    }

    fn examples() -> Vec<(Self, Shape)> {
        example_shapes().into_iter().map(|shape| (Self {}, shape)).collect()
    }
}

//! `tanh`: the hyperbolic tangent.

use super::{
    activation::{self, Elementwise},
    error::LayerError,
    layer::Layer,
    settings::Settings,
};
use crate::{
    nn::{shape::Shape, simd::exp},
    text::Sentence,
};
use serde::{Deserialize, Serialize};

/// `y = tanh(x)`, element by element; the derivative is 1 − y².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tanh {}

impl Settings for Tanh {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        Ok(Box::new(Elementwise::new(
            input,
            "tanh",
            exp::tanh,
            #[inline(always)]
            |_, y: f32| 1.0 - y * y,
        )))
    }

    fn summary(&self) -> String {
        "tanh".into()
    }

    fn formula(&self) -> Option<Sentence> {
        Some(Sentence::new("tanh(x)"))
    }

    fn examples() -> Vec<(Self, Shape)> {
        activation::examples([Self {}])
    }
}

//! `sigmoid`: `1 / (1 + exp(−x))`.

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

/// `y = 1 / (1 + exp(−x))`, element by element; the derivative is y·(1 − y).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sigmoid {}

impl Settings for Sigmoid {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        Ok(Box::new(Elementwise::new(
            input,
            "sigmoid",
            exp::sigmoid,
            #[inline(always)]
            |_, y: f32| y * (1.0 - y),
        )))
    }

    fn summary(&self) -> String {
        "sigmoid".into()
    }

    fn formula(&self) -> Option<Sentence> {
        Some(Sentence::new("1 / (1 + exp(−x))"))
    }

    fn examples() -> Vec<(Self, Shape)> {
        activation::examples([Self {}])
    }
}

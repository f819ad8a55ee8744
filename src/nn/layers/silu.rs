//! `silu`: `x·sigmoid(x)`, also called swish.

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

/// `y = x·sigmoid(x)`, element by element, as `torch.nn.SiLU` (Elfwing, Uchibe and Doya 2017, arXiv:1702.03118); with
/// `s = sigmoid(x)`, the derivative is `s·(1 + x·(1 − s))`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Silu {}

impl Settings for Silu {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        Ok(Box::new(Elementwise::new(
            input,
            "silu",
            #[inline(always)]
            |x: f32| x * exp::sigmoid(x),
            #[inline(always)]
            |x: f32, _| {
                let s = exp::sigmoid(x);
                s * (1.0 + x * (1.0 - s))
            },
        )))
    }

    fn summary(&self) -> String {
        "SiLU".into()
    }

    fn formula(&self) -> Option<Sentence> {
        Some(Sentence::new("x / (1 + exp(−x))"))
    }

    fn examples() -> Vec<(Self, Shape)> {
        activation::examples([Self {}])
    }
}

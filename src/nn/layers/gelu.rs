//! `gelu`: `x·Φ(x)`, where Φ is the distribution function of the standard normal distribution.

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
use std::f32::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

/// `y = x·Φ(x)`, element by element, as `torch.nn.GELU` (Hendrycks and Gimpel 2016, arXiv:1606.08415).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gelu {
    /// How Φ is computed.
    pub approximate: GeluApproximation,
}

/// How [`Gelu`] computes Φ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GeluApproximation {
    /// By the error function; the derivative is `Φ(x) + x·φ(x)` with the normal density φ.
    #[default]
    None,
    /// As `(1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2`.
    Tanh,
}

/// √(2/π)
const SQRT_2_OVER_PI: f32 = FRAC_2_SQRT_PI * FRAC_1_SQRT_2;

/// The factor of x³ in the approximation by tanh.
const CUBIC: f32 = 0.044_715;

/// tanh(√(2/π)·(x + 0.044715·x³)).
#[inline(always)]
fn tanh_of(x: f32) -> f32 {
    exp::tanh(SQRT_2_OVER_PI * (x + CUBIC * x * x * x))
}

impl Settings for Gelu {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let name = "gelu";
        Ok(match self.approximate {
            GeluApproximation::None => Box::new(Elementwise::new(
                input,
                name,
                #[inline(always)]
                |x: f32| x * exp::normal_cdf(x),
                #[inline(always)]
                |x: f32, _| exp::normal_cdf(x) + x * (0.5 * SQRT_2_OVER_PI) * exp::exp(-0.5 * x * x),
            )),
            GeluApproximation::Tanh => Box::new(Elementwise::new(
                input,
                name,
                #[inline(always)]
                |x: f32| 0.5 * x * (1.0 + tanh_of(x)),
                #[inline(always)]
                |x: f32, _| {
                    let tanh = tanh_of(x);
                    let inner = SQRT_2_OVER_PI * (1.0 + 3.0 * CUBIC * x * x);
                    0.5 * (1.0 + tanh) + 0.5 * x * (1.0 - tanh * tanh) * inner
                },
            )),
        })
    }

    fn summary(&self) -> String {
        match self.approximate {
            GeluApproximation::None => "GELU".into(),
            GeluApproximation::Tanh => "GELU (tanh)".into(),
        }
    }

    fn formula(&self) -> Option<Sentence> {
        Some(match self.approximate {
            GeluApproximation::None => Sentence::new("x · Φ(x)"),
            GeluApproximation::Tanh => Sentence::new("x · (1 + tanh(0.798 · (x + 0.0447 · x³))) / 2"),
        })
    }

    fn examples() -> Vec<(Self, Shape)> {
        let both = [GeluApproximation::None, GeluApproximation::Tanh];
        activation::examples(both.map(|approximate| Self { approximate }))
    }
}

//! `elu`: `x` above 0, `alpha·(exp(x) − 1)` below.

use super::{
    activation::{self, Elementwise},
    error::LayerError,
    layer::Layer,
    settings::Settings,
};
use crate::{
    nn::{setting_error::SettingError, shape::Shape, simd::exp},
    text::Sentence,
};
use serde::{Deserialize, Serialize};

/// `y = x` for x > 0, else `alpha·(exp(x) − 1)`, element by element, as `torch.nn.ELU` (Clevert, Unterthiner and Hochreiter
/// 2015, arXiv:1511.07289); the derivative below 0 is `y + alpha`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Elu {
    /// The negative of the limit for x → −∞.
    pub alpha: f32,
}

impl Default for Elu {
    fn default() -> Self {
        Self { alpha: 1.0 }
    }
}

impl Settings for Elu {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let alpha = self.alpha;
        SettingError::check_finite("alpha", alpha)?;
        Ok(Box::new(Elementwise::new(
            input,
            "elu",
            #[inline(always)]
            move |x: f32| if x > 0.0 { x } else { alpha * exp::exp_m1(x) },
            #[inline(always)]
            move |x: f32, y: f32| if x > 0.0 { 1.0 } else { y + alpha },
        )))
    }

    fn summary(&self) -> String {
        if self.alpha == 1.0 { "ELU".into() } else { format!("ELU {}", self.alpha) }
    }

    fn formula(&self) -> Option<Sentence> {
        Some(Sentence::new("x, or {alpha} · (exp(x) − 1) below 0").with("alpha", self.alpha))
    }

    fn examples() -> Vec<(Self, Shape)> {
        activation::examples([1.0, 0.3, -0.5].map(|alpha| Self { alpha }))
    }
}

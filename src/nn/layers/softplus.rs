//! `softplus`: `ln(1 + exp(beta·x)) / beta`, a smooth ReLU.

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

/// `y = ln(1 + exp(beta·x)) / beta`, element by element, as `torch.nn.Softplus`; the derivative is `sigmoid(beta·x)`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Softplus {
    /// The sharpness of the bend: for a large beta, softplus is close to ReLU.
    pub beta: f32,
    /// Above this value of `beta·x`, `y = x`.
    pub threshold: f32,
}

impl Default for Softplus {
    fn default() -> Self {
        Self { beta: 1.0, threshold: 20.0 }
    }
}

impl Settings for Softplus {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let Self { beta, threshold } = *self;
        SettingError::check_finite("beta", beta)?;
        if beta == 0.0 {
            let sentence = "{setting} is {value}, but must not be 0, since the result is divided by it";
            return Err(SettingError::new("beta", beta, sentence).into());
        }
        SettingError::check_finite("threshold", threshold)?;
        Ok(Box::new(Elementwise::new(
            input,
            "softplus",
            #[inline(always)]
            move |x: f32| {
                let z = beta * x;
                // Without overflow: ln(1 + exp(z)) = max(z, 0) + ln(1 + exp(−|z|)). A comparison keeps NaN.
                let positive = if z < 0.0 { 0.0 } else { z };
                if z > threshold { x } else { (positive + exp::exp(-z.abs()).ln_1p()) / beta }
            },
            #[inline(always)]
            move |x: f32, _| if beta * x > threshold { 1.0 } else { exp::sigmoid(beta * x) },
        )))
    }

    fn summary(&self) -> String {
        if self.beta == 1.0 { "softplus".into() } else { format!("softplus {}", self.beta) }
    }

    fn formula(&self) -> Option<Sentence> {
        if self.beta == 1.0 {
            return Some(Sentence::new("ln(1 + exp(x))"));
        }
        Some(Sentence::new("ln(1 + exp({beta} · x)) / {beta}").with("beta", self.beta))
    }

    fn examples() -> Vec<(Self, Shape)> {
        let settings = [(1.0, 20.0), (2.5, 20.0), (-1.0, 20.0), (1.0, 0.5)];
        activation::examples(settings.map(|(beta, threshold)| Self { beta, threshold }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::LayerContext;

    fn softplus(settings: Softplus, x: &[f32]) -> Vec<f32> {
        let layer = settings.build(Shape::Vector(x.len())).unwrap();
        let mut y = vec![0.0; x.len()];
        layer.forward(&[], x, &mut y, &mut LayerContext::empty());
        y
    }

    #[test]
    fn large_values_neither_overflow_nor_hide_nan() {
        let y = softplus(Softplus { threshold: 1e30, ..Softplus::default() }, &[200.0, -200.0, f32::NAN]);
        assert_eq!(y[0], 200.0);
        assert!((0.0..1e-30).contains(&y[1]) && y[2].is_nan(), "{y:?}");
    }

    #[test]
    fn impossible_settings_are_refused() {
        let refused =
            |beta, threshold| Softplus { beta, threshold }.build(Shape::Vector(2)).unwrap_err().to_string();
        assert!(refused(0.0, 20.0).contains("beta is 0"));
        assert!(refused(1.0, f32::NAN).contains("threshold is NaN"));
    }
}

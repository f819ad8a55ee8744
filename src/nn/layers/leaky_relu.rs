//! `leaky_relu`: `x` above 0, `negative_slope·x` below.

use super::{
    activation::{self, Elementwise},
    error::LayerError,
    layer::Layer,
    settings::Settings,
};
use crate::{
    nn::{setting_error::SettingError, shape::Shape},
    text::Sentence,
};
use serde::{Deserialize, Serialize};

/// `y = x` for x > 0, else `negative_slope·x`, element by element, as `torch.nn.LeakyReLU` (Maas et al.
/// 2013): a unit with a negative input still has a gradient.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LeakyRelu {
    /// The slope below 0.
    pub negative_slope: f32,
}

impl Default for LeakyRelu {
    fn default() -> Self {
        Self { negative_slope: 0.01 }
    }
}

impl Settings for LeakyRelu {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let negative_slope = self.negative_slope;
        SettingError::check_finite("negative_slope", negative_slope)?;
        Ok(Box::new(Elementwise::new(
            input,
            "leaky_relu",
            #[inline(always)]
            move |x: f32| if x > 0.0 { x } else { negative_slope * x },
            #[inline(always)]
            move |x: f32, _| if x > 0.0 { 1.0 } else { negative_slope },
        )))
    }

    fn summary(&self) -> String {
        format!("leaky ReLU {}", self.negative_slope)
    }

    fn formula(&self) -> Option<Sentence> {
        Some(Sentence::new("x, or {slope} · x below 0").with("slope", self.negative_slope))
    }

    fn examples() -> Vec<(Self, Shape)> {
        let slopes = [Self::default().negative_slope, 0.3, -0.5, 0.0];
        activation::examples(slopes.map(|negative_slope| Self { negative_slope }))
    }
}

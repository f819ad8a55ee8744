//! `layer_norm`: normalises the last dimensions of each image to mean 0 and variance 1, then applies a learned scale and
//! shift.

use super::{
    defaults::{usual_eps, yes},
    error::LayerError,
    layer::Layer,
    normalization::Normalization,
    settings::Settings,
};
use crate::nn::{setting_error::SettingError, shape::Shape};
use crate::text::tr;
use serde::{Deserialize, Deserializer, Serialize};

/// The settings of `torch.nn.LayerNorm` (Ba et al. 2016, arXiv:1607.06450). The shape stays.
///
/// `y = (x − mean) / √(variance + eps) · weight + bias`, with mean and variance over the dimensions of `normalized_shape`, for
/// each image by itself.
///
/// Parameters: weight (`normalized_shape`), bias (`normalized_shape`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerNorm {
    /// The last dimensions of the input, such as `[8, 5, 5]` or `[5]`; one number stands for a list of one.
    #[serde(deserialize_with = "sizes")]
    pub normalized_shape: Vec<usize>,
    /// Added to the variance, so that equal values are not divided by 0.
    #[serde(default = "usual_eps")]
    pub eps: f32,
    /// Whether each value has a weight and a bias.
    #[serde(default = "yes")]
    pub elementwise_affine: bool,
    /// Whether there is a bias besides the weight.
    #[serde(default = "yes")]
    pub bias: bool,
}

impl LayerNorm {
    /// Over these dimensions, with PyTorch's defaults.
    pub fn new(normalized_shape: &[usize]) -> Self {
        Self {
            normalized_shape: normalized_shape.to_vec(),
            eps: usual_eps(),
            elementwise_affine: true,
            bias: true,
        }
    }

    /// How many values are normalised together.
    pub fn together(&self) -> usize {
        self.normalized_shape.iter().product()
    }
}

/// A number, or a list of numbers.
fn sizes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<usize>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a whole number or a list of them")]
    enum Written {
        One(usize),
        Many(Vec<usize>),
    }
    Ok(match Written::deserialize(deserializer)? {
        Written::One(size) => vec![size],
        Written::Many(sizes) => sizes,
    })
}

impl Settings for LayerNorm {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let shape = &self.normalized_shape;
        if shape.is_empty() || !input.dims().ends_with(shape) {
            let sentence = "{setting} is {value}, but must be the last dimensions of the input {input}";
            let error = SettingError::new("normalized_shape", format!("{shape:?}"), sentence);
            return Err(error.with("input", input).into());
        }
        let scale = self.elementwise_affine.then(|| shape.clone());
        let Self { eps, bias, .. } = *self;
        Normalization { input, together: self.together(), eps, scale, bias, each: 1 }.checked()
    }

    fn summary(&self) -> String {
        tr("layer norm").into()
    }

    fn examples() -> Vec<(Self, Shape)> {
        let of = Self::new;
        vec![
            (of(&[2, 3, 2]), Shape::maps(2, 3, 2)),
            (of(&[5]), Shape::Vector(5)),
            (Self { eps: 0.1, bias: false, ..of(&[3, 4]) }, Shape::maps(2, 3, 4)),
            (Self { elementwise_affine: false, ..of(&[4]) }, Shape::maps(2, 2, 4)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::LayerContext;

    #[test]
    fn values_are_normalised() {
        let layer = LayerNorm { eps: 1e-12, elementwise_affine: false, ..LayerNorm::new(&[2]) };
        let layer = layer.build(Shape::maps(1, 2, 2)).unwrap();
        let mut y = [0.0; 4];
        layer.forward(&[], &[1.0, 3.0, 10.0, 6.0], &mut y, &mut LayerContext::empty());
        assert_eq!(y, [-1.0, 1.0, 1.0, -1.0]);
        assert!(layer.parameters().is_empty());
    }

    #[test]
    fn other_dimensions_are_refused() {
        let refused = |shape: &[usize], input| LayerNorm::new(shape).build(input).unwrap_err().to_string();
        let reason = "normalized_shape is [2, 3], but must be the last dimensions of the input 2×3×4";
        assert_eq!(refused(&[2, 3], Shape::maps(2, 3, 4)), reason);
        assert!(refused(&[], Shape::Vector(3)).contains("normalized_shape is []"));
        let read = serde_json::from_str::<LayerNorm>(r#"{"normalized_shape": 7}"#).unwrap();
        assert_eq!(read, LayerNorm::new(&[7]));
    }
}

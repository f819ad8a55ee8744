//! `batch_norm1d`: normalises each value of a vector to mean 0 and variance 1 over the batch, then applies a learned scale
//! and shift.

use super::{batch_norm, error::LayerError, layer::Layer, settings::Settings};
use crate::nn::shape::Shape;
use crate::text::tr;
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.BatchNorm1d` (Ioffe and Szegedy 2015, arXiv:1502.03167) for vectors; `num_features` is
/// inferred. The shape (N, features) stays. It computes what [`BatchNorm2d`](super::BatchNorm2d) does for maps of one cell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BatchNorm1d {
    /// Added to the variance, so that a constant value is not divided by 0.
    pub eps: f32,
    /// The weight of a batch in the running statistics.
    pub momentum: f32,
}

impl Default for BatchNorm1d {
    fn default() -> Self {
        Self { eps: 1e-5, momentum: 0.1 }
    }
}

impl Settings for BatchNorm1d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        if let Shape::Maps { .. } = input {
            return Err(LayerError::NeedsVector(input));
        }
        batch_norm::build(input, self.eps, self.momentum)
    }

    fn summary(&self) -> String {
        tr("batch norm").into()
    }

    fn examples() -> Vec<(Self, Shape)> {
        // Of two images, a small eps makes nearly ±1 of any values, and their gradient nearly 0.
        let of = |eps| Self { eps, ..Self::default() };
        vec![
            (of(1.0), Shape::Vector(4)),
            (Self { eps: 0.5, momentum: 0.5 }, Shape::Vector(3)),
            (of(2.0), Shape::Vector(1)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_refused() {
        let reason = BatchNorm1d::default().build(Shape::maps(2, 2, 2)).unwrap_err().to_string();
        assert_eq!(reason, "needs a vector, but its input is 2×2×2: put a flatten layer before it");
        let settings = BatchNorm1d { eps: -1.0, ..BatchNorm1d::default() };
        assert!(settings.build(Shape::Vector(2)).unwrap_err().to_string().contains("eps is -1"));
    }
}

//! `batch_norm2d`: normalises each channel to mean 0 and variance 1, then applies a learned scale and shift.

use super::{
    batch_norm,
    error::LayerError,
    layer::Layer,
    settings::{Settings, need_maps},
};
use crate::nn::shape::Shape;
use crate::text::tr;
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.BatchNorm2d` (Ioffe and Szegedy 2015, arXiv:1502.03167); `num_features` is
/// inferred. The shape (N, C, H, W) stays.
///
/// `y = (x − mean) / √(variance + eps) · weight + bias` for each channel. In training, mean and variance are those of the
/// batch; in evaluation they are the running ones, which each training step moves towards the batch's by `momentum`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BatchNorm2d {
    /// Added to the variance, so that a constant channel is not divided by 0.
    pub eps: f32,
    /// The weight of a batch in the running statistics.
    pub momentum: f32,
}

impl Default for BatchNorm2d {
    fn default() -> Self {
        Self { eps: 1e-5, momentum: 0.1 }
    }
}

impl Settings for BatchNorm2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        need_maps(input)?;
        batch_norm::build(input, self.eps, self.momentum)
    }

    fn summary(&self) -> String {
        tr("batch norm").into()
    }

    fn examples() -> Vec<(Self, Shape)> {
        vec![
            (Self::default(), Shape::maps(3, 4, 5)),
            (Self { eps: 0.1, momentum: 0.5 }, Shape::maps(2, 3, 1)),
            (Self::default(), Shape::maps(1, 2, 2)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        layers::{BackwardInput, BatchSums, LayerContext},
        tensor::Tensor,
    };

    #[test]
    fn impossible_settings_are_refused() {
        let refused = |settings: BatchNorm2d, word: &str| {
            let reason = settings.build(Shape::maps(2, 2, 2)).unwrap_err().to_string();
            assert!(reason.contains(word), "{reason} lacks {word}");
        };
        refused(BatchNorm2d { eps: 0.0, ..BatchNorm2d::default() }, "eps is 0");
        refused(BatchNorm2d { momentum: 1.5, ..BatchNorm2d::default() }, "momentum is 1.5");
    }

    #[test]
    fn evaluation_uses_the_running_statistics() {
        let layer = BatchNorm2d { eps: 1e-12, momentum: 0.1 }.build(Shape::maps(1, 1, 2)).unwrap();
        let tensor = |value: f32| Tensor::new(&[1], &[value]).unwrap();
        let (parameters, buffers) = ([tensor(3.0), tensor(1.0)], [tensor(2.0), tensor(4.0), tensor(0.0)]);
        let mut context = LayerContext { buffers: &buffers, ..LayerContext::empty() };
        let (x, mut y, mut dx) = ([2.0, 6.0], [0.0; 2], [0.0; 2]);
        layer.forward(&parameters, &x, &mut y, &mut context);
        assert_eq!(y, [1.0, 7.0]);
        let mut gradients = [tensor(0.0), tensor(0.0)];
        let input = BackwardInput { x: &x, y: &y, dy: &[1.0, 0.5] };
        layer.backward(&parameters, input, Some(&mut dx), &mut gradients, &mut context);
        assert_eq!(dx, [1.5, 0.75]);
        assert_eq!(gradients, [tensor(1.0), tensor(1.5)]);
    }

    #[test]
    fn the_variance_is_accurate_far_from_a_mean_of_zero() {
        let layer = BatchNorm2d { eps: 1e-12, momentum: 1.0 }.build(Shape::maps(1, 1, 4)).unwrap();
        let batch_statistics = layer.batch_statistics().unwrap();
        let mut sums = vec![0.0; batch_statistics.sums_len()];
        batch_statistics.sum_inputs(&[4096.0, 4097.0, 4098.0, 4099.0], &mut sums);
        let mut buffers: Vec<Tensor> = layer.buffers().iter().map(|b| Tensor::zeros(&b.shape)).collect();
        batch_statistics.update_buffers(BatchSums { images: 1, inputs: &sums, gradients: &[] }, &mut buffers);
        let values: Vec<f32> = buffers.iter().map(|b| b.values()[0]).collect();
        assert_eq!(values, [4097.5, 5.0 / 3.0, 1.0]);
    }
}

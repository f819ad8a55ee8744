//! `global_avg_pool2d`: the mean of each map, C×H×W → C×1×1, as `torch.nn.AdaptiveAvgPool2d(1)`.

use super::{
    context::{BackwardInput, LayerContext},
    error::LayerError,
    layer::Layer,
    settings::{Settings, need_maps},
};
use crate::nn::{kernels::mean, shape::Shape, tensor::Tensor};
use crate::text::tr;
use serde::{Deserialize, Serialize};

/// The mean of each map (Lin et al. 2013, arXiv:1312.4400). (N, C, H, W) → (N, C, 1, 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GlobalAvgPool2d {}

impl Settings for GlobalAvgPool2d {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let (channels, height, width) = need_maps(input)?;
        Ok(Box::new(Module { input, channels, plane: height * width }))
    }

    fn summary(&self) -> String {
        tr("global average pool").into()
    }

    fn examples() -> Vec<(Self, Shape)> {
        vec![(Self {}, Shape::maps(3, 4, 5)), (Self {}, Shape::maps(2, 1, 1))]
    }
}

#[derive(Debug)]
struct Module {
    input: Shape,
    channels: usize,
    plane: usize,
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        Shape::maps(self.channels, 1, 1)
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], _: &mut LayerContext<'_>) {
        for (y, map) in y.iter_mut().zip(x.chunks_exact(self.plane)) {
            *y = mean(map);
        }
    }

    fn backward(
        &self,
        _: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        _: &mut LayerContext<'_>,
    ) {
        let Some(dx) = dx else { return };
        for (map, &dy) in dx.chunks_exact_mut(self.plane).zip(input.dy) {
            map.fill(dy / self.plane as f32);
        }
    }
}

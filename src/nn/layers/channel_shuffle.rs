//! `channel_shuffle`: reorders channels, so that each group of the next grouped convolution has channels of all groups.

use super::{
    context::{BackwardInput, LayerContext},
    error::LayerError,
    layer::Layer,
    settings::{Settings, need_maps},
};
use crate::nn::{setting_error::SettingError, shape::Shape, tensor::Tensor};
use crate::text::{fill, tr};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.ChannelShuffle` (Zhang et al. 2017, arXiv:1707.01083): the C channels as a matrix
/// (groups, C / groups) are transposed: `y[j·groups + i] = x[i·(C / groups) + j]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelShuffle {
    /// The number of groups.
    pub groups: usize,
}

impl Settings for ChannelShuffle {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let (channels, height, width) = need_maps(input)?;
        let groups = self.groups;
        if groups == 0 || !channels.is_multiple_of(groups) {
            let sentence = "{setting} is {value}, but must divide the {channels} input channels";
            return Err(SettingError::new("groups", groups, sentence).with("channels", channels).into());
        }
        Ok(Box::new(Module { input, groups, channels, plane: height * width }))
    }

    fn summary(&self) -> String {
        fill(tr("shuffle {groups} groups"), &[("groups", &self.groups.to_string())])
    }

    fn examples() -> Vec<(Self, Shape)> {
        let settings = |groups| Self { groups };
        vec![
            (settings(3), Shape::maps(6, 2, 3)),
            (settings(2), Shape::maps(8, 1, 1)),
            (settings(4), Shape::maps(4, 2, 2)),
            (settings(1), Shape::maps(3, 2, 1)),
        ]
    }
}

#[derive(Debug)]
struct Module {
    input: Shape,
    groups: usize,
    channels: usize,
    plane: usize,
}

impl Module {
    /// Transposes the maps of each image as a matrix (`rows`, channels / `rows`).
    fn transpose(&self, from: &[f32], to: &mut [f32], rows: usize) {
        let (columns, image) = (self.channels / rows, self.channels * self.plane);
        for (from, to) in from.chunks_exact(image).zip(to.chunks_exact_mut(image)) {
            for (c, map) in from.chunks_exact(self.plane).enumerate() {
                let (i, j) = (c / columns, c % columns);
                to[(j * rows + i) * self.plane..][..self.plane].copy_from_slice(map);
            }
        }
    }
}

impl Layer for Module {
    fn input(&self) -> Shape {
        self.input
    }

    fn output(&self) -> Shape {
        self.input
    }

    fn forward(&self, _: &[Tensor], x: &[f32], y: &mut [f32], _: &mut LayerContext<'_>) {
        self.transpose(x, y, self.groups);
    }

    fn backward(
        &self,
        _: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        _: &mut [Tensor],
        _: &mut LayerContext<'_>,
    ) {
        if let Some(dx) = dx {
            self.transpose(input.dy, dx, self.channels / self.groups);
        }
    }
}

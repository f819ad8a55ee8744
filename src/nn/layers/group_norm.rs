//! `group_norm`: normalises groups of channels of each image to mean 0 and variance 1, then applies a learned scale and shift
//! to each channel.

use super::{
    defaults::{usual_eps, yes},
    error::LayerError,
    layer::Layer,
    normalization::Normalization,
    settings::Settings,
};
use crate::nn::{setting_error::SettingError, shape::Shape};
use crate::text::{fill, tr};
use serde::{Deserialize, Serialize};

/// The settings of `torch.nn.GroupNorm` (Wu and He 2018, arXiv:1803.08494); `num_channels` is inferred. The shape stays.
///
/// `y = (x − mean) / √(variance + eps) · weight + bias`, with mean and variance over the channels of a group, for each image by
/// itself.
///
/// Parameters: weight (C), bias (C).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupNorm {
    /// Into how many groups the channels are split.
    pub num_groups: usize,
    /// Added to the variance, so that equal values are not divided by 0.
    #[serde(default = "usual_eps")]
    pub eps: f32,
    /// Whether each channel has a weight and a bias.
    #[serde(default = "yes")]
    pub affine: bool,
}

impl GroupNorm {
    /// This many groups, with PyTorch's defaults.
    pub const fn new(num_groups: usize) -> Self {
        Self { num_groups, eps: usual_eps(), affine: true }
    }
}

impl Settings for GroupNorm {
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError> {
        let Self { num_groups, eps, affine } = *self;
        let (channels, height, width) = input.as_maps();
        if num_groups == 0 || !channels.is_multiple_of(num_groups) {
            let sentence = "{setting} is {value}, but must divide the {channels} input channels";
            let error = SettingError::new("num_groups", num_groups, sentence);
            return Err(error.with("channels", channels).into());
        }
        let scale = affine.then(|| vec![channels]);
        let (together, each) = (input.len() / num_groups, height * width);
        Normalization { input, together, eps, scale, bias: true, each }.checked()
    }

    fn summary(&self) -> String {
        fill(tr("group norm {groups}"), &[("groups", &self.num_groups.to_string())])
    }

    fn examples() -> Vec<(Self, Shape)> {
        vec![
            (Self::new(2), Shape::maps(4, 3, 2)),
            (Self { eps: 0.1, ..Self::new(1) }, Shape::maps(3, 2, 2)),
            (Self { affine: false, ..Self::new(3) }, Shape::maps(3, 2, 3)),
            (Self::new(2), Shape::Vector(6)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_divide_the_channels() {
        for groups in [0, 2, 6] {
            let reason = GroupNorm::new(groups).build(Shape::maps(3, 2, 2)).unwrap_err().to_string();
            assert_eq!(reason, format!("num_groups is {groups}, but must divide the 3 input channels"));
        }
        let names: Vec<_> = GroupNorm::new(3).build(Shape::maps(3, 2, 2)).unwrap().parameters();
        assert_eq!(
            names.iter().map(|p| (p.name, p.shape.as_slice())).collect::<Vec<_>>(),
            [("weight", &[3][..]), ("bias", &[3][..])]
        );
    }
}

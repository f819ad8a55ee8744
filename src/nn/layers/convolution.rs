//! Code that the convolutional layers, and in part the linear one, share.

use super::layer::{Initial, ParameterSpec};
use crate::nn::setting_error::SettingError;

/// The most output channels of a convolution.
const MAX_CHANNELS: usize = 1 << 16;

/// Checks the number of output channels and of groups of a convolution over `channels`.
pub(super) fn check_channels(
    out_channels: usize,
    channels: usize,
    groups: usize,
) -> Result<(), SettingError> {
    SettingError::check("out_channels", out_channels, 1..=MAX_CHANNELS)?;
    if groups == 0 || !channels.is_multiple_of(groups) || !out_channels.is_multiple_of(groups) {
        let sentence = "{setting} is {value}, but must divide both the {channels} input channels and {other} {out_channels}";
        let error = SettingError::new("groups", groups, sentence).name("other", "out_channels");
        return Err(error.with("channels", channels).with("out_channels", out_channels));
    }
    Ok(())
}

/// The parameter `weight` of this shape and fans, and, if the layer has one, `bias` with a zero per output.
pub(super) fn weight_and_bias(
    shape: Vec<usize>,
    (fan_in, fan_out): (usize, usize),
    bias: bool,
    outputs: usize,
) -> Vec<ParameterSpec> {
    let weight = ParameterSpec { name: "weight", shape, initial: Initial::Random { fan_in, fan_out } };
    let bias =
        bias.then(|| ParameterSpec { name: "bias", shape: vec![outputs], initial: Initial::Constant(0.0) });
    std::iter::once(weight).chain(bias).collect()
}

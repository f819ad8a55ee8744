//! From settings to a convolution, or to a sentence about the impossible setting.

use super::{
    photo::Photo,
    setup::{
        ConvolutionSetup, ConvolutionSource, Kernels, MAX_CHANNELS, MAX_FILTERS, MAX_SIDE, MAX_WEIGHTS,
        Weights,
    },
};
use crate::{
    explain::{
        Convolution,
        convolution::{ConvolutionCosts, MAX_KERNEL, Postprocess},
        variants::VariantSetting,
    },
    nn::{
        LayerSpec, Pair, SettingError, Shape,
        layers::{Conv2d, Padding, PaddingMode},
    },
    text::{Say, Sentence},
    ui::{
        model::{answer::NetworkAnswer, image::CurrentImage, rejected::Rejected},
        widgets::numbers,
    },
};
use std::sync::Arc;

/// The most multiply-adds that are computed between two frames.
const MAX_COST: u64 = 40_000_000;

/// The largest stride, padding and dilation.
const MAX_SETTING: usize = 16;

/// A control of the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the setting of its name")]
pub enum ConvolutionSetting {
    Source,
    Input,
    Kernel,
    Stride,
    Padding,
    Dilation,
    Groups,
    Filters,
    Weights,
    Rest,
    Then,
    Standing,
    Sliding,
    /// A setting of a variant.
    Family(VariantSetting),
}

/// Why settings are impossible, with the control that the reason belongs to.
pub type ConvolutionRejected = Rejected<ConvolutionSetting>;

/// The data that settings can refer to.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The current image.
    pub image: &'a CurrentImage,
    /// The current network with its activations for an image.
    pub answer: Option<&'a NetworkAnswer>,
    /// The photograph that was opened.
    pub photo: Option<&'a Arc<Photo>>,
}

impl World<'_> {
    /// The shape of the input. The error says why there is none.
    pub fn input(&self, setup: &ConvolutionSetup) -> Result<Shape, ConvolutionRejected> {
        let rejected = |reason: Sentence| ConvolutionRejected::new(ConvolutionSetting::Source, &reason);
        match setup.source {
            ConvolutionSource::Numbers => {
                let (c, h, w) = setup.size;
                for (name, value, most) in [
                    ("the number of channels", c, MAX_CHANNELS),
                    ("the input's height", h, MAX_SIDE),
                    ("the input's width", w, MAX_SIDE),
                ] {
                    check(ConvolutionSetting::Input, name, value, 1, most)?;
                }
                Ok(Shape::maps(c, h, w))
            }
            ConvolutionSource::Image => {
                let seen = &self.image.seen;
                Ok(Shape::maps(1, seen.height() as usize, seen.width() as usize))
            }
            ConvolutionSource::Layer(number) => {
                let waiting = || rejected(Sentence::new("the network is still computing"));
                let answer = self.answer.ok_or_else(waiting)?;
                let layer = answer.network.layers().get(number).ok_or_else(|| {
                    let reason = Sentence::new(
                        "the network has {count} layers, counted from 0, but no layer {number}",
                    );
                    rejected(reason.with("number", number).with("count", answer.network.layers().len()))
                })?;
                match layer.input() {
                    maps @ Shape::Maps { .. } => Ok(maps),
                    Shape::Vector(features) => {
                        let reason = Sentence::new(
                            "the input of layer {number} is a vector of {count} values, which has no rows and columns",
                        );
                        Err(rejected(reason.with("number", number).with("count", features)))
                    }
                }
            }
            ConvolutionSource::Photo => {
                let photo = self.photo.ok_or_else(|| rejected(Sentence::new("open a photograph first")))?;
                let (c, h, w) = photo.size;
                Ok(Shape::maps(c, h, w))
            }
        }
    }

    /// The input's values, (C, H, W).
    fn values(&self, setup: &ConvolutionSetup) -> Vec<f32> {
        match setup.source {
            ConvolutionSource::Numbers => setup.numbers.clone(),
            ConvolutionSource::Image => {
                self.image.seen.as_raw().iter().map(|&ink| f32::from(ink) / 255.0).collect()
            }
            ConvolutionSource::Layer(number) => self.answer.map_or_else(Vec::new, |answer| {
                let input = answer.network.input().len();
                match number.checked_sub(1) {
                    None => answer.trace.input.values().get(..input).unwrap_or_default().to_vec(),
                    Some(before) => answer.trace.activation(before).to_vec(),
                }
            }),
            ConvolutionSource::Photo => self.photo.map_or_else(Vec::new, |photo| photo.values.clone()),
        }
    }

    /// The settings of layer `number` of the current network, if that is a convolution.
    pub fn conv(&self, number: usize) -> Option<Conv2d> {
        match self.answer?.network.spec().layers.get(number)? {
            LayerSpec::Conv2d(conv) => Some(*conv),
            _ => None,
        }
    }

    /// The kernels and biases that layer `number` of the current network learnt; `None` if it has none, or too many to
    /// be kept apart.
    pub fn learned(&self, number: usize) -> Option<(Kernels, Vec<f32>)> {
        self.conv(number)?;
        let tensors = self.answer?.network.parameters().get(number)?;
        let weight = tensors.first().filter(|weight| weight.len() <= MAX_WEIGHTS)?;
        let shape: [usize; 4] = weight.shape().try_into().ok()?;
        let bias = tensors.get(1).map_or_else(|| vec![0.0; shape[0]], |bias| bias.values().to_vec());
        Some((Kernels { shape, values: weight.values().to_vec() }, bias))
    }
}

/// Rejects a value outside its range.
pub(super) fn check(
    setting: ConvolutionSetting,
    name: &'static str,
    value: usize,
    least: usize,
    most: usize,
) -> Result<(), ConvolutionRejected> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let reason = Sentence::new("{name} is {value}, but must be from {least} to {most}").with("value", value);
    let reason = reason.part("name", Sentence::new(name)).with("least", least).with("most", most);
    Err(ConvolutionRejected::new(setting, &reason))
}

/// The rejection of a setting of the layer, for its control.
fn of_setting(error: &SettingError) -> ConvolutionRejected {
    let setting = match error.setting() {
        "stride" => ConvolutionSetting::Stride,
        "padding" | "padding_mode" => ConvolutionSetting::Padding,
        "dilation" => ConvolutionSetting::Dilation,
        "groups" => ConvolutionSetting::Groups,
        "out_channels" => ConvolutionSetting::Filters,
        _ => ConvolutionSetting::Kernel,
    };
    ConvolutionRejected::new(setting, error)
}

/// The rejection of an error of the layer, for the control of the setting that the error names.
fn of_layer(error: &(impl Say + ?Sized), setting: Option<&SettingError>) -> ConvolutionRejected {
    setting.map_or_else(|| ConvolutionRejected::new(ConvolutionSetting::Kernel, &error.say()), of_setting)
}

/// The layer that the settings describe over an input of this shape.
pub fn settings(setup: &ConvolutionSetup, input: Shape) -> Result<Conv2d, ConvolutionRejected> {
    let ConvolutionSetup { kernel, stride, dilation, groups, filters, has_bias, .. } = *setup;
    let most_filters = if matches!(setup.weights, Weights::Own(_)) { MAX_FILTERS } else { usize::MAX };
    let most_kernel = if matches!(setup.weights, Weights::Own(_)) { MAX_KERNEL } else { usize::MAX };
    for (setting, names, pair, least, most) in [
        (ConvolutionSetting::Kernel, ["the kernel's height", "the kernel's width"], kernel, 1, most_kernel),
        (ConvolutionSetting::Stride, ["the stride's height", "the stride's width"], stride, 1, MAX_SETTING),
        (
            ConvolutionSetting::Dilation,
            ["the dilation's height", "the dilation's width"],
            dilation,
            1,
            MAX_SETTING,
        ),
    ] {
        for (name, value) in names.into_iter().zip([pair.h, pair.w]) {
            check(setting, name, value, least, most)?;
        }
    }
    let padding = setup
        .layer_padding()
        .map_err(|error| ConvolutionRejected::new(ConvolutionSetting::Padding, &error))?;
    let conv = Conv2d {
        kernel_size: kernel,
        stride,
        padding,
        dilation,
        groups,
        bias: has_bias,
        padding_mode: setup.fill,
        ..Conv2d::new(filters, 1)
    };
    let Pair { h, w } = conv.window().padding;
    for (name, value) in [("the padding's height", h), ("the padding's width", w)] {
        check(ConvolutionSetting::Padding, name, value, 0, MAX_SETTING * MAX_KERNEL)?;
    }
    check(ConvolutionSetting::Filters, "the number of filters", filters, 1, most_filters)?;
    let (channels, height, width) = input.as_maps();
    if groups == 0 || !channels.is_multiple_of(groups) || !filters.is_multiple_of(groups) {
        let reason = Sentence::new(
            "the number of groups is {groups}, but must divide both the {channels} channels and the {filters} filters",
        );
        let reason = reason.with("groups", groups).with("channels", channels).with("filters", filters);
        return Err(ConvolutionRejected::new(ConvolutionSetting::Groups, &reason));
    }
    if let Padding::Each(_) = padding {
        conv.window().output(height, width).map_err(|error| of_setting(&error))?;
    }
    if padding == Padding::Same || setup.fill != PaddingMode::Zeros {
        LayerSpec::from(conv).build(input).map_err(|error| of_layer(&error, error.setting()))?;
    }
    Ok(conv)
}

/// Rejects strides that leave rows or columns over, as some libraries do.
fn check_rest(conv: &Convolution) -> Result<(), ConvolutionRejected> {
    for (size, name) in conv.output_sizes().into_iter().zip(["rows", "columns"]) {
        if size.remainder() > 0 {
            let steps = size.input + 2 * size.padding + size.extra - size.span();
            let reason = Sentence::new(
                "a stride of {stride} does not divide the {steps} {name} that the window can move: {rest} would be left over",
            );
            let reason =
                reason.with("stride", size.stride).with("steps", steps).with("rest", size.remainder());
            let reason = reason.part("name", Sentence::new(name));
            return Err(ConvolutionRejected::new(ConvolutionSetting::Rest, &reason));
        }
    }
    Ok(())
}

/// Rejects pooling of an output that is smaller than the pool.
fn check_pool(setup: &ConvolutionSetup, conv: Conv2d, input: Shape) -> Result<(), ConvolutionRejected> {
    let Ok(layer) = LayerSpec::from(conv).build(input) else { return Ok(()) };
    match layer.output().as_maps() {
        (_, height, width) if setup.then.pool && height.min(width) < 2 => {
            let reason =
                Sentence::new("2×2 pooling needs at least 2×2 outputs, but there are {height}×{width}");
            let reason = reason.with("height", height).with("width", width);
            Err(ConvolutionRejected::new(ConvolutionSetting::Then, &reason))
        }
        _ => Ok(()),
    }
}

/// Computes the convolution of these settings.
pub fn made(setup: &ConvolutionSetup, world: World<'_>) -> Result<Convolution, ConvolutionRejected> {
    let input = world.input(setup)?;
    let conv = settings(setup, input)?;
    check_pool(setup, conv, input)?;
    let made = computed(setup, world, input, conv)?;
    if setup.refuses_rest {
        check_rest(&made)?;
    }
    Ok(made)
}

fn computed(
    setup: &ConvolutionSetup,
    world: World<'_>,
    input: Shape,
    conv: Conv2d,
) -> Result<Convolution, ConvolutionRejected> {
    // The network has already computed a layer with its own settings.
    if let (ConvolutionSource::Layer(from), Weights::Learned(layer), Some(answer)) =
        (setup.source, &setup.weights, world.answer)
        && from == *layer
        && world.conv(*layer) == Some(conv)
        && setup.then == Postprocess::default()
        && let Some(whole) = Convolution::of_layer(answer.network.clone(), answer.trace.clone(), *layer)
    {
        return Ok(whole);
    }
    let cost =
        ConvolutionCosts::of_settings(conv, input).map_err(|error| of_layer(&error, error.setting()))?;
    if cost.multiply_adds > MAX_COST {
        let reason = Sentence::new(
            "these settings need {count} multiply-adds, but at most {most} are computed at once: use fewer filters or a smaller kernel",
        );
        let reason = reason.with("count", numbers::count(cost.multiply_adds));
        let reason = reason.with("most", numbers::count(MAX_COST));
        return Err(ConvolutionRejected::new(ConvolutionSetting::Filters, &reason));
    }
    let (kernels, bias) = match &setup.weights {
        Weights::Own(kernels) => (kernels.clone(), setup.bias.clone()),
        Weights::Learned(layer) => world.learned(*layer).ok_or_else(|| {
            let reason = Sentence::new("layer {number} of the current network has no kernels");
            ConvolutionRejected::new(ConvolutionSetting::Weights, &reason.with("number", layer))
        })?,
    };
    let (channels, ..) = input.as_maps();
    let needed = [conv.out_channels, channels / conv.groups.max(1), conv.kernel_size.h, conv.kernel_size.w];
    if kernels.shape != needed {
        let shape = |sides: [usize; 4]| sides.map(|side| side.to_string()).join("×");
        let reason =
            Sentence::new("the kernels are {have}, but must be {need}: filters, channels, height, width");
        let reason = reason.with("have", shape(kernels.shape)).with("need", shape(needed));
        return Err(ConvolutionRejected::new(ConvolutionSetting::Weights, &reason));
    }
    let bias = if conv.bias { bias.as_slice() } else { &[] };
    Convolution::with_postprocess(conv, setup.then, input, &world.values(setup), &kernels.values, bias)
        .map_err(|error| of_layer(&error, error.setting()))
}

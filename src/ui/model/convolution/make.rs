//! From settings to a convolution that the core computed, or a sentence that says which setting is impossible.

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
        convolution::{Costs, MAX_KERNEL, Then},
        family::Knob,
    },
    nn::{LayerSpec, Pair, Shape, im2col::Window, layers::Conv2d},
    text::{fill, tr},
    ui::{
        model::{answer::NetworkAnswer, image::CurrentImage, rejected::Rejected},
        widgets::numbers,
    },
};
use std::sync::Arc;

/// The most multiply-adds that are computed between two frames.
const MAX_COST: u64 = 40_000_000;

/// The largest stride, padding and dilation that one can set.
const MAX_SETTING: usize = 16;

/// A control of the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// A setting of a member of the family.
    Family(Knob),
}

/// Why settings cannot be computed, for the control that they belong to.
pub type ConvolutionRejected = Rejected<ConvolutionSetting>;

/// What settings can refer to.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The current image.
    pub image: &'a CurrentImage,
    /// The current network with what it computed of an image.
    pub answer: Option<&'a NetworkAnswer>,
    /// The photograph that was opened.
    pub photo: Option<&'a Arc<Photo>>,
}

impl World<'_> {
    /// The shape of the input; the error says why there is none.
    pub fn input(&self, setup: &ConvolutionSetup) -> Result<Shape, ConvolutionRejected> {
        let refused = |sentence: &str| ConvolutionRejected::new(ConvolutionSetting::Source, sentence);
        match setup.source {
            ConvolutionSource::Numbers => {
                let (c, h, w) = setup.size;
                for (name, value, most) in [
                    (tr("channels"), c, MAX_CHANNELS),
                    (tr("the input's height"), h, MAX_SIDE),
                    (tr("the input's width"), w, MAX_SIDE),
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
                let answer = self.answer.ok_or_else(|| refused(tr("The network is still computing.")))?;
                let layer = answer.network.layers().get(number);
                let layer = layer.ok_or_else(|| {
                    let count = answer.network.layers().len();
                    let sentence = tr("There is no layer {number}: the network has {count}, from 0.");
                    let values = [("number", number.to_string()), ("count", count.to_string())];
                    refused(&fill(sentence, &[(values[0].0, &values[0].1), (values[1].0, &values[1].1)]))
                })?;
                match layer.input() {
                    maps @ Shape::Maps { .. } => Ok(maps),
                    Shape::Vector(features) => {
                        let sentence = tr(
                            "A vector of {count} goes into layer {number}, which has no rows and columns.",
                        );
                        let (count, number) = (features.to_string(), number.to_string());
                        Err(refused(&fill(sentence, &[("count", &count), ("number", &number)])))
                    }
                }
            }
            ConvolutionSource::Photo => {
                let photo = self.photo.ok_or_else(|| refused(tr("Open a photograph first.")))?;
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

    /// The settings of layer `number` of the current network, if it is a convolution.
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

/// Refuses a value that is out of its range.
pub(super) fn check(
    setting: ConvolutionSetting,
    name: &str,
    value: usize,
    least: usize,
    most: usize,
) -> Result<(), ConvolutionRejected> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let sentence = tr("{name} is {value}, but must be from {least} to {most}.");
    let [value, least, most] = [value, least, most].map(|number| number.to_string());
    let values = [("name", name), ("value", &*value), ("least", &*least), ("most", &*most)];
    let sentence = fill(sentence, &values);
    Err(ConvolutionRejected::of_core(setting, sentence.trim_end_matches('.')))
}

/// The layer that the settings describe over an input of this shape.
pub fn settings(setup: &ConvolutionSetup, input: Shape) -> Result<Conv2d, ConvolutionRejected> {
    let ConvolutionSetup { kernel, stride, dilation, groups, filters, has_bias, .. } = *setup;
    let most_filters = if matches!(setup.weights, Weights::Own(_)) { MAX_FILTERS } else { usize::MAX };
    let most_kernel = if matches!(setup.weights, Weights::Own(_)) { MAX_KERNEL } else { usize::MAX };
    for (setting, names, pair, least, most) in [
        (
            ConvolutionSetting::Kernel,
            [tr("the kernel's height"), tr("the kernel's width")],
            kernel,
            1,
            most_kernel,
        ),
        (
            ConvolutionSetting::Stride,
            [tr("the stride's height"), tr("the stride's width")],
            stride,
            1,
            MAX_SETTING,
        ),
        (
            ConvolutionSetting::Dilation,
            [tr("the dilation's height"), tr("the dilation's width")],
            dilation,
            1,
            MAX_SETTING,
        ),
    ] {
        for (name, value) in names.into_iter().zip([pair.h, pair.w]) {
            check(setting, name, value, least, most)?;
        }
    }
    let padding =
        setup.zeros().map_err(|clause| ConvolutionRejected::of_core(ConvolutionSetting::Padding, &clause))?;
    for (name, value) in [(tr("the padding's height"), padding.h), (tr("the padding's width"), padding.w)] {
        check(ConvolutionSetting::Padding, name, value, 0, MAX_SETTING * MAX_KERNEL)?;
    }
    check(ConvolutionSetting::Filters, tr("the number of filters"), filters, 1, most_filters)?;
    let (channels, height, width) = input.as_maps();
    if groups == 0 || !channels.is_multiple_of(groups) || !filters.is_multiple_of(groups) {
        let sentence = tr(
            "{groups} groups do not divide both the {channels} channels and the {filters} filters: each group has as many of either.",
        );
        let [groups, channels, filters] = [groups, channels, filters].map(|number| number.to_string());
        let values = [("groups", &*groups), ("channels", &*channels), ("filters", &*filters)];
        return Err(ConvolutionRejected::new(ConvolutionSetting::Groups, fill(sentence, &values)));
    }
    let window = Window { kernel_size: kernel, stride, padding, dilation };
    let is_dilated = dilation != Pair::square(1);
    let culprit = if is_dilated { ConvolutionSetting::Dilation } else { ConvolutionSetting::Kernel };
    window.output(height, width).map_err(|clause| ConvolutionRejected::of_core(culprit, &clause))?;
    Ok(Conv2d {
        out_channels: filters,
        kernel_size: kernel,
        stride,
        padding,
        dilation,
        groups,
        bias: has_bias,
    })
}

/// Refuses windows that do not come out even, as some libraries do.
fn check_rest(conv: &Convolution) -> Result<(), ConvolutionRejected> {
    for (size, name) in conv.sizes().into_iter().zip([tr("rows"), tr("columns")]) {
        if size.rest() > 0 {
            let steps = size.input + 2 * size.padding - size.span();
            let sentence = tr(
                "A stride of {stride} does not divide the {steps} {name} that the window can move: {rest} would be left over.",
            );
            let [stride, steps, rest] = [size.stride, steps, size.rest()].map(|number| number.to_string());
            let values = [("stride", &*stride), ("steps", &*steps), ("name", name), ("rest", &*rest)];
            return Err(ConvolutionRejected::new(ConvolutionSetting::Rest, fill(sentence, &values)));
        }
    }
    Ok(())
}

/// Refuses to pool what is smaller than the pool's window.
fn check_pool(setup: &ConvolutionSetup, conv: Conv2d, input: Shape) -> Result<(), ConvolutionRejected> {
    let Conv2d { kernel_size, stride, padding, dilation, .. } = conv;
    let (_, height, width) = input.as_maps();
    match (Window { kernel_size, stride, padding, dilation }).output(height, width) {
        Ok((height, width)) if setup.then.pool && height.min(width) < 2 => {
            let sentence = tr("A pool of 2×2 needs 2×2 outputs at least, but there are {height}×{width}.");
            let (height, width) = (height.to_string(), width.to_string());
            let values = [("height", &*height), ("width", &*width)];
            Err(ConvolutionRejected::new(ConvolutionSetting::Then, fill(sentence, &values)))
        }
        _ => Ok(()),
    }
}

/// The convolution of these settings, computed by the core.
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
    // A layer as it is in the network was computed by the network already.
    if let (ConvolutionSource::Layer(from), Weights::Learned(layer), Some(answer)) =
        (setup.source, &setup.weights, world.answer)
        && from == *layer
        && world.conv(*layer) == Some(conv)
        && setup.then == Then::default()
        && let Some(whole) = Convolution::of_layer(answer.network.clone(), answer.trace.clone(), *layer)
    {
        return Ok(whole);
    }
    let cost = Costs::of_settings(conv, input)
        .map_err(|clause| ConvolutionRejected::of_core(ConvolutionSetting::Kernel, &clause))?;
    if cost.multiply_adds > MAX_COST {
        let sentence = tr(
            "These settings need {count} multiply-adds, but at most {most} are computed at once: take fewer filters or a smaller kernel.",
        );
        let (count, most) = (numbers::count(cost.multiply_adds), numbers::count(MAX_COST));
        return Err(ConvolutionRejected::new(
            ConvolutionSetting::Filters,
            fill(sentence, &[("count", &count), ("most", &most)]),
        ));
    }
    let (kernels, bias) = match &setup.weights {
        Weights::Own(kernels) => (kernels.clone(), setup.bias.clone()),
        Weights::Learned(layer) => world.learned(*layer).ok_or_else(|| {
            let sentence = tr("Layer {number} of the current network has no kernels to take.");
            ConvolutionRejected::new(
                ConvolutionSetting::Weights,
                fill(sentence, &[("number", &layer.to_string())]),
            )
        })?,
    };
    let (channels, ..) = input.as_maps();
    let needed = [conv.out_channels, channels / conv.groups.max(1), conv.kernel_size.h, conv.kernel_size.w];
    if kernels.shape != needed {
        let shape = |sides: [usize; 4]| sides.map(|side| side.to_string()).join("×");
        let sentence = tr("The kernels are {have}, but {need} are needed: filters, channels, height, width.");
        let values = [("have", &*shape(kernels.shape)), ("need", &*shape(needed))];
        return Err(ConvolutionRejected::new(ConvolutionSetting::Weights, fill(sentence, &values)));
    }
    let bias = if conv.bias { bias.as_slice() } else { &[] };
    Convolution::with(conv, setup.then, input, &world.values(setup), &kernels.values, bias)
        .map_err(|clause| ConvolutionRejected::of_core(ConvolutionSetting::Kernel, &clause))
}

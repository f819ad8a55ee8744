//! The Convolution view as it is, as a step writes it: what differs from a first start.

use super::{super::convolution::make::world, lost::left_out};
use crate::{
    explain::convolution::{EXAMPLES, PaddingMode},
    lesson::show::{
        Grid, Kernel, ShowConvolution, ShowConvolutionMode, ShowConvolutionSource, ShowPaddingMode, Size,
    },
    nn::Pair,
    text::tr,
    ui::{
        core::Core,
        model::convolution::{
            ConvolutionMode, ConvolutionSetup, ConvolutionSource, FamilySetup, Kernels, Weights,
            photos::PHOTOS,
        },
    },
};

/// The most numbers of kernels that a lesson file holds.
const MOST_WEIGHTS: usize = 4096;

/// The view, and what a step cannot hold of it.
pub(super) fn shown(core: &Core) -> (ShowConvolution, Vec<String>) {
    let lab = &core.state.convolution;
    let setup = &lab.setup;
    let mut show = ShowConvolution::default();
    let mut lost = Vec::new();
    let base = begin(core, &mut show, &mut lost);
    settings(setup, &base, &mut show);
    weights(setup, &base, &mut show, &mut lost);
    show.mode = match lab.mode {
        ConvolutionMode::Sum => None,
        ConvolutionMode::Im2col => Some(ShowConvolutionMode::Im2col),
        ConvolutionMode::Predict => Some(ShowConvolutionMode::Predict),
        ConvolutionMode::Family => Some(ShowConvolutionMode::Family),
    };
    if lab.mode == ConvolutionMode::Family {
        let choice = lab.family.choice();
        show.family = Some(choice.name().to_owned());
        if lab.family != FamilySetup::new(choice) {
            lost.push(tr("the numbers and settings of the kind of convolution").to_owned());
        }
    }
    let is_whole = setup.source != ConvolutionSource::Numbers;
    show.whole = (lab.is_whole != is_whole).then_some(lab.is_whole);
    show.channel = lab.channel;
    let at = lab.position();
    // Elsewhere, the animation begins at the strongest output.
    show.output = (at > 0 || is_whole).then_some(at);
    (show, lost)
}

/// What [`super::super::lesson`] begins with for this source.
fn begin(core: &Core, show: &mut ShowConvolution, lost: &mut Vec<String>) -> ConvolutionSetup {
    let lab = &core.state.convolution;
    let setup = &lab.setup;
    let first = ConvolutionSetup::default();
    if setup.refuses_rest {
        lost.push(tr("that strides which leave cells over are refused").to_owned());
    }
    let source = match setup.source {
        ConvolutionSource::Numbers => {
            let same = |example: &ConvolutionSetup| {
                let refuses_rest = setup.refuses_rest;
                ConvolutionSetup { refuses_rest, ..example.clone() } == *setup
            };
            let examples =
                EXAMPLES.iter().map(|example| (example.name, ConvolutionSetup::of_example(example)));
            for (name, example) in examples {
                if same(&example) {
                    show.example = (example != first).then(|| name.to_owned());
                    return example;
                }
            }
            if setup.then.averages {
                lost.push(tr("that each sum is divided by the number of its weights").to_owned());
            }
            return first;
        }
        ConvolutionSource::Image => ShowConvolutionSource::Image,
        ConvolutionSource::Photo => {
            let name = lab.photo.as_ref().map(|photo| photo.name.as_str());
            let built_in = PHOTOS.iter().position(|photo| Some(photo.name) == name);
            // An opened photograph has the name of its file, with an extension.
            if built_in.is_none() {
                lost.push(tr("your photograph: a step has one of the four that ship").to_owned());
            }
            show.photo = Some(built_in.unwrap_or(0));
            ShowConvolutionSource::Photo
        }
        ConvolutionSource::Layer(layer) => {
            show.layer = Some(layer);
            ShowConvolutionSource::Layer
        }
    };
    show.source = Some(source);
    let mut base = ConvolutionSetup::of_source(setup.source);
    if let ConvolutionSource::Layer(layer) = setup.source
        && let Some(conv) = world(&core.state).conv(layer)
    {
        base = ConvolutionSetup { weights: Weights::Learned(layer), ..base.with_settings(&conv) };
    }
    let channels = world(&core.state).input(&base).map_or(base.size.0, |shape| shape.as_maps().0);
    base.fit(channels);
    base
}

fn size(pair: Pair) -> Size {
    if pair.h == pair.w { Size::Square(pair.h) } else { Size::Pair(pair.h, pair.w) }
}

fn settings(setup: &ConvolutionSetup, base: &ConvolutionSetup, show: &mut ShowConvolution) {
    let pair = |now: Pair, first: Pair| (now != first).then(|| size(now));
    let is_numbers = setup.source == ConvolutionSource::Numbers;
    if is_numbers && (setup.size, &setup.numbers) != (base.size, &base.numbers) {
        let (_, h, w) = setup.size;
        let channels = setup.numbers.chunks(h.max(1) * w.max(1)).map(|map| rows(map, w));
        let mut channels: Vec<Vec<Vec<f32>>> = channels.collect();
        show.input =
            Some(if channels.len() == 1 { Grid::Rows(channels.remove(0)) } else { Grid::Channels(channels) });
    }
    show.stride = pair(setup.stride, base.stride);
    show.dilation = pair(setup.dilation, base.dilation);
    if setup.padding != base.padding || setup.zeros != base.zeros {
        match setup.padding {
            PaddingMode::Zeros => show.padding = Some(size(setup.zeros)),
            PaddingMode::Valid => show.padding_mode = Some(ShowPaddingMode::Valid),
            PaddingMode::Same => show.padding_mode = Some(ShowPaddingMode::Same),
            PaddingMode::Full => show.padding_mode = Some(ShowPaddingMode::Full),
        }
    }
    show.groups = (setup.groups != base.groups).then_some(setup.groups);
    if (setup.has_bias, &setup.bias) != (base.has_bias, &base.bias) {
        let is_one = setup.bias.windows(2).all(|pair| pair[0] == pair[1]);
        match setup.bias.first() {
            _ if !setup.has_bias => show.biases = base.has_bias.then(Vec::new),
            Some(bias) if is_one => show.bias = Some(*bias),
            _ => show.biases = Some(setup.bias.clone()),
        }
    }
    show.relu = (setup.then.relu != base.then.relu).then_some(setup.then.relu);
    show.pool = (setup.then.pool != base.then.pool).then_some(setup.then.pool);
}

/// Names the sizes too that are as at a first start: a solution sets them whatever was set before.
pub(super) fn name_sizes(core: &Core, show: &mut ShowConvolution) {
    let setup = &core.state.convolution.setup;
    show.kernel_size = Some(size(setup.kernel));
    show.stride = Some(size(setup.stride));
    show.dilation = Some(size(setup.dilation));
    if setup.padding == PaddingMode::Zeros {
        show.padding = Some(size(setup.zeros));
    }
    show.filters = Some(setup.filters);
}

fn rows(map: &[f32], width: usize) -> Vec<Vec<f32>> {
    map.chunks(width.max(1)).map(<[f32]>::to_vec).collect()
}

fn weights(
    setup: &ConvolutionSetup,
    base: &ConvolutionSetup,
    show: &mut ShowConvolution,
    lost: &mut Vec<String>,
) {
    let is_same =
        setup.weights == base.weights && (setup.kernel, setup.filters) == (base.kernel, base.filters);
    let Weights::Own(Kernels { shape, values }) = &setup.weights else { return };
    if is_same {
        return;
    }
    let [filters, channels, h, w] = *shape;
    if values.len() > MOST_WEIGHTS {
        lost.push(left_out(tr("its {count} kernel numbers"), values.len()));
        show.filters = Some(setup.filters);
        show.kernel_size = Some(size(setup.kernel));
        return;
    }
    let kernels: Vec<Vec<Vec<f32>>> =
        values.chunks(h.max(1) * w.max(1)).map(|kernel| rows(kernel, w)).collect();
    let is_one = kernels.windows(2).all(|pair| pair[0] == pair[1]);
    match kernels.first() {
        Some(first) if is_one => {
            show.kernel = Some(Kernel::Rows(first.clone()));
            show.filters = (filters != base.filters).then_some(filters);
        }
        _ => show.kernels = Some(kernels.chunks(channels.max(1)).map(<[_]>::to_vec).collect()),
    }
}

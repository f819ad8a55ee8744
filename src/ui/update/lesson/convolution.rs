//! The Convolution view as a step shows it.

use super::super::convolution::{act, make, setup::own};
use crate::{
    explain::convolution::{EXAMPLES, KERNELS, PaddingMode},
    lesson::show::{
        Grid, Kernel, ShowConvolution, ShowConvolutionMode, ShowConvolutionSource, ShowPaddingMode,
    },
    nn::Pair,
    ui::{
        core::Core,
        model::convolution::{
            ConvolutionMode, ConvolutionSetup, ConvolutionSource, FamilyChoice, Kernels, MAX_FILTERS,
            SetupHistory, Weights, act::ConvolutionAct, lab::ConvolutionLab,
        },
        widgets::PlaybackAct,
    },
};

/// Shows the view as at a first start with what is named, or changes what is named.
pub(super) fn show(core: &mut Core, wanted: Option<&ShowConvolution>, is_change: bool) {
    let before = core.state.convolution.position();
    if !is_change {
        core.state.convolution = ConvolutionLab::default();
        core.convolved = None;
    }
    let nothing = ShowConvolution::default();
    let wanted = wanted.unwrap_or(&nothing);
    begin(core, wanted);
    settings(core, wanted);
    kernels(core, wanted);
    if let Some(mode) = wanted.mode {
        act::apply(
            core,
            ConvolutionAct::SetMode(match mode {
                ShowConvolutionMode::Sum => ConvolutionMode::Sum,
                ShowConvolutionMode::Im2col => ConvolutionMode::Im2col,
                ShowConvolutionMode::Predict => ConvolutionMode::Predict,
                ShowConvolutionMode::Family => ConvolutionMode::Family,
            }),
        );
    }
    if let Some(name) = &wanted.family
        && let Some(choice) = FamilyChoice::all().find(|choice| choice.name().eq_ignore_ascii_case(name))
    {
        act::apply(core, ConvolutionAct::UseFamily(choice));
    }
    if let Some(is_whole) = wanted.whole {
        act::apply(core, ConvolutionAct::ShowWhole(is_whole));
    }
    if wanted.channel.is_some() {
        act::apply(core, ConvolutionAct::LookAt(wanted.channel));
    }
    make::refresh(core);
    let position = wanted.output.or(is_change.then_some(before));
    if let Some(at) = position {
        core.state.convolution.seeks_strongest = false;
        act::apply(core, ConvolutionAct::Play(PlaybackAct::Seek(at)));
    }
    if !is_change {
        core.state.convolution.history = SetupHistory::default();
    }
}

/// The example or the source.
fn begin(core: &mut Core, wanted: &ShowConvolution) {
    if let Some(name) = &wanted.example
        && let Some(number) = EXAMPLES.iter().position(|example| example.name == name)
    {
        act::apply(core, ConvolutionAct::UseExample(number));
    }
    let source = match wanted.source {
        Some(ShowConvolutionSource::Image) => ConvolutionSource::Image,
        Some(ShowConvolutionSource::Layer) => ConvolutionSource::Layer(wanted.layer.unwrap_or(0)),
        Some(ShowConvolutionSource::Photo) => {
            act::apply(core, ConvolutionAct::UsePhoto(wanted.photo.unwrap_or(0)));
            return;
        }
        Some(ShowConvolutionSource::Numbers) => ConvolutionSource::Numbers,
        None => return,
    };
    act::apply(core, ConvolutionAct::UseSource(source));
}

/// Input, sizes and what follows.
fn settings(core: &mut Core, wanted: &ShowConvolution) {
    let old = core.state.convolution.setup.clone();
    let mut setup = old.clone();
    if let Some(input) = &wanted.input {
        input_of(&mut setup, input);
    }
    let pair = |size: Option<crate::lesson::show::Size>, old: Pair| size.map_or(old, Pair::from);
    setup.kernel = pair(wanted.kernel_size, setup.kernel);
    if let Some(Kernel::Rows(rows)) = &wanted.kernel {
        setup.kernel = size_of(rows);
    }
    if let Some(rows) = wanted.kernels.as_ref().and_then(|filters| filters.first()?.first()) {
        setup.kernel = size_of(rows);
    }
    setup.stride = pair(wanted.stride, setup.stride);
    setup.dilation = pair(wanted.dilation, setup.dilation);
    if let Some(padding) = wanted.padding {
        (setup.padding, setup.zeros) = (PaddingMode::Zeros, padding.into());
    }
    setup.padding = match wanted.padding_mode {
        Some(ShowPaddingMode::Valid) => PaddingMode::Valid,
        Some(ShowPaddingMode::Same) => PaddingMode::Same,
        Some(ShowPaddingMode::Full) => PaddingMode::Full,
        None => setup.padding,
    };
    setup.groups = wanted.groups.unwrap_or(setup.groups);
    let filters = wanted.kernels.as_ref().map(Vec::len).or(wanted.filters);
    setup.filters = filters.unwrap_or(setup.filters).min(MAX_FILTERS);
    if let Some(bias) = wanted.bias {
        (setup.has_bias, setup.bias) = (true, vec![bias; setup.filters]);
    }
    if let Some(biases) = &wanted.biases {
        let filters = setup.filters;
        let bias = |filter: usize| biases.get(filter).copied().filter(|v| v.is_finite()).unwrap_or(0.0);
        (setup.has_bias, setup.bias) = (!biases.is_empty(), (0..filters).map(bias).collect());
    }
    setup.then.relu = wanted.relu.unwrap_or(setup.then.relu);
    setup.then.pool = wanted.pool.unwrap_or(setup.then.pool);
    if setup != old {
        let numbers = setup.numbers.clone();
        act::apply(core, ConvolutionAct::Set(Box::new(setup)));
        // Another size keeps the numbers that were there: the lesson's own are set after it.
        if wanted.input.is_some() {
            let setup = ConvolutionSetup { numbers, ..core.state.convolution.setup.clone() };
            act::apply(core, ConvolutionAct::Set(Box::new(setup)));
        }
    }
}

fn input_of(setup: &mut ConvolutionSetup, input: &Grid) {
    let one;
    let channels: &[Vec<Vec<f32>>] = match input {
        Grid::Rows(rows) => {
            one = [rows.clone()];
            &one
        }
        Grid::Channels(channels) => channels,
    };
    let size = channels.first().map_or(Pair::square(0), |rows| size_of(rows));
    setup.source = ConvolutionSource::Numbers;
    setup.size = (channels.len(), size.h, size.w);
    setup.numbers = channels.iter().flat_map(|rows| flat(rows, size)).collect();
}

/// Rows and columns; shorter rows are filled with zeros.
fn size_of(rows: &[Vec<f32>]) -> Pair {
    Pair { h: rows.len(), w: rows.iter().map(Vec::len).max().unwrap_or(0) }
}

fn flat(rows: &[Vec<f32>], size: Pair) -> Vec<f32> {
    let at = |y: usize, x: usize| rows.get(y).and_then(|row| row.get(x)).copied().filter(|v| v.is_finite());
    (0..size.h).flat_map(|y| (0..size.w).map(move |x| at(y, x).unwrap_or(0.0))).collect()
}

/// The kernels' numbers.
fn kernels(core: &mut Core, wanted: &ShowConvolution) {
    if let Some(Kernel::Named(name)) = &wanted.kernel
        && let Some(number) = KERNELS.iter().position(|kernel| kernel.name == name)
    {
        for filter in 0..core.state.convolution.setup.filters {
            act::apply(core, ConvolutionAct::UseKernel(filter, number));
        }
    }
    if wanted.kernels.is_some() || matches!(wanted.kernel, Some(Kernel::Rows(_))) {
        let bias = core.state.convolution.setup.bias.clone();
        own(core);
        if wanted.bias.is_some() || wanted.biases.is_some() {
            core.state.convolution.setup.bias = bias;
        }
    }
    let setup = &core.state.convolution.setup;
    let Weights::Own(old) = &setup.weights else { return };
    let [filters, channels, h, w] = old.shape;
    let size = Pair { h, w };
    let values: Vec<f32> = match (&wanted.kernels, &wanted.kernel) {
        (Some(all), _) => {
            let none = Vec::new();
            let rows = |filter: usize, channel: usize| {
                all.get(filter).and_then(|filter| filter.get(channel)).unwrap_or(&none)
            };
            (0..filters).flat_map(|f| (0..channels).flat_map(move |c| flat(rows(f, c), size))).collect()
        }
        (None, Some(Kernel::Rows(rows))) => {
            let kernel = flat(rows, size);
            (0..filters * channels).flat_map(|_| kernel.iter().copied()).collect()
        }
        _ => return,
    };
    if values.len() == old.values.len() {
        let weights = Weights::Own(Kernels { shape: old.shape, values });
        let setup = ConvolutionSetup { weights, ..setup.clone() };
        act::apply(core, ConvolutionAct::Set(Box::new(setup)));
    }
}

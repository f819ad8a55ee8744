//! The Convolution view of a step, on paper.

use super::figure::{Map, MapKind, Paper};
use crate::{
    explain::{
        Convolution,
        convolution::{ConvolutionExample, EXAMPLES, KERNELS, full_padding, resized, same_padding},
    },
    lesson::{
        Quantity,
        show::{Grid, Kernel, ShowConvolution, ShowConvolutionMode, ShowConvolutionSource, ShowPaddingMode},
    },
    nn::{Pair, Shape, layers::Conv2d},
};

/// The side of the current image.
const IMAGE: usize = 28;

/// The example of a first start.
const FIRST: usize = 2;

/// Input, kernels and settings.
struct State {
    shape: (usize, usize, usize),
    x: Vec<f32>,
    conv: Conv2d,
    weight: Vec<f32>,
    bias: Vec<f32>,
    /// Whether only the sizes are known: the numbers are those of a drawing.
    has_numbers: bool,
}

impl State {
    fn of_example(example: &ConvolutionExample) -> Self {
        let (x, weight, bias) = (example.x.to_vec(), example.weight.to_vec(), example.bias.to_vec());
        Self { shape: example.input, x, conv: example.conv, weight, bias, has_numbers: true }
    }

    /// Takes what a step names over; `None` where paper cannot show it.
    fn set(&mut self, wanted: &ShowConvolution) -> Option<()> {
        match &wanted.input {
            Some(Grid::Rows(rows)) => self.set_input(std::slice::from_ref(rows))?,
            Some(Grid::Channels(channels)) => self.set_input(channels)?,
            None => {}
        }
        let old = self.conv.kernel_size;
        let (channels, ..) = self.shape;
        if let Some(filters) = &wanted.kernels {
            let size = size_of(filters.first()?.first()?);
            self.conv.kernel_size = size;
            self.conv.out_channels = filters.len();
            self.weight = filters.iter().flatten().flatten().flatten().copied().collect();
            self.bias.resize(filters.len(), 0.0);
        } else {
            let (rows, from): (Vec<f32>, Pair) = match &wanted.kernel {
                Some(Kernel::Rows(rows)) => (rows.concat(), size_of(rows)),
                Some(Kernel::Named(name)) => {
                    let kernel = KERNELS.iter().find(|kernel| kernel.name == name)?;
                    (kernel.weights(), kernel.size)
                }
                None => (self.weight.get(..old.area())?.to_vec(), old),
            };
            let to = match (wanted.kernel_size, &wanted.kernel) {
                (Some(size), Some(Kernel::Named(_)) | None) => size.into(),
                (_, Some(Kernel::Named(_))) => old,
                _ => from,
            };
            let is_new = wanted.kernel.is_some() || to != old;
            if is_new {
                let kernel = if to == from { rows } else { resized(&rows, from, to) };
                self.conv.kernel_size = to;
                self.weight = kernel.repeat(self.conv.out_channels * channels / self.conv.groups.max(1));
            }
        }
        self.conv.stride = wanted.stride.map_or(self.conv.stride, Pair::from);
        self.conv.dilation = wanted.dilation.map_or(self.conv.dilation, Pair::from);
        self.conv.padding = wanted.padding.map_or(self.conv.padding, |size| Pair::from(size).into());
        let Conv2d { kernel_size, stride, dilation, .. } = self.conv;
        self.conv.padding = match wanted.padding_mode {
            None => self.conv.padding,
            Some(ShowPaddingMode::Valid) => Pair::square(0).into(),
            Some(ShowPaddingMode::Same) => {
                Pair::square(same_padding(kernel_size.h, stride.h, dilation.h).ok()?).into()
            }
            Some(ShowPaddingMode::Full) => Pair::square(full_padding(kernel_size.h, dilation.h)).into(),
        };
        if let Some(bias) = wanted.bias {
            self.bias = vec![bias; self.conv.out_channels];
        }
        if let Some(biases) = &wanted.biases {
            self.bias.clone_from(biases);
        }
        self.conv.bias = self.bias.iter().any(|bias| *bias != 0.0);
        Some(())
    }

    fn set_input(&mut self, channels: &[Vec<Vec<f32>>]) -> Option<()> {
        let size = size_of(channels.first()?);
        if channels.len() != self.shape.0 {
            self.weight = self.weight.get(..self.conv.kernel_size.area())?.repeat(channels.len());
        }
        self.shape = (channels.len(), size.h, size.w);
        self.x = channels.iter().flatten().flatten().copied().collect();
        self.has_numbers = true;
        Some(())
    }
}

fn size_of(rows: &[Vec<f32>]) -> Pair {
    Pair { h: rows.len(), w: rows.first().map_or(0, Vec::len) }
}

/// A step's state on paper; `None` where it has more than grids of numbers.
pub(super) fn of(wanted: Option<&ShowConvolution>) -> Option<Paper> {
    let nothing = ShowConvolution::default();
    let wanted = wanted.unwrap_or(&nothing);
    let is_sum = matches!(wanted.mode, None | Some(ShowConvolutionMode::Sum | ShowConvolutionMode::Predict));
    let has_more = wanted.relu == Some(true) || wanted.pool == Some(true) || wanted.family.is_some();
    if !is_sum || has_more || wanted.groups.is_some_and(|groups| groups != 1) {
        return None;
    }
    // New filters have numbers that the window makes up.
    if wanted.filters.is_some() && wanted.kernels.is_none() {
        return None;
    }
    let example = match &wanted.example {
        Some(name) => EXAMPLES.iter().find(|example| example.name == name)?,
        None => EXAMPLES.get(FIRST)?,
    };
    let mut state = State::of_example(example);
    match wanted.source {
        Some(ShowConvolutionSource::Image) => {
            let x = vec![0.0; IMAGE * IMAGE];
            state = State { shape: (1, IMAGE, IMAGE), x, has_numbers: false, ..state };
        }
        Some(ShowConvolutionSource::Photo | ShowConvolutionSource::Layer) => return None,
        Some(ShowConvolutionSource::Numbers) | None => {}
    }
    state.set(wanted)?;
    solved(&state, wanted)
}

/// The core's numbers, and the grids.
fn solved(state: &State, wanted: &ShowConvolution) -> Option<Paper> {
    let State { shape: (channels, height, width), x, conv, weight, bias, has_numbers } = state;
    let made = Convolution::new(*conv, Shape::maps(*channels, *height, *width), x, weight, bias).ok()?;
    let (filters, rows, columns) = made.output().as_maps();
    let position = wanted.output.unwrap_or(0).min(made.len().saturating_sub(1));
    let side = |value: usize| value as f64;
    let costs = made.costs().conv;
    let mut values = vec![
        (Quantity::ConvOutputHeight, side(rows)),
        (Quantity::ConvOutputWidth, side(columns)),
        (Quantity::ConvOutputs, side(made.len())),
        (Quantity::ConvKernelSize, side(conv.kernel_size.h)),
        (Quantity::ConvStride, side(conv.stride.h)),
        (Quantity::ConvPadding, side(conv.border().top)),
        (Quantity::ConvDilation, side(conv.dilation.h)),
        (Quantity::ConvFilters, side(filters)),
        (Quantity::ConvChannels, side(*channels)),
        (Quantity::ConvParameters, costs.parameters as f64),
        (Quantity::ConvPosition, side(position)),
    ];
    if *has_numbers {
        values.push((Quantity::ConvOutput, f64::from(*made.y().get(position)?)));
        let outputs = made.y().iter().map(|one| f64::from(*one));
        values.push((Quantity::ConvSmallest, outputs.clone().fold(f64::INFINITY, f64::min)));
        values.push((Quantity::ConvLargest, outputs.fold(f64::NEG_INFINITY, f64::max)));
        values.push((Quantity::ConvKernelSum, weight.iter().map(|one| f64::from(*one)).sum()));
    }
    let step = made.step(position)?;
    let Pair { h: pad_h, w: pad_w } = conv.window().padding;
    let frame = step.window().map(|(window_rows, window_columns)| {
        let from = |at: isize, padding: usize| (at + padding as isize).max(0) as usize;
        let (row, column) = (from(window_rows.start, pad_h), from(window_columns.start, pad_w));
        (row, column, window_rows.len(), window_columns.len())
    });
    let some = |values: &[f32]| values.iter().copied().map(Some).collect::<Vec<_>>();
    let input = |channel: usize| Map {
        kind: MapKind::Input,
        size: (*height, *width),
        padding: (pad_h, pad_w),
        cells: some(made.map(channel)),
        frame: frame.filter(|_| wanted.whole != Some(true)),
    };
    let area = conv.kernel_size.area();
    let kernel = |at: usize| Map {
        kind: MapKind::Kernel,
        size: (conv.kernel_size.h, conv.kernel_size.w),
        padding: (0, 0),
        cells: some(weight.get(at * area..(at + 1) * area).unwrap_or_default()),
        frame: None,
    };
    // One filter is looked at; a bias or several filters would need more words than a grid has.
    let is_plain = *has_numbers && filters == 1 && bias.iter().all(|one| *one == 0.0);
    let inputs = is_plain.then(|| (0..*channels).map(input).chain((0..*channels).map(kernel)).collect());
    let output = Map {
        kind: MapKind::Output,
        size: (rows, columns),
        padding: (0, 0),
        cells: some(made.y()),
        frame: wanted.whole.is_none().then_some((step.place.row, step.place.column, 1, 1)),
    };
    Some(Paper { values, inputs, output, position, is_whole: wanted.whole == Some(true) })
}

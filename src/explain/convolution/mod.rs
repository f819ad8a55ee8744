//! A convolution, step by step: the position of each window, the input under it, and the products that add up to the
//! output.
//!
//! The layer is part of a traced network, or of a network made of this one layer. Outputs come from the trace, products
//! from [`Cell`]. A step is one output value: filter by filter, row by row.

mod costs;
mod examples;
mod im2col;
mod kernels;
mod mistakes;
mod output_size;
mod postprocess;

pub use costs::ConvolutionCosts;
pub use examples::{ConvolutionExample, EXAMPLES};
pub use im2col::Im2col;
pub use kernels::{KERNELS, KernelPreset, resized};
pub use mistakes::{Mistake, diagnose, is_correct, possible as possible_mistakes};
pub use output_size::{ConvOutputSize, MAX_KERNEL, PaddingMode, full_padding, same_padding};
pub use postprocess::{PostLayer, Postprocess};

use super::{
    Cell, ExplainError,
    cell::{ChannelTerms, Place},
};
use crate::nn::{
    Border, LayerSpec, Network, NetworkSpec, Preprocess, Shape, Tensor, Trace,
    im2col::{Geometry, Window},
    lab::frequency_response,
    layers::Conv2d,
};
use std::{ops::Range, sync::Arc};

/// The windows of a convolution over the maps (channels, height, width) of a group, with its padding before the first row
/// and column.
fn geometry(conv: &Conv2d, (channels, height, width): (usize, usize, usize), output: Shape) -> Geometry {
    let (_, out_height, out_width) = output.as_maps();
    Geometry { channels, height, width, out_height, out_width, window: conv.window() }
}

/// A convolution applied to an input.
#[derive(Clone, Debug)]
pub struct Convolution {
    network: Arc<Network>,
    trace: Arc<Trace>,
    layer: usize,
    conv: Conv2d,
    geometry: Geometry,
    postprocess: Postprocess,
}

/// One output value.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvolutionStep {
    /// The position: filter, row and column.
    pub place: Place,
    /// The value that the layer computed.
    pub value: f32,
    /// The products of each input channel in the filter's group, one for each kernel element.
    pub parts: Vec<ChannelTerms>,
    /// The number by which the sum of the products is divided, if the products are averaged.
    pub divisor: Option<usize>,
    /// The bias, if the layer has one; added last.
    pub bias: Option<f32>,
}

impl ConvolutionStep {
    /// The input (rows, columns) from the first element of the window to the last; negative in the padding.
    pub fn window(&self) -> Option<(Range<isize>, Range<isize>)> {
        let terms = &self.parts.first()?.terms;
        let (first, last) = (terms.first()?.seen, terms.last()?.seen);
        Some((first.row..last.row + 1, first.column..last.column + 1))
    }

    /// Whether the window reads this input cell. A dilated window skips cells.
    pub fn sees(&self, row: isize, column: isize) -> bool {
        let first = self.parts.first().map(|part| part.terms.as_slice()).unwrap_or_default();
        first.iter().any(|term| (term.seen.row, term.seen.column) == (row, column))
    }

    /// The products and the bias as a cell. The divisor is not included.
    pub fn cell(&self) -> Cell {
        Cell::Sum { parts: self.parts.clone(), bias: self.bias }
    }

    /// The input channel whose products have the largest absolute sum; the last one if several are equal.
    pub fn strongest_channel(&self) -> usize {
        let strongest = self.parts.iter().max_by(|a, b| a.subtotal().abs().total_cmp(&b.subtotal().abs()));
        strongest.map_or(0, |part| part.channel)
    }

    /// The number of products of all channels.
    pub fn products(&self) -> usize {
        self.parts.iter().map(|part| part.terms.len()).sum()
    }
}

impl Convolution {
    /// Convolves `x` (C, H, W), of shape `input`, with `weight` (filters, C / groups, KH, KW) and `bias` (filters).
    /// `bias` is ignored if `conv` has none. Fails if a setting does not fit the input, or an array has the wrong
    /// length.
    pub fn new(
        conv: Conv2d,
        input: Shape,
        x: &[f32],
        weight: &[f32],
        bias: &[f32],
    ) -> Result<Self, ExplainError> {
        Self::with_postprocess(conv, Postprocess::default(), input, x, weight, bias)
    }

    /// [`Convolution::new`] with additional steps after the products.
    pub fn with_postprocess(
        conv: Conv2d,
        postprocess: Postprocess,
        input: Shape,
        x: &[f32],
        weight: &[f32],
        bias: &[f32],
    ) -> Result<Self, ExplainError> {
        ExplainError::check_len("input", x.len(), input.len())?;
        let first = Conv2d { bias: conv.bias && !postprocess.averages, ..conv };
        let mut layers = vec![LayerSpec::from(first)];
        layers.extend(postprocess.layers(&conv));
        let spec = NetworkSpec {
            name: "conv2d".into(),
            input,
            preprocess: Preprocess::default(),
            layers,
            class_names: crate::text::ClassNames::default(),
        };
        let mut network = Network::zeros(spec)?;
        // The bias is added after the mean.
        let (channels, height, width) = input.as_maps();
        let channels = channels / conv.groups.max(1);
        let products = channels * conv.kernel_size.area();
        let share = vec![1.0 / products.max(1) as f32; conv.out_channels];
        if postprocess.averages {
            network.set_parameters([weight, &share, bias])?;
        } else {
            network.set_parameters([weight, bias])?;
        }
        let trace = network.trace(x);
        let geometry = geometry(&conv, (channels, height, width), network.layers()[0].output());
        let (network, trace) = (Arc::new(network), Arc::new(trace));
        Ok(Self { network, trace, layer: 0, conv, geometry, postprocess })
    }

    /// The convolution that is layer `number` of a network, for the first image of its trace. `None` if the layer is
    /// not a convolution or the trace belongs to another network.
    pub fn of_layer(network: Arc<Network>, trace: Arc<Trace>, number: usize) -> Option<Self> {
        let LayerSpec::Conv2d(conv) = *network.spec().layers.get(number)? else { return None };
        let layer = network.layers().get(number)?;
        let (channels, height, width) = layer.input().as_maps();
        let geometry = geometry(&conv, (channels / conv.groups.max(1), height, width), layer.output());
        // The last cell can be explained only if the trace belongs to this network.
        Cell::of(&network, &trace, number, layer.output().len().checked_sub(1)?)?;
        Some(Self { network, trace, layer: number, conv, geometry, postprocess: Postprocess::default() })
    }

    /// The settings.
    pub fn settings(&self) -> &Conv2d {
        &self.conv
    }

    /// The shape of the input.
    pub fn input(&self) -> Shape {
        self.network.layers()[self.layer].input()
    }

    /// The shape of the output.
    pub fn output(&self) -> Shape {
        self.network.layers()[self.layer].output()
    }

    /// The input (C, H, W).
    pub fn x(&self) -> &[f32] {
        match self.layer.checked_sub(1) {
            None => &self.trace.input.values()[..self.input().len()],
            Some(before) => self.trace.activation(before),
        }
    }

    /// The output (filters, OH, OW).
    pub fn y(&self) -> &[f32] {
        self.trace.activation(self.result_layer())
    }

    /// The layer that holds the output: the convolution, or the mean after it.
    fn result_layer(&self) -> usize {
        self.layer + usize::from(self.postprocess.averages)
    }

    /// The weights (filters, C / groups, KH, KW).
    pub fn weight(&self) -> &Tensor {
        &self.network.parameters()[self.layer][0]
    }

    /// The bias (filters), if the layer has one.
    pub fn bias(&self) -> Option<&[f32]> {
        self.network.parameters()[self.result_layer()].get(1).map(Tensor::values)
    }

    /// The number of output values.
    pub fn len(&self) -> usize {
        self.output().len()
    }

    /// Whether there are no outputs. A valid layer has at least one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The width of the output, OW.
    pub fn row(&self) -> usize {
        self.geometry.out_width
    }

    /// The filter, row and column of step `at`.
    pub fn place(&self, at: usize) -> Place {
        Place::of(at, self.output())
    }

    /// The computation of output `at`; `None` if there is no such output.
    pub fn step(&self, at: usize) -> Option<ConvolutionStep> {
        let value = *self.y().get(at)?;
        match Cell::of(&self.network, &self.trace, self.layer, at)? {
            Cell::Sum { parts, .. } => {
                let place = self.place(at);
                let bias = self.bias().and_then(|bias| bias.get(place.channel)).copied();
                Some(ConvolutionStep { place, value, parts, divisor: self.divisor(), bias })
            }
            _ => None,
        }
    }

    /// The (row, column) of every output whose window covers the input cell (`row`, `column`). The same for each
    /// filter.
    pub fn outputs_reading(&self, row: usize, column: usize) -> Vec<(usize, usize)> {
        let rows = self.outputs_along(row, true);
        let columns = self.outputs_along(column, false);
        rows.iter().flat_map(|&y| columns.iter().map(move |&x| (y, x))).collect()
    }

    /// The output rows (or columns) whose window has an element at input row (or column) `place`, or at one that shows it.
    fn outputs_along(&self, place: usize, is_row: bool) -> Vec<usize> {
        let g = &self.geometry;
        let (out, side, n) = if is_row { (g.out_height, 0, g.height) } else { (g.out_width, 1, g.width) };
        let (kernel, stride, padding, dilation) = self.side(side);
        let at = |o: usize, k: usize| (o * stride + k * dilation) as isize - padding as isize;
        let sees =
            |o: &usize| (0..kernel).any(|k| self.conv.padding_mode.source(at(*o, k), n) == Some(place));
        (0..out).filter(sees).collect()
    }

    /// The rows and columns around the input.
    pub fn border(&self) -> Border {
        self.conv.border()
    }

    /// The input's (row, column) whose value stands at a place that may lie in the padding; `None` for a zero.
    pub fn source(&self, row: isize, column: isize) -> Option<(usize, usize)> {
        let (mode, g) = (self.conv.padding_mode, &self.geometry);
        mode.source(row, g.height).zip(mode.source(column, g.width))
    }

    /// The (kernel, stride, padding before the first, dilation) along the rows (0) or the columns (1).
    fn side(&self, side: usize) -> (usize, usize, usize, usize) {
        let Window { kernel_size: k, stride: s, padding: p, dilation: d } = self.geometry.window;
        if side == 0 { (k.h, s.h, p.h, d.h) } else { (k.w, s.w, p.w, d.w) }
    }

    /// For each row and each column of the padded input: whether any window covers it.
    pub fn covered(&self) -> (Vec<bool>, Vec<bool>) {
        let reached = |side: usize, padded: usize, out: usize| {
            let (kernel, stride, _, dilation) = self.side(side);
            let mut reached = vec![false; padded];
            for (o, k) in (0..out).flat_map(|o| (0..kernel).map(move |k| (o, k))) {
                if let Some(place) = reached.get_mut(o * stride + k * dilation) {
                    *place = true;
                }
            }
            reached
        };
        let g = &self.geometry;
        let (height, width) = self.border().around(g.height, g.width);
        (reached(0, height, g.out_height), reached(1, width, g.out_width))
    }

    /// The computation of the output height and width.
    pub fn output_sizes(&self) -> [ConvOutputSize; 2] {
        let (g, Border { left, right, top, bottom }) = (&self.geometry, self.border());
        let sides = [(g.height, g.out_height, bottom - top), (g.width, g.out_width, right - left)];
        [0, 1].map(|side| {
            let (input, output, extra) = sides[side];
            let (kernel, stride, padding, dilation) = self.side(side);
            ConvOutputSize { input, kernel, stride, padding, extra, dilation, output }
        })
    }

    /// The cost, compared with a fully connected layer with the same inputs and outputs.
    pub fn costs(&self) -> ConvolutionCosts {
        // When the products are averaged, the bias belongs to the layer of the mean.
        let whole = LayerSpec::from(self.conv).build(self.input());
        let layer = whole.as_deref().unwrap_or(self.network.layers()[self.layer].as_ref());
        ConvolutionCosts::of(layer, self.conv.bias)
    }

    /// The group of `filter` as one matrix product.
    pub fn im2col(&self, filter: usize) -> Option<Im2col> {
        Im2col::of(self, filter)
    }

    /// The input channels that `filter` reads.
    pub fn channels(&self, filter: usize) -> Range<usize> {
        let group = filter / (self.conv.out_channels / self.conv.groups.max(1)).max(1);
        group * self.geometry.channels..(group + 1) * self.geometry.channels
    }

    /// The input map of a channel (H, W).
    pub fn map(&self, channel: usize) -> &[f32] {
        let len = self.geometry.height * self.geometry.width;
        self.x().get(channel * len..(channel + 1) * len).unwrap_or_default()
    }

    /// The frequency response of a kernel: (side, side), with frequency 0 in the centre; see [`frequency_response`].
    /// `None` if there is no such kernel.
    pub fn response(&self, filter: usize, channel: usize, side: usize) -> Option<Vec<f32>> {
        let inner = channel.checked_sub(self.channels(filter).start)?;
        let size = self.conv.kernel_size;
        let first = (filter * self.geometry.channels + inner) * size.area();
        let kernel = self.weight().values().get(first..first + size.area())?;
        let kernel: Vec<f32> =
            kernel.iter().map(|weight| weight / self.divisor().unwrap_or(1) as f32).collect();
        frequency_response(&kernel, size, self.conv.dilation, side).ok()
    }

    /// The output map of a filter (OH, OW).
    pub fn output_map(&self, filter: usize) -> &[f32] {
        let len = self.geometry.columns();
        self.y().get(filter * len..(filter + 1) * len).unwrap_or_default()
    }
}

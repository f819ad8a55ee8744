//! A convolution taken apart, step by step: where each window stands, what it sees, which products add up to what.
//!
//! The layer is the network's own: one of a network that looks at an image, or a network of this one layer over any numbers.
//! Its outputs are its trace's, its sums are those of [`Cell`]. A step is an output: filter by filter, from left to right
//! and from top to bottom; steps can be read in any order.

mod costs;
mod guess;
mod kernels;
mod matrix;
mod presets;
mod sides;
mod then;

pub use costs::Costs;
pub use guess::{Slip, is_right, slip};
pub use kernels::{KERNELS, KernelPreset, resized};
pub use matrix::Im2col;
pub use presets::{EXAMPLES, Example};
pub use sides::{MAX_KERNEL, Padding, SizeOf, full, same};
pub use then::{After, Then};

use super::{
    Cell,
    cell::{Part, Place},
};
use crate::nn::{
    LayerSpec, Network, NetworkSpec, Preprocess, Shape, SpecError, Tensor, Trace,
    im2col::{Geometry, Window},
    lab::frequency_response,
    layers::Conv2d,
};
use std::{ops::Range, sync::Arc};

/// A convolution over an input, and what it made of it.
#[derive(Clone, Debug)]
pub struct Convolution {
    network: Arc<Network>,
    trace: Arc<Trace>,
    layer: usize,
    conv: Conv2d,
    geometry: Geometry,
    then: Then,
}

/// One output: where it is, what it is, and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Filter, row and column.
    pub place: Place,
    /// The output's value, as the layer computed it.
    pub value: f32,
    /// One part an input channel of the filter's group, each with a term an element of the kernel.
    pub parts: Vec<Part>,
    /// By what the sum of the products is divided; `None` if it is not.
    pub divisor: Option<usize>,
    /// What is added at the end.
    pub bias: Option<f32>,
}

impl Step {
    /// The input's rows and columns from the window's first element to its last, padding counted from below 0.
    pub fn window(&self) -> Option<(Range<isize>, Range<isize>)> {
        let terms = &self.parts.first()?.terms;
        let (first, last) = (terms.first()?.seen, terms.last()?.seen);
        Some((first.row..last.row + 1, first.column..last.column + 1))
    }

    /// The input places that the window sees: a dilated window leaves out those between.
    pub fn sees(&self, row: isize, column: isize) -> bool {
        let first = self.parts.first().map(|part| part.terms.as_slice()).unwrap_or_default();
        first.iter().any(|term| (term.seen.row, term.seen.column) == (row, column))
    }

    /// The products and the bias as a cell, with its strongest products.
    pub fn cell(&self) -> Cell {
        Cell::Sum { parts: self.parts.clone(), bias: self.bias }
    }

    /// The input channel whose products come to most, whatever their sign; the last of several.
    pub fn strongest_channel(&self) -> usize {
        let strongest = self.parts.iter().max_by(|a, b| a.subtotal().abs().total_cmp(&b.subtotal().abs()));
        strongest.map_or(0, |part| part.channel)
    }

    /// The products of all channels.
    pub fn products(&self) -> usize {
        self.parts.iter().map(|part| part.terms.len()).sum()
    }
}

impl Convolution {
    /// Convolves `x`, (C, H, W) as `input` says, with `weight`, (filters, C / groups, KH, KW), and `bias`, one a filter,
    /// which is left out if `conv` has none. An error is one clause that names the setting that does not fit.
    pub fn new(conv: Conv2d, input: Shape, x: &[f32], weight: &[f32], bias: &[f32]) -> Result<Self, String> {
        Self::with(conv, Then::default(), input, x, weight, bias)
    }

    /// The same with what is done with its products.
    pub fn with(
        conv: Conv2d,
        then: Then,
        input: Shape,
        x: &[f32],
        weight: &[f32],
        bias: &[f32],
    ) -> Result<Self, String> {
        if x.len() != input.len() {
            return Err(format!("the input has {} values, but {input} needs {}", x.len(), input.len()));
        }
        let first = Conv2d { bias: conv.bias && !then.averages, ..conv };
        let mut layers = vec![LayerSpec::from(first)];
        layers.extend(then.layers(&conv));
        let spec = NetworkSpec { name: "conv2d".into(), input, preprocess: Preprocess::default(), layers };
        let mut network = Network::zeros(spec).map_err(|e| match e {
            SpecError::Layer { reason, .. } => reason.to_string(),
            other => other.to_string(),
        })?;
        // The bias comes last: after the mean, if there is one.
        let products = input.as_maps().0 / conv.groups.max(1) * conv.kernel_size.area();
        let share = vec![1.0 / products.max(1) as f32; conv.out_channels];
        let given = if then.averages {
            vec![(0, 0, "weight", weight), (1, 0, "weight", &share), (1, 1, "bias", bias)]
        } else {
            vec![(0, 0, "weight", weight), (0, 1, "bias", bias)]
        };
        for (layer, number, name, values) in given {
            let tensors = network.parameters_mut().get_mut(layer);
            let Some(tensor) = tensors.and_then(|tensors| tensors.get_mut(number)) else { continue };
            if tensor.len() != values.len() {
                return Err(format!("{name} has {} values, but needs {}", values.len(), tensor.len()));
            }
            tensor.values_mut().copy_from_slice(values);
        }
        let trace = network.trace(x);
        let made = Self::of_layer(Arc::new(network), Arc::new(trace), 0);
        made.map(|made| Self { conv, then, ..made }).ok_or_else(|| "the layer is no convolution".to_owned())
    }

    /// The convolution that is layer `number` of a network, over the first image of a trace of it. `None` if that layer
    /// is no convolution, or the trace is of another network.
    pub fn of_layer(network: Arc<Network>, trace: Arc<Trace>, number: usize) -> Option<Self> {
        let LayerSpec::Conv2d(conv) = *network.spec().layers.get(number)? else { return None };
        let layer = network.layers().get(number)?;
        let (channels, height, width) = layer.input().as_maps();
        let window = Window {
            kernel_size: conv.kernel_size,
            stride: conv.stride,
            padding: conv.padding,
            dilation: conv.dilation,
        };
        let geometry = Geometry::new(channels / conv.groups.max(1), height, width, window).ok()?;
        // The trace is of this network if its last cell can be taken apart.
        Cell::of(&network, &trace, number, layer.output().len().checked_sub(1)?)?;
        Some(Self { network, trace, layer: number, conv, geometry, then: Then::default() })
    }

    /// The settings.
    pub fn settings(&self) -> &Conv2d {
        &self.conv
    }

    /// The input's shape.
    pub fn input(&self) -> Shape {
        self.network.layers()[self.layer].input()
    }

    /// The output's shape.
    pub fn output(&self) -> Shape {
        self.network.layers()[self.layer].output()
    }

    /// The input's values, (C, H, W).
    pub fn x(&self) -> &[f32] {
        match self.layer.checked_sub(1) {
            None => &self.trace.input.values()[..self.input().len()],
            Some(before) => self.trace.activation(before),
        }
    }

    /// The outputs, (filters, OH, OW).
    pub fn y(&self) -> &[f32] {
        self.trace.activation(self.result_layer())
    }

    /// The layer whose outputs the results are: the mean of the products, or their sum.
    fn result_layer(&self) -> usize {
        self.layer + usize::from(self.then.averages)
    }

    /// The weights, (filters, C / groups, KH, KW).
    pub fn weight(&self) -> &Tensor {
        &self.network.parameters()[self.layer][0]
    }

    /// One bias a filter, if it has them.
    pub fn bias(&self) -> Option<&[f32]> {
        self.network.parameters()[self.result_layer()].get(1).map(Tensor::values)
    }

    /// How many outputs there are, all filters' together.
    pub fn len(&self) -> usize {
        self.output().len()
    }

    /// Whether there is no output; there always is one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Outputs of a row.
    pub fn row(&self) -> usize {
        self.geometry.out_width
    }

    /// The filter, row and column of step `at`.
    pub fn place(&self, at: usize) -> Place {
        Place::of(at, self.output())
    }

    /// How output `at` came about; `None` beyond the last one.
    pub fn step(&self, at: usize) -> Option<Step> {
        let value = *self.y().get(at)?;
        match Cell::of(&self.network, &self.trace, self.layer, at)? {
            Cell::Sum { parts, .. } => {
                let place = self.place(at);
                let bias = self.bias().and_then(|bias| bias.get(place.channel)).copied();
                Some(Step { place, value, parts, divisor: self.divisor(), bias })
            }
            _ => None,
        }
    }

    /// The outputs, (row, column) in a map, whose window sees the input's row and column: as many in every filter's map
    /// of its group.
    pub fn users(&self, row: usize, column: usize) -> Vec<(usize, usize)> {
        let rows = self.side_users(row, true);
        let columns = self.side_users(column, false);
        rows.iter().flat_map(|&y| columns.iter().map(move |&x| (y, x))).collect()
    }

    /// The output rows, or columns, of whose windows an element stands at `place`.
    fn side_users(&self, place: usize, is_row: bool) -> Vec<usize> {
        let (out, side) = if is_row { (self.geometry.out_height, 0) } else { (self.geometry.out_width, 1) };
        let (kernel, stride, padding, dilation) = self.side(side);
        let sees = |o: &usize| (0..kernel).any(|k| o * stride + k * dilation == place + padding);
        (0..out).filter(sees).collect()
    }

    /// (kernel, stride, padding, dilation) along the rows (0) or the columns (1).
    fn side(&self, side: usize) -> (usize, usize, usize, usize) {
        let Window { kernel_size: k, stride: s, padding: p, dilation: d } = self.geometry.window;
        if side == 0 { (k.h, s.h, p.h, d.h) } else { (k.w, s.w, p.w, d.w) }
    }

    /// Of the padded input's rows, and of its columns, whether any window reaches them.
    pub fn reached(&self) -> (Vec<bool>, Vec<bool>) {
        let reached = |side: usize, n: usize, out: usize| {
            let (kernel, stride, padding, dilation) = self.side(side);
            let mut reached = vec![false; n + 2 * padding];
            for (o, k) in (0..out).flat_map(|o| (0..kernel).map(move |k| (o, k))) {
                if let Some(place) = reached.get_mut(o * stride + k * dilation) {
                    *place = true;
                }
            }
            reached
        };
        let g = &self.geometry;
        (reached(0, g.height, g.out_height), reached(1, g.width, g.out_width))
    }

    /// How the output's size comes about, along the rows and along the columns.
    pub fn sizes(&self) -> [SizeOf; 2] {
        let g = &self.geometry;
        [(0, g.height, g.out_height), (1, g.width, g.out_width)].map(|(side, input, output)| {
            let (kernel, stride, padding, dilation) = self.side(side);
            SizeOf { input, kernel, stride, padding, dilation, output }
        })
    }

    /// What it costs, and what the fully connected layer would that connects every input with every output.
    pub fn costs(&self) -> Costs {
        // With a mean the bias is another layer's, which is no cost of its own.
        let whole = LayerSpec::from(self.conv).build(self.input());
        let layer = whole.as_deref().unwrap_or(self.network.layers()[self.layer].as_ref());
        Costs::of(layer, self.conv.bias)
    }

    /// The convolution of the group that `filter` is of as one product of matrices.
    pub fn im2col(&self, filter: usize) -> Option<Im2col> {
        Im2col::of(self, filter)
    }

    /// The channels that `filter` looks at.
    pub fn channels(&self, filter: usize) -> Range<usize> {
        let group = filter / (self.conv.out_channels / self.conv.groups.max(1)).max(1);
        group * self.geometry.channels..(group + 1) * self.geometry.channels
    }

    /// One input map.
    pub fn map(&self, channel: usize) -> &[f32] {
        let len = self.geometry.height * self.geometry.width;
        self.x().get(channel * len..(channel + 1) * len).unwrap_or_default()
    }

    /// By what the kernel of `filter` over `channel` makes waves larger or smaller: (side, side), the mean in the middle;
    /// see [`frequency_response`]. `None` if there is no such kernel.
    pub fn response(&self, filter: usize, channel: usize, side: usize) -> Option<Vec<f32>> {
        let inner = channel.checked_sub(self.channels(filter).start)?;
        let size = self.conv.kernel_size;
        let first = (filter * self.geometry.channels + inner) * size.area();
        let kernel = self.weight().values().get(first..first + size.area())?;
        let kernel: Vec<f32> =
            kernel.iter().map(|weight| weight / self.divisor().unwrap_or(1) as f32).collect();
        frequency_response(&kernel, size, self.conv.dilation, side).ok()
    }

    /// One output map.
    pub fn output_map(&self, filter: usize) -> &[f32] {
        let len = self.geometry.columns();
        self.y().get(filter * len..(filter + 1) * len).unwrap_or_default()
    }
}

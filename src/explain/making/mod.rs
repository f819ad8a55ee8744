//! How a whole map came about: what each input map gave to it, their sum, and what the layers after make of it.
//!
//! It is [`Cell`](super::Cell) for all cells of a map at once: the same terms added in the same order, so that every value
//! here is a subtotal there (`tests/explain_making.rs`).

mod marks;
mod sums;

pub use marks::{Marks, Region};

use crate::nn::{LayerSpec, Network, Shape, Trace, im2col::Window};
use sums::{gathered, spread, weighed};

/// A picture of values, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Its rows.
    pub height: usize,
    /// Its columns.
    pub width: usize,
    /// height · width values.
    pub values: Vec<f32>,
}

impl Picture {
    /// The value at a row and column; `None` outside.
    pub fn at(&self, row: usize, column: usize) -> Option<f32> {
        (row < self.height && column < self.width).then(|| self.values[row * self.width + column])
    }

    /// (height, width).
    pub fn size(&self) -> (usize, usize) {
        (self.height, self.width)
    }

    /// The (row, column) of the value furthest from zero.
    pub fn strongest(&self) -> (usize, usize) {
        let all = self.values.iter().enumerate();
        let (at, _) = all.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).unwrap_or((0, &0.0));
        (at / self.width.max(1), at % self.width.max(1))
    }

    /// The largest absolute value.
    pub fn limit(&self) -> f32 {
        self.values.iter().fold(0.0, |limit, v| limit.max(v.abs()))
    }
}

/// What one input map gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The map's channel.
    pub channel: usize,
    /// The map.
    pub input: Picture,
    /// The slice of the filter that belongs to it.
    pub kernel: Picture,
    /// The sum of the products at every place of the window: of the output's size.
    pub partial: Picture,
    /// The products, where the input is read whole and so has but one place: a fully connected layer's.
    pub products: Option<Picture>,
}

/// A layer after the sum that makes a map of each map.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The layer.
    pub layer: usize,
    /// Which of its maps.
    pub channel: usize,
    /// That map.
    pub picture: Picture,
    /// The window by which it reads the map before; `None` if each cell reads the one in its own place.
    pub window: Option<Window>,
}

/// A map's way: input maps, what each gives, sum, bias, and the layers up to the next that mixes maps.
#[derive(Clone, Debug, PartialEq)]
pub struct Making {
    /// The layer that adds up products.
    pub layer: usize,
    /// Which of its maps.
    pub channel: usize,
    /// One an input map that counts, in the channels' order.
    pub shares: Vec<Share>,
    /// What is added at the end.
    pub bias: Option<f32>,
    /// The map: all partial results and the bias, as the trace has it.
    pub sum: Picture,
    /// What follows: batch norm, activation, pooling and so on.
    pub stages: Vec<Stage>,
    /// The windows by which an output place reads the input maps; `None` where it reads them whole.
    pub window: Option<Window>,
    /// Whether the window spreads its input (a transposed convolution) rather than gathers it.
    pub is_spread: bool,
}

impl Making {
    /// The map `channel` of layer `number`, for the first image of a trace of a network in use: of the last layer up to it
    /// that adds up products, with all stages after. A value of a fully connected layer is a map of one cell, made of the
    /// maps that were flattened before it, or of a vector as one picture. `None` if no such layer comes before, or if the
    /// trace is of another network.
    pub fn of(network: &Network, trace: &Trace, number: usize, channel: usize) -> Option<Self> {
        let (layer, channel) = source(network, number, channel)?;
        let module = &network.layers()[layer];
        let x = match layer.checked_sub(1) {
            None => trace.input.values().get(..module.input().len())?,
            Some(before) => trace.activations.get(before).map(|_| trace.activation(before))?,
        };
        let weight = network.parameters()[layer].first()?;
        let bias = network.parameters()[layer].get(1).and_then(|bias| bias.values().get(channel)).copied();
        let (_, height, width) = module.output().as_maps();
        let sum =
            map_of(trace.activations.get(layer).map(|_| trace.activation(layer))?, height, width, channel)?;
        let (shares, window, is_spread) = match &network.spec().layers[layer] {
            LayerSpec::Conv2d(conv) => {
                let shares = gathered(conv, weight, maps_of(x, module.input())?, (height, width), channel);
                (shares, marks::window_of(&network.spec().layers[layer], module.input()), false)
            }
            LayerSpec::ConvTranspose2d(conv) => {
                let shares = spread(conv, weight, maps_of(x, module.input())?, (height, width), channel);
                (shares, marks::window_of(&network.spec().layers[layer], module.input()), true)
            }
            _ => {
                let weights = weight.values().get(channel * x.len()..(channel + 1) * x.len())?;
                (weighed(x, weights, flattened(network, layer)), None, false)
            }
        };
        let mut making = Self { layer, channel, shares, bias, sum, stages: Vec::new(), window, is_spread };
        let mut channel = channel;
        for (layer, spec) in network.spec().layers.iter().enumerate().skip(layer + 1) {
            if is_mixing(spec) || matches!(spec, LayerSpec::Flatten(_)) {
                break;
            }
            channel = passed_on(spec, network.layers()[layer].input(), channel);
            let (_, height, width) = network.layers()[layer].output().as_maps();
            let picture = map_of(
                trace.activations.get(layer).map(|_| trace.activation(layer))?,
                height,
                width,
                channel,
            )?;
            making.stages.push(Stage {
                layer,
                channel,
                picture,
                window: marks::window_of(spec, network.layers()[layer].input()),
            });
        }
        Some(making)
    }

    /// The largest absolute value of all partial results, the sum and the stages: their common scale.
    pub fn limit(&self) -> f32 {
        let partials = self.shares.iter().map(|share| share.partial.limit());
        let stages = self.stages.iter().map(|stage| stage.picture.limit());
        partials.chain(stages).fold(self.sum.limit(), f32::max)
    }

    /// The largest absolute product, where the products are kept.
    pub fn products_limit(&self) -> Option<f32> {
        self.shares.iter().filter_map(|share| Some(share.products.as_ref()?.limit())).reduce(f32::max)
    }

    /// The largest absolute weight of all slices of the filter.
    pub fn kernel_limit(&self) -> f32 {
        self.shares.iter().fold(0.0, |limit, share| limit.max(share.kernel.limit()))
    }
}

/// Whether a layer adds up products of several maps or values.
fn is_mixing(spec: &LayerSpec) -> bool {
    matches!(spec, LayerSpec::Conv2d(_) | LayerSpec::ConvTranspose2d(_) | LayerSpec::Linear(_))
}

/// The map that a map of layer `number` was made of, in the last layer up to it that adds up products.
fn source(network: &Network, number: usize, channel: usize) -> Option<(usize, usize)> {
    let (mut layer, mut channel) = (number, channel);
    loop {
        let (spec, module) = (network.spec().layers.get(layer)?, network.layers().get(layer)?);
        if is_mixing(spec) {
            let (channels, ..) = module.output().as_maps();
            return (channel < channels).then_some((layer, channel));
        }
        if let LayerSpec::Flatten(_) = spec {
            // A value of the vector belongs to the map that it lay in.
            let (_, height, width) = module.input().as_maps();
            channel /= height * width;
        }
        if let LayerSpec::ChannelShuffle(shuffle) = spec {
            let (channels, ..) = module.input().as_maps();
            channel = channel % shuffle.groups * (channels / shuffle.groups) + channel / shuffle.groups;
        }
        layer = layer.checked_sub(1)?;
    }
}

/// Where a map is after a layer that makes a map of each map.
fn passed_on(spec: &LayerSpec, input: Shape, channel: usize) -> usize {
    let LayerSpec::ChannelShuffle(shuffle) = spec else { return channel };
    let (channels, ..) = input.as_maps();
    let each = channels / shuffle.groups;
    channel % each * shuffle.groups + channel / each
}

fn map_of(values: &[f32], height: usize, width: usize, channel: usize) -> Option<Picture> {
    let size = height * width;
    let values = values.get(channel * size..(channel + 1) * size)?.to_vec();
    Some(Picture { height, width, values })
}

/// The maps of an activation.
#[derive(Clone, Copy)]
struct Maps<'a> {
    values: &'a [f32],
    height: usize,
    width: usize,
}

impl Maps<'_> {
    fn picture(&self, channel: usize) -> Picture {
        let size = self.height * self.width;
        let values = self.values[channel * size..(channel + 1) * size].to_vec();
        Picture { height: self.height, width: self.width, values }
    }
}

fn maps_of(values: &[f32], shape: Shape) -> Option<Maps<'_>> {
    let (_, height, width) = shape.as_maps();
    (values.len() == shape.len()).then_some(Maps { values, height, width })
}

/// The maps that a fully connected layer's input was flattened from.
fn flattened(network: &Network, layer: usize) -> Option<Shape> {
    let layers = (0..layer).rev();
    for before in layers {
        match &network.spec().layers[before] {
            LayerSpec::Dropout(_) => {}
            LayerSpec::Flatten(_) => {
                let shape = network.layers()[before].input();
                return matches!(shape, Shape::Maps { .. }).then_some(shape);
            }
            _ => return None,
        }
    }
    None
}

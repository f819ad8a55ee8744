//! How a whole map is computed: the contribution of each input map, their sum, and the layers that follow.
//!
//! This is [`Cell`](super::Cell) for all cells of a map at once. The terms are the same and are added in the same
//! order, so each value equals the corresponding subtotal of the cell.

mod contribution;
mod highlights;
mod sums;
mod window;

pub use contribution::Contribution;
pub use highlights::{Highlights, Region};

use super::{
    arrays::{kernels, limit, maps},
    reach::Reach,
};
use crate::nn::{LayerSpec, Network, Shape, Trace, im2col::Window};
use ndarray::{Array2, Axis};

/// A layer after the sum that transforms each map separately.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakdownStage {
    /// The layer, from 0.
    pub layer: usize,
    /// The channel of the map in the layer's output.
    pub channel: usize,
    /// The map.
    pub map: Array2<f32>,
    /// Which cells of the map before each cell reads, along the rows and the columns.
    pub reach: [Reach; 2],
}

/// The computation of a map: input maps, contributions, sum, bias, and the layers up to the next one that mixes maps.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakdown {
    /// The layer that adds up the products, from 0.
    pub layer: usize,
    /// The channel of the map in the layer's output.
    pub channel: usize,
    /// The contribution of each input map, ordered by channel.
    pub contributions: Vec<Contribution>,
    /// The bias, if the layer has one.
    pub bias: Option<f32>,
    /// The sum of all contributions and the bias, as stored in the trace.
    pub sum: Array2<f32>,
    /// The following layers: normalisation, activation, pooling, and so on.
    pub stages: Vec<BreakdownStage>,
    /// The sliding window over the input maps; `None` for a fully connected layer.
    pub window: Option<Window>,
    /// Whether the layer is a transposed convolution, whose window slides over the output.
    pub is_transposed: bool,
}

impl Breakdown {
    /// Breaks down map `channel` of layer `number`, for the first image of a trace in inference mode. The breakdown
    /// starts at the last convolution or fully connected layer up to `number` and includes all stages after it. An
    /// element of a fully connected layer is a map of one cell, with one contribution for each map that was flattened,
    /// or a single one if the input is a vector. `None` if there is no such layer, or the trace belongs to another
    /// network.
    pub fn of(network: &Network, trace: &Trace, number: usize, channel: usize) -> Option<Self> {
        let (layer, channel) = source(network, number, channel)?;
        let (spec, module) = (&network.spec().layers[layer], &network.layers()[layer]);
        let x = match layer.checked_sub(1) {
            None => trace.input.values().get(..module.input().len())?,
            Some(before) => activation(trace, before)?,
        };
        let tensors = &network.parameters()[layer];
        let weight = tensors.first()?;
        let bias = tensors.get(1).and_then(|bias| bias.values().get(channel)).copied();
        let sum = map_of(activation(trace, layer)?, module.output(), channel)?;
        let window = window::window_of(spec);
        let contributions = match spec {
            LayerSpec::Conv2d(conv) => {
                sums::conv2d(conv, &kernels(weight)?, &maps(x, module.input())?, sum.dim(), channel)
            }
            LayerSpec::ConvTranspose2d(conv) => {
                sums::conv_transpose2d(conv, &kernels(weight)?, &maps(x, module.input())?, sum.dim(), channel)
            }
            _ => {
                let weights = weight.values().get(channel * x.len()..(channel + 1) * x.len())?;
                sums::linear(x, weights, flattened(network, layer))?
            }
        };
        let is_transposed = matches!(spec, LayerSpec::ConvTranspose2d(_));
        let stages = stages(network, trace, layer, channel)?;
        Some(Self { layer, channel, contributions, bias, sum, stages, window, is_transposed })
    }

    /// The largest absolute value of the contributions, the sum and the stages: a common colour scale.
    pub fn limit(&self) -> f32 {
        let partials = self.contributions.iter().map(|contribution| limit(&contribution.partial));
        let stages = self.stages.iter().map(|stage| limit(&stage.map));
        partials.chain(stages).fold(limit(&self.sum), f32::max)
    }

    /// The largest absolute product, for a fully connected layer.
    pub fn products_limit(&self) -> Option<f32> {
        self.contributions
            .iter()
            .filter_map(|contribution| Some(limit(contribution.products.as_ref()?)))
            .reduce(f32::max)
    }

    /// The largest absolute weight of all kernels.
    pub fn kernel_limit(&self) -> f32 {
        self.contributions.iter().map(|contribution| limit(&contribution.kernel)).fold(0.0, f32::max)
    }
}

/// Whether a layer combines several maps or values.
fn is_mixing(spec: &LayerSpec) -> bool {
    matches!(spec, LayerSpec::Conv2d(_) | LayerSpec::ConvTranspose2d(_) | LayerSpec::Linear(_))
}

/// The (layer, channel) of the sum from which map `channel` of layer `number` is computed.
fn source(network: &Network, number: usize, channel: usize) -> Option<(usize, usize)> {
    let (mut layer, mut channel) = (number, channel);
    loop {
        let (spec, module) = (network.spec().layers.get(layer)?, network.layers().get(layer)?);
        if is_mixing(spec) {
            let (channels, ..) = module.output().as_maps();
            return (channel < channels).then_some((layer, channel));
        }
        if let LayerSpec::Flatten(_) = spec {
            // An element of a flattened vector belongs to the map that it came from.
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

/// The channel of a map after a layer that transforms each map separately.
fn passed_on(spec: &LayerSpec, input: Shape, channel: usize) -> usize {
    let LayerSpec::ChannelShuffle(shuffle) = spec else { return channel };
    let (channels, ..) = input.as_maps();
    let each = channels / shuffle.groups;
    channel % each * shuffle.groups + channel / each
}

/// The activation of a layer for the first image; `None` if the trace has no such layer.
fn activation(trace: &Trace, layer: usize) -> Option<&[f32]> {
    trace.activations.get(layer).map(|_| trace.activation(layer))
}

/// A copy of one map of an activation.
fn map_of(values: &[f32], shape: Shape, channel: usize) -> Option<Array2<f32>> {
    let maps = maps(values, shape)?;
    (channel < maps.dim().0).then(|| maps.index_axis(Axis(0), channel).to_owned())
}

/// The layers after `layer` that transform each map separately, for map `channel`.
fn stages(network: &Network, trace: &Trace, layer: usize, mut channel: usize) -> Option<Vec<BreakdownStage>> {
    let mut stages = Vec::new();
    for (layer, spec) in network.spec().layers.iter().enumerate().skip(layer + 1) {
        if is_mixing(spec) || matches!(spec, LayerSpec::Flatten(_)) {
            break;
        }
        let module = &network.layers()[layer];
        channel = passed_on(spec, module.input(), channel);
        let map = map_of(activation(trace, layer)?, module.output(), channel)?;
        stages.push(BreakdownStage { layer, channel, map, reach: Reach::of(spec, module.input()) });
    }
    Some(stages)
}

/// The shape of the maps that were flattened into the input of a fully connected layer; `None` if its input is not
/// flattened maps.
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

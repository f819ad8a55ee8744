//! The computation of a cell, for every layer type.

use super::{Cell, Place, input::Input, pools, sums};
use crate::nn::{
    LayerSpec, Network, Shape, Tensor, Trace,
    layers::{BatchNorm1d, BatchNorm2d, moments},
};

impl Cell {
    /// Explains element `at` of the output of layer `number`, for the first image of a trace in inference mode. `None`
    /// if there is no such layer or element, or the trace belongs to another network.
    pub fn of(network: &Network, trace: &Trace, number: usize, at: usize) -> Option<Self> {
        let (spec, layer) = (network.spec().layers.get(number)?, network.layers().get(number)?);
        let x = match number.checked_sub(1) {
            None => trace.input.values().get(..layer.input().len())?,
            Some(before) => trace.activations.get(before).map(|_| trace.activation(before))?,
        };
        if x.len() != layer.input().len() || at >= layer.output().len() {
            return None;
        }
        let input = Input { shape: layer.input(), x };
        let tensors = (network.parameters()[number].as_slice(), network.buffers()[number].as_slice());
        explain(spec, input, layer.output(), Place::of(at, layer.output()), tensors)
    }
}

fn explain(
    spec: &LayerSpec,
    input: Input<'_>,
    output: Shape,
    place: Place,
    (parameters, buffers): (&[Tensor], &[Tensor]),
) -> Option<Cell> {
    let same = |from: Place| Cell::Same { from, x: input.at(from) };
    let of_channel = |tensor: &Tensor| tensor.values()[place.channel];
    Some(match spec {
        LayerSpec::Conv2d(conv) => sums::conv2d(conv, input, place, parameters)?,
        LayerSpec::ConvTranspose2d(conv) => sums::conv_transpose2d(conv, input, place, parameters)?,
        LayerSpec::Linear(_) => sums::linear(input, place, parameters),
        LayerSpec::MaxPool2d(pool) => pools::largest(pool, input, place),
        LayerSpec::AvgPool2d(pool) => pools::mean(pool, input, place),
        LayerSpec::AdaptiveAvgPool2d(pool) => pools::adaptive_mean(pool.output_size, input, place),
        LayerSpec::GlobalAvgPool2d(_) => pools::global_mean(input, place),
        LayerSpec::AdaptiveMaxPool2d(pool) => pools::adaptive_largest(pool.output_size, input, place),
        LayerSpec::Upsample(upsample) => sums::upsample(upsample, input, place)?,
        LayerSpec::ZeroPad2d(pad) => {
            let (_, height, width) = input.shape.as_maps();
            let inside = |at: usize, before: usize, n: usize| at.checked_sub(before).filter(|at| *at < n);
            let row = inside(place.row, pad.padding.top, height);
            match row.zip(inside(place.column, pad.padding.left, width)) {
                Some((row, column)) => same(Place { row, column, ..place }),
                None => Cell::Border,
            }
        }
        LayerSpec::Relu(_)
        | LayerSpec::LeakyRelu(_)
        | LayerSpec::Sigmoid(_)
        | LayerSpec::Tanh(_)
        | LayerSpec::Softplus(_)
        | LayerSpec::Gelu(_)
        | LayerSpec::Silu(_)
        | LayerSpec::Elu(_) => Cell::Function { from: place, x: input.at(place) },
        LayerSpec::Prelu(_) => {
            let weights = parameters[0].values();
            let weight = weights[if weights.len() == 1 { 0 } else { place.channel }];
            Cell::Sloped { from: place, x: input.at(place), weight }
        }
        LayerSpec::Flatten(_) => same(Place::of(place.index(output), input.shape)),
        LayerSpec::Dropout(_) | LayerSpec::Dropout2d(_) => same(place),
        LayerSpec::ChannelShuffle(shuffle) => {
            let (channels, ..) = input.shape.as_maps();
            let rows = shuffle.groups;
            // Channel i·(C / groups) + j of the input becomes channel j·groups + i.
            let (j, i) = (place.channel / rows, place.channel % rows);
            same(Place { channel: i * (channels / rows) + j, ..place })
        }
        LayerSpec::LocalResponseNorm(settings) => {
            let (channels, ..) = input.shape.as_maps();
            let first = place.channel.saturating_sub(settings.size / 2);
            let end = channels.min(place.channel + settings.size.div_ceil(2));
            let neighbours = (first..end).map(|channel| (channel, input.at(Place { channel, ..place })));
            let (settings, x) = (*settings, input.at(place));
            Cell::ResponseNorm { settings, x, neighbours: neighbours.collect() }
        }
        LayerSpec::BatchNorm2d(BatchNorm2d { eps, .. }) | LayerSpec::BatchNorm1d(BatchNorm1d { eps, .. }) => {
            Cell::BatchNorm {
                x: input.at(place),
                mean: of_channel(&buffers[0]),
                variance: of_channel(&buffers[1]),
                eps: *eps,
                weight: of_channel(&parameters[0]),
                bias: of_channel(&parameters[1]),
            }
        }
        LayerSpec::LayerNorm(norm) => {
            let (at, together) = (place.index(input.shape), norm.together());
            normalised(input, (at, together), norm.eps, at % together, parameters)
        }
        LayerSpec::GroupNorm(norm) => {
            let together = input.x.len() / norm.num_groups;
            let at = place.index(input.shape);
            normalised(input, (at, together), norm.eps, place.channel, parameters)
        }
    })
}

/// Value `at`, normalised with the `together` values that it belongs to, and scaled by weight number `weight`.
fn normalised(
    input: Input<'_>,
    (at, together): (usize, usize),
    eps: f32,
    weight: usize,
    parameters: &[Tensor],
) -> Cell {
    let (mean, variance) = moments(&input.x[at / together * together..][..together]);
    let [weight, bias] = [(0, 1.0), (1, 0.0)]
        .map(|(p, none)| parameters.get(p).map_or(none, |tensor| tensor.values()[weight]));
    Cell::BatchNorm { x: input.x[at], mean: mean as f32, variance: variance as f32, eps, weight, bias }
}

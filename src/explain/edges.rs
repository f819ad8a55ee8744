//! The connections between the maps of two consecutive layers, and their strength.

use crate::nn::{LayerSpec, Network, Shape, Tensor};

/// A connection from a map of the previous layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// The index of the map, or of the element of a vector, in the previous layer.
    pub from: usize,
    /// The sum of the absolute weights of this connection, divided by the largest such sum of the same output map: 0 to
    /// 1. 1 in layers without weights.
    pub strength: f32,
}

/// The connections into map (or vector element) `map` of layer `number`, sorted by input map. If there are more than
/// `most`, the strongest ones. Empty if there is no such map.
pub fn edges(network: &Network, number: usize, map: usize, most: usize) -> Vec<Edge> {
    let (Some(spec), Some(layer)) = (network.spec().layers.get(number), network.layers().get(number)) else {
        return Vec::new();
    };
    let (maps, ..) = layer.output().as_maps();
    if map >= maps {
        return Vec::new();
    }
    let weight = network.parameters()[number].first();
    let mut edges = match (spec, weight) {
        (LayerSpec::Conv2d(conv), Some(weight)) => {
            let inner = weight.shape()[1];
            let first = map / (conv.out_channels / conv.groups) * inner;
            let slices = (0..inner).map(|channel| sum_of(weight, map * inner + channel));
            weighed(slices.enumerate().map(|(channel, sum)| (first + channel, sum)).collect())
        }
        (LayerSpec::ConvTranspose2d(conv), Some(weight)) => {
            let (inputs, inner) = (weight.shape()[0] / conv.groups, weight.shape()[1]);
            let first = map / inner * inputs;
            let slices =
                (first..first + inputs).map(|from| (from, sum_of(weight, from * inner + map % inner)));
            weighed(slices.collect())
        }
        (LayerSpec::Linear(_), Some(weight)) => {
            let inputs = weight.shape()[1];
            let row = &weight.values()[map * inputs..(map + 1) * inputs];
            weighed(row.iter().map(|w| w.abs()).enumerate().collect())
        }
        _ => alike(others(spec, layer.input(), map)),
    };
    if edges.len() > most {
        // Ties are broken in favour of the earlier map.
        edges
            .select_nth_unstable_by(most, |a, b| b.strength.total_cmp(&a.strength).then(a.from.cmp(&b.from)));
        edges.truncate(most);
        edges.sort_by_key(|edge| edge.from);
    }
    edges
}

/// The total number of connections into layer `number`. Does not read the weights.
pub fn edge_count(network: &Network, number: usize) -> usize {
    let (Some(spec), Some(layer)) = (network.spec().layers.get(number), network.layers().get(number)) else {
        return 0;
    };
    let (maps, ..) = layer.output().as_maps();
    let weight = network.parameters()[number].first();
    match (spec, weight) {
        (LayerSpec::Conv2d(_) | LayerSpec::Linear(_), Some(weight)) => maps * weight.shape()[1],
        (LayerSpec::ConvTranspose2d(conv), Some(weight)) => maps * (weight.shape()[0] / conv.groups),
        _ => (0..maps).map(|map| others(spec, layer.input(), map).len()).sum(),
    }
}

/// The sum of the absolute weights in slice `slice` (over the first two axes) of a convolution's weights.
fn sum_of(weight: &Tensor, slice: usize) -> f32 {
    let len: usize = weight.shape()[2..].iter().product();
    weight.values()[slice * len..(slice + 1) * len].iter().map(|w| w.abs()).sum()
}

fn weighed(sums: Vec<(usize, f32)>) -> Vec<Edge> {
    let largest = sums.iter().fold(f32::MIN_POSITIVE, |largest, (_, sum)| largest.max(*sum));
    sums.into_iter().map(|(from, sum)| Edge { from, strength: sum / largest }).collect()
}

fn alike(maps: impl IntoIterator<Item = usize>) -> Vec<Edge> {
    maps.into_iter().map(|from| Edge { from, strength: 1.0 }).collect()
}

/// The input maps that a layer without weights reads for one output map.
fn others(spec: &LayerSpec, input: Shape, map: usize) -> Vec<usize> {
    let (channels, height, width) = input.as_maps();
    match spec {
        LayerSpec::Flatten(_) => vec![map / (height * width)],
        LayerSpec::ChannelShuffle(shuffle) => {
            vec![map % shuffle.groups * (channels / shuffle.groups) + map / shuffle.groups]
        }
        LayerSpec::LocalResponseNorm(norm) => {
            (map.saturating_sub(norm.size / 2)..channels.min(map + norm.size.div_ceil(2))).collect()
        }
        LayerSpec::GroupNorm(norm) => {
            let together = channels / norm.num_groups.max(1);
            let first = map / together.max(1) * together;
            (first..first + together).collect()
        }
        LayerSpec::LayerNorm(norm) if norm.normalized_shape.len() == input.dims().len() => {
            (0..channels).collect()
        }
        _ => vec![map],
    }
}

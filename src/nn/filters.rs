//! The filters of convolutions: which values of a layer's parameters belong to which filter and to which kernel.

use super::{layers::LayerSpec, network::Network, pair::Pair, tensor::Tensor};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A filter: everything that makes one output map of a convolution, its kernels and its bias.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FilterId {
    /// The layer, from 0.
    pub layer: usize,
    /// The output map.
    pub filter: usize,
}

/// How the filters of a convolution lie in its parameters. Each filter has one kernel for each input map of its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilterLayout {
    /// The number of filters, one for each output map.
    pub filters: usize,
    /// The kernels of a filter.
    pub inputs: usize,
    /// Height and width of a kernel.
    pub size: Pair,
    /// Whether filters have a bias.
    pub has_bias: bool,
    groups: usize,
    is_transposed: bool,
}

impl FilterLayout {
    /// The filters of a layer; `None` if it is not a convolution.
    pub fn of(network: &Network, layer: usize) -> Option<Self> {
        let tensors = network.parameters().get(layer)?;
        let &[first, second, h, w] = tensors.first()?.shape() else { return None };
        let (groups, is_transposed) = match network.spec().layers.get(layer)? {
            LayerSpec::Conv2d(conv) => (conv.groups, false),
            LayerSpec::ConvTranspose2d(conv) => (conv.groups, true),
            _ => return None,
        };
        let groups = groups.max(1);
        let (filters, inputs) =
            if is_transposed { (second * groups, first / groups) } else { (first, second) };
        let (size, has_bias) = (Pair { h, w }, tensors.len() > 1);
        Some(Self { filters, inputs, size, has_bias, groups, is_transposed })
    }

    /// The convolutions of a network, in order.
    pub fn layers(network: &Network) -> Vec<usize> {
        (0..network.layers().len()).filter(|&layer| Self::of(network, layer).is_some()).collect()
    }

    /// The values of a filter: those of its kernels, one after the other, and its bias.
    pub fn len(&self) -> usize {
        self.inputs * self.size.area() + usize::from(self.has_bias)
    }

    /// Whether a filter has no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of a kernel in the weights.
    pub fn kernel(&self, filter: usize, input: usize) -> Range<usize> {
        let number = if self.is_transposed {
            let maps = (self.filters / self.groups).max(1);
            (filter / maps * self.inputs + input) * maps + filter % maps
        } else {
            filter * self.inputs + input
        };
        number * self.size.area()..(number + 1) * self.size.area()
    }

    /// The input map that a kernel reads.
    pub fn channel(&self, filter: usize, input: usize) -> usize {
        filter / (self.filters / self.groups).max(1) * self.inputs + input
    }

    /// The places of a filter: the number of a parameter of its layer, and a range of it.
    pub fn places(&self, filter: usize) -> impl Iterator<Item = (usize, Range<usize>)> + use<> {
        let layout = *self;
        let kernels = (0..self.inputs).map(move |input| (0, layout.kernel(filter, input)));
        kernels.chain(self.has_bias.then_some((1, filter..filter + 1)))
    }

    /// The values of a kernel, (height, width), of a layer's parameters.
    pub fn kernel_of<'a>(&self, tensors: &'a [Tensor], filter: usize, input: usize) -> &'a [f32] {
        let weights = tensors.first().map_or(&[][..], Tensor::values);
        weights.get(self.kernel(filter, input)).unwrap_or_default()
    }

    /// The values of a filter; see [`FilterLayout::len`].
    pub fn values(&self, tensors: &[Tensor], filter: usize) -> Vec<f32> {
        let part = |(number, range): (usize, Range<usize>)| {
            tensors.get(number).and_then(|tensor| tensor.values().get(range)).unwrap_or_default()
        };
        self.places(filter).flat_map(part).copied().collect()
    }

    /// Overwrites a filter; values that are missing leave what was there.
    pub fn set(&self, tensors: &mut [Tensor], filter: usize, values: &[f32]) {
        let mut rest = values;
        for (number, range) in self.places(filter) {
            let Some(place) = tensors.get_mut(number).and_then(|tensor| tensor.values_mut().get_mut(range))
            else {
                return;
            };
            let Some((these, others)) = rest.split_at_checked(place.len()) else { return };
            place.copy_from_slice(these);
            rest = others;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Init, NetworkSpec};

    fn network(layer: &str) -> Network {
        let json = format!(
            r#"{{"name": "n", "input": [4, 6, 6], "layers": [{layer}, {{"type": "flatten"}}, {{"type": "linear", "out_features": 2}}]}}"#
        );
        Network::new(NetworkSpec::from_json(&json).unwrap(), Init::He, 5).unwrap()
    }

    /// An output map depends on the values of its filter, and on the input maps that its kernels read, and on nothing else.
    #[test]
    fn a_filter_is_what_makes_its_map() {
        for layer in [
            r#"{"type": "conv2d", "out_channels": 6, "kernel_size": [3, 2], "groups": 2}"#,
            r#"{"type": "conv2d", "out_channels": 4, "kernel_size": 3, "groups": 4, "bias": false}"#,
            r#"{"type": "conv_transpose2d", "out_channels": 6, "kernel_size": [2, 3], "groups": 2}"#,
            r#"{"type": "conv_transpose2d", "out_channels": 3, "kernel_size": 3}"#,
        ] {
            let network = network(layer);
            let layout = FilterLayout::of(&network, 0).unwrap();
            assert_eq!(FilterLayout::layers(&network), [0]);
            let input: Vec<f32> = (0..144).map(|i| (i as f32).sin()).collect();
            let map = |network: &Network, input: &[f32], filter: usize| {
                let trace = network.trace(input);
                let cells = trace.activation(0).len() / layout.filters;
                trace.activation(0)[filter * cells..][..cells].to_vec()
            };
            for filter in 0..layout.filters {
                let mut other = network.clone();
                let values = layout.values(&network.parameters()[0], filter);
                assert_eq!(values.len(), layout.len());
                let doubled: Vec<f32> = values.iter().map(|v| 2.0 * v + 0.1).collect();
                layout.set(&mut other.parameters_mut()[0], filter, &doubled);
                assert_eq!(layout.values(&other.parameters()[0], filter), doubled);
                for at in 0..layout.filters {
                    let is_same = map(&network, &input, at) == map(&other, &input, at);
                    assert_eq!(is_same, at != filter, "{layer}: {filter} {at}");
                }
                // A kernel is all that its input map has to do with the filter's map.
                for i in 0..layout.inputs {
                    let mut without = network.clone();
                    let place = layout.kernel(filter, i);
                    without.parameters_mut()[0][0].values_mut()[place].fill(0.0);
                    let mut blank = input.clone();
                    blank[layout.channel(filter, i) * 36..][..36].fill(0.0);
                    let close = |a: Vec<f32>, b: Vec<f32>| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5);
                    assert!(close(map(&without, &input, filter), map(&network, &blank, filter)), "{layer}");
                }
            }
        }
        let linear = network(r#"{"type": "conv2d", "out_channels": 2, "kernel_size": 1}"#);
        assert_eq!(FilterLayout::of(&linear, 2), None);
        assert_eq!(FilterLayout::of(&linear, 9), None);
    }
}

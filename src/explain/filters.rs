//! The weights of the first layer as small images.

use crate::nn::{LayerSpec, Network, Shape, Tensor};

/// The filters of a layer, each shown for its first input channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Filters<'a> {
    weight: &'a Tensor,
    channels: usize,
    /// The number of the layer.
    pub layer: usize,
    /// Height of a filter, in pixels.
    pub height: usize,
    /// Width of a filter, in pixels.
    pub width: usize,
}

impl<'a> Filters<'a> {
    /// The first layer with weights: the kernels of a convolution, or the rows of a fully connected layer in the shape
    /// of the input image. `None` if the first weights belong to another layer type.
    pub fn first_layer(network: &'a Network) -> Option<Self> {
        let number = network.parameters().iter().position(|tensors| !tensors.is_empty())?;
        let weight = network.parameters()[number].first()?;
        let (channels, height, width) =
            match (&network.spec().layers[number], weight.shape(), network.input()) {
                (LayerSpec::Conv2d(_), &[_, channels, height, width], _) => (channels, height, width),
                (LayerSpec::Linear(_), &[_, features], Shape::Maps { channels, height, width })
                    if features == channels * height * width =>
                {
                    (channels, height, width)
                }
                _ => return None,
            };
        Some(Self { weight, channels, layer: number, height, width })
    }

    /// The number of filters.
    pub fn len(&self) -> usize {
        self.weight.shape()[0]
    }

    /// Whether there are no filters.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The weights of filter `number` for the first input channel: (height, width), row-major.
    pub fn values(&self, number: usize) -> &'a [f32] {
        let size = self.height * self.width;
        &self.weight.values()[number * self.channels * size..][..size]
    }

    /// The largest absolute weight of all filters: the end of a symmetric colour scale.
    pub fn limit(&self) -> f32 {
        self.weight.values().iter().fold(0.0, |limit, w| limit.max(w.abs()))
    }
}

/// The change of the first layer's filters between two states of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterChange {
    /// The differences of all filters, one filter after the other.
    values: Vec<f32>,
    /// Values of a filter.
    size: usize,
}

impl FilterChange {
    /// `after − before`. `None` for filters of another number or size.
    pub fn between(before: Filters<'_>, after: Filters<'_>) -> Option<Self> {
        let size = after.height * after.width;
        if (before.len(), before.height, before.width) != (after.len(), after.height, after.width) {
            return None;
        }
        let difference =
            |i| after.values(i).iter().zip(before.values(i)).map(|(after, before)| after - before);
        Some(Self { values: (0..after.len()).flat_map(difference).collect(), size })
    }

    /// The change of filter `number` for the first input channel: (height, width), row-major.
    pub fn values(&self, number: usize) -> &[f32] {
        &self.values[number * self.size..][..self.size]
    }

    /// The largest absolute change of all filters: the end of a symmetric colour scale.
    pub fn limit(&self) -> f32 {
        self.values.iter().fold(0.0, |limit, change| limit.max(change.abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Init, presets};

    #[test]
    fn filters_are_the_weights() {
        for (name, count, height) in [("lenet5-relu", 6, 5), ("simple-conv-net", 30, 5), ("mlp-5", 100, 28)] {
            let network = Network::new(presets::by_name(name).unwrap().spec, Init::He, 3).unwrap();
            let filters = Filters::first_layer(&network).unwrap();
            assert_eq!((filters.len(), filters.height, filters.width), (count, height, height), "{name}");
            let (_, weight) = network.named_parameters().next().unwrap();
            let joined: Vec<f32> = (0..count).flat_map(|i| filters.values(i).to_vec()).collect();
            assert_eq!(joined, weight.values());
            assert!(filters.limit() > 0.0);
        }
    }

    fn first(network: &Network) -> Filters<'_> {
        Filters::first_layer(network).unwrap()
    }

    #[test]
    fn the_change_is_the_difference_of_every_weight() {
        let network =
            |name: &str, seed| Network::new(presets::by_name(name).unwrap().spec, Init::He, seed).unwrap();
        let (before, mut after) = (network("lenet5-relu", 3), network("lenet5-relu", 3));
        let same = FilterChange::between(first(&before), first(&after)).unwrap();
        assert_eq!((same.limit(), same.values(5).len()), (0.0, 25));
        after.parameters_mut()[0][0].values_mut()[2 * 25 + 7] -= 0.25;
        let change = FilterChange::between(first(&before), first(&after)).unwrap();
        assert!((change.limit() - 0.25).abs() < 1e-6);
        assert_eq!(change.values(2)[7], first(&after).values(2)[7] - first(&before).values(2)[7]);
        assert!(change.values(1).iter().all(|&value| value == 0.0));
        let other = network("lenet5-wide", 3);
        assert!(FilterChange::between(first(&before), first(&other)).is_none());
    }
}

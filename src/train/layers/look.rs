//! The weights and activations of a network, layer by layer.

use super::histogram::Histogram;
use crate::{
    data::{self, Split},
    nn::{LayerSpec, Network, Shape, Trace},
    train::{
        evaluate::{activations, check_fit, input_transform},
        health::dead_units_of,
    },
};

/// The most images that activations are looked at for.
pub const MOST_IMAGES: usize = 64;

/// The most activation values of them all: 128 MiB.
const MOST_VALUES: usize = 1 << 25;

/// A layer with parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerLook {
    /// The layer, counted from 0.
    pub layer: usize,
    /// Its weights, without the biases.
    pub weights: Histogram,
    /// What it gives to the layers after it, for all images: after its activation function, if one follows.
    pub activations: Histogram,
    /// That activation function's layer.
    pub function: Option<usize>,
    /// If it is a ReLU: the units that output 0 for all images, from 0.
    pub dead: Option<Vec<usize>>,
    /// Its units: maps, or values of a fully connected layer.
    pub units: usize,
}

/// Looks at every layer with parameters. `trace` is of some images.
pub fn look_at_layers(network: &Network, trace: &Trace) -> Vec<LayerLook> {
    let dead = dead_units_of(network, trace);
    let with_weights = network.parameters().iter().enumerate();
    with_weights
        .filter_map(|(layer, tensors)| {
            let weights = Histogram::of(tensors.first()?.values());
            let next = layer + 1;
            let function = network.spec().layers.get(next).and_then(LayerSpec::formula).map(|_| next);
            let output = trace.activations.get(function.unwrap_or(layer))?;
            let dead = dead.iter().find(|(relu, _)| Some(*relu) == function);
            Some(LayerLook {
                layer,
                weights,
                activations: Histogram::of(output.values()),
                function,
                dead: dead.map(|(_, dead)| (0..dead.len()).filter(|&unit| dead[unit]).collect()),
                units: match network.layers()[layer].output() {
                    Shape::Maps { channels, .. } => channels,
                    Shape::Vector(features) => features,
                },
            })
        })
        .collect()
}

/// The first images of a set as inputs of a network, as many as are looked at; none if they do not fit the network.
pub fn images_for(network: &Network, set: &Split) -> Vec<f32> {
    if check_fit(network, "", set).is_err() {
        return Vec::new();
    }
    let count = MOST_IMAGES.min(set.len()).min(MOST_VALUES / activations(network).max(1));
    let indices: Vec<u32> = (0..count as u32).collect();
    let mut inputs = vec![0.0; count * network.input().len()];
    data::fill(set, &indices, &input_transform(network), None, &mut inputs, &mut vec![0; count]);
    inputs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Init, NetworkSpec};

    fn network() -> Network {
        let json = r#"{"name":"n","input":[1,4,4],"layers":[{"type":"conv2d","out_channels":3,"kernel_size":3},{"type":"relu"},
            {"type":"max_pool2d","kernel_size":2},{"type":"flatten"},{"type":"linear","out_features":5},{"type":"sigmoid"},{"type":"linear","out_features":2}]}"#;
        Network::new(NetworkSpec::from_json(json).unwrap(), Init::He, 1).unwrap()
    }

    #[test]
    fn layers_with_weights_are_described_by_their_own_numbers() {
        let mut network = network();
        // A bias that no input can overcome.
        network.parameters_mut()[0][1].values_mut()[1] = -1e6;
        let images: Vec<f32> = (0..8 * 16).map(|i| (i * 7 % 13) as f32 / 13.0).collect();
        let trace = network.trace(&images);
        let found = look_at_layers(&network, &trace);
        assert_eq!(
            found.iter().map(|l| (l.layer, l.function, l.units)).collect::<Vec<_>>(),
            [(0, Some(1), 3), (4, Some(5), 5), (6, None, 2)]
        );
        assert_eq!(found[0].dead.as_ref().map(|dead| dead.contains(&1)), Some(true));
        assert_eq!((&found[1].dead, &found[2].dead), (&None, &None), "a sigmoid is never 0");
        for look in &found {
            let weights = network.parameters()[look.layer][0].values();
            assert_eq!(look.weights, Histogram::of(weights), "without biases");
            let after = trace.activations[look.function.unwrap_or(look.layer)].values();
            let zeros = after.iter().filter(|value| **value == 0.0).count() as u64;
            assert_eq!((look.activations.count, look.activations.zeros), (after.len() as u64, zeros));
        }
        // The dead map alone is a third of the output of the ReLU.
        assert!(found[0].activations.zero_share() >= 1.0 / 3.0);
    }
}

//! On which side of their corners the values of a pass are: where ReLU and max pooling bend the loss.

use super::workspace::Workspace;
use crate::nn::{layers::LayerSpec, network::Network};

impl Workspace {
    /// For each layer with corners, its number and a fingerprint: which of its values the last pass had above 0, or which
    /// cells it took as the largest. Two passes with different fingerprints have a corner of the loss between them.
    pub(in crate::nn) fn sides(&self, network: &Network) -> Vec<(usize, u64)> {
        let layers = network.spec().layers.iter().enumerate();
        let side = |(i, spec): (usize, &LayerSpec)| {
            let len = network.layers()[i].output().len();
            let shards = self.shards().iter();
            let print = match spec {
                LayerSpec::Relu(_) | LayerSpec::LeakyRelu(_) => fingerprint(
                    shards.flat_map(|s| &s.activations[i][..s.images * len]).map(|y| u64::from(*y > 0.0)),
                ),
                // The slope's sign decides that of the output, so the input tells the side.
                LayerSpec::Prelu(_) if i > 0 => fingerprint(
                    shards.flat_map(|s| &s.activations[i - 1][..s.images * len]).map(|x| u64::from(*x > 0.0)),
                ),
                // With another alpha, the slope leaps at 0.
                LayerSpec::Elu(elu) if (elu.alpha - 1.0).abs() > f32::EPSILON => fingerprint(
                    shards.flat_map(|s| &s.activations[i][..s.images * len]).map(|y| u64::from(*y > 0.0)),
                ),
                LayerSpec::MaxPool2d(_) | LayerSpec::AdaptiveMaxPool2d(_) => {
                    fingerprint(shards.flat_map(|s| &s.indices[i][..s.images * len]).map(|n| u64::from(*n)))
                }
                _ => return None,
            };
            Some((i, print))
        };
        layers.filter_map(side).collect()
    }
}

/// A number that differs, in all likelihood, if one of the values does.
fn fingerprint(values: impl Iterator<Item = u64>) -> u64 {
    values.fold(0xcbf2_9ce4_8422_2325, |print, value| {
        (print ^ value).wrapping_mul(0x0100_0000_01b3).rotate_left(5)
    })
}

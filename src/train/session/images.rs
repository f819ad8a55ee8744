//! The images that a session trains on, and how many fit.

use crate::{
    data::{self, InputTransform, Split},
    nn::Network,
    train::{evaluate::activations, health::HEALTH_IMAGES},
};

/// The most activation values of a batch: 2 GiB.
pub(super) const MOST_VALUES: usize = 1 << 29;

/// The first images to train on, as inputs of the network; fewer than usual if their activations would not fit.
pub(super) fn first_images(
    network: &Network,
    train: &Split,
    len: usize,
    transform: &InputTransform,
) -> Vec<f32> {
    let fit = MOST_VALUES / activations(network).max(1);
    let count = len.min(HEALTH_IMAGES).min(fit);
    let indices: Vec<u32> = (0..count as u32).collect();
    let mut inputs = vec![0.0; count * network.input().len()];
    data::fill(train, &indices, transform, None, &mut inputs, &mut vec![0; count]);
    inputs
}

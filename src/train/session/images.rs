//! The images that a session trains on, and how many fit.

use crate::{
    data::{self, InputTransform, Split},
    nn::Network,
    train::{config::TrainConfig, evaluate::activations, health::HEALTH_IMAGES},
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

/// The number of images of a training set to train on; the rest is for validation.
pub fn images_to_learn_from(config: &TrainConfig, train: &Split) -> usize {
    let share = (train.len() as f64 * f64::from(config.validation)).round() as usize;
    let kept = if config.validation > 0.0 { share.max(1).min(train.len()) } else { 0 };
    train.len() - kept
}

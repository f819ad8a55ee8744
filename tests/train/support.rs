//! A small set that any network can learn: a bright square in one of four corners, among noise.

use convlens::{
    data::{DataSet, Split},
    nn::{
        Init, Network, NetworkSpec,
        optim::{OptimizerSpec, Sgd},
    },
    train::TrainConfig,
};
use std::sync::Arc;

/// The height and width of the images.
pub(crate) const SIDE: usize = 8;

/// A network that learns the corners.
pub(crate) const PLAIN: &str = r#"{"type":"conv2d","out_channels":4,"kernel_size":3}, {"type":"relu"},
    {"type":"max_pool2d","kernel_size":2}, {"type":"flatten"}, {"type":"linear","out_features":4}"#;

/// One with everything that a pass of training does otherwise than use.
pub(crate) const COUPLED: &str = r#"{"type":"conv2d","out_channels":4,"kernel_size":3}, {"type":"batch_norm2d"}, {"type":"relu"},
    {"type":"max_pool2d","kernel_size":2}, {"type":"dropout","p":0.2}, {"type":"flatten"}, {"type":"linear","out_features":4}"#;

/// A network of these layers for images of the corners' size, with weights drawn from seed 1.
pub(crate) fn network(layers: &str) -> Network {
    let json = format!(r#"{{"name":"corner-net","input":[1,{SIDE},{SIDE}],"layers":[{layers}]}}"#);
    Network::new(NetworkSpec::from_json(&json).unwrap(), Init::He, 1).unwrap()
}

/// Images `first..first + count` of an endless row, in which the classes take turns.
pub(crate) fn corners(first: usize, count: usize) -> Split {
    let mut images = Vec::with_capacity(count * SIDE * SIDE);
    for i in first..first + count {
        let (down, right) = (i % 4 / 2, i % 2);
        let noise = |k: usize| (i * 64 + k).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58;
        let (top, left) = (down * 4 + i / 4 % 2, right * 4 + i / 8 % 2);
        let is_ink = |y: usize, x: usize| (top..top + 3).contains(&y) && (left..left + 3).contains(&x);
        images.extend((0..SIDE * SIDE).map(|k| {
            let ink = if is_ink(k / SIDE, k % SIDE) { 160 } else { 0 };
            (ink + noise(k)) as u8
        }));
    }
    let labels = (first..first + count).map(|i| (i % 4) as u8).collect();
    Split::new("corners", images, labels, SIDE, SIDE).unwrap()
}

/// A set of so many training and test images.
pub(crate) fn data(train: usize, test: usize) -> DataSet {
    let (train, test) = (Arc::new(corners(0, train)), Arc::new(corners(100_003, test)));
    DataSet { name: "corners".into(), train, test, classes: convlens::text::ClassNames::default() }
}

/// A set with a wrong label for every fifth image, so that gradients never vanish.
pub(crate) fn noisy(train: usize, test: usize) -> DataSet {
    let right = corners(0, train);
    let images = (0..train).flat_map(|i| right.image(i).to_vec()).collect();
    let labels = (0..train).map(|i| (right.label(i) + u8::from(i % 5 == 0)) % 4).collect();
    let train = Arc::new(Split::new("corners", images, labels, SIDE, SIDE).unwrap());
    DataSet { train, ..data(4, test) }
}

/// A set whose second half has wrong labels: kept for validation, its loss rises as the first half is learnt.
pub(crate) fn misleading() -> DataSet {
    let right = corners(0, 40);
    let images = (0..40).flat_map(|i| right.image(i).to_vec()).collect();
    let labels = (0..40).map(|i| if i < 20 { right.label(i) } else { (right.label(i) + 1) % 4 }).collect();
    let train = Arc::new(Split::new("corners", images, labels, SIDE, SIDE).unwrap());
    DataSet { train, ..data(4, 4) }
}

/// Settings by which the corners are learnt.
pub(crate) fn config() -> TrainConfig {
    TrainConfig {
        optimizer: OptimizerSpec::Sgd(Sgd { momentum: 0.9, ..Sgd::default() }),
        lr: 0.02,
        schedule: convlens::nn::optim::Schedule::Constant,
        batch: 16,
        epochs: 4,
        init: Init::He,
        seed: 1,
        validation: 0.0,
        ..TrainConfig::from_recipe(&convlens::nn::presets::lenet5_relu().recipe, 1)
    }
}

//! Random networks: layers of every type that takes maps, in any order, followed by fully connected layers.

pub(crate) mod equation;

use convlens::nn::{
    Init, LayerSpec, Network, NetworkSpec, Pair, Shape,
    layers::{
        AvgPool2d, BatchNorm2d, ChannelShuffle, Conv2d, ConvTranspose2d, Dropout, Flatten, LeakyRelu, Linear,
        LocalResponseNorm, MaxPool2d, Relu, Sigmoid, Tanh,
    },
};
use rand::{Rng, RngExt};

/// The number of classes of every random network.
pub(crate) const CLASSES: usize = 5;

fn pair(random: &mut impl Rng, least: usize, most: usize) -> Pair {
    Pair { h: random.random_range(least..=most), w: random.random_range(least..=most) }
}

/// A convolution or transposed convolution with random settings, which may not fit the input.
pub(crate) fn convolution(random: &mut impl Rng) -> LayerSpec {
    let groups = [1, 1, 2][random.random_range(0..3)];
    let (kernel_size, stride) = (pair(random, 1, 3), pair(random, 1, 2));
    let (padding, dilation) = (pair(random, 0, 1), pair(random, 1, 2));
    if random.random_range(0..3) > 0 {
        Conv2d { kernel_size, stride, padding: padding.into(), dilation, groups, ..Conv2d::new(4, 1) }.into()
    } else {
        ConvTranspose2d { kernel_size, stride, padding, dilation, groups, ..ConvTranspose2d::new(4, 1) }
            .into()
    }
}

/// A random layer that takes maps; only differentiable ones if `is_smooth`.
fn layer(random: &mut impl Rng, is_smooth: bool) -> LayerSpec {
    match random.random_range(0..if is_smooth { 10 } else { 13 }) {
        0..=3 => convolution(random),
        4 => Tanh {}.into(),
        5 => Sigmoid {}.into(),
        6 => LocalResponseNorm { size: 3, alpha: 0.5, beta: 0.75, k: 1.0 }.into(),
        7 => BatchNorm2d::default().into(),
        8 => ChannelShuffle { groups: 2 }.into(),
        9 => AvgPool2d::new(2).into(),
        10 => MaxPool2d::new(2).into(),
        11 => LeakyRelu::default().into(),
        _ => [LayerSpec::from(Relu {}), Dropout::default().into()][random.random_range(0..2)].clone(),
    }
}

/// A network of four to eight layers with random weights and statistics.
pub(crate) fn network(random: &mut impl Rng, is_smooth: bool) -> Network {
    loop {
        let input = Shape::maps(
            [1, 2, 4][random.random_range(0..3)],
            random.random_range(5..10),
            random.random_range(5..10),
        );
        let mut layers = vec![convolution(random)];
        for _ in 0..random.random_range(0..4) {
            layers.push(layer(random, is_smooth));
        }
        layers.extend([
            Flatten {}.into(),
            Linear::new(6).into(),
            Tanh {}.into(),
            Linear::new(CLASSES).into(),
        ]);
        let json = serde_json::json!({"name": "random", "input": input.dims(), "layers": layers}).to_string();
        let Ok(spec) = NetworkSpec::from_json(&json) else { continue };
        let mut network = Network::new(spec, Init::Xavier, 1).unwrap();
        network.fill_parameters(|| random.random_range(-1.0..1.0));
        network.fill_buffers(|| random.random_range(0.5..2.0));
        return network;
    }
}

/// A random input.
pub(crate) fn input(network: &Network, random: &mut impl Rng) -> Vec<f32> {
    (0..network.input().len()).map(|_| random.random_range(-1.0..1.0)).collect()
}

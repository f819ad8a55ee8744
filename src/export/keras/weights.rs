//! Weights in the order of Keras: channels last.

use super::order::Order;
use crate::{
    export::network::{Part, tensors},
    nn::{LayerSpec, Network, Shape, Tensor},
};

/// A tensor of the weights' file.
#[derive(Debug)]
pub(in crate::export) struct Weight {
    /// Such as `conv2d_0.kernel`.
    pub(in crate::export) name: String,
    pub(in crate::export) shape: Vec<usize>,
    pub(in crate::export) values: Vec<f32>,
}

/// The weights of a layer. `order`: of the input's features.
pub(super) fn of(network: &Network, part: Part<'_>, name: &str, order: Order) -> Vec<Weight> {
    let weight = |(own, tensor): (&'static str, &Tensor)| {
        let (keras, axes): (&str, &[usize]) = match (part.spec, own) {
            (_, "num_batches_tracked") => return None,
            // (out, in, height, width) → (height, width, in, out), and of the transposed (in, out, …) → (…, out, in).
            (LayerSpec::Conv2d(_) | LayerSpec::ConvTranspose2d(_), "weight") => ("kernel", &[2, 3, 1, 0]),
            (LayerSpec::Linear(_), "weight") => ("kernel", &[1, 0]),
            (LayerSpec::Prelu(_), "weight") => ("alpha", &[0]),
            (
                LayerSpec::BatchNorm1d(_)
                | LayerSpec::BatchNorm2d(_)
                | LayerSpec::LayerNorm(_)
                | LayerSpec::GroupNorm(_),
                "weight" | "bias",
            ) => (if own == "weight" { "gamma" } else { "beta" }, &[0]),
            (_, "running_mean") => ("moving_mean", &[0]),
            (_, "running_var") => ("moving_variance", &[0]),
            _ => (own, &[0]),
        };
        let (shape, values) = transposed(tensor.shape(), tensor.values(), axes);
        let values =
            if keras == "kernel" && shape.len() == 2 { order.rows(&values, shape[1]) } else { values };
        // Slopes of maps: (height, width, channels), of which the first two are shared.
        let is_of_maps = keras == "alpha" && matches!(part.layer.input(), Shape::Maps { .. });
        let shape = if is_of_maps { vec![1, 1, shape[0]] } else { shape };
        Some(Weight { name: format!("{name}.{keras}"), shape, values })
    };
    tensors(network, part.number).filter_map(weight).collect()
}

/// The tensor with its axes in this order.
fn transposed(shape: &[usize], values: &[f32], axes: &[usize]) -> (Vec<usize>, Vec<f32>) {
    let strides: Vec<usize> = (0..shape.len()).map(|axis| shape[axis + 1..].iter().product()).collect();
    let new: Vec<usize> = axes.iter().map(|&axis| shape[axis]).collect();
    let steps: Vec<usize> = axes.iter().map(|&axis| strides[axis]).collect();
    let mut places = vec![0];
    for (&length, &step) in new.iter().zip(&steps) {
        places = places.iter().flat_map(|&place| (0..length).map(move |i| place + i * step)).collect();
    }
    (new, places.into_iter().map(|place| values[place]).collect())
}

//! The contribution of each input map, for the three layer types that add up products.

use super::contribution::Contribution;
use crate::nn::{
    Border, Shape,
    layers::{Conv2d, ConvTranspose2d},
};
use ndarray::{Array2, ArrayView2, ArrayView3, ArrayView4, Axis, arr2};

/// One contribution of a convolution: `add` adds the products of one kernel element, at the given offset within the
/// window, to the partial sums.
fn contribution(
    channel: usize,
    (input, kernel): (ArrayView2<'_, f32>, ArrayView2<'_, f32>),
    size: (usize, usize),
    add: impl Fn(&mut Array2<f32>, f32, (usize, usize)),
) -> Contribution {
    let mut partial = Array2::zeros(size);
    // Element by element, so that each sum is added in the order of the kernel.
    for (element, weight) in kernel.indexed_iter() {
        add(&mut partial, *weight, element);
    }
    Contribution { channel, input: input.to_owned(), kernel: kernel.to_owned(), partial, products: None }
}

/// The contributions to map `filter` of a convolution with output size `size`.
pub(super) fn conv2d(
    conv: &Conv2d,
    kernels: &ArrayView4<'_, f32>,
    maps: &ArrayView3<'_, f32>,
    size: (usize, usize),
    filter: usize,
) -> Vec<Contribution> {
    let channels = kernels.dim().1;
    let group = filter / (conv.out_channels / conv.groups);
    let Border { left, top, .. } = conv.border();
    let source =
        |at: usize, before: usize, n: usize| conv.padding_mode.source(at as isize - before as isize, n);
    let kernels = kernels.index_axis(Axis(0), filter);
    let of_channel = |(inner, kernel): (usize, _)| {
        let channel = group * channels + inner;
        let input = maps.index_axis(Axis(0), channel);
        contribution(channel, (input, kernel), size, |partial, weight, (dy, dx)| {
            for (y, mut sums) in partial.outer_iter_mut().enumerate() {
                let from = source(y * conv.stride.h + dy * conv.dilation.h, top, input.nrows());
                let Some(from) = from else { continue };
                let from = input.row(from);
                for (x, sum) in sums.iter_mut().enumerate() {
                    let at = source(x * conv.stride.w + dx * conv.dilation.w, left, input.ncols());
                    if let Some(value) = at.and_then(|at| from.get(at)) {
                        *sum += value * weight;
                    }
                }
            }
        })
    };
    kernels.outer_iter().enumerate().map(of_channel).collect()
}

/// The contributions to map `map` of a transposed convolution with output size `size`.
pub(super) fn conv_transpose2d(
    conv: &ConvTranspose2d,
    kernels: &ArrayView4<'_, f32>,
    maps: &ArrayView3<'_, f32>,
    size: (usize, usize),
    map: usize,
) -> Vec<Contribution> {
    let (all, filters, ..) = kernels.dim();
    let channels = all / conv.groups;
    let (group, inner) = (map / filters, map % filters);
    let of_channel = |channel: usize| {
        let (input, kernel) = (maps.index_axis(Axis(0), channel), kernels.index_axis(Axis(0), channel));
        let kernel = kernel.index_axis_move(Axis(0), inner);
        contribution(channel, (input, kernel), size, |partial, weight, (dy, dx)| {
            for ((row, column), value) in input.indexed_iter() {
                let y = (row * conv.stride.h + dy * conv.dilation.h).checked_sub(conv.padding.h);
                let x = (column * conv.stride.w + dx * conv.dilation.w).checked_sub(conv.padding.w);
                if let Some(sum) = y.zip(x).and_then(|place| partial.get_mut(place)) {
                    *sum += value * weight;
                }
            }
        })
    };
    (group * channels..(group + 1) * channels).map(of_channel).collect()
}

/// The products of inputs and weights of one output element: one contribution for each flattened map, or one for a
/// vector.
pub(super) fn linear(x: &[f32], weights: &[f32], maps: Option<Shape>) -> Option<Vec<Contribution>> {
    let shape = maps.map_or((1, 1, x.len()), Shape::as_maps);
    let x = ArrayView3::from_shape(shape, x).ok()?;
    let weights = ArrayView3::from_shape(shape, weights).ok()?;
    let of_channel = |(channel, (input, kernel)): (usize, (ArrayView2<'_, f32>, ArrayView2<'_, f32>))| {
        let products = &input * &kernel;
        // Added one after the other, in the order of the kernel.
        let partial = arr2(&[[products.iter().sum()]]);
        let (input, kernel) = (input.to_owned(), kernel.to_owned());
        Contribution { channel, input, kernel, partial, products: Some(products) }
    };
    Some(x.outer_iter().zip(weights.outer_iter()).enumerate().map(of_channel).collect())
}

//! What each input map gives to a map, place by place.

use super::{Maps, Picture, Share};
use crate::nn::{
    Shape, Tensor,
    layers::{Conv2d, ConvTranspose2d},
};

/// The slice (outer, inner) of a convolution's weights, (outer, inner, height, width).
fn slice(weight: &Tensor, outer: usize, inner: usize) -> Picture {
    let shape = weight.shape();
    let (inners, height, width) = (shape[1], shape[2], shape[3]);
    let from = (outer * inners + inner) * height * width;
    Picture { height, width, values: weight.values()[from..from + height * width].to_vec() }
}

pub(super) fn gathered(
    conv: &Conv2d,
    weight: &Tensor,
    maps: Maps<'_>,
    (height, width): (usize, usize),
    filter: usize,
) -> Vec<Share> {
    let channels = weight.shape()[1];
    let group = filter / (conv.out_channels / conv.groups);
    let share = |inner: usize| {
        let channel = group * channels + inner;
        let (input, kernel) = (maps.picture(channel), slice(weight, filter, inner));
        let mut values = vec![0.0; height * width];
        // Element by element of the kernel: each cell's sum is so added in the kernel's order.
        for (element, w) in kernel.values.iter().enumerate() {
            let (dy, dx) =
                (element / kernel.width * conv.dilation.h, element % kernel.width * conv.dilation.w);
            for (y, row) in values.chunks_exact_mut(width.max(1)).enumerate() {
                let from = (y * conv.stride.h + dy).checked_sub(conv.padding.h).filter(|y| *y < maps.height);
                let Some(from) = from else { continue };
                let from = &input.values[from * maps.width..(from + 1) * maps.width];
                for (x, sum) in row.iter_mut().enumerate() {
                    let at = (x * conv.stride.w + dx).checked_sub(conv.padding.w);
                    if let Some(value) = at.and_then(|at| from.get(at)) {
                        *sum += value * w;
                    }
                }
            }
        }
        Share { channel, input, kernel, partial: Picture { height, width, values }, products: None }
    };
    (0..channels).map(share).collect()
}

pub(super) fn spread(
    conv: &ConvTranspose2d,
    weight: &Tensor,
    maps: Maps<'_>,
    (height, width): (usize, usize),
    map: usize,
) -> Vec<Share> {
    let inners = weight.shape()[1];
    let channels = weight.shape()[0] / conv.groups;
    let (group, inner) = (map / inners, map % inners);
    let share = |channel: usize| {
        let (input, kernel) = (maps.picture(channel), slice(weight, channel, inner));
        let mut values = vec![0.0; height * width];
        for (element, w) in kernel.values.iter().enumerate() {
            let (dy, dx) =
                (element / kernel.width * conv.dilation.h, element % kernel.width * conv.dilation.w);
            for (i, value) in input.values.iter().enumerate() {
                let y = (i / maps.width * conv.stride.h + dy).checked_sub(conv.padding.h);
                let x = (i % maps.width * conv.stride.w + dx).checked_sub(conv.padding.w);
                if let (Some(y), Some(x)) = (y.filter(|y| *y < height), x.filter(|x| *x < width)) {
                    values[y * width + x] += value * w;
                }
            }
        }
        Share { channel, input, kernel, partial: Picture { height, width, values }, products: None }
    };
    (group * channels..(group + 1) * channels).map(share).collect()
}

/// Inputs times weights, a share a map that was flattened, or one for all.
pub(super) fn weighed(x: &[f32], weights: &[f32], maps: Option<Shape>) -> Vec<Share> {
    let (height, width) = maps.map_or((1, x.len()), |shape| {
        let (_, height, width) = shape.as_maps();
        (height, width)
    });
    let size = (height * width).max(1);
    let shares = x.chunks_exact(size).zip(weights.chunks_exact(size)).enumerate();
    let picture = |values: &[f32]| Picture { height, width, values: values.to_vec() };
    shares
        .map(|(channel, (x, weights))| {
            let products: Vec<f32> = x.iter().zip(weights).map(|(x, w)| x * w).collect();
            let partial = Picture { height: 1, width: 1, values: vec![products.iter().sum()] };
            let products = Some(picture(&products));
            Share { channel, input: picture(x), kernel: picture(weights), partial, products }
        })
        .collect()
}

//! The sliding window of a layer.

use crate::nn::{LayerSpec, Pair, Shape, im2col::Window};

/// The sliding window of a layer for an input of this shape; `None` if the layer works cell by cell.
pub(super) fn window_of(layer: &LayerSpec, input: Shape) -> Option<Window> {
    let (kernel_size, stride, padding, dilation) = match layer {
        LayerSpec::Conv2d(conv) => (conv.kernel_size, conv.stride, conv.padding, conv.dilation),
        LayerSpec::ConvTranspose2d(conv) => (conv.kernel_size, conv.stride, conv.padding, conv.dilation),
        LayerSpec::MaxPool2d(pool) => (pool.kernel_size, pool.stride, pool.padding, pool.dilation),
        LayerSpec::AvgPool2d(pool) => (pool.kernel_size, pool.stride, pool.padding, Pair::square(1)),
        LayerSpec::GlobalAvgPool2d(_) => {
            let (_, h, w) = input.as_maps();
            (Pair { h, w }, Pair::square(1), Pair::square(0), Pair::square(1))
        }
        _ => return None,
    };
    Some(Window { kernel_size, stride, padding, dilation })
}

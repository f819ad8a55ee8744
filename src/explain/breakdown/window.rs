//! The sliding window of a convolution.

use crate::nn::{LayerSpec, im2col::Window};

/// The window that slides over the input maps, or over the output of a transposed convolution; `None` for other layers.
pub(super) fn window_of(layer: &LayerSpec) -> Option<Window> {
    let (kernel_size, stride, padding, dilation) = match layer {
        LayerSpec::Conv2d(conv) => (conv.kernel_size, conv.stride, conv.padding, conv.dilation),
        LayerSpec::ConvTranspose2d(conv) => (conv.kernel_size, conv.stride, conv.padding, conv.dilation),
        _ => return None,
    };
    Some(Window { kernel_size, stride, padding, dilation })
}

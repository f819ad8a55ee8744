//! The sliding window of a convolution.

use crate::nn::{LayerSpec, im2col::Window};

/// The window that slides over the input maps, or over the output of a transposed convolution; `None` for other layers.
pub(super) fn window_of(layer: &LayerSpec) -> Option<Window> {
    match layer {
        LayerSpec::Conv2d(conv) => Some(conv.window()),
        LayerSpec::ConvTranspose2d(conv) => Some(Window {
            kernel_size: conv.kernel_size,
            stride: conv.stride,
            padding: conv.padding,
            dilation: conv.dilation,
        }),
        _ => None,
    }
}

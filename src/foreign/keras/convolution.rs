//! Convolutions of Keras, with kernels of (height, width, in, out).

use super::{
    config::Layer,
    file::WeightsFile,
    settings::{kernel_and_bias, pair, text, with_bias, wrong_setting},
    weights,
};
use crate::{
    foreign::{
        chain::{Chain, Line, Weight},
        tensor::FoundTensor,
    },
    text::Sentence,
};
use serde_json::{Value, json};

/// A kernel with four dimensions in another order.
fn kernel_of(kernel: FoundTensor, order: [usize; 4]) -> Result<FoundTensor, Sentence> {
    if kernel.shape.len() == 4 {
        return Ok(kernel.permuted(&order));
    }
    Err(Sentence::new("the tensor {tensor} is {shape}, but a convolution has four dimensions")
        .with("tensor", &kernel.key)
        .with("shape", format!("{:?}", kernel.shape)))
}

/// The padding of windows: top, left, bottom, right.
pub(super) fn pads(
    chain: &Chain,
    layer: &Layer,
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
) -> Result<[usize; 4], Sentence> {
    let (_, height, width) = chain.shape.as_maps();
    match text(layer, "padding") {
        "valid" | "" => Ok([0; 4]),
        "same" => {
            let line = |i: usize, input: usize| {
                let window = kernel[i].saturating_sub(1).saturating_mul(dilation[i]).saturating_add(1);
                Line { input, window, stride: stride[i] }.same()
            };
            let ([top, bottom], [left, right]) = (line(0, height), line(1, width));
            Ok([top, left, bottom, right])
        }
        other => Err(wrong_setting("padding", &Value::from(other))),
    }
}

/// The settings of a window that all convolutions have.
struct Window {
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
}

impl Window {
    fn of(layer: &Layer) -> Result<Self, Sentence> {
        Ok(Self {
            kernel: pair(layer, "kernel_size", 0)?,
            stride: pair(layer, "strides", 1)?,
            dilation: pair(layer, "dilation_rate", 1)?,
        })
    }

    /// Adds the convolution of these weights.
    fn push(
        &self,
        chain: &mut Chain,
        layer: &Layer,
        groups: usize,
        weights: Vec<Weight>,
    ) -> Result<(), Sentence> {
        let Self { kernel, stride, dilation } = *self;
        let filters = weights.first().and_then(|(_, weight)| weight.shape.first().copied()).unwrap_or(0);
        let padding = chain.padding(pads(chain, layer, kernel, stride, dilation)?)?;
        let settings = json!({
            "out_channels": filters, "kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation,
            "groups": groups, "bias": weights.len() > 1,
        });
        chain.push("conv2d", settings, weights)
    }
}

pub(super) fn convolution(chain: &mut Chain, layer: &Layer, file: &WeightsFile) -> Result<(), Sentence> {
    let (kernel, bias) = kernel_and_bias(layer, file)?;
    let groups = layer.settings.get("groups").and_then(Value::as_u64).unwrap_or(1);
    let groups = usize::try_from(groups).unwrap_or(0);
    let kernel = kernel_of(kernel, [3, 2, 0, 1])?;
    Window::of(layer)?.push(chain, layer, groups, with_bias(kernel, bias))
}

/// (height, width, channels, multiplier) to (channels · multiplier, 1, height, width).
fn depthwise_kernel(kernel: FoundTensor) -> Result<(usize, FoundTensor), Sentence> {
    let mut kernel = kernel_of(kernel, [2, 3, 0, 1])?;
    let channels = kernel.shape[0];
    kernel.shape = vec![channels.saturating_mul(kernel.shape[1]), 1, kernel.shape[2], kernel.shape[3]];
    Ok((channels, kernel))
}

pub(super) fn depthwise(chain: &mut Chain, layer: &Layer, file: &WeightsFile) -> Result<(), Sentence> {
    let (kernel, bias) = kernel_and_bias(layer, file)?;
    let (channels, kernel) = depthwise_kernel(kernel)?;
    Window::of(layer)?.push(chain, layer, channels, with_bias(kernel, bias))
}

pub(super) fn separable(chain: &mut Chain, layer: &Layer, file: &WeightsFile) -> Result<(), Sentence> {
    let mut found = weights::of(file, layer)?.into_iter();
    let (Some(depth), Some(points)) = (found.next(), found.next()) else {
        return Err(Sentence::new("lacks its two kernels"));
    };
    let (channels, depth) = depthwise_kernel(depth)?;
    let window = Window::of(layer)?;
    window.push(chain, layer, channels, with_bias(depth, None))?;
    let points = kernel_of(points, [3, 2, 0, 1])?;
    let pointwise = Window { kernel: [1, 1], stride: [1, 1], dilation: [1, 1] };
    pointwise.push(chain, layer, 1, with_bias(points, found.next()))
}

pub(super) fn transposed(chain: &mut Chain, layer: &Layer, file: &WeightsFile) -> Result<(), Sentence> {
    let (kernel, bias) = kernel_and_bias(layer, file)?;
    let kernel = kernel_of(kernel, [3, 2, 0, 1])?;
    let Window { kernel: size, stride, dilation } = Window::of(layer)?;
    if !layer.settings.get("output_padding").is_none_or(Value::is_null) || dilation != [1, 1] {
        return Err(Sentence::new(
            "sets the size of its output instead of its padding: a layer does the opposite",
        ));
    }
    let cut = |i: usize| match text(layer, "padding") {
        // Cells are cut off until the output is the input times the stride; one more after than before.
        "same" if size[i] >= stride[i] && (size[i] - stride[i]).is_multiple_of(2) => {
            Some((size[i] - stride[i]) / 2)
        }
        "same" => None,
        _ => Some(0),
    };
    let (Some(height), Some(width)) = (cut(0), cut(1)) else {
        return Err(Sentence::new("cuts off another number of cells at the beginning than at the end"));
    };
    // Where the kernel is smaller than the stride, Keras fills up to the stride.
    let fill = |i: usize| stride[i].saturating_sub(size[i]);
    let settings = json!({
        "out_channels": kernel.shape[1], "kernel_size": size, "stride": stride, "padding": [height, width],
        "output_padding": [fill(0), fill(1)], "bias": bias.is_some(),
    });
    chain.push("conv_transpose2d", settings, with_bias(kernel, bias))
}

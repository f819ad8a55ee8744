//! The trait of all layers.

use super::{
    batch::{BatchStatistics, FullBatch},
    context::{BackwardInput, LayerContext},
};
use crate::nn::{shape::Shape, tensor::Tensor};
use std::fmt;

/// The name, shape and initial values of a tensor that a layer learns (a parameter) or updates itself (a buffer).
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterSpec {
    /// PyTorch's name in the layer, such as `weight` or `running_mean`.
    pub name: &'static str,
    /// PyTorch's shape, e.g. (filters, channels, height, width).
    pub shape: Vec<usize>,
    /// Its values before training.
    pub initial: Initial,
}

/// The values of a tensor before training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initial {
    /// Random values; [`Init`](crate::nn::Init) makes their standard deviation from the two fans.
    Random {
        /// Inputs per output.
        fan_in: usize,
        /// Outputs per input.
        fan_out: usize,
    },
    /// The same value everywhere.
    Constant(f32),
}

/// What a layer does with interleaved images: values of (input shape, images) rather than (images, input shape), so that
/// the same cell of all images is contiguous and small maps have rows that fill registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interleaving {
    /// It cannot read them.
    #[default]
    Unsupported,
    /// Its output is interleaved, too.
    Kept,
    /// Its output is not interleaved any more.
    Undone,
}

/// A layer with its shapes fixed: built from its settings, it holds no weights and no state.
///
/// A batch is a slice of `n` whole images, one after the other; `n` is the slice's length over the shape's. A layer that
/// supports [`Interleaving`] gets [`LayerContext::interleaved`] images at a time that way.
pub trait Layer: fmt::Debug + Send + Sync {
    /// The shape of one input image.
    fn input(&self) -> Shape;

    /// The shape of one output image.
    fn output(&self) -> Shape;

    /// Its parameters, in PyTorch's order.
    fn parameters(&self) -> Vec<ParameterSpec> {
        Vec::new()
    }

    /// Its buffers, in PyTorch's order.
    fn buffers(&self) -> Vec<ParameterSpec> {
        Vec::new()
    }

    /// What it does with interleaved images.
    fn interleaving(&self) -> Interleaving {
        Interleaving::Unsupported
    }

    /// Its statistics of the whole batch in training, if it needs any.
    fn batch_statistics(&self) -> Option<&dyn BatchStatistics> {
        None
    }

    /// Its gradients over the whole batch, if it computes them that way.
    fn full_batch(&self) -> Option<&dyn FullBatch> {
        None
    }

    /// Whether backward adds the gradient of the first parameter transposed. `Some(matrices)` if so: the tensor is that many
    /// matrices, and each is added with its axes (outputs, all others) exchanged.
    fn transposed_gradient(&self) -> Option<usize> {
        None
    }

    /// Multiply-adds per image.
    fn multiply_adds(&self) -> u64 {
        0
    }

    /// The scratch memory it needs, in values, for any number of images, `interleaved` of them at a time.
    fn scratch_len(&self, interleaved: usize) -> usize {
        let _ = interleaved;
        0
    }

    /// The integers per image that forward leaves for backward.
    fn indices_len(&self) -> usize {
        0
    }

    /// Computes the output.
    ///
    /// `x`: (n, input shape); `y`: (n, output shape), overwritten.
    fn forward(&self, parameters: &[Tensor], x: &[f32], y: &mut [f32], context: &mut LayerContext<'_>);

    /// Computes the gradients of the loss with respect to the input and the parameters.
    ///
    /// `input.x`: (n, input shape); `input.y`, `input.dy`: (n, output shape); `dx`: (n, input shape), overwritten if given;
    /// `gradients`: one tensor per parameter, added to, or empty if they are not wanted or come from
    /// [`Layer::full_batch`]. The first gradient may be transposed; see [`Layer::transposed_gradient`].
    fn backward(
        &self,
        parameters: &[Tensor],
        input: BackwardInput<'_>,
        dx: Option<&mut [f32]>,
        gradients: &mut [Tensor],
        context: &mut LayerContext<'_>,
    );
}

//! How layers see the images of a batch: abreast, by sums over all of them, or all at once.

use super::{Aux, Passed};
use crate::nn::tensor::Tensor;
use std::ops::Range;

/// What a layer does with images that stand abreast: the same cell of one image beside the next one's, (input shape,
/// images) for (images, input shape). So small maps have rows that fill registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Abreast {
    /// It takes them only one after the other.
    #[default]
    Never,
    /// It leaves them abreast.
    Stays,
    /// It puts them one after the other.
    Ends,
}

/// Sums over all images of a batch, of which a layer sees only a part at a time.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchSums<'a> {
    /// Images in the whole batch.
    pub images: usize,
    /// What [`Coupled::sum_inputs`] made of the whole batch.
    pub inputs: &'a [f64],
    /// What [`Coupled::sum_gradients`] made of the whole batch; only for backward.
    pub gradients: &'a [f64],
}

/// What a layer does whose output for one image depends, in training, on the other images of the batch.
///
/// A batch is computed in parts; such a layer says what it needs as sums over images. In a training pass all parts are
/// summed first, the sums are added in the parts' order, and then forward (or backward) runs on each part.
pub trait Coupled {
    /// How many sums it needs before forward, and as many before backward.
    fn sums_len(&self) -> usize;

    /// Adds the images of `x` (n, input shape) to `sums`.
    fn sum_inputs(&self, x: &[f32], sums: &mut [f64]);

    /// Adds the gradients of the images of `passed` to `sums`; `aux.batch.inputs` are those of the whole batch.
    fn sum_gradients(&self, passed: Passed<'_>, aux: &Aux<'_>, sums: &mut [f64]);

    /// Lets a batch, of which `batch.inputs` were taken, into the buffers.
    fn update_buffers(&self, batch: BatchSums<'_>, buffers: &mut [Tensor]);
}

/// The images that one lane has of a batch, as a layer saw them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part<'a> {
    /// The input, (n, input shape).
    pub x: &'a [f32],
    /// The gradient of the loss by the output, (n, output shape).
    pub dy: &'a [f32],
}

/// What a layer does whose parameters are so many that each lane would spend its time on reading and writing them or
/// their gradients: those are taken over the whole batch at once, and it is the parameters that are split.
pub trait WholeBatch: Sync {
    /// Whether forward and the gradient by the input go over the whole batch too, since the parameters would leave the
    /// cache.
    fn is_large(&self) -> bool;

    /// Overwrites these `outputs` of some images, of which `x` and `y` have a slice each.
    fn outputs(&self, parameters: &[Tensor], outputs: Range<usize>, x: &[&[f32]], y: &mut [&mut [f32]]);

    /// Overwrites the gradient by these `inputs` of some images, of which `dy` and `dx` have a slice each; `scratch` is as
    /// in [`Aux`].
    fn input_gradient(
        &self,
        parameters: &[Tensor],
        inputs: Range<usize>,
        dy: &[&[f32]],
        dx: &mut [&mut [f32]],
        scratch: &mut [f32],
    );

    /// Overwrites a part of the gradient of the layer's parameter `number`: from the row of `place` on, of which `gradient`
    /// has a slice each, in its columns; a vector is one row. `scratch` is as in [`Aux`].
    fn gradient(
        &self,
        number: usize,
        place: (usize, Range<usize>),
        batch: &[Part<'_>],
        gradient: &mut [&mut [f32]],
        scratch: &mut [f32],
    );
}

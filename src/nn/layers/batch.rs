//! Layers that see a whole batch: by sums over all its images, or all images at once.

use super::context::{BackwardInput, BatchSums, LayerContext};
use crate::nn::tensor::Tensor;
use std::ops::Range;

/// A layer whose output for one image depends, in training, on the other images of the batch.
///
/// A batch is computed in shards. Such a layer expresses what it needs as sums over images: each shard is summed, the
/// shards' sums are added in order, and then forward (or backward) runs on each shard with the totals.
pub trait BatchStatistics {
    /// The number of sums before forward, and again before backward.
    fn sums_len(&self) -> usize;

    /// Adds the images of `x`, (n, input shape), to `sums`.
    fn sum_inputs(&self, x: &[f32], sums: &mut [f64]);

    /// Adds the gradients of the images of `input` to `sums`; `context.batch.inputs` holds the totals of the batch.
    fn sum_gradients(&self, input: BackwardInput<'_>, context: &LayerContext<'_>, sums: &mut [f64]);

    /// Values per channel and image that the statistics are computed from. In training, a batch needs more than one.
    fn values_per_image(&self) -> usize;

    /// Updates the buffers (running statistics) with a batch.
    fn update_buffers(&self, batch: BatchSums<'_>, buffers: &mut [Tensor]);
}

/// The images of one shard, as a layer saw them.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchShard<'a> {
    /// The layer's input, (n, input shape).
    pub x: &'a [f32],
    /// The gradient of the loss with respect to the output, (n, output shape).
    pub dy: &'a [f32],
}

/// A layer with so many parameters that reading and writing them once per shard would take most of the time. Its
/// gradients are computed over the whole batch at once, and the parameters are divided among the threads.
pub trait FullBatch: Sync {
    /// Whether forward and the input's gradient run over the whole batch too, since the parameters do not fit the cache.
    fn is_large(&self) -> bool;

    /// Overwrites these `outputs` of some images; `x` and `y` have one slice per image.
    fn outputs(&self, parameters: &[Tensor], outputs: Range<usize>, x: &[&[f32]], y: &mut [&mut [f32]]);

    /// Overwrites the gradient with respect to these `inputs` of some images; `dy` and `dx` have one slice per image.
    /// `scratch` is that of [`LayerContext`].
    fn input_gradient(
        &self,
        parameters: &[Tensor],
        inputs: Range<usize>,
        dy: &[&[f32]],
        dx: &mut [&mut [f32]],
        scratch: &mut [f32],
    );

    /// Overwrites a part of the gradient of parameter `number`: the rows from `place.0` on, one slice of `gradient` each,
    /// in the columns `place.1`. A vector is one row. `scratch` is that of [`LayerContext`].
    fn gradient(
        &self,
        number: usize,
        place: (usize, Range<usize>),
        batch: &[BatchShard<'_>],
        gradient: &mut [&mut [f32]],
        scratch: &mut [f32],
    );
}

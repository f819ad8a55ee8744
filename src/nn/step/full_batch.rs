//! Layers that process a whole batch at once: the images of all shards together, in chunks of the parameters or of what they
//! compute.

use super::shard::Shard;
use crate::nn::{
    kernels::{MAX_ROWS, rows_mut},
    layers::{BatchShard, FullBatch, Layer},
    network::Network,
    parallel::{Executor, SHARDS, chunk_range, for_each_chunk, split_mut},
    tensor::Tensor,
};

/// Multiplications that take as long as reading one value from memory.
const MULTIPLICATIONS_PER_VALUE: usize = 8;

/// The rows of a matrix, split into [`SHARDS`] chunks of columns.
struct ColumnChunks<'a>([[&'a mut [f32]; MAX_ROWS]; SHARDS]);

impl<'a> ColumnChunks<'a> {
    fn new() -> Self {
        Self(std::array::from_fn(|_| std::array::from_fn(|_| <&mut [f32]>::default())))
    }

    /// Adds a row as number `at`.
    fn put(&mut self, at: usize, mut row: &'a mut [f32]) {
        let len = row.len();
        for (number, chunk) in self.0.iter_mut().enumerate() {
            let (of_chunk, rest) = row.split_at_mut(chunk_range(len, number).len());
            (chunk[at], row) = (of_chunk, rest);
        }
    }
}

/// Takes the next images: their number, what is read of them and what is written.
fn gather<'a>(
    images: &mut impl Iterator<Item = (&'a [f32], &'a mut [f32])>,
) -> (usize, [&'a [f32]; MAX_ROWS], ColumnChunks<'a>) {
    let (mut count, mut from, mut to) = (0, [&[][..]; MAX_ROWS], ColumnChunks::new());
    for (slot, (of_image, written)) in from.iter_mut().zip(images) {
        *slot = of_image;
        to.put(count, written);
        count += 1;
    }
    (count, from, to)
}

/// The layer's full-batch operations, if it is so large that its forward and backward pass use them, too.
pub(super) fn large_layer(layer: &dyn Layer) -> Option<&dyn FullBatch> {
    layer.full_batch().filter(|op| op.is_large())
}

/// Computes the outputs of layer `i` for the images of all shards.
pub(super) fn forward(
    op: &dyn FullBatch,
    i: usize,
    network: &Network,
    shards: &mut [Shard],
    executor: &dyn Executor,
) {
    let (layer, parameters) = (&network.layers()[i], &network.parameters()[i]);
    let (inputs, outputs) = (layer.input().len(), layer.output().len());
    let mut images = shards.iter_mut().flat_map(|shard| {
        let (before, after) = shard.activations.split_at_mut(i);
        let x = before.last().unwrap_or(&shard.inputs).chunks_exact(inputs);
        x.zip(after[0].chunks_exact_mut(outputs)).take(shard.images)
    });
    loop {
        let (count, x, y) = gather(&mut images);
        if count == 0 {
            return;
        }
        let mut number = 0;
        let chunks = y.0.map(|y| {
            number += 1;
            (chunk_range(outputs, number - 1), y)
        });
        for_each_chunk(executor, inputs * outputs, chunks, |(outputs, mut y)| {
            op.outputs(parameters, outputs, &x[..count], &mut y[..count]);
        });
    }
}

/// Computes the gradient with respect to the input of layer `i` for the images of all shards, from `deltas[0]` to
/// `deltas[1]`, and swaps the two.
pub(super) fn backward(
    op: &dyn FullBatch,
    i: usize,
    network: &Network,
    shards: &mut [Shard],
    executor: &dyn Executor,
) {
    let (layer, parameters) = (&network.layers()[i], &network.parameters()[i]);
    let (inputs, outputs) = (layer.input().len(), layer.output().len());
    for shard in &mut *shards {
        let len = shard.images * outputs;
        shard.output_gradients[i][..len].copy_from_slice(&shard.deltas[0][..len]);
    }
    if i == network.first_trainable() {
        return;
    }
    let mut scratch: [&mut [f32]; SHARDS] = std::array::from_fn(|_| <&mut [f32]>::default());
    let mut of_shards: [_; SHARDS] = std::array::from_fn(|_| None);
    for (shard, (scratch, images)) in shards.iter_mut().zip(scratch.iter_mut().zip(&mut of_shards)) {
        shard.deltas.swap(0, 1);
        let [dx, dy] = &mut shard.deltas;
        *images = Some(dy.chunks_exact(outputs).zip(dx.chunks_exact_mut(inputs)).take(shard.images));
        *scratch = &mut shard.scratch;
    }
    let mut images = of_shards.into_iter().flatten().flatten();
    loop {
        let (count, dy, dx) = gather(&mut images);
        if count == 0 {
            return;
        }
        let mut chunks = dx.0.into_iter().zip(&mut scratch).enumerate();
        let chunks: [_; SHARDS] = std::array::from_fn(|_| chunks.next());
        for_each_chunk(executor, inputs * outputs, chunks, |chunk| {
            let Some((number, (mut dx, scratch))) = chunk else { return };
            op.input_gradient(
                parameters,
                chunk_range(inputs, number),
                &dy[..count],
                &mut dx[..count],
                scratch,
            );
        });
    }
}

/// Computes the gradient of parameter `number` of layer `i`.
pub(super) fn gradient(
    op: &dyn FullBatch,
    (i, number): (usize, usize),
    layer: &dyn Layer,
    shards: &mut [Shard],
    gradient: &mut Tensor,
    executor: &dyn Executor,
) {
    let images: usize = shards.iter().map(|shard| shard.images).sum();
    let mut scratch: [&mut [f32]; SHARDS] = std::array::from_fn(|_| <&mut [f32]>::default());
    let mut batch = [BatchShard::default(); SHARDS];
    for ((shard, scratch), of_shard) in shards.iter_mut().zip(&mut scratch).zip(&mut batch) {
        let x = if i == 0 { &shard.inputs } else { &shard.activations[i - 1] };
        let (x, dy) = (
            &x[..shard.images * layer.input().len()],
            &shard.output_gradients[i][..shard.images * layer.output().len()],
        );
        (*of_shard, *scratch) = (BatchShard { x, dy }, &mut shard.scratch);
    }
    let len = gradient.len();
    let work = len * images / MULTIPLICATIONS_PER_VALUE;
    let columns = gradient.shape().last().copied().unwrap_or(1).max(1);
    let rows = len / columns;
    if rows <= MAX_ROWS {
        // Splitting so few rows would make little use of each block of the inputs in the cache, so the columns are split.
        let mut by_columns = ColumnChunks::new();
        gradient
            .values_mut()
            .chunks_exact_mut(columns)
            .enumerate()
            .for_each(|(at, row)| by_columns.put(at, row));
        let mut chunks = by_columns.0.into_iter().zip(scratch).enumerate();
        let chunks: [_; SHARDS] = std::array::from_fn(|_| chunks.next());
        return for_each_chunk(executor, work, chunks, |chunk| {
            let Some((chunk, (mut gradient, scratch))) = chunk else { return };
            op.gradient(number, (0, chunk_range(columns, chunk)), &batch, &mut gradient[..rows], scratch);
        });
    }
    let mut scratch = scratch.into_iter();
    let chunks =
        split_mut(gradient.values_mut(), rows).map(|chunk| (chunk, scratch.next().unwrap_or_default()));
    for_each_chunk(executor, work, chunks, |((first, gradient), scratch)| {
        for (i, gradient) in gradient.chunks_mut(MAX_ROWS * columns).enumerate() {
            let (mut rows, count) = rows_mut(gradient, columns);
            let place = (first + i * MAX_ROWS, 0..columns);
            op.gradient(number, place, &batch, &mut rows[..count], scratch);
        }
    });
}

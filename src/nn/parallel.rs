//! Work in a fixed number of parts on one or many threads. The parts do not depend on the number of threads, and so neither
//! does any result.

use super::{
    network::Parameters,
    simd::{all_finite, vectorise},
};
use std::{
    ops::Range,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// The number of shards of a batch, and of chunks of a large tensor, that can be computed at the same time.
pub const SHARDS: usize = 4;

/// The least number of values of a tensor for which starting threads pays.
const MIN_PARALLEL_LEN: usize = 1 << 14;

/// The rows of a product's tile.
const TILE_ROWS: usize = 8;

/// Runs a job for every shard or chunk, on one thread or on several.
pub trait Executor: Sync {
    /// Calls `job` once, on a thread from which [`Executor::for_each`] is cheapest to call.
    fn install(&self, job: &mut (dyn FnMut() + Send)) {
        job();
    }

    /// Calls `job` with each number below [`SHARDS`], in any order or at the same time, and returns when all calls have.
    fn for_each(&self, job: &(dyn Fn(usize) + Sync)) {
        (0..SHARDS).for_each(job);
    }
}

/// Runs everything on the caller's thread, in order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Serial;

impl Executor for Serial {}

/// Calls `job` with each of these items, of which there are at most [`SHARDS`].
pub(super) fn for_each_mut<T: Send>(executor: &dyn Executor, items: &mut [T], job: impl Fn(&mut T) + Sync) {
    debug_assert!(items.len() <= SHARDS, "more items than shards");
    let mut items = items.iter_mut();
    take_each(executor, std::array::from_fn(|_| items.next()), |item| item.into_iter().for_each(&job));
}

/// Calls `job` with each chunk. Of a tensor with fewer values than `len` says are worth it, the caller's thread takes all.
pub(super) fn for_each_chunk<T: Send>(
    executor: &dyn Executor,
    len: usize,
    chunks: [T; SHARDS],
    job: impl Fn(T) + Sync,
) {
    if len < MIN_PARALLEL_LEN {
        return chunks.into_iter().for_each(job);
    }
    take_each(executor, chunks, job);
}

/// Moves each item into one call of `job`.
fn take_each<T: Send>(executor: &dyn Executor, items: [T; SHARDS], job: impl Fn(T) + Sync) {
    // Each item is taken once, so no lock is ever contended.
    let items = items.map(|item| Mutex::new(Some(item)));
    executor.for_each(&|number| {
        let item = items[number].lock().unwrap_or_else(PoisonError::into_inner).take();
        item.into_iter().for_each(&job);
    });
}

/// Whether every value of every tensor is finite.
pub fn is_finite(executor: &dyn Executor, tensors: &Parameters) -> bool {
    let finite = AtomicBool::new(true);
    for tensor in tensors.iter().flatten() {
        for_each_chunk(executor, tensor.len(), split(tensor.values(), tensor.len()), |(_, values)| {
            let all = vectorise(
                #[inline(always)]
                || all_finite(values),
            );
            finite.fetch_and(all, Ordering::Relaxed);
        });
    }
    finite.into_inner()
}

/// Where chunk `number` of `rows` rows begins. Where there are enough rows, chunks end at a product's tiles.
const fn chunk_start(rows: usize, number: usize) -> usize {
    let start = rows * number / SHARDS;
    if number == SHARDS || rows < SHARDS * TILE_ROWS { start } else { start / TILE_ROWS * TILE_ROWS }
}

/// Chunk `number` of the rows or columns `0..len`.
pub(super) const fn chunk_range(len: usize, number: usize) -> Range<usize> {
    chunk_start(len, number)..chunk_start(len, number + 1)
}

/// Splits a matrix of `rows` rows into [`SHARDS`] chunks of whole rows: (first row, values).
pub(super) fn split(values: &[f32], rows: usize) -> [(usize, &[f32]); SHARDS] {
    let len = values.len() / rows.max(1);
    std::array::from_fn(|i| {
        let chunk = chunk_range(rows, i);
        (chunk.start, &values[chunk.start * len..chunk.end * len])
    })
}

/// [`split`] for mutable values.
pub(super) fn split_mut(mut values: &mut [f32], rows: usize) -> [(usize, &mut [f32]); SHARDS] {
    let len = values.len() / rows.max(1);
    std::array::from_fn(|i| {
        let rows = chunk_range(rows, i);
        let (chunk, rest) = std::mem::take(&mut values).split_at_mut(rows.len() * len);
        values = rest;
        (rows.start, chunk)
    })
}

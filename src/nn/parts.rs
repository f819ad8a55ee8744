//! Work in a fixed number of parts, which one or many threads do: whatever their number is, the parts are the same.

use super::{network::Parameters, simd::wide, workspace::Lane};
use std::{
    ops::Range,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// Parts of a batch, and of a large tensor, that can be computed at the same time.
pub const LANES: usize = 4;

/// Values from which on a tensor is worth the threads' meeting.
const WORTH_IT: usize = 1 << 14;

/// The rows that a product computes together.
const TILE: usize = 8;

/// Runs a job on every lane, or for every part of something; how many at a time is its own affair.
pub trait Executor: Sync {
    /// Calls `job` once, where it can call the other two at the least cost.
    fn inside(&self, job: &mut (dyn FnMut() + Send)) {
        job();
    }

    /// Calls `job` once a lane and returns when all are done.
    fn each_lane(&self, lanes: &mut [Lane], job: &(dyn Fn(&mut Lane) + Sync));

    /// Calls `job` with the numbers of all [`LANES`] parts and returns when all are done.
    fn each_part(&self, job: &(dyn Fn(usize) + Sync)) {
        (0..LANES).for_each(job);
    }
}

/// One lane after the other, on the caller's thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Serial;

impl Executor for Serial {
    fn each_lane(&self, lanes: &mut [Lane], job: &(dyn Fn(&mut Lane) + Sync)) {
        lanes.iter_mut().for_each(job);
    }
}

/// Hands every part to `job`; of less than some thousand values, as `len` says, on the caller's thread.
pub(super) fn each<T: Send>(executor: &dyn Executor, len: usize, parts: [T; LANES], job: impl Fn(T) + Sync) {
    if len < WORTH_IT {
        return parts.into_iter().for_each(job);
    }
    // Each part is taken once: no lock is ever waited for.
    let parts = parts.map(|part| Mutex::new(Some(part)));
    executor.each_part(&|number| {
        let part = parts[number].lock().unwrap_or_else(PoisonError::into_inner).take();
        part.into_iter().for_each(&job);
    });
}

/// Whether every value of every tensor is a finite number.
pub fn is_finite(executor: &dyn Executor, tensors: &Parameters) -> bool {
    let finite = AtomicBool::new(true);
    for tensor in tensors.iter().flatten() {
        each(executor, tensor.len(), split(tensor.values(), tensor.len()), |(_, values)| {
            let all = wide(
                #[inline(always)]
                // Without a way out of the loop, it takes many values at a time.
                || values.iter().fold(true, |all, value| all & value.is_finite()),
            );
            finite.fetch_and(all, Ordering::Relaxed);
        });
    }
    finite.into_inner()
}

/// The rows `0..rows` in [`LANES`] parts of about the same size: where part `number` begins. Many rows are parted where
/// tiles of a product end.
const fn start(rows: usize, number: usize) -> usize {
    let start = rows * number / LANES;
    if number == LANES || rows < LANES * TILE { start } else { start / TILE * TILE }
}

/// Part `number` of the rows or columns `0..len`, by the same rule.
pub(super) const fn range(len: usize, number: usize) -> Range<usize> {
    start(len, number)..start(len, number + 1)
}

/// Splits `values` into [`LANES`] parts of whole rows, each with the number of its first row.
pub(super) fn split(values: &[f32], rows: usize) -> [(usize, &[f32]); LANES] {
    let len = values.len() / rows.max(1);
    std::array::from_fn(|i| (start(rows, i), &values[start(rows, i) * len..start(rows, i + 1) * len]))
}

/// [`split`], to change.
pub(super) fn split_mut(mut values: &mut [f32], rows: usize) -> [(usize, &mut [f32]); LANES] {
    let len = values.len() / rows.max(1);
    std::array::from_fn(|i| {
        let count = start(rows, i + 1) - start(rows, i);
        let (part, rest) = std::mem::take(&mut values).split_at_mut(count * len);
        values = rest;
        (start(rows, i), part)
    })
}

//! Summing the shards' gradients.

use crate::nn::{
    parallel::{Executor, for_each_chunk, split_mut},
    simd::vectorise,
    tensor::Tensor,
};
use std::ops::Range;

/// Columns of a transposed matrix that are read together.
const COLUMNS: usize = 16;

/// Overwrites `sums` with the sums of `parts`, added in order.
///
/// With `transposed` matrices, `sums` consists of that many matrices, and each of them is transposed in `parts`; the first
/// dimension of `sums` runs through the matrices' rows.
pub fn reduce<'a>(
    executor: &dyn Executor,
    parts: &(impl Iterator<Item = &'a [f32]> + Clone + Sync),
    transposed: Option<usize>,
    sums: &mut Tensor,
) {
    let (len, rows) = (sums.len(), sums.shape().first().copied().unwrap_or(1));
    let Some(matrices) = transposed else {
        let chunks = split_mut(sums.values_mut(), len);
        return for_each_chunk(executor, len, chunks, |(first, sums)| {
            sums.fill(0.0);
            parts.clone().for_each(|part| add(sums, &part[first..]));
        });
    };
    let (columns, matrix_rows) = (len / rows.max(1), rows / matrices);
    for_each_chunk(executor, len, split_mut(sums.values_mut(), rows), |(mut row, mut sums)| {
        while !sums.is_empty() {
            let (matrix, first) = (row / matrix_rows, row % matrix_rows);
            let count = COLUMNS.min(matrix_rows - first).min(sums.len() / columns);
            let (these, rest) = std::mem::take(&mut sums).split_at_mut(count * columns);
            let start = matrix * matrix_rows * columns;
            let parts = parts.clone().map(|part| &part[start..]);
            transposed_sums(&parts, first..first + count, matrix_rows, these);
            (row, sums) = (row + count, rest);
        }
    });
}

/// Writes the sums of these columns of `parts`, matrices with `width` columns, as rows of `sums`.
fn transposed_sums<'a>(
    parts: &(impl Iterator<Item = &'a [f32]> + Clone),
    columns: Range<usize>,
    width: usize,
    sums: &mut [f32],
) {
    let len = sums.len() / columns.len();
    for at in 0..len {
        let mut sum = [0.0; COLUMNS];
        for part in parts.clone() {
            let values = &part[at * width + columns.start..][..columns.len()];
            for i in 0..values.len() {
                sum[i] += values[i];
            }
        }
        sums[at..].iter_mut().step_by(len).zip(sum).for_each(|(to, sum)| *to = sum);
    }
}

fn add(sums: &mut [f32], values: &[f32]) {
    vectorise(
        #[inline(always)]
        || {
            let values = &values[..sums.len()];
            for i in 0..sums.len() {
                sums[i] += values[i];
            }
        },
    );
}

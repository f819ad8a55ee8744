//! The sums of what the lanes left of a gradient.

use super::{
    parts::{each, split_mut},
    simd::wide,
    tensor::Tensor,
};
use std::ops::Range;

/// Columns of a turned matrix that are read together.
const TOGETHER: usize = 16;

/// Overwrites `sums` with the sums of `parts`, added in their order.
///
/// If they are `turned`, each of so many matrices that make up `sums` is in them with its axes exchanged; the first axis
/// of `sums` goes through the matrices' rows.
pub fn add_up<'a>(
    executor: &dyn super::Executor,
    parts: &(impl Iterator<Item = &'a [f32]> + Clone + Sync),
    turned: Option<usize>,
    sums: &mut Tensor,
) {
    let (len, rows) = (sums.len(), sums.shape().first().copied().unwrap_or(1));
    let Some(matrices) = turned else {
        let each_part = split_mut(sums.values_mut(), len);
        return each(executor, len, each_part, |(first, sums)| {
            sums.fill(0.0);
            parts.clone().for_each(|part| add(sums, &part[first..]));
        });
    };
    let (columns, rows_of_one) = (len / rows.max(1), rows / matrices);
    each(executor, len, split_mut(sums.values_mut(), rows), |(mut row, mut sums)| {
        while !sums.is_empty() {
            // Rows of one matrix at a time.
            let (matrix, first) = (row / rows_of_one, row % rows_of_one);
            let count = TOGETHER.min(rows_of_one - first).min(sums.len() / columns);
            let (these, rest) = std::mem::take(&mut sums).split_at_mut(count * columns);
            let start = matrix * rows_of_one * columns;
            turn(&parts.clone().map(|part| &part[start..]), first..first + count, rows_of_one, these);
            (row, sums) = (row + count, rest);
        }
    });
}

/// Writes the sums of some columns of `parts`, matrices of `width` columns, as rows.
fn turn<'a>(
    parts: &(impl Iterator<Item = &'a [f32]> + Clone),
    columns: Range<usize>,
    width: usize,
    sums: &mut [f32],
) {
    let len = sums.len() / columns.len();
    for at in 0..len {
        let mut sum = [0.0; TOGETHER];
        for part in parts.clone() {
            let values = &part[at * width + columns.start..][..columns.len()];
            sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        sums[at..].iter_mut().step_by(len).zip(sum).for_each(|(to, sum)| *to = sum);
    }
}

fn add(sums: &mut [f32], values: &[f32]) {
    wide(
        #[inline(always)]
        || sums.iter_mut().zip(values).for_each(|(sum, &value)| *sum += value),
    );
}

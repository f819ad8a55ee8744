//! The tile that every product is made of: a few rows and registers of the result, kept in registers while it grows.

use super::{COLUMNS, ROWS, WIDEST};
use pulp::Simd;
use std::{iter, ops::Range};

/// A tile's sums: `N` registers of each row.
pub(super) type Sums<S, const N: usize> = [[<S as Simd>::f32s; N]; ROWS];

/// Adds one step of the sum: a factor for each row, times `N` registers of values.
#[inline(always)]
pub(super) fn step<S: Simd, const N: usize>(
    simd: S,
    factors: [f32; ROWS],
    values: &[S::f32s; N],
    sums: &mut Sums<S, N>,
) {
    for i in 0..ROWS {
        let factor = simd.splat_f32s(factors[i]);
        for v in 0..N {
            sums[i][v] = simd.mul_add_e_f32s(factor, values[v], sums[i][v]);
        }
    }
}

/// Takes a tile's sums back into registers.
#[inline(always)]
pub(super) fn load<S: Simd, const N: usize>(simd: S, waiting: &[[f32; COLUMNS]]) -> Sums<S, N> {
    let mut sums = [[simd.splat_f32s(0.0); N]; ROWS];
    for (sums, waiting) in sums.iter_mut().zip(waiting) {
        if let Some(waiting) = registers::<S, N>(waiting) {
            *sums = *waiting;
        }
    }
    sums
}

/// Lets a tile's sums wait.
#[inline(always)]
pub(super) fn store<S: Simd, const N: usize>(sums: &Sums<S, N>, waiting: &mut [[f32; COLUMNS]]) {
    for (sums, waiting) in sums.iter().zip(waiting) {
        if let Some(waiting) = S::as_mut_simd_f32s(waiting).0.first_chunk_mut() {
            *waiting = *sums;
        }
    }
}

/// The first `N` registers of a slice.
#[inline(always)]
pub(super) fn registers<S: Simd, const N: usize>(values: &[f32]) -> Option<&[S::f32s; N]> {
    S::as_simd_f32s(values).0.first_chunk()
}

/// The first register of a slice; zeros of a shorter one.
#[inline(always)]
pub(in crate::nn) fn read<S: Simd>(simd: S, values: &[f32]) -> S::f32s {
    S::as_simd_f32s(values).0.first().copied().unwrap_or(simd.splat_f32s(0.0))
}

/// Writes the first register of a slice, unless that is shorter.
#[inline(always)]
pub(in crate::nn) fn write<S: Simd>(value: S::f32s, to: &mut [f32]) {
    if let Some(to) = S::as_mut_simd_f32s(to).0.first_mut() {
        *to = value;
    }
}

/// Writes a row of a tile, added to what is there if that is `old`, to a row of a result, of which it may reach beyond
/// the end.
#[inline(always)]
pub(super) fn write_row<S: Simd, const N: usize>(simd: S, sums: &[S::f32s; N], old: bool, to: &mut [f32]) {
    let (whole, rest) = S::as_mut_simd_f32s(to);
    for (to, &sum) in whole.iter_mut().zip(sums) {
        *to = if old { simd.add_f32s(*to, sum) } else { sum };
    }
    if let Some(&sum) = sums.get(whole.len()) {
        let sum = if old { simd.add_f32s(simd.partial_load_f32s(rest), sum) } else { sum };
        simd.partial_store_f32s(rest, sum);
    }
}

/// Cuts columns into tiles of as many registers as fit with their factors into the machine's, the last ones about alike:
/// (columns, registers).
#[inline(always)]
pub(super) fn tiles<S: Simd>(columns: Range<usize>) -> impl Iterator<Item = (Range<usize>, usize)> {
    let most = if S::REGISTER_COUNT >= 32 { WIDEST } else { 1 };
    let mut from = columns.start;
    iter::from_fn(move || {
        let left = columns.end.saturating_sub(from).div_ceil(S::F32_LANES);
        let vectors = left.div_ceil(left.div_ceil(most).max(1));
        let tile = from..columns.end.min(from + vectors * S::F32_LANES);
        from += vectors * S::F32_LANES;
        (left > 0).then_some((tile, vectors))
    })
}

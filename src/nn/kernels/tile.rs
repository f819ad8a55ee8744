//! A product's tile: eight rows of up to three registers, which are accumulated in registers.

use crate::nn::simd::{MAX_TILE_COLUMNS, MAX_TILE_REGISTERS, REGISTER_LEN, registers};
use pulp::Simd;
use std::{iter, ops::Range};

/// Rows of a tile.
pub(super) const TILE_ROWS: usize = 8;

/// Panels of [`TILE_ROWS`] rows whose accumulators stay in the L1 cache, together with the values that they share.
pub(super) const PANELS: usize = 8;

/// Terms of a sum, each of [`MAX_TILE_COLUMNS`] values, that stay in the L1 cache together with those accumulators.
pub(super) const DEPTH_BLOCK: usize = 128;

/// A tile's accumulators: `N` registers for each row.
pub(super) type Accumulators<S, const N: usize> = [[<S as Simd>::f32s; N]; TILE_ROWS];

/// Adds one term of the sum: one factor per row, times `N` registers of values.
#[inline(always)]
pub(super) fn step<S: Simd, const N: usize>(
    simd: S,
    factors: [f32; TILE_ROWS],
    values: [S::f32s; N],
    sums: &mut Accumulators<S, N>,
) {
    for i in 0..TILE_ROWS {
        let factor = simd.splat_f32s(factors[i]);
        for v in 0..N {
            sums[i][v] = simd.mul_add_e_f32s(factor, values[v], sums[i][v]);
        }
    }
}

/// The values at `column` of all rows.
#[inline(always)]
pub(super) fn column(rows: &[&[f32]; TILE_ROWS], column: usize) -> [f32; TILE_ROWS] {
    let mut values = [0.0; TILE_ROWS];
    for i in 0..TILE_ROWS {
        values[i] = rows[i][column];
    }
    values
}

/// Loads a tile's accumulators from memory.
#[inline(always)]
pub(super) fn load_tile<S: Simd, const N: usize>(
    simd: S,
    from: &[[f32; MAX_TILE_COLUMNS]],
) -> Accumulators<S, N> {
    let mut sums = [[simd.splat_f32s(0.0); N]; TILE_ROWS];
    for i in 0..TILE_ROWS {
        sums[i] = registers::<S, N>(simd, &from[i], 0);
    }
    sums
}

/// Stores a tile's accumulators to memory.
#[inline(always)]
pub(super) fn store_tile<S: Simd, const N: usize>(
    sums: &Accumulators<S, N>,
    to: &mut [[f32; MAX_TILE_COLUMNS]],
) {
    for i in 0..TILE_ROWS {
        if let Some(to) = S::as_mut_simd_f32s(&mut to[i]).0.first_chunk_mut() {
            *to = sums[i];
        }
    }
}

/// Writes a row of a tile to a row of the result, which may be shorter. With `accumulate` it is added to the row's values.
#[inline(always)]
pub(super) fn write_row<S: Simd, const N: usize>(
    simd: S,
    sums: &[S::f32s; N],
    accumulate: bool,
    to: &mut [f32],
) {
    let (whole, rest) = S::as_mut_simd_f32s(to);
    for i in 0..N.min(whole.len()) {
        whole[i] = if accumulate { simd.add_f32s(whole[i], sums[i]) } else { sums[i] };
    }
    if let Some(&sum) = sums.get(whole.len()) {
        let sum = if accumulate { simd.add_f32s(simd.partial_load_f32s(rest), sum) } else { sum };
        simd.partial_store_f32s(rest, sum);
    }
}

/// Splits columns into tiles of as many registers as the machine can hold, all of about the same width:
/// (columns, registers).
#[inline(always)]
pub(super) fn tiles<S: Simd>(columns: Range<usize>) -> impl Iterator<Item = (Range<usize>, usize)> {
    let most = if S::REGISTER_COUNT >= 32 { MAX_TILE_REGISTERS } else { 1 };
    let mut from = columns.start;
    iter::from_fn(
        #[inline(always)]
        move || {
            let left = columns.end.saturating_sub(from).div_ceil(S::F32_LANES);
            let vectors = left.div_ceil(left.div_ceil(most).max(1));
            let tile = from..columns.end.min(from + vectors * S::F32_LANES);
            from += vectors * S::F32_LANES;
            (left > 0).then_some((tile, vectors))
        },
    )
}

/// Copies `len` values, at most [`REGISTER_LEN`]. Where both slices are long enough it copies [`REGISTER_LEN`], which is
/// one instruction.
#[inline(always)]
pub(super) fn copy(from: &[f32], to: &mut [f32], len: usize) {
    match (from.first_chunk::<REGISTER_LEN>(), to.first_chunk_mut::<REGISTER_LEN>()) {
        (Some(from), Some(to)) => *to = *from,
        _ => to[..len].copy_from_slice(&from[..len]),
    }
}

//! The product of a packed matrix and one whose rows are slices.

use super::{
    packed::Packed,
    rows::RowsMut,
    tile::{Accumulators, TILE_ROWS, copy, step, tiles, write_row},
};
use crate::nn::simd::{MAX_TILE_COLUMNS, MAX_TILE_REGISTERS, REGISTER_LEN};
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// The depth of a block of the right matrix, so that a tile's columns stay in the L1 cache: with 48 columns, 24 KB.
const DEPTH: usize = 128;

/// Tiles whose blocks are copied together, since memory is read fastest in long rows.
const TILES: usize = 8;

/// The scratch memory of [`Gemm::write`], in values.
pub(in crate::nn) const BLOCK_LEN: usize = TILES * DEPTH * MAX_TILE_COLUMNS + REGISTER_LEN;

/// What the product is added to, as BLAS's beta.
#[derive(Clone, Copy, Debug)]
pub(in crate::nn) enum Beta {
    /// C = A·B + C.
    One,
    /// C = A·B.
    Zero,
}

/// The product A·B. Blocks of B are copied into the L1 cache.
pub(in crate::nn) struct Gemm<'a, B> {
    pub(in crate::nn) a: Packed<'a>,
    /// The rows of B.
    pub(in crate::nn) b: B,
    /// The columns of B that are multiplied.
    pub(in crate::nn) columns: Range<usize>,
    pub(in crate::nn) beta: Beta,
}

impl<'b, B: Fn(usize) -> &'b [f32]> Gemm<'_, B> {
    /// Writes C, one row for each of A. `block` has [`BLOCK_LEN`] values.
    pub(in crate::nn) fn write(self, c: &mut (impl RowsMut + ?Sized), block: &mut [f32]) {
        Arch::new().dispatch(Task { gemm: self, c, block });
    }

    /// Copies these rows and columns of B to `blocks`, tile by tile. The padding after the last column is arbitrary, since
    /// rows are copied one register at a time.
    #[inline(always)]
    fn fill<S: Simd>(&self, rows: Range<usize>, columns: Range<usize>, blocks: &mut [f32]) {
        let depth = rows.len();
        let (mut all, mut count) = ([(0, 0, 0); TILES * MAX_TILE_REGISTERS + 1], 0);
        for (tile, vectors) in tiles::<S>(columns.clone()) {
            all[count] = (tile.start - columns.start, tile.len(), vectors * S::F32_LANES);
            count += 1;
        }
        for (i, row) in rows.enumerate() {
            let row = &(self.b)(row)[self.columns.clone()][columns.clone()];
            for &(start, len, width) in &all[..count] {
                let (from, to) = (&row[start..start + len], &mut blocks[start * depth + i * width..]);
                for at in (0..len).step_by(REGISTER_LEN) {
                    copy(&from[at..], &mut to[at..], REGISTER_LEN.min(len - at));
                }
            }
        }
    }
}

pub(super) struct Task<'a, 'c, B, C: ?Sized> {
    pub(super) gemm: Gemm<'a, B>,
    pub(super) c: &'c mut C,
    pub(super) block: &'c mut [f32],
}

impl<'b, B: Fn(usize) -> &'b [f32], C: RowsMut + ?Sized> WithSimd for Task<'_, '_, B, C> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { gemm, c, block } = self;
        let Gemm { a, ref columns, beta, .. } = gemm;
        let columns = columns.len();
        for strip in (0..columns).step_by(TILES * MAX_TILE_REGISTERS * S::F32_LANES) {
            let strip = strip..columns.min(strip + TILES * MAX_TILE_REGISTERS * S::F32_LANES);
            for p in (0..a.depth).step_by(DEPTH) {
                let depth = DEPTH.min(a.depth - p);
                gemm.fill::<S>(p..p + depth, strip.clone(), block);
                let beta = if p == 0 { beta } else { Beta::One };
                for (tile, vectors) in tiles::<S>(strip.clone()) {
                    let b = &block[(tile.start - strip.start) * depth..][..depth * vectors * S::F32_LANES];
                    for row in (0..a.rows).step_by(TILE_ROWS) {
                        match vectors {
                            1 => micro_kernel::<S, 1>(simd, a, (row, p), b, beta, tile.start, c),
                            2 => micro_kernel::<S, 2>(simd, a, (row, p), b, beta, tile.start, c),
                            _ => micro_kernel::<S, 3>(simd, a, (row, p), b, beta, tile.start, c),
                        }
                    }
                }
            }
        }
    }
}

/// The tile of [`TILE_ROWS`] rows and `N` registers of C at (`row`, `column`): A from column `p` on, times `b`, a block
/// of B with `N` registers per row.
#[inline(always)]
fn micro_kernel<S: Simd, const N: usize>(
    simd: S,
    a: Packed<'_>,
    (row, p): (usize, usize),
    b: &[f32],
    beta: Beta,
    column: usize,
    c: &mut (impl RowsMut + ?Sized),
) {
    let mut sums: Accumulators<S, N> = [[simd.splat_f32s(0.0); N]; TILE_ROWS];
    let (factors, values) = (a.factors(row, p), S::as_simd_f32s(b).0.as_chunks::<N>().0);
    for i in 0..factors.len().min(values.len()) {
        step::<S, N>(simd, factors[i], values[i], &mut sums);
    }
    for (i, sums) in sums.iter().enumerate().take(a.rows - row) {
        let to = &mut c.row(row + i)[column..];
        let len = to.len().min(N * S::F32_LANES);
        write_row(simd, sums, matches!(beta, Beta::One), &mut to[..len]);
    }
}

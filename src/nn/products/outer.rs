//! The product of a matrix and one of rows that are slices, which is brought into the innermost cache block by block.

use super::{
    COLUMNS, LANE, Packed, ROWS, RowsMut, WIDEST, copy,
    tile::{Sums, step, tiles, write_row},
};
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// The depth of a tile's block, so that it stays in the innermost cache: with 48 columns, 24 KB.
const DEPTH: usize = 128;

/// The widest tiles side by side whose blocks are brought in together, since memory is read fastest in long rows.
const TILES: usize = 8;

/// The scratch memory of [`Outer`], in values.
pub(in crate::nn) const BLOCK_LEN: usize = TILES * DEPTH * COLUMNS + LANE;

/// What [`Outer`] adds its product to.
#[derive(Clone, Copy, Debug)]
pub(in crate::nn) enum Start {
    /// The result's values as they are.
    Old,
    /// Zeros.
    Zero,
}

/// The product of a matrix and one that is read block by block.
pub(in crate::nn) struct Outer<'a, B> {
    pub(in crate::nn) a: Packed<'a>,
    /// The rows of the right matrix.
    pub(in crate::nn) b: B,
    /// The columns of `b` that the result has.
    pub(in crate::nn) columns: Range<usize>,
    pub(in crate::nn) start: Start,
}

impl<'b, B: Fn(usize) -> &'b [f32]> Outer<'_, B> {
    /// Writes the result to the rows `c`, one for each of `a`; `block` has [`BLOCK_LEN`] values.
    pub(in crate::nn) fn write(self, c: &mut (impl RowsMut + ?Sized), block: &mut [f32]) {
        Arch::new().dispatch(Task { outer: self, c, block });
    }

    /// Copies these rows and columns of `b` to `blocks`, a tile after the other. What is behind the last column may be
    /// anything: a row is written in pieces that reach beyond it.
    #[inline(always)]
    fn fill<S: Simd>(&self, rows: Range<usize>, columns: Range<usize>, blocks: &mut [f32]) {
        let depth = rows.len();
        let (mut all, mut count) = ([(0, 0, 0); TILES * WIDEST + 1], 0);
        for (slot, (tile, vectors)) in all.iter_mut().zip(tiles::<S>(columns.clone())) {
            *slot = (tile.start - columns.start, tile.len(), vectors * S::F32_LANES);
            count += 1;
        }
        for (i, row) in rows.enumerate() {
            let row = &(self.b)(row)[self.columns.clone()][columns.clone()];
            for &(start, len, width) in &all[..count] {
                let (from, to) = (&row[start..start + len], &mut blocks[start * depth + i * width..]);
                for at in (0..len).step_by(LANE) {
                    copy(&from[at..], &mut to[at..], LANE.min(len - at));
                }
            }
        }
    }
}

pub(super) struct Task<'a, 'c, B, C: ?Sized> {
    pub(super) outer: Outer<'a, B>,
    pub(super) c: &'c mut C,
    pub(super) block: &'c mut [f32],
}

impl<'b, B: Fn(usize) -> &'b [f32], C: RowsMut + ?Sized> WithSimd for Task<'_, '_, B, C> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { outer, c, block } = self;
        let Outer { a, ref columns, start, .. } = outer;
        let columns = columns.len();
        for strip in (0..columns).step_by(TILES * WIDEST * S::F32_LANES) {
            let strip = strip..columns.min(strip + TILES * WIDEST * S::F32_LANES);
            for p in (0..a.depth).step_by(DEPTH) {
                let depth = DEPTH.min(a.depth - p);
                outer.fill::<S>(p..p + depth, strip.clone(), block);
                let start = if p == 0 { start } else { Start::Old };
                for (tile, vectors) in tiles::<S>(strip.clone()) {
                    let b = &block[(tile.start - strip.start) * depth..][..depth * vectors * S::F32_LANES];
                    for row in (0..a.rows).step_by(ROWS) {
                        match vectors {
                            1 => outer_tile::<S, 1>(simd, a, (row, p), b, start, tile.start, c),
                            2 => outer_tile::<S, 2>(simd, a, (row, p), b, start, tile.start, c),
                            _ => outer_tile::<S, 3>(simd, a, (row, p), b, start, tile.start, c),
                        }
                    }
                }
            }
        }
    }
}

/// The tile of [`ROWS`] rows and `N` registers, from a row and a `column` of the result on, by the elements of `b`, a
/// block of rows of `N` registers.
#[inline(always)]
fn outer_tile<S: Simd, const N: usize>(
    simd: S,
    a: Packed<'_>,
    (row, p): (usize, usize),
    b: &[f32],
    start: Start,
    column: usize,
    c: &mut (impl RowsMut + ?Sized),
) {
    let mut sums: Sums<S, N> = [[simd.splat_f32s(0.0); N]; ROWS];
    for (factors, values) in a.factors(row, p).zip(S::as_simd_f32s(b).0.as_chunks::<N>().0) {
        step::<S, N>(simd, *factors, values, &mut sums);
    }
    for (i, sums) in sums.iter().enumerate().take(a.rows - row) {
        let to = &mut c.row(row + i)[column..];
        let len = to.len().min(N * S::F32_LANES);
        write_row(simd, sums, matches!(start, Start::Old), &mut to[..len]);
    }
}

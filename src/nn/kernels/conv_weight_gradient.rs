//! The weight gradient of a convolution.

use super::{
    tile::{Accumulators, DEPTH_BLOCK, TILE_ROWS, column, step, tiles, write_row},
    transposed_maps::TransposedMaps,
};
use crate::nn::{simd::registers, windows::InterleavedWindows};
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// The gradient of a convolution's weights: windows times output gradients, summed over the windows.
pub(in crate::nn) struct ConvWeightGradient<'a> {
    pub(in crate::nn) windows: InterleavedWindows<'a>,
    /// The maps that [`InterleavedWindows::pad`] padded.
    pub(in crate::nn) padded: &'a [f32],
    pub(in crate::nn) filters: usize,
    /// The gradient with respect to the output maps, (filters, windows).
    pub(in crate::nn) outputs: &'a [f32],
}

/// A block of windows: rows of them, and which windows of each row.
type WindowBlock = (Range<usize>, Range<usize>);

impl ConvWeightGradient<'_> {
    /// Adds the gradient to `gradient`, (elements of a window, filters). `transposed` has
    /// [`ConvWeightGradient::transposed_len`] values.
    pub(in crate::nn) fn add_to(self, gradient: &mut [f32], transposed: &mut [f32]) {
        Arch::new().dispatch(Task { op: self, gradient, transposed });
    }

    /// The scratch memory for this many filters.
    pub(in crate::nn) const fn transposed_len(filters: usize) -> usize {
        TransposedMaps::len(filters, DEPTH_BLOCK)
    }

    /// The windows in blocks of at most [`DEPTH_BLOCK`], which stay in the L1 cache.
    fn blocks(&self) -> impl Iterator<Item = WindowBlock> + use<> {
        let (rows, len) = (self.windows.rows(), self.windows.row_len());
        let (rows_of_one, len_of_one) = ((DEPTH_BLOCK / len).max(1), len.min(DEPTH_BLOCK));
        (0..rows).step_by(rows_of_one).flat_map(move |y| {
            let of_row = (0..len).step_by(len_of_one);
            of_row.map(move |x| (y..rows.min(y + rows_of_one), x..len.min(x + len_of_one)))
        })
    }
}

pub(super) struct Task<'a, 'c> {
    pub(super) op: ConvWeightGradient<'a>,
    pub(super) gradient: &'c mut [f32],
    pub(super) transposed: &'c mut [f32],
}

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { op, gradient, transposed } = self;
        let filters = op.filters;
        let (len, count) = (op.windows.row_len(), op.windows.count());
        let mut transposed = TransposedMaps::new(filters, transposed);
        for block in op.blocks() {
            let (rows, columns) = &block;
            for (i, y) in rows.clone().enumerate() {
                let from = y * len + columns.start;
                transposed.put(i * columns.len(), from..from + columns.len(), op.outputs, count);
            }
            for (tile, vectors) in tiles::<S>(0..filters) {
                for (panel, gradient) in gradient.chunks_mut(TILE_ROWS * filters).enumerate() {
                    let (element, tile) = (panel * TILE_ROWS, tile.clone());
                    match vectors {
                        1 => op.add::<S, 1>(simd, element, tile, &block, &transposed, gradient),
                        2 => op.add::<S, 2>(simd, element, tile, &block, &transposed, gradient),
                        _ => op.add::<S, 3>(simd, element, tile, &block, &transposed, gradient),
                    }
                }
            }
        }
    }
}

impl ConvWeightGradient<'_> {
    /// Adds the gradients of the elements from `element` on and a `tile` of `N` registers of filters, over one block.
    #[inline(always)]
    fn add<S: Simd, const N: usize>(
        &self,
        simd: S,
        element: usize,
        tile: Range<usize>,
        (rows, columns): &WindowBlock,
        transposed: &TransposedMaps<'_>,
        gradient: &mut [f32],
    ) {
        let (windows, len) = (self.windows, columns.len());
        let mut sums: Accumulators<S, N> = [[simd.splat_f32s(0.0); N]; TILE_ROWS];
        // With one register per row, two sets of accumulators alternate: otherwise each step would wait for the previous one.
        let mut other = sums;
        // A tile past the last element repeats that element; its sums are dropped.
        let last = windows.windows.elements() - 1;
        let mut at = [0; TILE_ROWS];
        for (i, at) in at.iter_mut().enumerate() {
            *at = windows.offset((element + i).min(last)) + columns.start;
        }
        for (i, y) in rows.clone().enumerate() {
            let mut cells: [&[f32]; TILE_ROWS] = [&[]; TILE_ROWS];
            for i in 0..TILE_ROWS {
                cells[i] = &self.padded[at[i] + y * windows.pitch()..][..len];
            }
            let (transposed, width) = transposed.from(i * len, tile.start);
            let alone = if N == 1 { len % 2 } else { len };
            for x in 0..alone {
                let values = registers::<S, N>(simd, transposed, x * width);
                step::<S, N>(simd, column(&cells, x), values, &mut sums);
            }
            for x in (alone..len).step_by(2) {
                let values = registers::<S, N>(simd, transposed, x * width);
                let others = registers::<S, N>(simd, transposed, (x + 1) * width);
                step::<S, N>(simd, column(&cells, x), values, &mut sums);
                step::<S, N>(simd, column(&cells, x + 1), others, &mut other);
            }
        }
        for (i, gradient) in gradient.chunks_exact_mut(self.filters).enumerate() {
            let mut sums = sums[i];
            if N == 1 {
                sums[0] = simd.add_f32s(sums[0], other[i][0]);
            }
            write_row(simd, &sums, true, &mut gradient[tile.clone()]);
        }
    }
}

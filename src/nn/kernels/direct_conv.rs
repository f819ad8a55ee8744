//! Direct convolution: reads the windows from padded maps.

use super::{
    packed::Packed,
    tile::{DEPTH_BLOCK, PANELS, TILE_ROWS, copy, load_tile, step, store_tile, tiles},
};
use crate::nn::{
    simd::{MAX_TILE_COLUMNS, REGISTER_LEN, registers},
    windows::InterleavedWindows,
};
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// A convolution of maps that [`InterleavedWindows::pad`] padded.
///
/// Over all windows, each element of a filter reads the same span of the padded maps, shifted by a fixed offset. So the
/// sums run over spans without copying; the positions between two rows of windows are skipped when a tile is written.
pub(in crate::nn) struct DirectConv<'a> {
    /// (filters, elements of a window).
    pub(in crate::nn) filters: Packed<'a>,
    pub(in crate::nn) windows: InterleavedWindows<'a>,
    pub(in crate::nn) padded: &'a [f32],
    /// One value per filter, if there is a bias.
    pub(in crate::nn) bias: Option<&'a [f32]>,
}

impl DirectConv<'_> {
    /// Writes the output maps (filters, rows of windows, windows per row).
    pub(in crate::nn) fn write(self, maps: &mut [f32]) {
        Arch::new().dispatch(Task { conv: self, maps });
    }
}

pub(super) struct Task<'a, 'c> {
    pub(super) conv: DirectConv<'a>,
    pub(super) maps: &'c mut [f32],
}

/// Accumulators that wait, each register's in one cache line.
#[repr(align(64))]
struct AccumulatorBuffer([[f32; MAX_TILE_COLUMNS]; PANELS * TILE_ROWS]);

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { conv, maps } = self;
        let (rows, windows) = (conv.filters.rows, conv.windows);
        let mut sums = AccumulatorBuffer([[0.0; MAX_TILE_COLUMNS]; PANELS * TILE_ROWS]);
        for (group, maps) in maps.chunks_mut(PANELS * TILE_ROWS * windows.count()).enumerate() {
            let row = group * PANELS * TILE_ROWS;
            let sums = &mut sums.0[..(PANELS * TILE_ROWS).min((rows - row).next_multiple_of(TILE_ROWS))];
            for y in 0..conv.spans::<S>() {
                let start = y * windows.pitch();
                let len = if conv.spans::<S>() == 1 { windows.span() } else { windows.row_len() };
                for (tile, vectors) in tiles::<S>(start..start + len) {
                    match vectors {
                        1 => conv.sums::<S, 1>(simd, row, tile.start, sums),
                        2 => conv.sums::<S, 2>(simd, row, tile.start, sums),
                        _ => conv.sums::<S, 3>(simd, row, tile.start, sums),
                    }
                    conv.write_tile(sums, tile, maps);
                }
            }
        }
    }
}

impl DirectConv<'_> {
    /// The number of spans: one over all windows or, where that takes fewer registers, one per row of windows.
    #[inline(always)]
    fn spans<S: Simd>(&self) -> usize {
        let registers = |len: usize| len.div_ceil(S::F32_LANES);
        let rows = self.windows.rows();
        if rows * registers(self.windows.row_len()) < registers(self.windows.span()) { rows } else { 1 }
    }

    /// The sums of the filters from `row` on, at `N` registers of the span from `from` on.
    #[inline(always)]
    fn sums<S: Simd, const N: usize>(
        &self,
        simd: S,
        row: usize,
        from: usize,
        sums: &mut [[f32; MAX_TILE_COLUMNS]],
    ) {
        let bias = self.bias.map_or(&[][..], |bias| &bias[row..]);
        for (i, sums) in sums.iter_mut().enumerate() {
            *sums = [bias.get(i).copied().unwrap_or(0.0); MAX_TILE_COLUMNS];
        }
        // A block of channels at a time, which all panels read.
        let InterleavedWindows { windows, images } = self.windows;
        let (channels, window) = (windows.channels(), windows.area());
        let together = (DEPTH_BLOCK / window).max(1);
        for channel in (0..channels).step_by(together) {
            let elements = windows.offsets(together.min(channels - channel));
            let padded = &self.padded[from + windows.channel_offset(channel) * images..];
            for (panel, sums) in sums.chunks_exact_mut(TILE_ROWS).enumerate() {
                let mut tile = load_tile::<S, N>(simd, sums);
                let factors = self.filters.factors(row + panel * TILE_ROWS, channel * window);
                for i in 0..factors.len().min(elements.len()) {
                    let values = registers::<S, N>(simd, padded, elements[i] * images);
                    step::<S, N>(simd, factors[i], values, &mut tile);
                }
                store_tile::<S, N>(&tile, sums);
            }
        }
    }

    /// Writes the sums of a `tile` of the span to the output maps.
    #[inline(always)]
    fn write_tile(&self, sums: &[[f32; MAX_TILE_COLUMNS]], tile: Range<usize>, maps: &mut [f32]) {
        let (pitch, row_len, count) = (self.windows.pitch(), self.windows.row_len(), self.windows.count());
        let (mut y, mut x, mut at) = (tile.start / pitch, tile.start % pitch, tile.start);
        while at < tile.end {
            if x >= row_len {
                (y, x, at) = (y + 1, 0, at + pitch - x);
                continue;
            }
            // A copy may write past the end of its row of windows; the next copy overwrites that.
            let len = (row_len - x).min(tile.end - at).min(REGISTER_LEN);
            for (filter, map) in maps.chunks_exact_mut(count).enumerate() {
                copy(&sums[filter][at - tile.start..], &mut map[y * row_len + x..], len);
            }
            (x, at) = (x + len, at + len);
        }
    }
}

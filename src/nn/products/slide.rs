//! Filters that slide over maps: the product of a convolution, which reads the windows where the maps stand.

use super::{
    COLUMNS, LANE, PANELS, Packed, ROWS, STEPS, copy,
    tile::{load, registers, step, store, tiles},
};
use crate::nn::windows::Over;
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// Filters over maps that [`Over::place`] put into their border.
///
/// An element of a filter sees the same stretch of the maps, only shifted, as every other one does: a row of windows
/// after the other, with what is between them. So the sums are taken over stretches, which need no copying, and what is
/// between the rows of windows is left out when a tile is written.
pub(in crate::nn) struct Slide<'a> {
    /// A row a filter, a column an element of the windows.
    pub(in crate::nn) filters: Packed<'a>,
    pub(in crate::nn) windows: Over<'a>,
    pub(in crate::nn) placed: &'a [f32],
    /// What is added to each filter's sums, if anything.
    pub(in crate::nn) bias: Option<&'a [f32]>,
}

impl Slide<'_> {
    /// Writes the filters' maps (filters, rows of windows, windows in a row).
    pub(in crate::nn) fn write(self, maps: &mut [f32]) {
        Arch::new().dispatch(Task { slide: self, maps });
    }
}

pub(super) struct Task<'a, 'c> {
    pub(super) slide: Slide<'a>,
    pub(super) maps: &'c mut [f32],
}

/// Sums that wait, each register's in one cache line.
#[repr(align(64))]
struct Waiting([[f32; COLUMNS]; PANELS * ROWS]);

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { slide, maps } = self;
        let (rows, windows) = (slide.filters.rows, slide.windows);
        let mut sums = Waiting([[0.0; COLUMNS]; PANELS * ROWS]);
        let groups = maps.chunks_mut(PANELS * ROWS * windows.count());
        for (maps, row) in groups.zip((0..rows).step_by(PANELS * ROWS)) {
            let sums = &mut sums.0[..(PANELS * ROWS).min((rows - row).next_multiple_of(ROWS))];
            for y in 0..slide.stretches::<S>() {
                let start = y * windows.pitch();
                let len = if slide.stretches::<S>() == 1 { windows.stretch() } else { windows.in_a_row() };
                for (tile, vectors) in tiles::<S>(start..start + len) {
                    match vectors {
                        1 => slide.sums::<S, 1>(simd, row, tile.start, sums),
                        2 => slide.sums::<S, 2>(simd, row, tile.start, sums),
                        _ => slide.sums::<S, 3>(simd, row, tile.start, sums),
                    }
                    slide.write_tile(sums, tile, maps);
                }
            }
        }
    }
}

impl Slide<'_> {
    /// The stretches of windows that are taken by themselves: all of them, or, where that takes fewer registers, each row.
    #[inline(always)]
    fn stretches<S: Simd>(&self) -> usize {
        let registers = |len: usize| len.div_ceil(S::F32_LANES);
        let rows = self.windows.rows();
        if rows * registers(self.windows.in_a_row()) < registers(self.windows.stretch()) { rows } else { 1 }
    }

    /// The sums of the filters from `row` on over `N` registers of the stretch from `from` on.
    #[inline(always)]
    fn sums<S: Simd, const N: usize>(&self, simd: S, row: usize, from: usize, sums: &mut [[f32; COLUMNS]]) {
        let bias = self.bias.map_or(&[][..], |bias| &bias[row..]);
        for (i, sums) in sums.iter_mut().enumerate() {
            sums.fill(bias.get(i).copied().unwrap_or(0.0));
        }
        // Some channels at a time, of which every panel reads the same.
        let Over { windows, images } = self.windows;
        let (channels, window) = (windows.channels(), windows.area());
        let together = (STEPS / window).max(1);
        for channel in (0..channels).step_by(together) {
            let elements = windows.elements_of(together.min(channels - channel));
            let placed = &self.placed[from + windows.channel(channel) * images..];
            for (panel, sums) in sums.chunks_exact_mut(ROWS).enumerate() {
                let mut tile = load::<S, N>(simd, sums);
                let factors = self.filters.factors(row + panel * ROWS, channel * window);
                for (factors, &element) in factors.zip(elements) {
                    let Some(values) = registers::<S, N>(&placed[element * images..]) else { break };
                    step::<S, N>(simd, *factors, values, &mut tile);
                }
                store::<S, N>(&tile, sums);
            }
        }
    }

    /// Writes the sums of a `tile` of the stretch to where they belong in the filters' maps.
    #[inline(always)]
    fn write_tile(&self, sums: &[[f32; COLUMNS]], tile: Range<usize>, maps: &mut [f32]) {
        let (pitch, in_a_row, count) = (self.windows.pitch(), self.windows.in_a_row(), self.windows.count());
        let (mut y, mut x, mut at) = (tile.start / pitch, tile.start % pitch, tile.start);
        while at < tile.end {
            if x >= in_a_row {
                (y, x, at) = (y + 1, 0, at + pitch - x);
                continue;
            }
            // What a copy writes beyond its piece, which stands in one row of windows, the next one corrects.
            let len = (in_a_row - x).min(tile.end - at).min(LANE);
            for (sums, map) in sums.iter().zip(maps.chunks_exact_mut(count)) {
                copy(&sums[at - tile.start..], &mut map[y * in_a_row + x..], len);
            }
            (x, at) = (x + len, at + len);
        }
    }
}

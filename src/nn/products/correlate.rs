//! Maps against maps: how much each element of the windows was worth to each filter, which is a convolution's gradient.

use super::{
    COLUMNS, LANE, PANELS, ROWS, STEPS,
    tile::{load, registers, step, store, tiles},
};
use crate::nn::windows::Windows;
use pulp::{Arch, Simd, WithSimd};

/// Maps of the output with the filters of a window side by side, so that they are read in one stream.
#[derive(Clone, Copy, Debug)]
pub(in crate::nn) struct Turned<'a> {
    values: &'a [f32],
    filters: usize,
    /// From one window to the next.
    pitch: usize,
}

/// Windows that are turned at a time, so that what is written stays in the innermost cache.
const TOGETHER: usize = 64;

impl<'a> Turned<'a> {
    /// The memory that the maps of so many filters and windows take.
    pub(in crate::nn) const fn len(filters: usize, windows: usize) -> usize {
        Self::pitch(filters) * windows + super::SLACK
    }

    /// Whole cache lines, of a number that does not put neighbouring windows into the same place of the cache.
    const fn pitch(filters: usize) -> usize {
        let width = filters.next_multiple_of(LANE);
        if (width / LANE).is_multiple_of(4) { width + LANE } else { width }
    }

    /// Copies `maps` (filters, windows).
    pub(in crate::nn) fn new(filters: usize, maps: &[f32], memory: &'a mut [f32]) -> Self {
        let (windows, width) = (maps.len() / filters, Self::pitch(filters));
        let values = &mut memory[..Self::len(filters, windows)];
        for (part, values) in values[..windows * width].chunks_mut(TOGETHER * width).enumerate() {
            for (filter, map) in maps.chunks_exact(windows).enumerate() {
                let to = values[filter..].iter_mut().step_by(width);
                to.zip(&map[part * TOGETHER..]).for_each(|(to, &value)| *to = value);
            }
            if filters < width {
                values.chunks_exact_mut(width).for_each(|values| values[filters..].fill(0.0));
            }
        }
        values[windows * width..].fill(0.0);
        Self { values, filters, pitch: width }
    }

    /// The values of the filters from `filter` on at the windows from `window` on.
    #[inline(always)]
    pub(super) fn from(&self, window: usize, filter: usize) -> &'a [f32] {
        &self.values[window * self.pitch + filter..]
    }
}

/// The gradient by one image of filters that slid over maps.
pub(in crate::nn) struct Correlate<'a> {
    pub(in crate::nn) windows: &'a Windows,
    /// The maps as [`Windows::place`] put them.
    pub(in crate::nn) placed: &'a [f32],
    /// The gradient by the filters' maps.
    pub(in crate::nn) turned: Turned<'a>,
}

impl Correlate<'_> {
    /// Adds the gradient to `gradient` (elements of a window, filters).
    pub(in crate::nn) fn add_to(self, gradient: &mut [f32]) {
        Arch::new().dispatch(Task { correlate: self, gradient });
    }
}

pub(super) struct Task<'a, 'c> {
    pub(super) correlate: Correlate<'a>,
    pub(super) gradient: &'c mut [f32],
}

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { correlate, gradient } = self;
        let filters = correlate.turned.filters;
        let mut sums = [[0.0; COLUMNS]; PANELS * ROWS];
        for (tile, vectors) in tiles::<S>(0..filters) {
            for (group, gradient) in gradient.chunks_mut(PANELS * ROWS * filters).enumerate() {
                let element = group * PANELS * ROWS;
                let sums = &mut sums[..(gradient.len() / filters).next_multiple_of(ROWS)];
                match vectors {
                    1 => correlate.sums::<S, 1>(simd, element, tile.start, sums),
                    2 => correlate.sums::<S, 2>(simd, element, tile.start, sums),
                    _ => correlate.sums::<S, 3>(simd, element, tile.start, sums),
                }
                for (gradient, sums) in gradient.chunks_exact_mut(filters).zip(sums) {
                    gradient[tile.clone()].iter_mut().zip(sums).for_each(|(to, sum)| *to += *sum);
                }
            }
        }
    }
}

impl Correlate<'_> {
    /// The sums of the elements from `element` on against `N` registers of filters from `filter` on.
    #[inline(always)]
    fn sums<S: Simd, const N: usize>(
        &self,
        simd: S,
        element: usize,
        filter: usize,
        sums: &mut [[f32; COLUMNS]],
    ) {
        let (windows, width) = (self.windows, self.turned.pitch);
        let elements = windows.all_elements();
        let len = windows.in_a_row();
        // Some rows of windows at a time, of which every panel reads the same.
        let together = (STEPS / len).max(1);
        sums.fill([0.0; COLUMNS]);
        for first in (0..windows.rows()).step_by(together) {
            for (panel, sums) in sums.chunks_exact_mut(ROWS).enumerate() {
                let mut tile = load::<S, N>(simd, sums);
                // With one register a row, every other window has sums of its own: else each step would wait for the last.
                let mut other = [[simd.splat_f32s(0.0); N]; ROWS];
                // A tile that reaches beyond the last element takes that one again and drops the sums.
                let mut at = [0; ROWS];
                for (i, at) in at.iter_mut().enumerate() {
                    *at = elements[(element + panel * ROWS + i).min(elements.len() - 1)];
                }
                for y in first..windows.rows().min(first + together) {
                    let mut rows: [&[f32]; ROWS] = [&[]; ROWS];
                    for (row, at) in rows.iter_mut().zip(at) {
                        *row = &self.placed[at + y * windows.pitch()..][..len];
                    }
                    let turned = self.turned.from(y * len, filter);
                    let alone = if N == 1 { len % 2 } else { len };
                    for x in 0..alone {
                        let Some(values) = registers::<S, N>(&turned[x * width..]) else { break };
                        step::<S, N>(simd, rows.map(|row| row[x]), values, &mut tile);
                    }
                    for x in (alone..len).step_by(2) {
                        let (Some(values), Some(others)) = (
                            registers::<S, N>(&turned[x * width..]),
                            registers::<S, N>(&turned[(x + 1) * width..]),
                        ) else {
                            break;
                        };
                        step::<S, N>(simd, rows.map(|row| row[x]), values, &mut tile);
                        step::<S, N>(simd, rows.map(|row| row[x + 1]), others, &mut other);
                    }
                }
                if N == 1 {
                    for (tile, other) in tile.iter_mut().zip(other) {
                        tile[0] = simd.add_f32s(tile[0], other[0]);
                    }
                }
                store::<S, N>(&tile, sums);
            }
        }
    }
}

//! Max pooling of interleaved values: the same window of as many images or columns at a time as a register holds.

use super::pooling::Pooling;
use crate::nn::simd::{load, store};
use pulp::{Arch, Simd, WithSimd};

/// What the interleaved values are.
#[derive(Clone, Copy)]
pub(super) enum Interleaved {
    /// This many images.
    Images(usize),
    /// This many columns of each map, for the windows of [`Pooling::vertical`].
    Columns(usize),
}

/// Max pooling over interleaved values.
#[derive(Clone, Copy)]
pub(super) struct InterleavedMaxPool<'a> {
    pub(super) pooling: &'a Pooling,
    pub(super) interleaved: Interleaved,
}

impl InterleavedMaxPool<'_> {
    /// Writes the maximum of each window of `maps`, and its index in its map.
    pub(super) fn forward(self, maps: &[f32], outputs: &mut [f32], winners: &mut [u32]) {
        Arch::new().dispatch(ForwardTask { windows: self, maps, outputs, winners });
    }

    /// Adds the gradients of the outputs to those of the maximal cells of `maps`. Only for interleaved images.
    pub(super) fn backward(self, dy: &[f32], winners: &[u32], maps: &mut [f32]) {
        Arch::new().dispatch(BackwardTask { windows: self, dy, winners, maps });
    }

    /// The number of images or columns.
    #[inline(always)]
    fn count(self) -> usize {
        match self.interleaved {
            Interleaved::Images(count) | Interleaved::Columns(count) => count,
        }
    }

    /// Values of a map.
    #[inline(always)]
    fn map_len(self) -> usize {
        self.count() * self.pooling.plane()
    }

    /// Values of an output map.
    #[inline(always)]
    fn output_len(self) -> usize {
        self.count() * self.pooling.geometry.columns()
    }

    /// The index in the map of cell `at`, for a register of values from number `from` on.
    #[inline(always)]
    fn places<S: Simd>(self, simd: S, at: usize, from: usize) -> S::u32s {
        match (self.interleaved, S::as_simd_u32s(&NUMBERS).0.first()) {
            (Interleaved::Columns(width), Some(&numbers)) => {
                simd.add_u32s(simd.splat_u32s((at * width + from) as u32), numbers)
            }
            _ => simd.splat_u32s(at as u32),
        }
    }

    /// Calls `visit(number, cells)` for each window of a map.
    #[inline(always)]
    fn for_each(self, mut visit: impl FnMut(usize, Cells)) {
        let g = &self.pooling.geometry;
        let (dilation, width) = (g.window.dilation, g.width);
        for (oy, rows) in self.pooling.rows.iter().enumerate() {
            for (ox, columns) in self.pooling.columns.iter().enumerate() {
                visit(
                    oy * g.out_width + ox,
                    Cells {
                        first: rows.first * width + columns.first,
                        rows: rows.count,
                        down: dilation.h * width,
                        columns: columns.count,
                        across: dilation.w,
                    },
                );
            }
        }
    }
}

/// The cells of a window.
#[derive(Clone, Copy)]
struct Cells {
    first: usize,
    rows: usize,
    down: usize,
    columns: usize,
    across: usize,
}

impl Cells {
    /// Calls `visit` with the index of each cell, row by row.
    #[inline(always)]
    fn for_each(self, mut visit: impl FnMut(usize)) {
        for y in 0..self.rows {
            for x in 0..self.columns {
                visit(self.first + y * self.down + x * self.across);
            }
        }
    }
}

struct ForwardTask<'a> {
    windows: InterleavedMaxPool<'a>,
    maps: &'a [f32],
    outputs: &'a mut [f32],
    winners: &'a mut [u32],
}

impl WithSimd for ForwardTask<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { windows, maps, outputs, winners } = self;
        let (count, len) = (windows.count(), windows.output_len());
        for (map_number, map) in maps.chunks_exact(windows.map_len()).enumerate() {
            let outputs = &mut outputs[map_number * len..][..len];
            let winners = &mut winners[map_number * len..][..len];
            windows.for_each(
                #[inline(always)]
                |number, cells| {
                    let places = number * count..(number + 1) * count;
                    let (outputs, rest) = S::as_mut_simd_f32s(&mut outputs[places.clone()]);
                    let (winners, rest_winners) = S::as_mut_simd_u32s(&mut winners[places]);
                    let winners = &mut winners[..outputs.len()];
                    for i in 0..outputs.len() {
                        let from = i * S::F32_LANES;
                        (outputs[i], winners[i]) = largest(
                            simd,
                            cells,
                            #[inline(always)]
                            |at| (load(simd, &map[at * count + from..]), windows.places(simd, at, from)),
                        );
                    }
                    if !rest.is_empty() {
                        let (from, to) = (count - rest.len(), rest.len());
                        let (output, winner) = largest(
                            simd,
                            cells,
                            #[inline(always)]
                            |at| {
                                let values = simd.partial_load_f32s(&map[at * count + from..][..to]);
                                (values, windows.places(simd, at, from))
                            },
                        );
                        simd.partial_store_f32s(rest, output);
                        simd.partial_store_u32s(rest_winners, winner);
                    }
                },
            );
        }
    }
}

/// The indices of a register's values.
const NUMBERS: [u32; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The maxima of a window, for a register of interleaved values, and their indices.
///
/// Of equal values the first one counts, in the order of rows and columns. NaN counts as larger than all, as in PyTorch.
#[inline(always)]
fn largest<S: Simd>(
    simd: S,
    cells: Cells,
    value: impl Fn(usize) -> (S::f32s, S::u32s),
) -> (S::f32s, S::u32s) {
    let (mut best, mut winner) = value(cells.first);
    // The first cell is compared with itself, which changes nothing.
    cells.for_each(
        #[inline(always)]
        |at| {
            let (value, place) = value(at);
            let is_none = simd.not_m32s(simd.equal_f32s(value, value));
            let wins = simd.or_m32s(simd.less_than_f32s(best, value), is_none);
            best = simd.select_f32s(wins, value, best);
            winner = simd.select_u32s(wins, place, winner);
        },
    );
    (best, winner)
}

/// The gradients `dy` of the windows whose maximum is cell `at`; 0 for the others.
#[inline(always)]
fn won<S: Simd>(simd: S, dy: S::f32s, winner: S::u32s, at: usize) -> S::f32s {
    let won = simd.equal_u32s(winner, simd.splat_u32s(at as u32));
    simd.select_f32s(won, dy, simd.splat_f32s(0.0))
}

struct BackwardTask<'a> {
    windows: InterleavedMaxPool<'a>,
    dy: &'a [f32],
    winners: &'a [u32],
    maps: &'a mut [f32],
}

impl WithSimd for BackwardTask<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { windows, dy, winners, maps } = self;
        let (count, len) = (windows.count(), windows.output_len());
        for (map_number, map) in maps.chunks_exact_mut(windows.map_len()).enumerate() {
            let (dy, winners) = (&dy[map_number * len..][..len], &winners[map_number * len..][..len]);
            windows.for_each(
                #[inline(always)]
                |number, cells| {
                    let places = number * count..(number + 1) * count;
                    let (dy, rest) = S::as_simd_f32s(&dy[places.clone()]);
                    let (winners, rest_winners) = S::as_simd_u32s(&winners[places]);
                    let winners = &winners[..dy.len()];
                    for i in 0..dy.len() {
                        let (dy, winner) = (dy[i], winners[i]);
                        cells.for_each(
                            #[inline(always)]
                            |at| {
                                let to = &mut map[at * count + i * S::F32_LANES..];
                                let share = won(simd, dy, winner, at);
                                store::<S>(simd.add_f32s(load(simd, to), share), to);
                            },
                        );
                    }
                    if !rest.is_empty() {
                        let (from, len) = (count - rest.len(), rest.len());
                        let (dy, winner) =
                            (simd.partial_load_f32s(rest), simd.partial_load_u32s(rest_winners));
                        cells.for_each(
                            #[inline(always)]
                            |at| {
                                let to = &mut map[at * count + from..][..len];
                                let share = won(simd, dy, winner, at);
                                simd.partial_store_f32s(to, simd.add_f32s(simd.partial_load_f32s(to), share));
                            },
                        );
                    }
                },
            );
        }
    }
}

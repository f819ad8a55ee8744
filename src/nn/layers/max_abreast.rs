//! Max pooling of what stands side by side: of each window, as many values at a time as a register has.

use super::pooling::Pooling;
use crate::nn::products::{read, write};
use pulp::{Arch, Simd, WithSimd};

/// What stands side by side under each window.
#[derive(Clone, Copy)]
pub(super) enum Beside {
    /// So many images, cell by cell.
    Images(usize),
    /// So many columns of each map, over which the windows of [`Pooling::of_columns`] stand.
    Columns(usize),
}

/// Windows, and what stands side by side under them.
#[derive(Clone, Copy)]
pub(super) struct MaxAbreast<'a> {
    pub(super) pooling: &'a Pooling,
    pub(super) abreast: Beside,
}

impl MaxAbreast<'_> {
    /// Writes the largest under each window of `maps`, and where in its map it stands.
    pub(super) fn pool(self, maps: &[f32], outputs: &mut [f32], winners: &mut [u32]) {
        Arch::new().dispatch(Pool { windows: self, maps, outputs, winners });
    }

    /// Adds the gradients by the outputs of images to those by the `maps`, where the winners stood.
    pub(super) fn give_back(self, dy: &[f32], winners: &[u32], maps: &mut [f32]) {
        Arch::new().dispatch(GiveBack { windows: self, dy, winners, maps });
    }

    /// How many stand side by side.
    fn count(self) -> usize {
        match self.abreast {
            Beside::Images(count) | Beside::Columns(count) => count,
        }
    }

    /// Values of a map.
    fn map_len(self) -> usize {
        self.count() * self.pooling.plane()
    }

    /// Values of a map of outputs.
    fn output_len(self) -> usize {
        self.count() * self.pooling.geometry.columns()
    }

    /// Where cell `at` of the windows stands in the map, of a register's values from number `from` on.
    #[inline(always)]
    fn places<S: Simd>(self, simd: S, at: usize, from: usize) -> S::u32s {
        match (self.abreast, S::as_simd_u32s(&NUMBERS).0.first()) {
            (Beside::Columns(width), Some(&numbers)) => {
                simd.add_u32s(simd.splat_u32s((at * width + from) as u32), numbers)
            }
            _ => simd.splat_u32s(at as u32),
        }
    }

    /// Calls `visit` for each window of a map with its number and the cells under it.
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

/// The cells of a map under a window.
#[derive(Clone, Copy)]
struct Cells {
    first: usize,
    rows: usize,
    down: usize,
    columns: usize,
    across: usize,
}

impl Cells {
    /// Calls `visit` with the place of each cell, in the order of rows and columns.
    #[inline(always)]
    fn for_each(self, mut visit: impl FnMut(usize)) {
        for y in 0..self.rows {
            for x in 0..self.columns {
                visit(self.first + y * self.down + x * self.across);
            }
        }
    }
}

struct Pool<'a> {
    windows: MaxAbreast<'a>,
    maps: &'a [f32],
    outputs: &'a mut [f32],
    winners: &'a mut [u32],
}

impl WithSimd for Pool<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { windows, maps, outputs, winners } = self;
        let (count, len) = (windows.count(), windows.output_len());
        let outputs = outputs.chunks_exact_mut(len).zip(winners.chunks_exact_mut(len));
        for (map, (outputs, winners)) in maps.chunks_exact(windows.map_len()).zip(outputs) {
            windows.for_each(|number, cells| {
                let places = number * count..(number + 1) * count;
                let (outputs, rest) = S::as_mut_simd_f32s(&mut outputs[places.clone()]);
                let (winners, rest_winners) = S::as_mut_simd_u32s(&mut winners[places]);
                for (i, (output, winner)) in outputs.iter_mut().zip(winners).enumerate() {
                    let from = i * S::F32_LANES;
                    (*output, *winner) = largest(simd, cells, |at| {
                        (read(simd, &map[at * count + from..]), windows.places(simd, at, from))
                    });
                }
                if !rest.is_empty() {
                    let (from, to) = (count - rest.len(), rest.len());
                    let value = |at: usize| {
                        let values = simd.partial_load_f32s(&map[at * count + from..][..to]);
                        (values, windows.places(simd, at, from))
                    };
                    let (output, winner) = largest(simd, cells, value);
                    simd.partial_store_f32s(rest, output);
                    simd.partial_store_u32s(rest_winners, winner);
                }
            });
        }
    }
}

/// 0, 1, 2 … for the widest registers.
const NUMBERS: [u32; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The largest under a window, of as many values side by side as a register has, and where each stands.
///
/// The first of equals wins, in the order of rows and columns; so does NaN, as in PyTorch, so that it is not hidden.
#[inline(always)]
fn largest<S: Simd>(
    simd: S,
    cells: Cells,
    value: impl Fn(usize) -> (S::f32s, S::u32s),
) -> (S::f32s, S::u32s) {
    let (mut best, mut winner) = value(cells.first);
    // The first cell challenges itself, in vain.
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

struct GiveBack<'a> {
    windows: MaxAbreast<'a>,
    dy: &'a [f32],
    winners: &'a [u32],
    maps: &'a mut [f32],
}

impl WithSimd for GiveBack<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { windows, dy, winners, maps } = self;
        let (count, len) = (windows.count(), windows.output_len());
        let share = |dy, winner, at: usize| {
            let won = simd.equal_u32s(winner, simd.splat_u32s(at as u32));
            simd.select_f32s(won, dy, simd.splat_f32s(0.0))
        };
        let outputs = dy.chunks_exact(len).zip(winners.chunks_exact(len));
        for (map, (dy, winners)) in maps.chunks_exact_mut(windows.map_len()).zip(outputs) {
            windows.for_each(|number, cells| {
                let places = number * count..(number + 1) * count;
                let (dy, rest) = S::as_simd_f32s(&dy[places.clone()]);
                let (winners, rest_winners) = S::as_simd_u32s(&winners[places]);
                for (i, (&dy, &winner)) in dy.iter().zip(winners).enumerate() {
                    cells.for_each(|at| {
                        let to = &mut map[at * count + i * S::F32_LANES..];
                        write::<S>(simd.add_f32s(read(simd, to), share(dy, winner, at)), to);
                    });
                }
                if !rest.is_empty() {
                    let (from, len) = (count - rest.len(), rest.len());
                    let (dy, winner) = (simd.partial_load_f32s(rest), simd.partial_load_u32s(rest_winners));
                    cells.for_each(|at| {
                        let to = &mut map[at * count + from..][..len];
                        let sum = simd.add_f32s(simd.partial_load_f32s(to), share(dy, winner, at));
                        simd.partial_store_f32s(to, sum);
                    });
                }
            });
        }
    }
}

//! Max pooling of images abreast: of each window, as many images at a time as a register has values.

use super::pooling::Pooling;
use crate::nn::products::{read, write};
use pulp::{Arch, Simd, WithSimd};

/// The windows that are pooled, and how many images stand abreast.
#[derive(Clone, Copy)]
pub(super) struct MaxAbreast<'a> {
    pub(super) pooling: &'a Pooling,
    pub(super) images: usize,
}

impl MaxAbreast<'_> {
    /// Writes the largest under each window of `maps`, and where in its map it stands. Which one wins, and which gradient
    /// it gets, is as for images by themselves.
    pub(super) fn pool(self, maps: &[f32], outputs: &mut [f32], winners: &mut [u32]) {
        Arch::new().dispatch(Pool { windows: self, maps, outputs, winners });
    }

    /// Adds the gradients by the outputs to those by the `maps`, where the winners stood.
    pub(super) fn give_back(self, dy: &[f32], winners: &[u32], maps: &mut [f32]) {
        Arch::new().dispatch(GiveBack { windows: self, dy, winners, maps });
    }

    /// Values of a map of all images.
    fn map_len(self) -> usize {
        self.images * self.pooling.plane()
    }

    /// Values of a map of outputs.
    fn output_len(self) -> usize {
        self.images * self.pooling.geometry.columns()
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
        let (images, len) = (windows.images, windows.output_len());
        let outputs = outputs.chunks_exact_mut(len).zip(winners.chunks_exact_mut(len));
        for (map, (outputs, winners)) in maps.chunks_exact(windows.map_len()).zip(outputs) {
            windows.for_each(|number, cells| {
                let places = number * images..(number + 1) * images;
                let (outputs, rest) = S::as_mut_simd_f32s(&mut outputs[places.clone()]);
                let (winners, rest_winners) = S::as_mut_simd_u32s(&mut winners[places]);
                for (i, (output, winner)) in outputs.iter_mut().zip(winners).enumerate() {
                    let from = i * S::F32_LANES;
                    (*output, *winner) = largest(simd, cells, |at| read(simd, &map[at * images + from..]));
                }
                if !rest.is_empty() {
                    let (from, to) = (images - rest.len(), rest.len());
                    let value = |at: usize| simd.partial_load_f32s(&map[at * images + from..][..to]);
                    let (output, winner) = largest(simd, cells, value);
                    simd.partial_store_f32s(rest, output);
                    simd.partial_store_u32s(rest_winners, winner);
                }
            });
        }
    }
}

/// The largest value under a window, of as many images as a register has values, and where it stands.
///
/// The first of equals wins, in the order of rows and columns; so does NaN, as in PyTorch, so that it is not hidden.
#[inline(always)]
fn largest<S: Simd>(simd: S, cells: Cells, value: impl Fn(usize) -> S::f32s) -> (S::f32s, S::u32s) {
    let (mut best, mut place) = (value(cells.first), simd.splat_u32s(cells.first as u32));
    // The first cell challenges itself, in vain.
    cells.for_each(
        #[inline(always)]
        |at| {
            let value = value(at);
            let is_none = simd.not_m32s(simd.equal_f32s(value, value));
            let wins = simd.or_m32s(simd.less_than_f32s(best, value), is_none);
            best = simd.select_f32s(wins, value, best);
            place = simd.select_u32s(wins, simd.splat_u32s(at as u32), place);
        },
    );
    (best, place)
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
        let (images, len) = (windows.images, windows.output_len());
        let share = |dy, winner, at: usize| {
            let won = simd.equal_u32s(winner, simd.splat_u32s(at as u32));
            simd.select_f32s(won, dy, simd.splat_f32s(0.0))
        };
        let outputs = dy.chunks_exact(len).zip(winners.chunks_exact(len));
        for (map, (dy, winners)) in maps.chunks_exact_mut(windows.map_len()).zip(outputs) {
            windows.for_each(|number, cells| {
                let places = number * images..(number + 1) * images;
                let (dy, rest) = S::as_simd_f32s(&dy[places.clone()]);
                let (winners, rest_winners) = S::as_simd_u32s(&winners[places]);
                for (i, (&dy, &winner)) in dy.iter().zip(winners).enumerate() {
                    cells.for_each(|at| {
                        let to = &mut map[at * images + i * S::F32_LANES..];
                        write::<S>(simd.add_f32s(read(simd, to), share(dy, winner, at)), to);
                    });
                }
                if !rest.is_empty() {
                    let (from, len) = (images - rest.len(), rest.len());
                    let (dy, winner) = (simd.partial_load_f32s(rest), simd.partial_load_u32s(rest_winners));
                    cells.for_each(|at| {
                        let to = &mut map[at * images + from..][..len];
                        let sum = simd.add_f32s(simd.partial_load_f32s(to), share(dy, winner, at));
                        simd.partial_store_f32s(to, sum);
                    });
                }
            });
        }
    }
}

//! Maps against maps: how much each element of the windows was worth to each filter, which is a convolution's gradient.

use super::{
    ROWS, STEPS,
    tile::{Sums, registers, step, tiles, write_row},
    turned::Turned,
};
use crate::nn::windows::Over;
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// The gradient of filters that slid over maps.
pub(in crate::nn) struct Correlate<'a> {
    pub(in crate::nn) windows: Over<'a>,
    /// The maps as [`Over::place`] put them.
    pub(in crate::nn) placed: &'a [f32],
    pub(in crate::nn) filters: usize,
    /// The gradient by the filters' maps, (filters, windows).
    pub(in crate::nn) outputs: &'a [f32],
}

/// Some windows: rows of them, and which of each row.
type Part = (Range<usize>, Range<usize>);

impl Correlate<'_> {
    /// Adds the gradient to `gradient` (elements of a window, filters); `turned` has [`Correlate::turned_len`] values.
    pub(in crate::nn) fn add_to(self, gradient: &mut [f32], turned: &mut [f32]) {
        Arch::new().dispatch(Task { correlate: self, gradient, turned });
    }

    /// The scratch memory that so many filters take.
    pub(in crate::nn) const fn turned_len(filters: usize) -> usize {
        Turned::len(filters, STEPS)
    }

    /// The windows in parts of at most [`STEPS`], which stay in the innermost cache.
    fn parts(&self) -> impl Iterator<Item = Part> + use<> {
        let (rows, len) = (self.windows.rows(), self.windows.in_a_row());
        let (rows_of_one, len_of_one) = ((STEPS / len).max(1), len.min(STEPS));
        (0..rows).step_by(rows_of_one).flat_map(move |y| {
            let of_row = (0..len).step_by(len_of_one);
            of_row.map(move |x| (y..rows.min(y + rows_of_one), x..len.min(x + len_of_one)))
        })
    }
}

pub(super) struct Task<'a, 'c> {
    pub(super) correlate: Correlate<'a>,
    pub(super) gradient: &'c mut [f32],
    pub(super) turned: &'c mut [f32],
}

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { correlate, gradient, turned } = self;
        let filters = correlate.filters;
        let (len, count) = (correlate.windows.in_a_row(), correlate.windows.count());
        let mut turned = Turned::new(filters, turned);
        for part in correlate.parts() {
            let (rows, columns) = &part;
            for (i, y) in rows.clone().enumerate() {
                let maps = correlate.outputs.chunks_exact(count);
                turned.put(i * columns.len(), &maps.map(|map| &map[y * len..][columns.clone()]));
            }
            for (tile, vectors) in tiles::<S>(0..filters) {
                for (panel, gradient) in gradient.chunks_mut(ROWS * filters).enumerate() {
                    let (element, tile) = (panel * ROWS, tile.clone());
                    match vectors {
                        1 => correlate.add::<S, 1>(simd, element, tile, &part, &turned, gradient),
                        2 => correlate.add::<S, 2>(simd, element, tile, &part, &turned, gradient),
                        _ => correlate.add::<S, 3>(simd, element, tile, &part, &turned, gradient),
                    }
                }
            }
        }
    }
}

impl Correlate<'_> {
    /// Adds the sums of the elements from `element` on against `N` registers of a `tile` of filters over a part.
    #[inline(always)]
    fn add<S: Simd, const N: usize>(
        &self,
        simd: S,
        element: usize,
        tile: Range<usize>,
        (rows, columns): &Part,
        turned: &Turned<'_>,
        gradient: &mut [f32],
    ) {
        let (windows, len) = (self.windows, columns.len());
        let mut sums: Sums<S, N> = [[simd.splat_f32s(0.0); N]; ROWS];
        // With one register a row, every other window has sums of its own: else each step would wait for the last.
        let mut other = sums;
        // A tile that reaches beyond the last element takes that one again and drops the sums.
        let last = windows.windows.elements() - 1;
        let mut at = [0; ROWS];
        for (i, at) in at.iter_mut().enumerate() {
            *at = windows.element((element + i).min(last)) + columns.start;
        }
        for (i, y) in rows.clone().enumerate() {
            let mut cells: [&[f32]; ROWS] = [&[]; ROWS];
            for (cells, at) in cells.iter_mut().zip(at) {
                *cells = &self.placed[at + y * windows.pitch()..][..len];
            }
            let (turned, width) = turned.from(i * len, tile.start);
            let alone = if N == 1 { len % 2 } else { len };
            for x in 0..alone {
                let Some(values) = registers::<S, N>(&turned[x * width..]) else { break };
                step::<S, N>(simd, cells.map(|row| row[x]), values, &mut sums);
            }
            for x in (alone..len).step_by(2) {
                let (Some(values), Some(others)) =
                    (registers::<S, N>(&turned[x * width..]), registers::<S, N>(&turned[(x + 1) * width..]))
                else {
                    break;
                };
                step::<S, N>(simd, cells.map(|row| row[x]), values, &mut sums);
                step::<S, N>(simd, cells.map(|row| row[x + 1]), others, &mut other);
            }
        }
        for ((mut sums, other), gradient) in
            sums.into_iter().zip(other).zip(gradient.chunks_exact_mut(self.filters))
        {
            if N == 1 {
                sums[0] = simd.add_f32s(sums[0], other[0]);
            }
            write_row(simd, &sums, true, &mut gradient[tile.clone()]);
        }
    }
}

//! The filters' gradient, through the adjoints of what made the outputs of them.

use super::{Group, PLACES, Winograd, transforms};
use crate::nn::products::{
    LANE, ROWS,
    tile::{Sums, read, registers, step, tiles, write, write_row},
    turned::Turned,
};
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// The gradient of filters that went over the maps of images.
pub(in crate::nn) struct Gradient<'a> {
    pub(in crate::nn) winograd: &'a Winograd,
    pub(in crate::nn) group: Group,
    /// The maps (images, groups, channels, height, width).
    pub(in crate::nn) maps: &'a [f32],
    /// The gradient by the filters' maps (images, groups, filters, height, width).
    pub(in crate::nn) outputs: &'a [f32],
}

impl Winograd {
    /// The values of scratch memory that [`Gradient::add_to`] needs.
    pub(in crate::nn) fn gradient_len(&self) -> usize {
        let rows = self.gradient_rows();
        let (places, placed) = self.transform_lens(rows);
        places
            + placed
            + Turned::len(self.filters, self.output.area())
            + self.spread_len(rows)
            + self.sums_by_filter_len()
    }

    fn gradient_rows(&self) -> usize {
        self.together(self.windows.channels().max(self.filters))
    }

    /// The outputs' gradients at each place: a tile of filters after the other, each (place, window, filter).
    fn spread_len(&self, rows: usize) -> usize {
        PLACES * rows * self.windows.in_a_row() * self.filters.next_multiple_of(LANE)
    }

    /// The gradients of the transformed filters: (place, channel, filter).
    fn sums_by_filter_len(&self) -> usize {
        PLACES * self.windows.channels().next_multiple_of(ROWS) * self.filters.next_multiple_of(LANE)
    }
}

impl Gradient<'_> {
    /// Adds it to `gradient` (elements of a window, filters).
    pub(in crate::nn) fn add_to(self, gradient: &mut [f32], scratch: &mut [f32]) {
        Arch::new().dispatch(Task { parts: self, gradient, scratch });
    }
}

pub(super) struct Task<'a, 'c> {
    pub(super) parts: Gradient<'a>,
    pub(super) gradient: &'c mut [f32],
    pub(super) scratch: &'c mut [f32],
}

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { parts, gradient, scratch } = self;
        let Gradient { winograd, group, maps, outputs } = parts;
        let windows = &winograd.windows;
        let rows = winograd.gradient_rows();
        let pitch = winograd.pitch(rows);
        let (places_len, placed_len) = winograd.transform_lens(rows);
        let (places, scratch) = scratch.split_at_mut(places_len);
        let (placed, scratch) = scratch.split_at_mut(placed_len);
        let (spread, scratch) = scratch.split_at_mut(winograd.spread_len(rows));
        let (sums, turned) = scratch.split_at_mut(winograd.sums_by_filter_len());
        let turned = &mut turned[..Turned::len(winograd.filters, winograd.output.area())];
        let mut turned = Turned::new(winograd.filters, turned);
        placed.fill(0.0);
        sums.fill(0.0);
        let mut present = None;
        let images = outputs.len() / (group.of * winograd.filters * winograd.output.area());
        for first in (0..images * windows.rows()).step_by(rows) {
            let these = first..(first + rows).min(images * windows.rows());
            let of_image = |image| &maps[group.maps(image, windows.maps_len())];
            winograd.transform(simd, of_image, these.clone(), (places, pitch), (placed, &mut present));
            for image in winograd.images(these.clone()) {
                let outputs = &outputs[group.maps(image.0, winograd.filters * winograd.output.area())];
                turned.put(0, &outputs.chunks_exact(winograd.output.area()));
                winograd.spread(simd, &turned, image, these.len(), spread);
            }
            let count = these.len() * windows.in_a_row();
            for (tile, vectors) in tiles::<S>(0..winograd.filters) {
                let start = tile.start * PLACES * count;
                let spread = &spread[start..start + PLACES * count * vectors * S::F32_LANES];
                match vectors {
                    1 => winograd.add_products::<S, 1>(simd, (places, pitch), spread, tile.start, sums),
                    2 => winograd.add_products::<S, 2>(simd, (places, pitch), spread, tile.start, sums),
                    _ => winograd.add_products::<S, 3>(simd, (places, pitch), spread, tile.start, sums),
                }
            }
        }
        winograd.add_filters(simd, sums, gradient);
    }
}

impl Winograd {
    /// Writes what an image's gradients are at each place, for `rows` rows of windows in all.
    #[inline(always)]
    fn spread<S: Simd>(
        &self,
        simd: S,
        turned: &Turned<'_>,
        (_, of_image, first): (usize, Range<usize>, usize),
        rows: usize,
        spread: &mut [f32],
    ) {
        let (in_a_row, zero) = (self.windows.in_a_row(), simd.splat_f32s(0.0));
        let count = rows * in_a_row;
        for (tile, vectors) in tiles::<S>(0..self.filters) {
            let width = vectors * S::F32_LANES;
            let spread = &mut spread[tile.start * PLACES * count..][..PLACES * count * width];
            for (row, y) in of_image.clone().enumerate() {
                for x in 0..in_a_row {
                    let to = ((first + row) * in_a_row + x) * width;
                    for v in (0..width).step_by(S::F32_LANES) {
                        let mut square = [[zero; 2]; 2];
                        for (dy, square) in square.iter_mut().enumerate() {
                            for (dx, value) in square.iter_mut().enumerate() {
                                let (y, x) = (2 * y + dy, 2 * x + dx);
                                if y < self.output.h && x < self.output.w {
                                    let (from, _) = turned.from(y * self.output.w + x, tile.start + v);
                                    *value = read(simd, from);
                                }
                            }
                        }
                        let places = transforms::both(
                            &square,
                            #[inline(always)]
                            |outputs| transforms::output_adjoint(simd, outputs),
                        );
                        for place in 0..PLACES {
                            let to = &mut spread[place * count * width + to + v..];
                            write::<S>(places[place / 4][place % 4], to);
                        }
                    }
                }
            }
        }
    }

    /// Adds the products of windows and outputs' gradients, for the filters of a tile from `filter` on.
    #[inline(always)]
    fn add_products<S: Simd, const N: usize>(
        &self,
        simd: S,
        (places, pitch): (&[f32], usize),
        spread: &[f32],
        filter: usize,
        sums: &mut [f32],
    ) {
        let (channels, width) = (self.windows.channels(), self.filters.next_multiple_of(LANE));
        let place_len = sums.len() / PLACES;
        let spread =
            spread.chunks_exact(spread.len() / PLACES).zip(places.chunks_exact(places.len() / PLACES));
        for ((spread, places), sums) in spread.zip(sums.chunks_exact_mut(place_len)) {
            let spread = S::as_simd_f32s(spread).0.as_chunks::<N>().0;
            for channel in (0..channels).step_by(ROWS) {
                let sums = &mut sums[channel * width..][..ROWS * width];
                let mut tile: Sums<S, N> = [[simd.splat_f32s(0.0); N]; ROWS];
                let mut rows: [&[f32]; ROWS] = [&[]; ROWS];
                for (i, (row, (tile, sums))) in
                    rows.iter_mut().zip(tile.iter_mut().zip(sums.chunks_exact(width))).enumerate()
                {
                    // A tile that reaches beyond the last channel takes that one again; nobody reads the sums.
                    *row = &places[(channel + i).min(channels - 1) * pitch..][..spread.len()];
                    if let Some(sums) = registers::<S, N>(&sums[filter..]) {
                        *tile = *sums;
                    }
                }
                for (window, values) in spread.iter().enumerate() {
                    step::<S, N>(simd, rows.map(|row| row[window]), values, &mut tile);
                }
                for (tile, sums) in tile.iter().zip(sums.chunks_exact_mut(width)) {
                    let end = filter + N * S::F32_LANES;
                    write_row::<S, N>(simd, tile, false, &mut sums[filter..end]);
                }
            }
        }
    }

    /// Adds what the gradients of transformed filters are to the filters themselves.
    #[inline(always)]
    fn add_filters<S: Simd>(&self, simd: S, sums: &[f32], gradient: &mut [f32]) {
        let width = self.filters.next_multiple_of(LANE);
        let place_len = sums.len() / PLACES;
        for (channel, gradient) in gradient.chunks_exact_mut(9 * self.filters).enumerate() {
            for filter in (0..self.filters).step_by(S::F32_LANES) {
                let mut places = [[simd.splat_f32s(0.0); 4]; 4];
                for place in 0..PLACES {
                    let from = place * place_len + channel * width + filter;
                    places[place / 4][place % 4] = read(simd, &sums[from..]);
                }
                let weights = transforms::both(
                    &places,
                    #[inline(always)]
                    |places| transforms::filter_adjoint(simd, places),
                );
                let end = self.filters.min(filter + S::F32_LANES);
                for (weight, gradient) in
                    weights.as_flattened().iter().zip(gradient.chunks_exact_mut(self.filters))
                {
                    write_row(simd, &[*weight], true, &mut gradient[filter..end]);
                }
            }
        }
    }
}

//! The convolution: the 16 products of matrices, and the outputs that their sums make.

use super::{Group, PLACES, Winograd, transforms};
use crate::nn::{
    products::{
        COLUMNS, LANE, PANELS, ROWS, STEPS,
        tile::{Sums, load, registers, step, store, tiles},
    },
    windows::copy_row,
};
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// Filters over the maps of images.
pub(in crate::nn) struct Convolve<'a, F> {
    pub(in crate::nn) winograd: &'a Winograd,
    /// `filter(filter, channel)`: its 3×3 weights.
    pub(in crate::nn) filter: F,
    /// Whether the filters are turned by half a circle.
    pub(in crate::nn) turned: bool,
    /// What is added to each filter's sums, if anything.
    pub(in crate::nn) bias: Option<&'a [f32]>,
    pub(in crate::nn) group: Group,
    /// The maps (images, groups, channels, height, width).
    pub(in crate::nn) maps: &'a [f32],
}

impl Winograd {
    /// The values of scratch memory that [`Convolve::write`] needs.
    pub(in crate::nn) fn convolve_len(&self) -> usize {
        let (places, placed) = self.transform_lens(self.together(self.windows.channels()));
        self.filters_len() + self.sums_len() + places + placed
    }

    /// Transformed filters: (place, panel of filters, channel, filter).
    fn filters_len(&self) -> usize {
        PLACES * (self.filters.next_multiple_of(ROWS) * self.windows.channels() + LANE)
    }

    /// Filters whose sums are taken together: more of them where more channels make them worth the way to the second
    /// cache and back.
    fn filters_together(&self) -> usize {
        ROWS * (self.windows.channels() / 16).clamp(1, 2 * PANELS)
    }

    /// From the sums of a place to those of the next, in rows: not a power of two, so that places do not displace each
    /// other in the cache.
    fn sums_pitch(&self) -> usize {
        self.filters_together() + 1
    }

    fn sums_len(&self) -> usize {
        PLACES * self.sums_pitch() * COLUMNS
    }
}

impl<'w, F: Fn(usize, usize) -> &'w [f32; 9]> Convolve<'_, F> {
    /// Writes the filters' maps (images, groups, filters, height, width) of the group.
    pub(in crate::nn) fn write(self, to: &mut [f32], scratch: &mut [f32]) {
        Arch::new().dispatch(Task { convolve: self, to, scratch });
    }

    /// Transforms the filters.
    #[inline(always)]
    fn pack(&self, packed: &mut [f32]) {
        let (filters, channels) = (self.winograd.filters, self.winograd.windows.channels());
        let place_len = packed.len() / PLACES;
        for panel in (0..filters).step_by(ROWS) {
            for channel in 0..channels {
                // A panel that reaches beyond the last filter takes that one again; nobody reads its sums.
                let mut eight = [&[0.0; 9]; ROWS];
                for (i, filter) in eight.iter_mut().enumerate() {
                    *filter = (self.filter)((panel + i).min(filters - 1), channel);
                }
                let mut weights = [[[0.0; ROWS]; 3]; 3];
                for (at, weight) in weights.as_flattened_mut().iter_mut().enumerate() {
                    let at = if self.turned { 8 - at } else { at };
                    *weight = eight.map(|filter| filter[at]);
                }
                let transformed = transforms::both(&weights, transforms::filter);
                for place in 0..PLACES {
                    let to = place * place_len + panel * channels + channel * ROWS;
                    packed[to..to + ROWS].copy_from_slice(&transformed[place / 4][place % 4]);
                }
            }
        }
    }
}

pub(super) struct Task<'a, 'c, F> {
    pub(super) convolve: Convolve<'a, F>,
    pub(super) to: &'c mut [f32],
    pub(super) scratch: &'c mut [f32],
}

impl<'w, F: Fn(usize, usize) -> &'w [f32; 9]> WithSimd for Task<'_, '_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { convolve, to, scratch } = self;
        let Convolve { winograd, bias, group, maps, .. } = convolve;
        let Winograd { windows, filters, output, .. } = winograd;
        let (packed, scratch) = scratch.split_at_mut(winograd.filters_len());
        convolve.pack(packed);
        let (sums, scratch) = scratch.split_at_mut(winograd.sums_len());
        let sums = sums.as_chunks_mut::<COLUMNS>().0;
        let rows = winograd.together(windows.channels());
        let pitch = winograd.pitch(rows);
        let (places_len, placed_len) = winograd.transform_lens(rows);
        let (places, placed) = scratch[..places_len + placed_len].split_at_mut(places_len);
        placed.fill(0.0);
        let mut present = None;
        let (map_len, together) = (output.area(), winograd.filters_together());
        let images = to.len() / (group.of * filters * map_len);
        for first in (0..images * windows.rows()).step_by(rows) {
            let these = first..(first + rows).min(images * windows.rows());
            let count = these.len() * windows.in_a_row();
            let of_image = |image| &maps[group.maps(image, windows.maps_len())];
            winograd.transform(simd, of_image, these.clone(), (places, pitch), (placed, &mut present));
            for filter in (0..*filters).step_by(together) {
                let panels = filter..(filter + together).min(*filters);
                for (tile, vectors) in tiles::<S>(0..count) {
                    let products = Products {
                        winograd,
                        packed,
                        places,
                        pitch,
                        panels: panels.clone(),
                        from: tile.start,
                    };
                    let bias = bias.map_or(&[][..], |bias| &bias[panels.clone()]);
                    let outputs =
                        Outputs { winograd, first, tile: tile.clone(), group, panels: panels.clone(), bias };
                    match vectors {
                        1 => {
                            products.write::<S, 1>(simd, sums);
                            outputs.write::<S, 1>(simd, sums, to);
                        }
                        2 => {
                            products.write::<S, 2>(simd, sums);
                            outputs.write::<S, 2>(simd, sums, to);
                        }
                        _ => {
                            products.write::<S, 3>(simd, sums);
                            outputs.write::<S, 3>(simd, sums, to);
                        }
                    }
                }
            }
        }
    }
}

/// The sums over all channels of some filters at some windows, at each place.
struct Products<'a> {
    winograd: &'a Winograd,
    packed: &'a [f32],
    places: &'a [f32],
    pitch: usize,
    panels: Range<usize>,
    /// The first window.
    from: usize,
}

impl Products<'_> {
    #[inline(always)]
    fn write<S: Simd, const N: usize>(&self, simd: S, sums: &mut [[f32; COLUMNS]]) {
        let channels = self.winograd.windows.channels();
        let place_len = self.packed.len() / PLACES;
        for (place, sums) in sums.chunks_exact_mut(self.winograd.sums_pitch()).enumerate() {
            let rows = &self.places[place * (self.places.len() / PLACES)..][..channels * self.pitch];
            let packed = &self.packed[place * place_len..][..place_len];
            for from in (0..channels).step_by(STEPS) {
                let depth = STEPS.min(channels - from);
                let rows = &rows[from * self.pitch..][..depth * self.pitch];
                for (panel, sums) in self.panels.clone().step_by(ROWS).zip(sums.chunks_exact_mut(ROWS)) {
                    let factors =
                        packed[panel * channels + from * ROWS..][..ROWS * depth].as_chunks::<ROWS>().0;
                    let mut tile: Sums<S, N> = [[simd.splat_f32s(0.0); N]; ROWS];
                    if from > 0 {
                        tile = load::<S, N>(simd, sums);
                    }
                    for (factors, row) in factors.iter().zip(rows.chunks_exact(self.pitch)) {
                        let Some(values) = registers::<S, N>(&row[self.from..]) else { break };
                        step::<S, N>(simd, *factors, values, &mut tile);
                    }
                    store::<S, N>(&tile, sums);
                }
            }
        }
    }
}

/// Where the sums of some filters at the windows of a `tile` belong in the filters' maps.
struct Outputs<'a> {
    winograd: &'a Winograd,
    /// The row of windows, counted over all images, with which the tile's count begins.
    first: usize,
    tile: Range<usize>,
    group: Group,
    panels: Range<usize>,
    bias: &'a [f32],
}

/// Windows of a tile that stand side by side in one row.
#[derive(Clone, Copy, Default)]
struct Piece {
    /// The first one, in the tile.
    at: usize,
    image: usize,
    /// The place of its outputs in a map, and how many of them there are in a row.
    y: usize,
    x: usize,
    len: usize,
}

impl Outputs<'_> {
    /// The pieces of the tile and their number.
    fn pieces(&self) -> ([Piece; COLUMNS], usize) {
        let Winograd { windows, output, .. } = self.winograd;
        let (mut pieces, mut count) = ([Piece::default(); COLUMNS], 0);
        let mut window = self.tile.start;
        while window < self.tile.end {
            let (row, x) = (self.first + window / windows.in_a_row(), window % windows.in_a_row());
            let end = (x + self.tile.end - window).min(windows.in_a_row());
            let len = output.w.min(2 * end) - 2 * x;
            let (image, y) = (row / windows.rows(), 2 * (row % windows.rows()));
            pieces[count] = Piece { at: window - self.tile.start, image, y, x: 2 * x, len };
            (count, window) = (count + 1, window + end - x);
        }
        (pieces, count)
    }

    #[inline(always)]
    fn write<S: Simd, const N: usize>(&self, simd: S, sums: &[[f32; COLUMNS]], to: &mut [f32]) {
        let Winograd { filters, output, .. } = *self.winograd;
        let (pieces, count) = self.pieces();
        for (i, filter) in self.panels.clone().enumerate() {
            let bias = simd.splat_f32s(self.bias.get(i).copied().unwrap_or(0.0));
            let mut outputs = [[0.0; COLUMNS]; 4];
            for v in 0..N {
                let mut places = [[bias; 4]; 4];
                for (place, sums) in sums.chunks_exact(self.winograd.sums_pitch()).enumerate() {
                    if let Some(sums) = registers::<S, N>(&sums[i]) {
                        places[place / 4][place % 4] = sums[v];
                    }
                }
                let square = transforms::both(
                    &places,
                    #[inline(always)]
                    |places| transforms::output(simd, places),
                );
                for (outputs, output) in outputs.iter_mut().zip(square.as_flattened()) {
                    if let Some(to) = S::as_mut_simd_f32s(outputs).0.get_mut(v) {
                        *to = simd.add_f32s(*output, bias);
                    }
                }
            }
            for (dy, [left, right]) in outputs.as_chunks::<2>().0.iter().enumerate() {
                let mut row = [0.0; 2 * COLUMNS];
                for (to, (left, right)) in row.as_chunks_mut::<2>().0.iter_mut().zip(left.iter().zip(right)) {
                    *to = [*left, *right];
                }
                for piece in &pieces[..count] {
                    let y = piece.y + dy;
                    if y < output.h {
                        let maps = &mut to[self.group.maps(piece.image, filters * output.area())];
                        let to = &mut maps[filter * output.area() + y * output.w + piece.x..];
                        copy_row(&row[2 * piece.at..][..piece.len], to);
                    }
                }
            }
        }
    }
}

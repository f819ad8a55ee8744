//! The gradient of the filters: the adjoints of the convolution's steps.

use super::{COMPONENTS, ChannelGroup, Winograd, transforms};
use crate::nn::{
    kernels::{
        tile::{Accumulators, TILE_ROWS, column, step, tiles, write_row},
        transposed_maps::TransposedMaps,
    },
    simd::{REGISTER_LEN, load, registers, store},
};
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// The gradient of a convolution's filters over the maps of images.
pub(in crate::nn) struct WinogradWeightGradient<'a> {
    pub(in crate::nn) winograd: &'a Winograd,
    pub(in crate::nn) group: ChannelGroup,
    /// The maps (images, groups, channels, height, width).
    pub(in crate::nn) maps: &'a [f32],
    /// The gradient with respect to the output maps (images, groups, filters, height, width).
    pub(in crate::nn) outputs: &'a [f32],
}

impl Winograd {
    /// The values of scratch memory that [`WinogradWeightGradient::add_to`] needs.
    pub(in crate::nn) fn weight_gradient_len(&self) -> usize {
        let rows = self.weight_gradient_rows();
        let (components, padded) = self.transform_lens(rows);
        components
            + padded
            + TransposedMaps::len(self.filters, self.output.area())
            + self.transformed_len(rows)
            + self.sums_by_filter_len()
    }

    fn weight_gradient_rows(&self) -> usize {
        self.rows_at_once(self.windows.channels().max(self.filters))
    }

    /// The transformed output gradients: tile by tile of filters, each (component, window, filter).
    fn transformed_len(&self, rows: usize) -> usize {
        COMPONENTS * rows * self.windows.row_len() * self.filters.next_multiple_of(REGISTER_LEN)
    }

    /// The gradients of the transformed filters: (component, channel, filter).
    fn sums_by_filter_len(&self) -> usize {
        COMPONENTS
            * self.windows.channels().next_multiple_of(TILE_ROWS)
            * self.filters.next_multiple_of(REGISTER_LEN)
    }
}

impl WinogradWeightGradient<'_> {
    /// Adds the gradient to `gradient`, (elements of a window, filters).
    pub(in crate::nn) fn add_to(self, gradient: &mut [f32], scratch: &mut [f32]) {
        Arch::new().dispatch(Task { op: self, gradient, scratch });
    }
}

pub(super) struct Task<'a, 'c> {
    pub(super) op: WinogradWeightGradient<'a>,
    pub(super) gradient: &'c mut [f32],
    pub(super) scratch: &'c mut [f32],
}

impl WithSimd for Task<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { op, gradient, scratch } = self;
        let WinogradWeightGradient { winograd, group, maps, outputs } = op;
        let windows = &winograd.windows;
        let rows = winograd.weight_gradient_rows();
        let pitch = winograd.pitch(rows);
        let (components_len, padded_len) = winograd.transform_lens(rows);
        let (components, scratch) = scratch.split_at_mut(components_len);
        let (padded, scratch) = scratch.split_at_mut(padded_len);
        let (transformed, scratch) = scratch.split_at_mut(winograd.transformed_len(rows));
        let (sums, transposed) = scratch.split_at_mut(winograd.sums_by_filter_len());
        let transposed = &mut transposed[..TransposedMaps::len(winograd.filters, winograd.output.area())];
        let mut transposed = TransposedMaps::new(winograd.filters, transposed);
        padded.fill(0.0);
        sums.fill(0.0);
        let mut present = None;
        let images = outputs.len() / (group.of * winograd.filters * winograd.output.area());
        for first in (0..images * windows.rows()).step_by(rows) {
            let these = first..(first + rows).min(images * windows.rows());
            let of_image = |image| &maps[group.maps(image, windows.maps_len())];
            winograd.transform(simd, of_image, these.clone(), (components, pitch), (padded, &mut present));
            for image in winograd.images(these.clone()) {
                let outputs = &outputs[group.maps(image.0, winograd.filters * winograd.output.area())];
                let map_len = winograd.output.area();
                transposed.put(0, 0..map_len, outputs, map_len);
                winograd.transformed(simd, &transposed, image, these.len(), transformed);
            }
            let count = these.len() * windows.row_len();
            for (tile, vectors) in tiles::<S>(0..winograd.filters) {
                let start = tile.start * COMPONENTS * count;
                let transformed = &transformed[start..start + COMPONENTS * count * vectors * S::F32_LANES];
                match vectors {
                    1 => winograd.add_products::<S, 1>(
                        simd,
                        (components, pitch),
                        transformed,
                        tile.start,
                        sums,
                    ),
                    2 => winograd.add_products::<S, 2>(
                        simd,
                        (components, pitch),
                        transformed,
                        tile.start,
                        sums,
                    ),
                    _ => winograd.add_products::<S, 3>(
                        simd,
                        (components, pitch),
                        transformed,
                        tile.start,
                        sums,
                    ),
                }
            }
        }
        winograd.add_filters(simd, sums, gradient);
    }
}

impl Winograd {
    /// Transforms an image's output gradients, for `rows` rows of windows in all.
    #[inline(always)]
    fn transformed<S: Simd>(
        &self,
        simd: S,
        transposed: &TransposedMaps<'_>,
        (_, of_image, first): (usize, Range<usize>, usize),
        rows: usize,
        transformed: &mut [f32],
    ) {
        let (row_len, zero) = (self.windows.row_len(), simd.splat_f32s(0.0));
        let count = rows * row_len;
        for (tile, vectors) in tiles::<S>(0..self.filters) {
            let width = vectors * S::F32_LANES;
            let transformed =
                &mut transformed[tile.start * COMPONENTS * count..][..COMPONENTS * count * width];
            for (row, y) in of_image.clone().enumerate() {
                for x in 0..row_len {
                    let to = ((first + row) * row_len + x) * width;
                    for v in (0..width).step_by(S::F32_LANES) {
                        let mut square = [[zero; 2]; 2];
                        for (dy, square) in square.iter_mut().enumerate() {
                            for (dx, value) in square.iter_mut().enumerate() {
                                let (y, x) = (2 * y + dy, 2 * x + dx);
                                if y < self.output.h && x < self.output.w {
                                    let (from, _) = transposed.from(y * self.output.w + x, tile.start + v);
                                    *value = load(simd, from);
                                }
                            }
                        }
                        let components = transforms::both(
                            &square,
                            #[inline(always)]
                            |outputs| transforms::output_adjoint(simd, outputs),
                        );
                        for component in 0..COMPONENTS {
                            let to = &mut transformed[component * count * width + to + v..];
                            store::<S>(components[component / 4][component % 4], to);
                        }
                    }
                }
            }
        }
    }

    /// Adds the products of windows and output gradients, for the filters of a tile from `filter` on.
    #[inline(always)]
    fn add_products<S: Simd, const N: usize>(
        &self,
        simd: S,
        (components, pitch): (&[f32], usize),
        transformed: &[f32],
        filter: usize,
        sums: &mut [f32],
    ) {
        let (channels, width) = (self.windows.channels(), self.filters.next_multiple_of(REGISTER_LEN));
        let component_len = sums.len() / COMPONENTS;
        let (transformed_len, components_len) =
            (transformed.len() / COMPONENTS, components.len() / COMPONENTS);
        for (component, sums) in sums.chunks_exact_mut(component_len).enumerate() {
            let transformed = &transformed[component * transformed_len..][..transformed_len];
            let transformed = S::as_simd_f32s(transformed).0.as_chunks::<N>().0;
            let components = &components[component * components_len..][..components_len];
            for channel in (0..channels).step_by(TILE_ROWS) {
                let sums = &mut sums[channel * width..][..TILE_ROWS * width];
                let mut tile: Accumulators<S, N> = [[simd.splat_f32s(0.0); N]; TILE_ROWS];
                let mut rows: [&[f32]; TILE_ROWS] = [&[]; TILE_ROWS];
                for i in 0..TILE_ROWS {
                    // A tile past the last channel repeats that channel; its sums are not used.
                    rows[i] = &components[(channel + i).min(channels - 1) * pitch..][..transformed.len()];
                    tile[i] = registers::<S, N>(simd, sums, i * width + filter);
                }
                for window in 0..transformed.len() {
                    step::<S, N>(simd, column(&rows, window), transformed[window], &mut tile);
                }
                for i in 0..TILE_ROWS {
                    let to = &mut sums[i * width + filter..][..N * S::F32_LANES];
                    write_row::<S, N>(simd, &tile[i], false, to);
                }
            }
        }
    }

    /// Transforms the gradients of the components back to the filters and adds them.
    #[inline(always)]
    fn add_filters<S: Simd>(&self, simd: S, sums: &[f32], gradient: &mut [f32]) {
        let width = self.filters.next_multiple_of(REGISTER_LEN);
        let component_len = sums.len() / COMPONENTS;
        for (channel, gradient) in gradient.chunks_exact_mut(9 * self.filters).enumerate() {
            for filter in (0..self.filters).step_by(S::F32_LANES) {
                let mut components = [[simd.splat_f32s(0.0); 4]; 4];
                for component in 0..COMPONENTS {
                    let from = component * component_len + channel * width + filter;
                    components[component / 4][component % 4] = load(simd, &sums[from..]);
                }
                let weights = transforms::both(
                    &components,
                    #[inline(always)]
                    |components| transforms::filter_adjoint(simd, components),
                );
                let end = self.filters.min(filter + S::F32_LANES);
                for at in 0..9 {
                    let gradient = &mut gradient[at * self.filters..][..self.filters];
                    write_row(simd, &[weights[at / 3][at % 3]], true, &mut gradient[filter..end]);
                }
            }
        }
    }
}

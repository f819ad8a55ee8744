//! The convolution: the 16 matrix products, and the transform of their sums to outputs.

use super::{COMPONENTS, ChannelGroup, Winograd, transforms};
use crate::nn::{
    kernels::tile::{Accumulators, DEPTH_BLOCK, PANELS, TILE_ROWS, load_tile, step, store_tile, tiles},
    simd::{MAX_TILE_COLUMNS, REGISTER_LEN, registers},
    windows::copy_row,
};
use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// The convolution of the maps of images.
pub(in crate::nn) struct WinogradConv<'a, F> {
    pub(in crate::nn) winograd: &'a Winograd,
    /// `filter(filter, channel)`: its 3×3 weights.
    pub(in crate::nn) filter: F,
    /// Whether the filters are rotated by 180°.
    pub(in crate::nn) rotated: bool,
    /// One value per filter, if there is a bias.
    pub(in crate::nn) bias: Option<&'a [f32]>,
    pub(in crate::nn) group: ChannelGroup,
    /// The maps (images, groups, channels, height, width).
    pub(in crate::nn) maps: &'a [f32],
}

impl Winograd {
    /// The values of scratch memory that [`WinogradConv::write`] needs.
    pub(in crate::nn) fn conv_len(&self) -> usize {
        let (components, padded) = self.transform_lens(self.rows_at_once(self.windows.channels()));
        self.filters_len() + self.sums_len() + components + padded
    }

    /// Transformed filters: (component, panel of filters, channel, filter).
    fn filters_len(&self) -> usize {
        COMPONENTS * (self.filters.next_multiple_of(TILE_ROWS) * self.windows.channels() + REGISTER_LEN)
    }

    /// The number of filters that are computed at a time: more for more channels, whose long sums make up for storing the
    /// accumulators in the L2 cache.
    fn filters_at_once(&self) -> usize {
        TILE_ROWS * (self.windows.channels() / 16).clamp(1, 2 * PANELS)
    }

    /// The distance between the sums of two components, in rows: not a power of two, so that components map to different
    /// cache sets.
    fn sums_pitch(&self) -> usize {
        self.filters_at_once() + 1
    }

    fn sums_len(&self) -> usize {
        COMPONENTS * self.sums_pitch() * MAX_TILE_COLUMNS
    }
}

impl<'w, F: Fn(usize, usize) -> &'w [f32; 9]> WinogradConv<'_, F> {
    /// Writes the group's output maps, in (images, groups, filters, height, width).
    pub(in crate::nn) fn write(self, to: &mut [f32], scratch: &mut [f32]) {
        Arch::new().dispatch(Task { conv: self, to, scratch });
    }

    /// Transforms the filters.
    #[inline(always)]
    fn pack(&self, packed: &mut [f32]) {
        let (filters, channels) = (self.winograd.filters, self.winograd.windows.channels());
        let component_len = packed.len() / COMPONENTS;
        for panel in (0..filters).step_by(TILE_ROWS) {
            for channel in 0..channels {
                // A panel past the last filter repeats that filter; its sums are not used.
                let mut eight = [&[0.0; 9]; TILE_ROWS];
                for (i, filter) in eight.iter_mut().enumerate() {
                    *filter = (self.filter)((panel + i).min(filters - 1), channel);
                }
                let mut weights = [[[0.0; TILE_ROWS]; 3]; 3];
                for at in 0..9 {
                    let from = if self.rotated { 8 - at } else { at };
                    for i in 0..TILE_ROWS {
                        weights[at / 3][at % 3][i] = eight[i][from];
                    }
                }
                let transformed = transforms::both(&weights, transforms::filter);
                for component in 0..COMPONENTS {
                    let to = component * component_len + panel * channels + channel * TILE_ROWS;
                    copy_row(&transformed[component / 4][component % 4], &mut packed[to..]);
                }
            }
        }
    }
}

pub(super) struct Task<'a, 'c, F> {
    pub(super) conv: WinogradConv<'a, F>,
    pub(super) to: &'c mut [f32],
    pub(super) scratch: &'c mut [f32],
}

impl<'w, F: Fn(usize, usize) -> &'w [f32; 9]> WithSimd for Task<'_, '_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { conv, to, scratch } = self;
        let WinogradConv { winograd, bias, group, maps, .. } = conv;
        let Winograd { windows, filters, output, .. } = winograd;
        let (packed, scratch) = scratch.split_at_mut(winograd.filters_len());
        conv.pack(packed);
        let (sums, scratch) = scratch.split_at_mut(winograd.sums_len());
        let sums = sums.as_chunks_mut::<MAX_TILE_COLUMNS>().0;
        let rows = winograd.rows_at_once(windows.channels());
        let pitch = winograd.pitch(rows);
        let (components_len, padded_len) = winograd.transform_lens(rows);
        let (components, padded) = scratch[..components_len + padded_len].split_at_mut(components_len);
        padded.fill(0.0);
        let mut loaded = None;
        let (map_len, together) = (output.area(), winograd.filters_at_once());
        let images = to.len() / (group.of * filters * map_len);
        for first in (0..images * windows.rows()).step_by(rows) {
            let these = first..(first + rows).min(images * windows.rows());
            let count = these.len() * windows.row_len();
            let of_image = |image| &maps[group.maps(image, windows.maps_len())];
            winograd.transform(simd, of_image, these.clone(), (components, pitch), (padded, &mut loaded));
            for filter in (0..*filters).step_by(together) {
                let panels = filter..(filter + together).min(*filters);
                for (tile, vectors) in tiles::<S>(0..count) {
                    let kernels = Products {
                        winograd,
                        packed,
                        components,
                        pitch,
                        panels: panels.clone(),
                        from: tile.start,
                    };
                    let bias = bias.map_or(&[][..], |bias| &bias[panels.clone()]);
                    let outputs =
                        Outputs { winograd, first, tile: tile.clone(), group, panels: panels.clone(), bias };
                    match vectors {
                        1 => {
                            kernels.write::<S, 1>(simd, sums);
                            outputs.write::<S, 1>(simd, sums, to);
                        }
                        2 => {
                            kernels.write::<S, 2>(simd, sums);
                            outputs.write::<S, 2>(simd, sums, to);
                        }
                        _ => {
                            kernels.write::<S, 3>(simd, sums);
                            outputs.write::<S, 3>(simd, sums, to);
                        }
                    }
                }
            }
        }
    }
}

/// The sums over all channels, for some filters and windows, of each component.
struct Products<'a> {
    winograd: &'a Winograd,
    packed: &'a [f32],
    components: &'a [f32],
    pitch: usize,
    panels: Range<usize>,
    /// The first window.
    from: usize,
}

impl Products<'_> {
    #[inline(always)]
    fn write<S: Simd, const N: usize>(&self, simd: S, sums: &mut [[f32; MAX_TILE_COLUMNS]]) {
        let channels = self.winograd.windows.channels();
        let component_len = self.packed.len() / COMPONENTS;
        for (component, sums) in sums.chunks_exact_mut(self.winograd.sums_pitch()).enumerate() {
            let rows =
                &self.components[component * (self.components.len() / COMPONENTS)..][..channels * self.pitch];
            let packed = &self.packed[component * component_len..][..component_len];
            for from in (0..channels).step_by(DEPTH_BLOCK) {
                let depth = DEPTH_BLOCK.min(channels - from);
                let rows = &rows[from * self.pitch..][..depth * self.pitch];
                for (i, panel) in self.panels.clone().step_by(TILE_ROWS).enumerate() {
                    let sums = &mut sums[i * TILE_ROWS..][..TILE_ROWS];
                    let factors = packed[panel * channels + from * TILE_ROWS..][..TILE_ROWS * depth]
                        .as_chunks::<TILE_ROWS>()
                        .0;
                    let mut tile: Accumulators<S, N> = [[simd.splat_f32s(0.0); N]; TILE_ROWS];
                    if from > 0 {
                        tile = load_tile::<S, N>(simd, sums);
                    }
                    for i in 0..factors.len() {
                        let values = registers::<S, N>(simd, rows, i * self.pitch + self.from);
                        step::<S, N>(simd, factors[i], values, &mut tile);
                    }
                    store_tile::<S, N>(&tile, sums);
                }
            }
        }
    }
}

/// Writes the sums of some filters at the windows of a `tile` to the output maps.
struct Outputs<'a> {
    winograd: &'a Winograd,
    /// The row of windows, counted over all images, from which the tile's windows are counted.
    first: usize,
    tile: Range<usize>,
    group: ChannelGroup,
    panels: Range<usize>,
    bias: &'a [f32],
}

/// Consecutive windows of a tile in one row.
#[derive(Clone, Copy, Default)]
struct Piece {
    /// The first of them, in the tile.
    at: usize,
    image: usize,
    /// Row and column of its first output.
    y: usize,
    x: usize,
    /// Outputs per row.
    len: usize,
}

impl Outputs<'_> {
    /// The pieces of the tile and their number.
    fn pieces(&self) -> ([Piece; MAX_TILE_COLUMNS], usize) {
        let Winograd { windows, output, .. } = self.winograd;
        let (mut pieces, mut count) = ([Piece::default(); MAX_TILE_COLUMNS], 0);
        let mut window = self.tile.start;
        while window < self.tile.end {
            let (row, x) = (self.first + window / windows.row_len(), window % windows.row_len());
            let end = (x + self.tile.end - window).min(windows.row_len());
            let len = output.w.min(2 * end) - 2 * x;
            let (image, y) = (row / windows.rows(), 2 * (row % windows.rows()));
            pieces[count] = Piece { at: window - self.tile.start, image, y, x: 2 * x, len };
            (count, window) = (count + 1, window + end - x);
        }
        (pieces, count)
    }

    #[inline(always)]
    fn write<S: Simd, const N: usize>(&self, simd: S, sums: &[[f32; MAX_TILE_COLUMNS]], to: &mut [f32]) {
        let Winograd { filters, output, .. } = *self.winograd;
        let (pieces, count) = self.pieces();
        for (i, filter) in self.panels.clone().enumerate() {
            let bias = simd.splat_f32s(self.bias.get(i).copied().unwrap_or(0.0));
            let mut outputs = [[0.0; MAX_TILE_COLUMNS]; 4];
            for v in 0..N {
                let mut components = [[bias; 4]; 4];
                for (component, sums) in sums.chunks_exact(self.winograd.sums_pitch()).enumerate() {
                    let sums = registers::<S, N>(simd, &sums[i], 0);
                    components[component / 4][component % 4] = sums[v];
                }
                let square = transforms::both(
                    &components,
                    #[inline(always)]
                    |components| transforms::output(simd, components),
                );
                for at in 0..4 {
                    if let Some(to) = S::as_mut_simd_f32s(&mut outputs[at]).0.get_mut(v) {
                        *to = simd.add_f32s(square[at / 2][at % 2], bias);
                    }
                }
            }
            for dy in 0..2 {
                let (left, right) = (&outputs[2 * dy], &outputs[2 * dy + 1]);
                let mut row = [0.0; 2 * MAX_TILE_COLUMNS];
                for x in 0..MAX_TILE_COLUMNS {
                    (row[2 * x], row[2 * x + 1]) = (left[x], right[x]);
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

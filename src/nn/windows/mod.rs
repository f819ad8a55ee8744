//! Windows over padded maps: the im2col matrix without writing it.
//!
//! In padded maps, every element of a window is at a fixed offset from the window's first one, so a row of the im2col
//! matrix is a span of memory; only where it begins differs between elements. For a stride above 1 the maps are split into
//! phases (every second row and column, say), in which windows are contiguous again.

mod pad;

pub(in crate::nn) use pad::copy_row;

use super::{
    im2col::{Geometry, Window},
    pair::Pair,
    simd::{OVERREAD, REGISTER_LEN},
};

/// The layout of padded maps, and the windows over them.
#[derive(Debug)]
pub(super) struct Windows {
    /// (height, width) of a map.
    map: Pair,
    /// (height, width) of a padded map.
    padded: Pair,
    /// Where the map's first cell is in the padded map. A negative value leaves out that many rows or columns.
    first: (isize, isize),
    /// The distance between the map's cells in the padded map, with zeros between them: 1, or the stride in an adjoint.
    spread: Pair,
    /// The distance between neighbouring windows, which is also the number of phases per side.
    stride: Pair,
    /// The distance between two rows of a phase. The right border of a row is the left border of the next.
    pitch: usize,
    /// Values of a phase.
    phase: usize,
    channels: usize,
    /// (rows of windows, windows per row)
    grid: Pair,
    /// Elements of a window in one channel.
    area: usize,
    /// The offsets of a window's elements in its first channels, in the order (channel, row, column).
    offsets: Vec<usize>,
}

/// The most offsets that are stored for more than one channel, which is enough for ordinary networks.
const MAX_STORED_OFFSETS: usize = 1 << 12;

impl Windows {
    /// The windows of a convolution.
    pub(super) fn forward(g: &Geometry) -> Self {
        let Geometry { channels, height, width, window, .. } = *g;
        let Pair { h, w } = window.padding;
        let map = Pair { h: height, w: width };
        let padded = Pair { h: height + 2 * h, w: width + 2 * w };
        let windows = Pair { h: g.out_height, w: g.out_width };
        Self::new(
            g.window,
            channels,
            (map, padded),
            (h as isize, w as isize),
            Pair::square(1),
            window.stride,
            windows,
        )
    }

    /// The windows of a convolution's adjoint, which is a convolution over the `filters` output maps: one window for each
    /// cell of the input, over all outputs that the cell contributes to.
    pub(super) fn backward(g: &Geometry, filters: usize) -> Self {
        let Pair { h, w } = g.window.kernel_size;
        let Pair { h: dilation_h, w: dilation_w } = g.window.dilation;
        let border = Pair { h: dilation_h * (h - 1), w: dilation_w * (w - 1) };
        let map = Pair { h: g.out_height, w: g.out_width };
        let padded = Pair { h: g.height + border.h, w: g.width + border.w };
        let inset = |border: usize, padding: usize| border as isize - padding as isize;
        let first = (inset(border.h, g.window.padding.h), inset(border.w, g.window.padding.w));
        let windows = Pair { h: g.height, w: g.width };
        Self::new(g.window, filters, (map, padded), first, g.window.stride, Pair::square(1), windows)
    }

    /// Windows of 4×4, two cells apart, each for 2×2 cells of `output`. The maps' first cell is at `first` of the first
    /// window.
    pub(super) fn winograd_tiles(channels: usize, map: Pair, first: (isize, isize), output: Pair) -> Self {
        let grid = Pair { h: output.h.div_ceil(2), w: output.w.div_ceil(2) };
        let padded = Pair { h: 2 * grid.h + 2, w: 2 * grid.w + 2 };
        let window = Window {
            kernel_size: Pair::square(4),
            stride: Pair::square(2),
            padding: Pair::square(0),
            dilation: Pair::square(1),
        };
        Self::new(window, channels, (map, padded), first, Pair::square(1), window.stride, grid)
    }

    fn new(
        window: Window,
        channels: usize,
        (map, padded): (Pair, Pair),
        first: (isize, isize),
        spread: Pair,
        stride: Pair,
        windows: Pair,
    ) -> Self {
        let (kernel, dilation) = (window.kernel_size, window.dilation);
        let left = usize::try_from(first.1).unwrap_or(0).min(padded.w);
        let end = usize::try_from(first.1 + ((map.w - 1) * spread.w) as isize + 1).unwrap_or(0).min(padded.w);
        let pitch = windows.w.max((padded.w - left).max(end).div_ceil(stride.w));
        // Reads past the end of the last row stay in this phase.
        let phase = padded.h.div_ceil(stride.h) * pitch + padded.w.div_ceil(stride.w).saturating_sub(pitch);
        let across = (0..kernel.w).map(|x| x * dilation.w);
        let across = across.map(|x| x % stride.w * phase + x / stride.w);
        let down = (0..kernel.h).map(|y| y * dilation.h);
        let down = down.map(|y| y % stride.h * stride.w * phase + y / stride.h * pitch);
        let of_one: Vec<usize> = down.flat_map(|y| across.clone().map(move |x| y + x)).collect();
        let area = kernel.area();
        let planes = (0..(MAX_STORED_OFFSETS / area).clamp(1, channels))
            .map(|channel| channel * stride.area() * phase);
        let offsets = planes.flat_map(|plane| of_one.iter().map(move |at| plane + at)).collect();
        Self { map, padded, first, spread, stride, pitch, phase, channels, grid: windows, area, offsets }
    }

    /// The offsets of a window's elements in this many channels, in the order (channel, row, column): one channel, or as many
    /// as have at most [`MAX_STORED_OFFSETS`] elements.
    #[inline(always)]
    pub(super) fn offsets(&self, channels: usize) -> &[usize] {
        &self.offsets[..channels * self.area]
    }

    /// The offset of a channel's first element from the window's.
    pub(super) fn channel_offset(&self, channel: usize) -> usize {
        channel * self.stride.area() * self.phase
    }

    /// Elements of a window over all channels.
    pub(super) fn elements(&self) -> usize {
        self.channels * self.area
    }

    /// Elements of a window in one channel.
    pub(super) fn area(&self) -> usize {
        self.area
    }

    /// Values of an image's maps.
    pub(super) fn maps_len(&self) -> usize {
        self.channels * self.map.area()
    }

    /// Channels.
    pub(super) fn channels(&self) -> usize {
        self.channels
    }

    /// The distance between the first elements of two rows of windows.
    pub(super) fn pitch(&self) -> usize {
        self.pitch
    }

    /// Rows of windows.
    pub(super) fn rows(&self) -> usize {
        self.grid.h
    }

    /// Windows per row.
    pub(super) fn row_len(&self) -> usize {
        self.grid.w
    }

    /// The windows over the maps of this many interleaved images.
    pub(super) fn interleaved(&self, images: usize) -> InterleavedWindows<'_> {
        InterleavedWindows { windows: self, images }
    }
}

/// Windows over the maps of interleaved images: all distances and row lengths are multiplied by the number of images.
#[derive(Clone, Copy, Debug)]
pub(super) struct InterleavedWindows<'a> {
    pub(super) windows: &'a Windows,
    pub(super) images: usize,
}

impl InterleavedWindows<'_> {
    /// The length of the padded maps that [`InterleavedWindows::pad`] writes.
    pub(super) fn padded_len(&self) -> usize {
        (self.windows.channels * self.phases() + OVERREAD).next_multiple_of(REGISTER_LEN)
    }

    /// Values of a map's phases.
    fn phases(&self) -> usize {
        self.windows.stride.area() * self.phase()
    }

    /// Values of a phase.
    fn phase(&self) -> usize {
        self.windows.phase * self.images
    }

    /// The offset of element `i` of a window, in the order (channel, row, column).
    #[inline(always)]
    pub(super) fn offset(&self, i: usize) -> usize {
        let Windows { offsets, area, .. } = self.windows;
        let stored = offsets.get(i).copied();
        stored.unwrap_or_else(|| self.windows.channel_offset(i / area) + offsets[i % area]) * self.images
    }

    /// The distance between the first values of two rows of windows.
    pub(super) fn pitch(&self) -> usize {
        self.windows.pitch * self.images
    }

    /// Rows of windows.
    pub(super) fn rows(&self) -> usize {
        self.windows.grid.h
    }

    /// Windows per row, of all images.
    pub(super) fn row_len(&self) -> usize {
        self.windows.grid.w * self.images
    }

    /// Windows of all images.
    pub(super) fn count(&self) -> usize {
        self.windows.grid.area() * self.images
    }

    /// The length from the first window to the end of the last.
    pub(super) fn span(&self) -> usize {
        (self.rows() - 1) * self.pitch() + self.row_len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::im2col::im2col;

    /// Every setting, with sizes that are multiples of the stride and others.
    fn geometries() -> Vec<Geometry> {
        let (one, zero) = (Pair::square(1), Pair::square(0));
        let plain = Window { kernel_size: Pair { h: 2, w: 3 }, stride: one, padding: zero, dilation: one };
        // More elements than are stored.
        let mut all = vec![Geometry::new(MAX_STORED_OFFSETS / 6 + 2, 2, 4, plain).unwrap()];
        for (stride, padding, dilation) in [(1, 0, 1), (1, 1, 1), (1, 4, 1), (2, 1, 1), (3, 2, 2), (2, 0, 3)]
        {
            for (height, width) in [(9, 10), (7, 7)] {
                let window = Window {
                    kernel_size: Pair { h: 2, w: 3 },
                    stride: Pair { h: stride, w: stride.min(2) },
                    padding: Pair { h: padding, w: padding / 2 },
                    dilation: Pair { h: dilation, w: 1 },
                };
                all.extend(Geometry::new(2, height, width, window));
                let turned = |pair: Pair| Pair { h: pair.w, w: pair.h };
                let window = Window {
                    kernel_size: window.kernel_size,
                    stride: turned(window.stride),
                    padding: turned(window.padding),
                    dilation: turned(window.dilation),
                };
                all.extend(Geometry::new(2, height, width, window));
            }
        }
        all
    }

    #[test]
    fn windows_agree_with_im2col() {
        let geometries = geometries();
        assert!(geometries.len() > 20);
        for g in geometries {
            let windows = Windows::forward(&g);
            let maps: Vec<f32> = (1..=g.channels * g.height * g.width).map(|i| i as f32).collect();
            let mut matrix = vec![0.0; g.rows() * g.columns()];
            im2col(&maps, &g, &mut matrix);
            for images in [1, 5] {
                // Image i is the first one times i.
                let interleaved: Vec<f32> =
                    maps.iter().flat_map(|value| (1..=images).map(move |i| value * i as f32)).collect();
                let windows = windows.interleaved(images);
                let mut padded = vec![0.0; windows.padded_len()];
                windows.pad(&interleaved, &mut padded);
                for (element, row) in matrix.chunks(g.columns()).enumerate() {
                    let element = windows.offset(element);
                    for (i, &value) in row.iter().enumerate() {
                        let at = i / g.out_width * windows.pitch() + i % g.out_width * images;
                        for image in 0..images {
                            let value = value * (image + 1) as f32;
                            assert_eq!(
                                padded[element + at + image],
                                value,
                                "{g:?}, at {element}, window {i}"
                            );
                        }
                    }
                    assert!(element + windows.span() + OVERREAD <= padded.len(), "{g:?}");
                }
            }
        }
    }
}

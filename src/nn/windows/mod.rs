//! The im2col matrix without writing it: windows over maps that stand in memory with their border of zeros.
//!
//! With the border there, every element of a window is at a fixed distance from the window's first one: a row of the
//! matrix is a stretch of the memory, the same for each element but for where it begins. Windows that step over cells
//! see the maps in phases, each of the cells that one element can see, so that theirs is such a stretch too.

mod place;

pub(in crate::nn) use place::copy_row;

use super::{
    im2col::{Geometry, Window},
    pair::Pair,
    products::{LANE, SLACK},
};

/// Where maps are put to be read by windows, and how the windows go over them.
#[derive(Debug)]
pub(super) struct Windows {
    /// (height, width) of a map as it comes.
    map: Pair,
    /// (height, width) of a map with its border.
    room: Pair,
    /// Where the map's first cell is put in it; below zero, so many rows or columns are left out.
    first: (isize, isize),
    /// The distance at which the map's cells are put, with zeros between.
    spread: Pair,
    /// Between the first elements of neighbouring windows; also the number of phases.
    stride: Pair,
    /// From one row of a phase to the next: the border at the right is the next row's at the left.
    pitch: usize,
    /// Values of a phase.
    phase: usize,
    channels: usize,
    /// (rows, windows in a row)
    grid: Pair,
    /// Elements of a window in one channel.
    area: usize,
    /// From a window's first element to each in the first channels, in the order (channel, row, column).
    elements: Vec<usize>,
}

/// Elements whose distances are kept, if they are of more than one channel: those of any network that is not absurd.
const KEPT: usize = 1 << 12;

impl Windows {
    /// The windows of a convolution.
    pub(super) fn forward(g: &Geometry) -> Self {
        let Geometry { channels, height, width, window, .. } = *g;
        let Pair { h, w } = window.padding;
        let map = Pair { h: height, w: width };
        let room = Pair { h: height + 2 * h, w: width + 2 * w };
        let windows = Pair { h: g.out_height, w: g.out_width };
        Self::new(
            g.window,
            channels,
            (map, room),
            (h as isize, w as isize),
            Pair::square(1),
            window.stride,
            windows,
        )
    }

    /// The windows over `filters` maps of output by which the adjoint of a convolution is a convolution too, of one
    /// window for each cell of the input: all outputs that the cell reaches.
    pub(super) fn backward(g: &Geometry, filters: usize) -> Self {
        let Pair { h, w } = g.window.kernel_size;
        let Pair { h: dilation_h, w: dilation_w } = g.window.dilation;
        let border = Pair { h: dilation_h * (h - 1), w: dilation_w * (w - 1) };
        let map = Pair { h: g.out_height, w: g.out_width };
        let room = Pair { h: g.height + border.h, w: g.width + border.w };
        let inset = |border: usize, padding: usize| border as isize - padding as isize;
        let first = (inset(border.h, g.window.padding.h), inset(border.w, g.window.padding.w));
        let windows = Pair { h: g.height, w: g.width };
        Self::new(g.window, filters, (map, room), first, g.window.stride, Pair::square(1), windows)
    }

    /// Windows of 4×4 that stand two cells apart, so that from each one can tell 2×2 cells of `output`. The maps' first cell is
    /// put at `first` of the first window.
    pub(super) fn in_twos(channels: usize, map: Pair, first: (isize, isize), output: Pair) -> Self {
        let grid = Pair { h: output.h.div_ceil(2), w: output.w.div_ceil(2) };
        let room = Pair { h: 2 * grid.h + 2, w: 2 * grid.w + 2 };
        let window = Window {
            kernel_size: Pair::square(4),
            stride: Pair::square(2),
            padding: Pair::square(0),
            dilation: Pair::square(1),
        };
        Self::new(window, channels, (map, room), first, Pair::square(1), window.stride, grid)
    }

    fn new(
        window: Window,
        channels: usize,
        (map, room): (Pair, Pair),
        first: (isize, isize),
        spread: Pair,
        stride: Pair,
        windows: Pair,
    ) -> Self {
        let (kernel, dilation) = (window.kernel_size, window.dilation);
        let left = usize::try_from(first.1).unwrap_or(0).min(room.w);
        let end = usize::try_from(first.1 + ((map.w - 1) * spread.w) as isize + 1).unwrap_or(0).min(room.w);
        let pitch = windows.w.max((room.w - left).max(end).div_ceil(stride.w));
        // What the last row reads beyond its end is this phase's too.
        let phase = room.h.div_ceil(stride.h) * pitch + room.w.div_ceil(stride.w).saturating_sub(pitch);
        let across = (0..kernel.w).map(|x| x * dilation.w);
        let across = across.map(|x| x % stride.w * phase + x / stride.w);
        let down = (0..kernel.h).map(|y| y * dilation.h);
        let down = down.map(|y| y % stride.h * stride.w * phase + y / stride.h * pitch);
        let of_one: Vec<usize> = down.flat_map(|y| across.clone().map(move |x| y + x)).collect();
        let area = kernel.area();
        let planes = (0..(KEPT / area).clamp(1, channels)).map(|channel| channel * stride.area() * phase);
        let elements = planes.flat_map(|plane| of_one.iter().map(move |at| plane + at)).collect();
        Self { map, room, first, spread, stride, pitch, phase, channels, grid: windows, area, elements }
    }

    /// From a window's first element in a channel to each in that and the next ones, in the order (channel, row, column).
    /// The channels are one, or have at most [`KEPT`] elements.
    #[inline(always)]
    pub(super) fn elements_of(&self, channels: usize) -> &[usize] {
        &self.elements[..channels * self.area]
    }

    /// From a window's first element to the first one in this channel.
    pub(super) fn channel(&self, channel: usize) -> usize {
        channel * self.stride.area() * self.phase
    }

    /// Elements of a window.
    pub(super) fn elements(&self) -> usize {
        self.channels * self.area
    }

    /// Elements of a window in one channel.
    pub(super) fn area(&self) -> usize {
        self.area
    }

    /// Values of all maps of an image.
    pub(super) fn maps_len(&self) -> usize {
        self.channels * self.map.area()
    }

    /// Maps under a window.
    pub(super) fn channels(&self) -> usize {
        self.channels
    }

    /// From the first element of a row of windows to that of the next.
    pub(super) fn pitch(&self) -> usize {
        self.pitch
    }

    /// Rows of windows.
    pub(super) fn rows(&self) -> usize {
        self.grid.h
    }

    /// Windows in a row, whose first elements are neighbours.
    pub(super) fn in_a_row(&self) -> usize {
        self.grid.w
    }

    /// The windows over the maps of so many images abreast: of each cell, one image's value beside the next one's.
    pub(super) fn over(&self, images: usize) -> Over<'_> {
        Over { windows: self, images }
    }
}

/// Windows over the maps of some images abreast. Every distance is so many times what it is over one image, and rows are
/// so many times as long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Over<'a> {
    pub(super) windows: &'a Windows,
    pub(super) images: usize,
}

impl Over<'_> {
    /// The values that [`Over::place`] writes to.
    pub(super) fn room_len(&self) -> usize {
        (self.windows.channels * self.phases() + SLACK).next_multiple_of(LANE)
    }

    /// Values of all phases of a map.
    fn phases(&self) -> usize {
        self.windows.stride.area() * self.phase()
    }

    /// Values of a phase.
    fn phase(&self) -> usize {
        self.windows.phase * self.images
    }

    /// From a window's first value to its element number `i`, in the order (channel, row, column).
    #[inline(always)]
    pub(super) fn element(&self, i: usize) -> usize {
        let Windows { elements, area, .. } = self.windows;
        let kept = elements.get(i).copied();
        kept.unwrap_or_else(|| self.windows.channel(i / area) + elements[i % area]) * self.images
    }

    /// From the first value of a row of windows to that of the next.
    pub(super) fn pitch(&self) -> usize {
        self.windows.pitch * self.images
    }

    /// Rows of windows.
    pub(super) fn rows(&self) -> usize {
        self.windows.grid.h
    }

    /// Windows in a row, of all images.
    pub(super) fn in_a_row(&self) -> usize {
        self.windows.grid.w * self.images
    }

    /// All windows.
    pub(super) fn count(&self) -> usize {
        self.windows.grid.area() * self.images
    }

    /// From the first window to behind the last one.
    pub(super) fn stretch(&self) -> usize {
        (self.rows() - 1) * self.pitch() + self.in_a_row()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::im2col::im2col;

    /// Every setting at sizes that do and do not divide.
    fn geometries() -> Vec<Geometry> {
        let (one, zero) = (Pair::square(1), Pair::square(0));
        let plain = Window { kernel_size: Pair { h: 2, w: 3 }, stride: one, padding: zero, dilation: one };
        // With more elements than are kept.
        let mut all = vec![Geometry::new(KEPT / 6 + 2, 2, 4, plain).unwrap()];
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
    fn windows_see_what_im2col_writes() {
        let geometries = geometries();
        assert!(geometries.len() > 20);
        for g in geometries {
            let windows = Windows::forward(&g);
            let maps: Vec<f32> = (1..=g.channels * g.height * g.width).map(|i| i as f32).collect();
            let mut matrix = vec![0.0; g.rows() * g.columns()];
            im2col(&maps, &g, &mut matrix);
            for images in [1, 5] {
                // Each image is as many times the first as its number says.
                let abreast: Vec<f32> =
                    maps.iter().flat_map(|value| (1..=images).map(move |i| value * i as f32)).collect();
                let over = windows.over(images);
                let mut room = vec![0.0; over.room_len()];
                over.place(&abreast, &mut room);
                for (element, row) in matrix.chunks(g.columns()).enumerate() {
                    let element = over.element(element);
                    for (i, &value) in row.iter().enumerate() {
                        let at = i / g.out_width * over.pitch() + i % g.out_width * images;
                        for image in 0..images {
                            let value = value * (image + 1) as f32;
                            assert_eq!(room[element + at + image], value, "{g:?}, at {element}, window {i}");
                        }
                    }
                    assert!(element + over.stretch() + SLACK <= room.len(), "{g:?}");
                }
            }
        }
    }
}

//! The im2col matrix without writing it: windows over maps that stand in memory with their border of zeros.
//!
//! With the border there, every element of a window is at a fixed distance from the window's first one: a row of the
//! matrix is a stretch of the memory, the same for each element but for where it begins. Windows that step over cells
//! see the maps in phases, each of the cells that one element can see, so that theirs is such a stretch too.

use super::{
    im2col::{Geometry, Window},
    pair::Pair,
    products::SLACK,
};
use std::ops::Range;

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
    /// From a window's first element to each, in the order (channel, row, column).
    elements: Vec<usize>,
}

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
        let planes = (0..channels).map(|channel| channel * stride.area() * phase);
        let elements = planes.flat_map(|plane| of_one.iter().map(move |at| plane + at)).collect();
        let area = kernel.area();
        Self { map, room, first, spread, stride, pitch, phase, channels, grid: windows, area, elements }
    }

    /// The values that [`Windows::place`] writes to.
    pub(super) fn room_len(&self) -> usize {
        self.channels * self.stride.area() * self.phase + SLACK
    }

    /// Puts the maps in their border into `room`, which holds zeros or what this wrote into it before.
    pub(super) fn place(&self, maps: &[f32], room: &mut [f32]) {
        let planes = maps.chunks_exact(self.map.area());
        for (map, room) in planes.zip(room.chunks_exact_mut(self.stride.area() * self.phase)) {
            for y in inside(self.map.h, self.first.0, self.spread.h, self.room.h) {
                let cells = &map[y * self.map.w..][..self.map.w];
                let to = to(y, self.first.0, self.spread.h);
                let phases = to % self.stride.h * self.stride.w * self.phase;
                self.place_row(cells, &mut room[phases + to / self.stride.h * self.pitch..]);
            }
        }
    }

    /// Puts one row into each of the phases that have cells of it; `room` begins where the row does in the first of them.
    fn place_row(&self, cells: &[f32], room: &mut [f32]) {
        let columns = inside(self.map.w, self.first.1, self.spread.w, self.room.w);
        if self.stride.w == 1 {
            let room = room.get_mut(to(columns.start, self.first.1, self.spread.w)..).unwrap_or_default();
            let cells = &cells[columns];
            if self.spread.w == 1 {
                copy_row(cells, room);
            } else {
                room.iter_mut().step_by(self.spread.w).zip(cells).for_each(|(to, &cell)| *to = cell);
            }
            return;
        }
        // Windows that step over cells see maps that are not spread.
        if self.stride.w == 2 {
            let at = to(columns.start, self.first.1, 1);
            let (even, odd) = room.split_at_mut(self.phase);
            let (even, odd) = (&mut even[at.div_ceil(2)..], &mut odd[at / 2..]);
            let (first, second) = if at.is_multiple_of(2) { (even, odd) } else { (odd, even) };
            return deal_row(&cells[columns], first, second);
        }
        for start in columns.start..columns.end.min(columns.start + self.stride.w) {
            let at = to(start, self.first.1, 1);
            let room = &mut room[at % self.stride.w * self.phase + at / self.stride.w..];
            let cells = cells[start..columns.end].iter().step_by(self.stride.w);
            room.iter_mut().zip(cells).for_each(|(to, &cell)| *to = cell);
        }
    }

    /// From a window's first element to each of those in some channels, in the order (channel, row, column).
    #[inline(always)]
    pub(super) fn elements(&self, channels: Range<usize>) -> &[usize] {
        &self.elements[channels.start * self.area..channels.end * self.area]
    }

    /// The same, of all channels.
    #[inline(always)]
    pub(super) fn all_elements(&self) -> &[usize] {
        &self.elements
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

    /// All windows.
    pub(super) fn count(&self) -> usize {
        self.grid.area()
    }

    /// From the first window to behind the last one.
    pub(super) fn stretch(&self) -> usize {
        (self.grid.h - 1) * self.pitch + self.grid.w
    }
}

/// Copies a row, which is often shorter than calling for it is worth: in pieces of one length, of which the last overlaps.
#[inline(always)]
pub(super) fn copy_row(from: &[f32], to: &mut [f32]) {
    let to = &mut to[..from.len()];
    let all = pieces::<16>(from, to) || pieces::<8>(from, to) || pieces::<4>(from, to);
    if !all {
        to.iter_mut().zip(from).for_each(|(to, &cell)| *to = cell);
    }
}

#[inline(always)]
fn pieces<const N: usize>(from: &[f32], to: &mut [f32]) -> bool {
    if let (Some(from), Some(to)) = (from.last_chunk::<N>(), to.last_chunk_mut::<N>()) {
        *to = *from;
    } else {
        return false;
    }
    to.as_chunks_mut::<N>().0.iter_mut().zip(from.as_chunks::<N>().0).for_each(|(to, from)| *to = *from);
    true
}

/// Deals the cells of a row out to two, in turns; in pieces as [`copy_row`].
#[inline(always)]
fn deal_row(from: &[f32], first: &mut [f32], second: &mut [f32]) {
    let (first, second) = (&mut first[..from.len().div_ceil(2)], &mut second[..from.len() / 2]);
    let (pairs, last) = from.as_chunks::<2>();
    if let ([last], Some(to)) = (last, first.last_mut()) {
        *to = *last;
    }
    let all = deal::<16>(pairs, first, second)
        || deal::<8>(pairs, first, second)
        || deal::<4>(pairs, first, second);
    if !all {
        first.iter_mut().zip(second).zip(pairs).for_each(|((a, b), pair)| [*a, *b] = *pair);
    }
}

#[inline(always)]
fn deal<const N: usize>(pairs: &[[f32; 2]], first: &mut [f32], second: &mut [f32]) -> bool {
    let first = &mut first[..pairs.len()];
    let (Some(pairs_end), Some(first_end), Some(second_end)) =
        (pairs.last_chunk::<N>(), first.last_chunk_mut::<N>(), second.last_chunk_mut::<N>())
    else {
        return false;
    };
    (*first_end, *second_end) = dealt(pairs_end);
    let to = first.as_chunks_mut::<N>().0.iter_mut().zip(second.as_chunks_mut::<N>().0);
    to.zip(pairs.as_chunks::<N>().0).for_each(|((first, second), pairs)| (*first, *second) = dealt(pairs));
    true
}

#[inline(always)]
fn dealt<const N: usize>(pairs: &[[f32; 2]; N]) -> ([f32; N], [f32; N]) {
    let (mut first, mut second) = ([0.0; N], [0.0; N]);
    for ((first, second), pair) in first.iter_mut().zip(&mut second).zip(pairs) {
        [*first, *second] = *pair;
    }
    (first, second)
}

/// Where cell `at` is put.
fn to(at: usize, first: isize, spread: usize) -> usize {
    (first + (at * spread) as isize) as usize
}

/// Which of `n` cells, put at `first + i·spread`, stand inside a room of `len`.
fn inside(n: usize, first: isize, spread: usize, len: usize) -> Range<usize> {
    let start = usize::try_from(-first).map_or(0, |out| out.div_ceil(spread)).min(n);
    let end = usize::try_from(len as isize - first).map_or(0, |room| room.div_ceil(spread)).min(n);
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::im2col::im2col;

    /// Every setting at sizes that do and do not divide.
    fn geometries() -> Vec<Geometry> {
        let mut all = Vec::new();
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
            let maps: Vec<f32> = (1..=2 * g.height * g.width).map(|i| i as f32).collect();
            let mut room = vec![0.0; windows.room_len()];
            windows.place(&maps, &mut room);
            let mut matrix = vec![0.0; g.rows() * g.columns()];
            im2col(&maps, &g, &mut matrix);
            for (element, row) in windows.all_elements().iter().zip(matrix.chunks(g.columns())) {
                for (i, &value) in row.iter().enumerate() {
                    let at = element + i / g.out_width * windows.pitch() + i % g.out_width;
                    assert_eq!(room[at], value, "{g:?}, element at {element}, window {i}");
                }
                assert!(element + windows.stretch() + SLACK <= room.len(), "{g:?}");
            }
        }
    }
}

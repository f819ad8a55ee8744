//! The im2col matrix without writing it: windows over maps that stand in memory with their border of zeros.
//!
//! With the border there, every element of a window is at a fixed distance from the window's first one, and a row of the
//! matrix is a stretch of the maps for each row of windows. The product copies such stretches, a block at a time, to
//! where it needs them.

use super::{
    im2col::Geometry,
    pair::Pair,
    products::{COLUMNS, Right, SLACK, copy},
};
use std::ops::Range;

/// Where maps are put to be read by windows, and how the windows go over them.
#[derive(Debug)]
pub(super) struct Windows {
    /// The maps as they come.
    maps: Maps,
    /// Where their first cell is put; below zero, so many rows or columns are left out.
    first: (isize, isize),
    /// The distance at which their cells are put, with zeros between.
    spread: Pair,
    /// The room they are put into.
    room: Maps,
    /// The size of a window, and the distance between its elements.
    kernel: Pair,
    dilation: Pair,
    /// Between the first elements of neighbouring windows.
    stride: Pair,
    /// Windows in a row.
    in_a_row: usize,
}

/// (channels, height, width)
#[derive(Clone, Copy, Debug, PartialEq)]
struct Maps {
    channels: usize,
    height: usize,
    width: usize,
}

impl Maps {
    const fn len(self) -> usize {
        self.channels * self.height * self.width
    }
}

impl Windows {
    /// The windows of a convolution.
    pub(super) fn forward(g: &Geometry) -> Self {
        let Geometry { channels, height, width, window, .. } = *g;
        let maps = Maps { channels, height, width };
        let room =
            Maps { channels, height: height + 2 * window.padding.h, width: width + 2 * window.padding.w };
        let first = (window.padding.h as isize, window.padding.w as isize);
        Self {
            maps,
            first,
            spread: Pair::square(1),
            room,
            kernel: window.kernel_size,
            dilation: window.dilation,
            stride: window.stride,
            in_a_row: g.out_width,
        }
    }

    /// The windows over `filters` maps of output by which the adjoint of a convolution is a convolution too, of one
    /// window for each cell of the input: all outputs that the cell reaches.
    pub(super) fn backward(g: &Geometry, filters: usize) -> Self {
        let Pair { h, w } = g.window.kernel_size;
        let Pair { h: dilation_h, w: dilation_w } = g.window.dilation;
        let (border_h, border_w) = (dilation_h * (h - 1), dilation_w * (w - 1));
        let maps = Maps { channels: filters, height: g.out_height, width: g.out_width };
        let room = Maps { channels: filters, height: g.height + border_h, width: g.width + border_w };
        let inset = |border: usize, padding: usize| border as isize - padding as isize;
        let first = (inset(border_h, g.window.padding.h), inset(border_w, g.window.padding.w));
        Self {
            maps,
            first,
            spread: g.window.stride,
            room,
            kernel: g.window.kernel_size,
            dilation: g.window.dilation,
            stride: Pair::square(1),
            in_a_row: g.width,
        }
    }

    /// The values that [`Windows::place`] writes to; none when the maps need no border.
    pub(super) fn room_len(&self) -> usize {
        if self.maps == self.room { 0 } else { self.room.len() }
    }

    /// The maps in their border: put into `room`, which holds zeros or what this wrote into it before, unless they need none.
    pub(super) fn place<'a>(&self, maps: &'a [f32], room: &'a mut [f32]) -> &'a [f32] {
        if self.maps == self.room {
            return maps;
        }
        let area = self.room.height * self.room.width;
        let planes = maps.chunks_exact(self.maps.height * self.maps.width);
        for (room, map) in room.chunks_exact_mut(area).zip(planes) {
            let columns = inside(self.maps.width, self.first.1, self.spread.w, self.room.width);
            for y in inside(self.maps.height, self.first.0, self.spread.h, self.room.height) {
                let cells = &map[y * self.maps.width..][columns.clone()];
                let to = |at: usize, first: isize, spread: usize| (first + (at * spread) as isize) as usize;
                let row = to(y, self.first.0, self.spread.h) * self.room.width;
                let room = &mut room[row + to(columns.start, self.first.1, self.spread.w)..];
                if self.spread.w == 1 {
                    room[..cells.len()].copy_from_slice(cells);
                } else {
                    room.iter_mut().step_by(self.spread.w).zip(cells).for_each(|(to, &cell)| *to = cell);
                }
            }
        }
        room
    }

    /// The matrix of one row an element and one column a window, over maps that were placed.
    pub(super) fn matrix<'a>(&'a self, placed: &'a [f32]) -> Matrix<'a> {
        Matrix { windows: self, placed }
    }

    /// Elements of a window, which are rows of the matrix.
    pub(super) fn rows(&self) -> usize {
        self.room.channels * self.kernel.area()
    }

    /// From a window's first element to those of some rows of the matrix: (channel, row, column).
    #[inline(always)]
    pub(super) fn elements(&self, rows: Range<usize>) -> impl Iterator<Item = usize> {
        let Self { kernel, dilation, room, .. } = *self;
        let (mut channel, area) = (rows.start / kernel.area(), rows.start % kernel.area());
        let (mut y, mut x) = (area / kernel.w, area % kernel.w);
        rows.map(move |_| {
            let at = (channel * room.height + y * dilation.h) * room.width + x * dilation.w;
            x += 1;
            if x == kernel.w {
                (x, y) = (0, y + 1);
            }
            if y == kernel.h {
                (y, channel) = (0, channel + 1);
            }
            at
        })
    }

    /// The width of the room, which is the distance between two rows of it.
    pub(super) fn pitch(&self) -> usize {
        self.room.width
    }
}

/// Which of `n` cells, put at `first + i·spread`, stand inside a room of `len`.
fn inside(n: usize, first: isize, spread: usize, len: usize) -> Range<usize> {
    let start = usize::try_from(-first).map_or(0, |out| out.div_ceil(spread)).min(n);
    let end = usize::try_from(len as isize - first).map_or(0, |room| room.div_ceil(spread)).min(n);
    start..end.max(start)
}

/// See [`Windows::matrix`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Matrix<'a> {
    windows: &'a Windows,
    placed: &'a [f32],
}

impl Right for Matrix<'_> {
    #[inline(always)]
    fn fill(&self, rows: Range<usize>, columns: Range<usize>, width: usize, block: &mut [f32]) {
        let Windows { stride, in_a_row, .. } = *self.windows;
        // The columns in pieces that stand in one row of windows, the same in every row of the matrix: from, to, length.
        let mut pieces = [(0, 0, 0); COLUMNS];
        let mut count = 0;
        let mut column = columns.start;
        while column < columns.end {
            let (y, x) = (column / in_a_row, column % in_a_row);
            let len = (in_a_row - x).min(columns.end - column).min(SLACK);
            let from = y * stride.h * self.windows.pitch() + x * stride.w;
            pieces[count] = (from, column - columns.start, len);
            count += 1;
            column += len;
        }
        let pieces = &pieces[..count];
        for (element, row) in self.windows.elements(rows).zip(0..) {
            let (placed, block) = (&self.placed[element..], &mut block[row * width..]);
            for &(from, to, len) in pieces {
                if stride.w == 1 {
                    copy(&placed[from..], &mut block[to..], len);
                } else {
                    let cells = placed[from..].iter().step_by(stride.w);
                    block[to..to + len].iter_mut().zip(cells).for_each(|(to, &cell)| *to = cell);
                }
            }
        }
    }
}

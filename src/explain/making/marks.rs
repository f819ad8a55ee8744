//! Which cells belong together along a map's way: a place in one of its pictures, and what it reads or reaches in the others.

use super::Making;
use crate::nn::{LayerSpec, Pair, Shape, im2col::Window};
use std::ops::Range;

/// Rows and columns of a picture; they may lie in the padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// From the top.
    pub rows: Range<isize>,
    /// From the left.
    pub columns: Range<isize>,
}

impl Region {
    /// One cell.
    pub fn cell(row: usize, column: usize) -> Self {
        let one = |at: usize| at as isize..at as isize + 1;
        Self { rows: one(row), columns: one(column) }
    }

    /// Whether it has no cell.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() || self.columns.is_empty()
    }

    fn each(self, change: impl Fn(Range<isize>, Axis) -> Range<isize>) -> Self {
        Self { rows: change(self.rows, Axis::Rows), columns: change(self.columns, Axis::Columns) }
    }
}

/// What belongs to one place, in every picture of a making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marks {
    /// In the input maps, padding too.
    pub inputs: Region,
    /// In the partial results and their sum.
    pub sum: Region,
    /// In the stages, in order.
    pub stages: Vec<Region>,
}

#[derive(Clone, Copy)]
enum Axis {
    Rows,
    Columns,
}

impl Axis {
    fn of(self, pair: Pair) -> isize {
        match self {
            Self::Rows => pair.h as isize,
            Self::Columns => pair.w as isize,
        }
    }
}

impl Making {
    /// The place of the sum whose window has its middle nearest to (row, column) of the input maps.
    pub fn centred_on(&self, row: usize, column: usize) -> (usize, usize) {
        let Some(window) = self.window else { return (0, 0) };
        let nearest = |at: usize, axis: Axis, len: usize| {
            let (k, s, p, d) = of(window, axis);
            let (at, half) = (at as isize, (k - 1) * d / 2);
            let place =
                if self.is_spread { at * s - p + half } else { (at + p - half + s / 2).div_euclid(s) };
            place.clamp(0, len.saturating_sub(1) as isize) as usize
        };
        (nearest(row, Axis::Rows, self.sum.height), nearest(column, Axis::Columns, self.sum.width))
    }

    /// What belongs to (row, column) of the sum, or of the stage of this number.
    pub fn marks(&self, stage: Option<usize>, row: usize, column: usize) -> Marks {
        let mut region = Region::cell(row, column);
        let mut stages = vec![region.clone(); self.stages.len()];
        for (number, passed) in self.stages.iter().enumerate().take(stage.map_or(0, |stage| stage + 1)).rev()
        {
            stages[number] = region.clone();
            region = passed.window.map_or(region.clone(), |window| reads(window, region));
        }
        let sum = region.clone();
        region = sum.clone();
        for (number, stage_after) in self.stages.iter().enumerate() {
            if stage.is_some_and(|stage| number <= stage) {
                region = stages[number].clone();
                continue;
            }
            let size = (stage_after.picture.height, stage_after.picture.width);
            region = stage_after.window.map_or(region.clone(), |window| reached(window, region, size));
            stages[number] = region.clone();
        }
        let size = self.shares.first().map_or((0, 0), |share| (share.input.height, share.input.width));
        let inputs = match self.window {
            None => Region { rows: 0..size.0 as isize, columns: 0..size.1 as isize },
            // What a transposed convolution reads is what a convolution with its window reaches.
            Some(window) if self.is_spread => reached(window, sum.clone(), size),
            Some(window) => reads(window, sum.clone()),
        };
        Marks { inputs, sum, stages }
    }
}

/// What the windows of these cells read, from the first to the last element.
fn reads(window: Window, region: Region) -> Region {
    region.each(|range, axis| {
        let (k, s, p, d) = of(window, axis);
        range.start * s - p..(range.end - 1) * s - p + (k - 1) * d + 1
    })
}

/// The cells of a picture of this (height, width) whose windows reach over these.
fn reached(window: Window, region: Region, (height, width): (usize, usize)) -> Region {
    region.each(|range, axis| {
        let (k, s, p, d) = of(window, axis);
        let len = axis.of(Pair { h: height, w: width });
        let first = (range.start + p - (k - 1) * d + s - 1).div_euclid(s).clamp(0, len);
        let end = ((range.end - 1 + p).div_euclid(s) + 1).clamp(0, len);
        first..end.max(first)
    })
}

fn of(window: Window, axis: Axis) -> (isize, isize, isize, isize) {
    let Window { kernel_size, stride, padding, dilation } = window;
    (axis.of(kernel_size), axis.of(stride).max(1), axis.of(padding), axis.of(dilation))
}

/// The window by which a layer reads maps of this shape; `None` if each cell reads the one in its own place.
pub(super) fn window_of(layer: &LayerSpec, input: Shape) -> Option<Window> {
    let (kernel_size, stride, padding, dilation) = match layer {
        LayerSpec::Conv2d(conv) => (conv.kernel_size, conv.stride, conv.padding, conv.dilation),
        LayerSpec::ConvTranspose2d(conv) => (conv.kernel_size, conv.stride, conv.padding, conv.dilation),
        LayerSpec::MaxPool2d(pool) => (pool.kernel_size, pool.stride, pool.padding, pool.dilation),
        LayerSpec::AvgPool2d(pool) => (pool.kernel_size, pool.stride, pool.padding, Pair::square(1)),
        LayerSpec::GlobalAvgPool2d(_) => {
            let (_, h, w) = input.as_maps();
            (Pair { h, w }, Pair::square(1), Pair::square(0), Pair::square(1))
        }
        _ => return None,
    };
    Some(Window { kernel_size, stride, padding, dilation })
}

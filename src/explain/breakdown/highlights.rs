//! Corresponding cells: for a cell in one map of a breakdown, the cells in the other maps that it depends on or
//! contributes to.

use super::Breakdown;
use crate::explain::reach::Reach;
use crate::nn::{Pair, im2col::Window};
use std::ops::Range;

/// A rectangle of cells, which may extend into the padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Rows, from the top.
    pub rows: Range<isize>,
    /// Columns, from the left.
    pub columns: Range<isize>,
}

impl Region {
    /// A single cell.
    pub fn cell(row: usize, column: usize) -> Self {
        let one = |at: usize| at as isize..at as isize + 1;
        Self { rows: one(row), columns: one(column) }
    }

    /// Whether the region has no cells.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() || self.columns.is_empty()
    }

    fn each(self, change: impl Fn(Range<isize>, Axis) -> Range<isize>) -> Self {
        Self { rows: change(self.rows, Axis::Rows), columns: change(self.columns, Axis::Columns) }
    }
}

/// The regions that correspond to one cell, in every map of a breakdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlights {
    /// In the input maps, including padding.
    pub inputs: Region,
    /// In the partial results and their sum.
    pub sum: Region,
    /// In each stage, in order.
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

impl Breakdown {
    /// The cell of the sum whose window is centred nearest to (row, column) of the input maps.
    pub fn output_centred_on(&self, row: usize, column: usize) -> (usize, usize) {
        let Some(window) = self.window else { return (0, 0) };
        let nearest = |at: usize, axis: Axis, len: usize| {
            let (k, s, p, d) = of(window, axis);
            let (at, half) = (at as isize, (k - 1) * d / 2);
            let place =
                if self.is_transposed { at * s - p + half } else { (at + p - half + s / 2).div_euclid(s) };
            place.clamp(0, len.saturating_sub(1) as isize) as usize
        };
        (nearest(row, Axis::Rows, self.sum.nrows()), nearest(column, Axis::Columns, self.sum.ncols()))
    }

    /// The regions that correspond to cell (row, column) of the sum (`stage` is `None`) or of a stage.
    pub fn highlights(&self, stage: Option<usize>, row: usize, column: usize) -> Highlights {
        let mut region = Region::cell(row, column);
        let mut stages = vec![region.clone(); self.stages.len()];
        for (number, passed) in self.stages.iter().enumerate().take(stage.map_or(0, |stage| stage + 1)).rev()
        {
            stages[number] = region.clone();
            let before = number.checked_sub(1).map_or(&self.sum, |before| &self.stages[before].map);
            region = under(passed.reach, region, before.dim());
        }
        let sum = region.clone();
        region = sum.clone();
        for (number, stage_after) in self.stages.iter().enumerate() {
            if stage.is_some_and(|stage| number <= stage) {
                region = stages[number].clone();
                continue;
            }
            let size = stage_after.map.dim();
            region = above(stage_after.reach, &region, size);
            stages[number] = region.clone();
        }
        let size = self.contributions.first().map_or((0, 0), |first| first.input.dim());
        let inputs = match self.window {
            None => Region { rows: 0..size.0 as isize, columns: 0..size.1 as isize },
            // A transposed convolution reads the cells that the corresponding convolution writes.
            Some(window) if self.is_transposed => reached(window, sum.clone(), size),
            Some(window) => reads(window, sum.clone()),
        };
        Highlights { inputs, sum, stages }
    }
}

/// The cells of a (height, width) map that a region of a stage reads.
fn under([rows, columns]: [Reach; 2], region: Region, (height, width): (usize, usize)) -> Region {
    let side = |reach: Reach, range: Range<isize>, len: usize| {
        let ends = reach.reads(range.start).zip(reach.reads(range.end - 1));
        ends.map_or(0..len as isize, |(first, last)| first.start..last.end)
    };
    Region { rows: side(rows, region.rows, height), columns: side(columns, region.columns, width) }
}

/// The cells of a stage's (height, width) map that read a region of the map before.
fn above([rows, columns]: [Reach; 2], region: &Region, (height, width): (usize, usize)) -> Region {
    Region { rows: rows.reached(&region.rows, height), columns: columns.reached(&region.columns, width) }
}

/// The input cells under the windows of a region of output cells.
fn reads(window: Window, region: Region) -> Region {
    region.each(|range, axis| {
        let (k, s, p, d) = of(window, axis);
        range.start * s - p..(range.end - 1) * s - p + (k - 1) * d + 1
    })
}

/// The cells of a (height, width) output whose windows cover a region of input cells.
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

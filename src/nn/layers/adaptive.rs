//! The windows of adaptive pooling, which divide a map into as many parts as are asked for.

use super::{error::LayerError, settings::need_maps};
use crate::nn::{im2col::MAX_SETTING, pair::Pair, setting_error::SettingError, shape::Shape};
use std::ops::Range;

/// The cells of a side of `n` that output `at` of `outputs` reads. Where `outputs` does not divide `n`, neighbouring windows
/// share a cell, and may differ in length.
pub fn adaptive_range(at: usize, outputs: usize, n: usize) -> Range<usize> {
    at * n / outputs..((at + 1) * n).div_ceil(outputs)
}

/// Adaptive windows over each map of an input.
#[derive(Debug)]
pub(super) struct AdaptiveWindows {
    pub(super) input: Shape,
    pub(super) output: Shape,
    width: usize,
    rows: Vec<Range<usize>>,
    columns: Vec<Range<usize>>,
}

impl AdaptiveWindows {
    /// The windows that make maps of `output_size`.
    pub(super) fn new(input: Shape, output_size: Pair) -> Result<Self, LayerError> {
        let (channels, height, width) = need_maps(input)?;
        let Pair { h, w } = output_size;
        for side in [h, w] {
            SettingError::check("output_size", side, 1..=MAX_SETTING)?;
        }
        let side = |n: usize, outputs: usize| (0..outputs).map(|at| adaptive_range(at, outputs, n)).collect();
        let output = Shape::maps(channels, h, w);
        Ok(Self { input, output, width, rows: side(height, h), columns: side(width, w) })
    }

    /// Cells of an input map.
    pub(super) fn plane(&self) -> usize {
        self.input.len() / self.channels()
    }

    /// Cells of an output map.
    pub(super) fn outputs(&self) -> usize {
        self.rows.len() * self.columns.len()
    }

    fn channels(&self) -> usize {
        self.input.as_maps().0
    }

    /// The rows and columns of each window, row by row.
    pub(super) fn each(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        self.rows.iter().flat_map(|rows| self.columns.iter().map(|columns| (rows.clone(), columns.clone())))
    }

    /// The ranges of a map's values that are the rows of a window.
    pub(super) fn cells(
        &self,
        rows: Range<usize>,
        columns: Range<usize>,
    ) -> impl Iterator<Item = Range<usize>> + use<> {
        let width = self.width;
        rows.map(move |row| row * width + columns.start..row * width + columns.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_the_side() {
        let windows = |outputs: usize, n: usize| -> Vec<Range<usize>> {
            (0..outputs).map(|at| adaptive_range(at, outputs, n)).collect()
        };
        assert_eq!(windows(2, 6), [0..3, 3..6]);
        assert_eq!(windows(3, 7), [0..3, 2..5, 4..7]);
        assert_eq!(windows(3, 2), [0..1, 0..2, 1..2]);
    }

    #[test]
    fn a_size_of_0_is_refused() {
        let refused = AdaptiveWindows::new(Shape::maps(1, 2, 2), Pair { h: 2, w: 0 }).unwrap_err();
        assert_eq!(refused.to_string(), "output_size is 0, but must be from 1 to 4096");
    }
}

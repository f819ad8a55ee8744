//! The input of a layer, by positions.

use super::{Place, WindowCell};
use crate::nn::{Shape, layers::PaddingMode};

/// The input of a layer.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) shape: Shape,
    pub(super) x: &'a [f32],
}

impl Input<'_> {
    pub(super) fn at(&self, place: Place) -> f32 {
        self.x[place.index(self.shape)]
    }

    /// The cell at a row and column that may lie in a padding of zeros.
    pub(super) fn seen(&self, channel: usize, row: isize, column: isize) -> WindowCell {
        self.seen_in(PaddingMode::Zeros, channel, row, column)
    }

    /// The cell at a row and column that may lie in the padding.
    pub(super) fn seen_in(&self, mode: PaddingMode, channel: usize, row: isize, column: isize) -> WindowCell {
        let (_, height, width) = self.shape.as_maps();
        let from = mode.source(row, height).zip(mode.source(column, width));
        let inside = (0..height as isize).contains(&row) && (0..width as isize).contains(&column);
        let x = from.map_or(0.0, |(row, column)| self.at(Place { channel, row, column }));
        WindowCell { row, column, inside, from, x }
    }
}

//! The input of a layer, by positions.

use super::{Place, WindowCell};
use crate::nn::Shape;

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

    /// The cell at a row and column that may lie in the padding.
    pub(super) fn seen(&self, channel: usize, row: isize, column: isize) -> WindowCell {
        let (_, height, width) = self.shape.as_maps();
        let place = match (usize::try_from(row), usize::try_from(column)) {
            (Ok(row), Ok(column)) if row < height && column < width => Some(Place { channel, row, column }),
            _ => None,
        };
        WindowCell { row, column, inside: place.is_some(), x: place.map_or(0.0, |place| self.at(place)) }
    }
}

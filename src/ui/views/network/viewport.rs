//! Which columns the room shows, and how to scroll to others: pure geometry.
//!
//! An *offset* is in points from the first column. A *position* is a column's number and a fraction of the column; it stays
//! valid when the columns get another width.

use super::layout::COLUMN_GAP;
use std::ops::Range;

/// Columns side by side, and how many of them fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewport {
    /// Where each column begins and ends, in points.
    columns: Vec<Range<f32>>,
    room: f32,
}

impl Viewport {
    /// Columns of these widths in so much room, in points.
    pub fn new(widths: impl IntoIterator<Item = f32>, room: f32) -> Self {
        let mut left = 0.0;
        let columns = widths.into_iter().map(|width| {
            let column = left..left + width;
            left = column.end + COLUMN_GAP;
            column
        });
        Self { columns: columns.collect(), room }
    }

    /// The width of all columns.
    pub fn total(&self) -> f32 {
        self.columns.last().map_or(0.0, |last| last.end)
    }

    /// The width of what is shown at a time.
    pub fn room(&self) -> f32 {
        self.room
    }

    /// The largest offset.
    pub fn most(&self) -> f32 {
        (self.total() - self.room).max(0.0)
    }

    /// Whether some columns are out of sight.
    pub fn is_scrolled(&self) -> bool {
        self.most() > 0.5
    }

    /// The offset of a position, limited to what can be scrolled.
    pub fn offset(&self, position: f32) -> f32 {
        let Some(column) = self.columns.get(position.max(0.0) as usize) else { return self.most() };
        let width = column.end - column.start + COLUMN_GAP;
        (column.start + position.max(0.0).fract() * width).min(self.most())
    }

    /// The position of an offset.
    pub fn position(&self, offset: f32) -> f32 {
        let number = self.columns.iter().rposition(|column| column.start <= offset.max(0.0)).unwrap_or(0);
        let Some(column) = self.columns.get(number) else { return 0.0 };
        let share = (offset.max(0.0) - column.start) / (column.end - column.start + COLUMN_GAP);
        // Below the next whole number, which would be the next column.
        number as f32 + share.clamp(0.0, 0.999)
    }

    /// How many columns are hidden, by more than half, to the left and to the right.
    pub fn hidden(&self, offset: f32) -> (usize, usize) {
        let middle = |column: &Range<f32>| f32::midpoint(column.start, column.end);
        let left = self.columns.iter().filter(|column| middle(column) < offset).count();
        let right = self.columns.iter().filter(|column| middle(column) > offset + self.room).count();
        (left, right)
    }

    /// The position that shows the next columns to the right: the first that is not shown whole comes to the left edge.
    pub fn next(&self, offset: f32) -> f32 {
        let is_cut = |column: &&Range<f32>| column.end > offset + self.room + 0.5;
        // A column that is wider than the room is shown part by part.
        let next = self.columns.iter().find(is_cut).map_or(offset, |column| column.start);
        let next = if next > offset + 0.5 { next } else { offset + self.room * 0.9 };
        self.position(next.min(self.most()))
    }

    /// The position that shows the columns before: the last that is not shown whole comes to the right edge.
    pub fn previous(&self, offset: f32) -> f32 {
        let is_cut = |column: &&Range<f32>| column.start < offset - 0.5;
        let end = self.columns.iter().rfind(is_cut).map_or(0.0, |column| column.end);
        let previous =
            if end < offset + self.room - 0.5 { end - self.room } else { offset - self.room * 0.9 };
        self.position(previous.max(0.0))
    }

    /// The position with this position in the middle of the room.
    pub fn centred(&self, position: f32) -> f32 {
        let column = self.columns.get(position.max(0.0) as usize);
        let at = column.map_or(self.total(), |column| {
            column.start + position.max(0.0).fract() * (column.end - column.start)
        });
        self.position((at - self.room / 2.0).clamp(0.0, self.most()))
    }

    /// The position that brings a part of a column into sight; `None` if it is.
    pub fn bringing(&self, column: usize, part: &Range<f32>, offset: f32) -> Option<f32> {
        let start = self.columns.get(column)?.start;
        let (left, right) = (start + part.start, start + part.end);
        let margin = COLUMN_GAP;
        if left >= offset - 0.5 && right <= offset + self.room + 0.5 {
            return None;
        }
        let moved = if left < offset { left - margin } else { right + margin - self.room };
        Some(self.position(moved.min(left).clamp(0.0, self.most())))
    }

    /// The positions at the left and the right edge.
    pub fn shown(&self, offset: f32) -> (f32, f32) {
        let count = self.columns.len() as f32;
        let right = offset + self.room;
        let last = if right >= self.total() { count } else { self.position(right) };
        (self.position(offset), last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide() -> Viewport {
        Viewport::new([60.0, 100.0, 300.0, 900.0, 40.0, 40.0], 400.0)
    }

    #[test]
    fn positions_and_offsets_are_each_other() {
        let columns = wide();
        for offset in [0.0, 13.0, 72.0, 250.0, 700.0, columns.most()] {
            assert!((columns.offset(columns.position(offset)) - offset).abs() < 1.0, "{offset}");
        }
        assert_eq!(columns.offset(99.0), columns.most());
        assert_eq!(columns.offset(-1.0), 0.0);
    }

    #[test]
    fn the_next_and_the_previous_columns_reach_all() {
        let columns = wide();
        let (mut offset, mut steps) = (0.0, 0);
        assert_eq!(columns.hidden(offset), (0, 3));
        while columns.hidden(offset).1 > 0 {
            let next = columns.offset(columns.next(offset));
            assert!(next > offset, "{offset}");
            (offset, steps) = (next, steps + 1);
        }
        assert!(steps <= 5, "{steps}");
        let mut steps = 0;
        while columns.hidden(offset).0 > 0 {
            let previous = columns.offset(columns.previous(offset));
            assert!(previous < offset, "{offset}");
            (offset, steps) = (previous, steps + 1);
        }
        assert!(steps <= 5, "{steps}");
    }

    #[test]
    fn what_is_in_sight_is_not_moved() {
        let columns = wide();
        assert_eq!(columns.bringing(1, &(0.0..100.0), 0.0), None);
        let position = columns.bringing(4, &(0.0..40.0), 0.0).unwrap();
        let offset = columns.offset(position);
        assert_eq!(columns.bringing(4, &(0.0..40.0), offset), None);
        assert!(columns.bringing(0, &(0.0..60.0), offset).is_some());
    }

    #[test]
    fn what_fits_is_not_scrolled() {
        let columns = Viewport::new([60.0, 100.0], 400.0);
        assert!(!columns.is_scrolled());
        assert_eq!((columns.hidden(0.0), columns.shown(0.0)), ((0, 0), (0.0, 2.0)));
        assert_eq!(Viewport::new([], 400.0).position(0.0), 0.0);
    }
}

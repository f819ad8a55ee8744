//! The effect on the pooled map of shifting the input by one cell.

use super::Pooling;
use serde::{Deserialize, Serialize};

/// A shift by one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Towards smaller rows.
    Up,
    /// Towards larger rows.
    Down,
    /// Towards smaller columns.
    Left,
    /// Towards larger columns.
    Right,
}

impl Direction {
    /// All directions, in display order.
    pub const ALL: [Self; 4] = [Self::Up, Self::Down, Self::Left, Self::Right];

    /// The shift in (rows, columns).
    pub const fn step(self) -> (isize, isize) {
        match self {
            Self::Up => (-1, 0),
            Self::Down => (1, 0),
            Self::Left => (0, -1),
            Self::Right => (0, 1),
        }
    }
}

/// The values after a shift, compared with those before.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// The values after the shift.
    pub after: Vec<f32>,
    /// Whether each value changed.
    pub changed: Vec<bool>,
    /// The sum of the absolute changes.
    pub total_change: f64,
    /// The mean absolute change.
    pub mean_change: f32,
    count: usize,
}

impl Shift {
    fn between(before: &[f32], after: Vec<f32>) -> Self {
        let changed: Vec<bool> =
            before.iter().zip(&after).map(|(a, b)| a != b && !(a.is_nan() && b.is_nan())).collect();
        let count = changed.iter().filter(|changed| **changed).count();
        let total_change: f64 = before.iter().zip(&after).map(|(a, b)| f64::from((a - b).abs())).sum();
        let mean_change = (total_change / before.len().max(1) as f64) as f32;
        Self { after, changed, total_change, mean_change, count }
    }

    /// The number of values that changed.
    pub fn count(&self) -> usize {
        self.count
    }
}

impl Pooling {
    /// The input shifted by one cell. The row or column at the edge is repeated.
    pub fn shift_input(&self, direction: Direction) -> Shift {
        let (height, width) = self.input_size();
        let (down, right) = direction.step();
        let from = |at: usize, by: isize, n: usize| at.saturating_add_signed(-by).min(n.saturating_sub(1));
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (y, x)));
        let moved = places.map(|(y, x)| self.input()[from(y, down, height) * width + from(x, right, width)]);
        Shift::between(self.input(), moved.collect())
    }

    /// The output for the shifted input, compared with the output for the input.
    pub fn shift_output(&self, direction: Direction) -> Shift {
        let moved = self.with_input(&self.shift_input(direction).after);
        Shift::between(self.output(), moved.map_or_else(Vec::new, |moved| moved.output().to_vec()))
    }
}

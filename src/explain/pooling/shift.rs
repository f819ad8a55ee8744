//! What a shift of the map by one cell changes in what was pooled.

use super::Pooling;
use serde::{Deserialize, Serialize};

/// Where the map moves, by one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// To smaller rows.
    Up,
    /// To larger rows.
    Down,
    /// To smaller columns.
    Left,
    /// To larger columns.
    Right,
}

impl Direction {
    /// All four, as they are shown one after the other.
    pub const ALL: [Self; 4] = [Self::Up, Self::Down, Self::Left, Self::Right];

    /// (rows, columns) that a cell moves by.
    pub const fn step(self) -> (isize, isize) {
        match self {
            Self::Up => (-1, 0),
            Self::Down => (1, 0),
            Self::Left => (0, -1),
            Self::Right => (0, 1),
        }
    }
}

/// Values before and after a shift, place by place.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// The values after it.
    pub after: Vec<f32>,
    /// Which of them are others than before.
    pub changed: Vec<bool>,
    /// The mean of |after − before| over all values.
    pub mean_change: f32,
    count: usize,
}

impl Shift {
    fn between(before: &[f32], after: Vec<f32>) -> Self {
        let changed: Vec<bool> =
            before.iter().zip(&after).map(|(a, b)| a != b && !(a.is_nan() && b.is_nan())).collect();
        let count = changed.iter().filter(|changed| **changed).count();
        let sum: f64 = before.iter().zip(&after).map(|(a, b)| f64::from((a - b).abs())).sum();
        let mean_change = (sum / before.len().max(1) as f64) as f32;
        Self { after, changed, mean_change, count }
    }

    /// How many values are others than before.
    pub fn count(&self) -> usize {
        self.count
    }
}

impl Pooling {
    /// The map itself, moved by one cell; the line that comes in repeats the one at the edge.
    pub fn shift_input(&self, direction: Direction) -> Shift {
        let (height, width) = self.input_size();
        let (down, right) = direction.step();
        let from = |at: usize, by: isize, n: usize| at.saturating_add_signed(-by).min(n.saturating_sub(1));
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (y, x)));
        let moved = places.map(|(y, x)| self.input()[from(y, down, height) * width + from(x, right, width)]);
        Shift::between(self.input(), moved.collect())
    }

    /// What the layer makes of the moved map, against what it made of the map.
    pub fn shift_output(&self, direction: Direction) -> Shift {
        let moved = self.over(&self.shift_input(direction).after);
        Shift::between(self.output(), moved.map_or_else(Vec::new, |moved| moved.output().to_vec()))
    }
}

//! Where the cells of an enlarged map lie among those of the original, along one axis.

/// The places of an axis with `outputs` cells among `input` cells: cell `at` lies at `start + at·step`, but not before 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interpolation {
    /// Cells of the original axis.
    pub input: usize,
    /// Cells of the enlarged axis.
    pub outputs: usize,
    /// The distance between two neighbouring places.
    pub step: f64,
    /// The place of the first cell.
    pub start: f64,
    /// Whether a place takes from the cells on both sides of it, by their distance, instead of from the one before it.
    pub is_linear: bool,
}

/// The cells of the original that one cell takes its value from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tap {
    /// The cell at or before the place.
    pub first: usize,
    /// The cell after it.
    pub second: usize,
    /// The weight of the second one; the first has the rest of 1.
    pub share: f32,
}

impl Interpolation {
    /// The cells that cell `at` takes from. Like PyTorch, it finds the nearest cell in single precision.
    pub fn tap(&self, at: usize) -> Tap {
        let last = self.input.saturating_sub(1);
        if !self.is_linear {
            let first = ((at as f32 * self.step as f32).floor() as usize).min(last);
            return Tap { first, second: first, share: 0.0 };
        }
        let place = (self.start + at as f64 * self.step).max(0.0);
        let first = (place.floor() as usize).min(last);
        let share = (place - first as f64).clamp(0.0, 1.0) as f32;
        Tap { first, second: (first + 1).min(last), share: if first == last { 0.0 } else { share } }
    }
}

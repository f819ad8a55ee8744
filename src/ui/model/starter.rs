//! The example that is on the canvas at the first start.

use crate::ui::widgets::{BrushStroke, Drawing};

/// The points (x, y) of a 7 in one stroke, as fractions of the canvas's side.
const SEVEN: [[f32; 2]; 13] = [
    [0.27, 0.30],
    [0.36, 0.275],
    [0.46, 0.262],
    [0.57, 0.258],
    [0.66, 0.262],
    [0.712, 0.278],
    [0.705, 0.33],
    [0.668, 0.40],
    [0.622, 0.48],
    [0.58, 0.56],
    [0.545, 0.64],
    [0.518, 0.72],
    [0.50, 0.80],
];

/// The brush's radius, as a fraction of the canvas's side.
const RADIUS: f32 = 0.042;

/// The example: a 7. The first stroke replaces it.
pub fn drawing() -> Drawing {
    Drawing::example(vec![BrushStroke { points: SEVEN.to_vec(), radius: RADIUS, is_eraser: false }])
}

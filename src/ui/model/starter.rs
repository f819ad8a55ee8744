//! The digit on the canvas at the first start.

use crate::ui::widgets::Drawing;

/// A seven in one stroke, in fractions of the canvas.
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

/// The brush's radius.
const RADIUS: f32 = 0.042;

/// A drawing of it.
pub fn drawing() -> Drawing {
    let mut drawing = Drawing::default();
    drawing.begin_stroke(SEVEN[0], RADIUS, false);
    for &point in &SEVEN[1..] {
        drawing.extend_stroke(point);
    }
    drawing.end_stroke();
    drawing
}

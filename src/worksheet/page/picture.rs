//! A student's digit, pixel by pixel.

use super::{blocks::PICTURE, item::Tone, pen::Pen};
use crate::worksheet::Digit;

/// Draws a digit in dark ink on white from its top left corner.
pub(super) fn picture(pen: &mut Pen, (left, top): (f32, f32), digit: &Digit) {
    let pixel = PICTURE / digit.image.width().max(digit.image.height()).max(1) as f32;
    for (x, y, ink) in digit.image.enumerate_pixels() {
        if ink.0[0] > 8 {
            let at = (left + x as f32 * pixel, top + y as f32 * pixel);
            // A little larger, so that no seams show.
            pen.area(at, (pixel + 0.15, pixel + 0.15), Tone(255 - ink.0[0]));
        }
    }
    pen.outline((left, top), (PICTURE, PICTURE), 0.8, Tone::INK);
}

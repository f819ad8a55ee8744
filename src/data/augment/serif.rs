//! Adds the flag and the foot that many people write a 1 with.

use super::{Sheet, pen};
use rand::{Rng, RngExt};

/// A pixel with at least this value belongs to a stroke.
const INK: u8 = 110;
/// A stroke's ink has at least this ratio of its standard deviations along and across its axis.
const SLENDER: f32 = 4.5;
/// In a straight stroke, no ink is further from the axis than this, in stroke widths.
const STRAIGHT: f32 = 0.85;
/// A stroke that leans further from the vertical than this, as a tangent, is not a 1.
const LEAN: f32 = 1.2;

/// A stroke that leans further than this gets no foot.
const FOOT_LEAN: f32 = 0.3;
/// Cumulative probabilities of a flag alone, and of a flag with or without a foot; the rest is a foot alone.
const FLAG_ALONE: f32 = 0.5;
const BOTH: f32 = 0.85;

/// A single straight stroke; points are (x, y) in pixels.
pub(super) struct Stem {
    top: [f32; 2],
    bottom: [f32; 2],
    width: f32,
}

impl Stem {
    /// The stroke of an image with rows of `width` pixels; `None` unless it is a single straight, roughly upright stroke.
    pub(super) fn of(pixels: &[u8], width: usize) -> Option<Self> {
        let ink = || {
            let points = pixels.iter().enumerate().filter(|(_, value)| **value >= INK);
            points.map(|(at, _)| [(at % width.max(1)) as f32, (at / width.max(1)) as f32])
        };
        let count = ink().count() as f32;
        let sum = ink().fold([0.0; 2], |sum, point| [sum[0] + point[0], sum[1] + point[1]]);
        let [x, y] = sum.map(|sum| sum / count.max(1.0));
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for [px, py] in ink() {
            let (dx, dy) = (px - x, py - y);
            (xx, xy, yy) = (xx + dx * dx / count, xy + dx * dy / count, yy + dy * dy / count);
        }
        // Principal axes of the ink.
        let (mean, half) = (f32::midpoint(xx, yy), (((xx - yy) / 2.0).powi(2) + xy * xy).sqrt());
        let (along, across) = ((mean + half).sqrt(), (mean - half).max(0.02).sqrt());
        let (dx, dy) = (xy, mean + half - xx);
        let length = dx.hypot(dy);
        // Not `<=`: without ink the values are not a number.
        if !(along > SLENDER * across && length > 0.0 && dy.abs() * LEAN >= dx.abs()) {
            return None;
        }
        let sign = dy.signum() / length;
        let (dx, dy) = (dx * sign, dy * sign);
        // A bar's standard deviation across is its width / √12.
        let stroke = (across * 12_f32.sqrt()).max(1.0);
        let off = ink().map(|[px, py]| ((px - x) * dy - (py - y) * dx).abs()).fold(0.0, f32::max);
        if off > STRAIGHT * stroke + 0.5 {
            return None;
        }
        let ends = ink().map(|[px, py]| (px - x) * dx + (py - y) * dy);
        let (first, last) = ends.fold((0.0, 0.0), |(a, b): (f32, f32), v| (a.min(v), b.max(v)));
        let (first, last) = (first + stroke / 2.0, last - stroke / 2.0);
        let at = |along: f32| [x + dx * along, y + dy * along];
        Some(Self { top: at(first), bottom: at(last), width: stroke })
    }

    /// The image with a flag, a foot or both, drawn with a pen about as wide as the stroke.
    pub(super) fn with_serifs(&self, pixels: &[u8], width: usize, rng: &mut impl Rng) -> Vec<u8> {
        let mut sheet = Sheet {
            values: pixels.iter().map(|&pixel| f32::from(pixel)).collect(),
            height: pixels.len() / width.max(1),
            width,
        };
        let mut within = |least: f32, most: f32| least + (most - least) * rng.random::<f32>();
        let (dx, dy) = (self.bottom[0] - self.top[0], self.bottom[1] - self.top[1]);
        let length = dx.hypot(dy);
        // A leaning stroke with a foot would look like a 2.
        let kind = within(0.0, if dx.abs() < FOOT_LEAN * dy { 1.0 } else { FLAG_ALONE });
        let radius = (self.width * within(0.8, 1.1) / 2.0).max(0.5);
        let has_foot = kind > FLAG_ALONE;
        if kind < BOTH {
            // Down and to the left of the stem.
            let angle = within(24.0, 72.0).to_radians();
            let most = if angle > 1.0 || has_foot { 0.36 } else { 0.6 };
            let reach = within(0.16, most) * length;
            let (sin, cos) = angle.sin_cos();
            let (ux, uy) = ((dx * cos - dy * sin) / length, (dy * cos + dx * sin) / length);
            let bow = within(-0.12, 0.12) * reach;
            pen::line(
                &mut sheet,
                self.top,
                [self.top[0] + ux * reach, self.top[1] + uy * reach],
                bow,
                radius,
            );
        }
        if has_foot {
            let tilt = within(-0.2, 0.2);
            let [left, right] = [-1.0, 1.0].map(|side| {
                let reach = side * within(0.08, 0.34) * length;
                [self.bottom[0] + reach, self.bottom[1] + tilt * reach]
            });
            let bow = within(-0.06, 0.06) * length;
            pen::line(&mut sheet, left, right, bow, radius);
        }
        sheet.values.iter().map(|value| value.round() as u8).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::mnist;

    #[test]
    fn only_ones_are_single_straight_strokes() {
        let test = mnist::load_test().unwrap();
        let mut counts = [0; 10];
        for index in 0..test.len() {
            counts[test.label(index) as usize] += usize::from(Stem::of(test.image(index), 28).is_some());
        }
        assert!(counts[1] > 900, "{counts:?}");
        assert!(counts.iter().sum::<usize>() - counts[1] <= 10, "{counts:?}");
    }

    #[test]
    fn blank_and_full_images_have_no_stem() {
        for pixels in [vec![], vec![0; 784], vec![255; 784], vec![255]] {
            assert!(Stem::of(&pixels, 28).is_none());
        }
        assert!(Stem::of(&[], 0).is_none());
    }
}

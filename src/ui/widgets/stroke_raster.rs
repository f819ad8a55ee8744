//! The drawing as pixels: round strokes with soft edges, one segment at a time.

use crate::ui::style::picture::PictureGround;
use serde::{Deserialize, Serialize};

/// Pixels along a side of the drawing.
pub const RASTER: usize = 280;

/// A picture of ink, row by row, 0 none to 255 full.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width` × `height` greys.
    pub pixels: Vec<u8>,
    /// How it is shown.
    #[serde(default)]
    pub ground: PictureGround,
    /// What it is, for whoever put it there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tag: String,
}

/// The pixels of a drawing and the sum of their ink.
#[derive(Clone, Debug)]
pub(super) struct Raster {
    pixels: Vec<u8>,
    total: u64,
}

impl Raster {
    /// Nothing drawn.
    pub(super) fn blank() -> Self {
        Self { pixels: vec![0; RASTER * RASTER], total: 0 }
    }

    /// Row by row, 0 no ink to 255 full ink.
    pub(super) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The sum of all pixels.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// A copy as a picture, which [`Raster::set_picture`] restores exactly.
    pub(super) fn picture(&self, ground: PictureGround) -> Picture {
        let tag = String::new();
        Picture { width: RASTER, height: RASTER, pixels: self.pixels.clone(), ground, tag }
    }

    /// Removes all ink.
    pub(super) fn clear(&mut self) {
        self.pixels.fill(0);
        self.total = 0;
    }

    /// Draws, or erases, all points within `radius` of the line between two points of the unit square.
    ///
    /// Visits only the pixels of the segment's bounding box. Points outside the square are cut off.
    pub(super) fn add_segment(&mut self, from: [f32; 2], to: [f32; 2], radius: f32, is_eraser: bool) {
        if !from.iter().chain(&to).chain([&radius]).all(|value| value.is_finite()) {
            return;
        }
        let side = RASTER as f32;
        let [ax, ay] = from.map(|u| u * side);
        let [bx, by] = to.map(|u| u * side);
        // A stroke thinner than a pixel would leave holes.
        let radius = (radius * side).max(0.5);
        let span = |a: f32, b: f32| {
            let first = (a.min(b) - radius - 1.0).clamp(0.0, side) as usize;
            let end = (a.max(b) + radius + 1.0).ceil().clamp(0.0, side) as usize;
            first..end
        };
        let (dx, dy) = (bx - ax, by - ay);
        let length_squared = dx * dx + dy * dy;
        let columns = span(ax, bx);
        for y in span(ay, by) {
            for x in columns.clone() {
                let (px, py) = (x as f32 + 0.5 - ax, y as f32 + 0.5 - ay);
                let along = if length_squared > 0.0 {
                    ((px * dx + py * dy) / length_squared).clamp(0.0, 1.0)
                } else {
                    0.0
                };
                let distance = (px - along * dx).hypot(py - along * dy);
                let coverage = (radius - distance + 0.5).clamp(0.0, 1.0);
                if coverage > 0.0 {
                    self.blend(y * RASTER + x, (coverage * 255.0).round() as u8, is_eraser);
                }
            }
        }
    }

    /// Replaces everything with a picture, centred and as large as fits. A wrong size clears it.
    pub(super) fn set_picture(&mut self, picture: &Picture) {
        self.clear();
        let (width, height) = (picture.width, picture.height);
        if width == 0 || height == 0 || width.checked_mul(height) != Some(picture.pixels.len()) {
            return;
        }
        let longest = width.max(height);
        let (out_w, out_h) = ((width * RASTER / longest).max(1), (height * RASTER / longest).max(1));
        let (left, top) = ((RASTER - out_w) / 2, (RASTER - out_h) / 2);
        for y in 0..out_h {
            let rows = covered(y, out_h, height);
            for x in 0..out_w {
                let columns = covered(x, out_w, width);
                let mut sum = 0_u64;
                for row in rows.clone() {
                    sum += columns.clone().map(|c| u64::from(picture.pixels[row * width + c])).sum::<u64>();
                }
                let mean = (sum / (rows.len() * columns.len()) as u64) as u8;
                self.pixels[(top + y) * RASTER + left + x] = mean;
                self.total += u64::from(mean);
            }
        }
    }

    fn blend(&mut self, index: usize, coverage: u8, is_eraser: bool) {
        let old = self.pixels[index];
        let new = if is_eraser { old.min(255 - coverage) } else { old.max(coverage) };
        self.pixels[index] = new;
        self.total = self.total + u64::from(new) - u64::from(old);
    }
}

/// The source pixels that pixel `i` of `out` ones covers: one when enlarging, a block to average when reducing.
fn covered(i: usize, out: usize, source: usize) -> std::ops::Range<usize> {
    let first = i * source / out;
    let end = ((i + 1) * source).div_ceil(out);
    if source <= out { first..first + 1 } else { first..end.min(source) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(raster: &Raster, x: usize, y: usize) -> u8 {
        raster.pixels()[y * RASTER + x]
    }

    fn sum(raster: &Raster) -> u64 {
        raster.pixels().iter().map(|p| u64::from(*p)).sum()
    }

    #[test]
    fn a_point_leaves_a_round_dot() {
        let mut raster = Raster::blank();
        raster.add_segment([0.5, 0.5], [0.5, 0.5], 0.1, false);
        assert_eq!(at(&raster, 140, 140), 255);
        assert_eq!(at(&raster, 140, 170), 0);
        let area = sum(&raster) as f32 / 255.0;
        assert!((area / (std::f32::consts::PI * 28.0 * 28.0) - 1.0).abs() < 0.01, "{area}");
    }

    #[test]
    fn edges_are_soft_and_caps_round() {
        let mut raster = Raster::blank();
        raster.add_segment([0.25, 0.5], [0.75, 0.5], 0.05, false);
        assert!(raster.pixels().iter().any(|p| (1..255).contains(p)));
        assert_eq!(at(&raster, 140, 127), 255);
        assert_eq!(at(&raster, 70 - 13, 140 - 13), 0, "the cap's corner is cut");
    }

    #[test]
    fn the_eraser_takes_away_and_the_total_follows() {
        let mut raster = Raster::blank();
        raster.add_segment([0.1, 0.1], [0.9, 0.9], 0.06, false);
        raster.add_segment([0.4, 0.4], [0.6, 0.6], 0.1, true);
        assert_eq!(at(&raster, 140, 140), 0);
        assert_eq!(at(&raster, 40, 40), 255);
        assert_eq!(raster.total(), sum(&raster));
    }

    #[test]
    fn strokes_are_cut_at_the_border_and_nonsense_is_ignored() {
        let mut raster = Raster::blank();
        raster.add_segment([-5.0, 0.5], [5.0, 0.5], 0.02, false);
        assert_eq!((at(&raster, 0, 140), at(&raster, 279, 140)), (255, 255));
        let total = raster.total();
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            raster.add_segment([bad, 0.5], [0.5, 0.5], 0.1, false);
            raster.add_segment([0.5, 0.5], [0.5, 0.5], bad, false);
        }
        raster.add_segment([-1e30, 9.0], [-1e30, 9.0], 0.1, false);
        assert_eq!(raster.total(), total);
    }

    #[test]
    fn a_small_picture_becomes_exact_blocks() {
        let pixels: Vec<u8> = (0..28 * 28).map(|i| (i % 251) as u8).collect();
        let mut raster = Raster::blank();
        raster.set_picture(&Picture { width: 28, height: 28, pixels: pixels.clone(), ..Picture::default() });
        for (x, y) in [(0, 0), (9, 9), (10, 0), (135, 257), (279, 279)] {
            assert_eq!(at(&raster, x, y), pixels[(y / 10) * 28 + x / 10]);
        }
        assert_eq!(raster.total(), sum(&raster));
    }

    #[test]
    fn pictures_of_any_size_fit() {
        let mut raster = Raster::blank();
        for (width, height) in [(1, 1), (1, 3000), (3000, 1), (281, 279), (560, 560)] {
            raster.set_picture(&Picture {
                width,
                height,
                pixels: vec![200; width * height],
                ..Picture::default()
            });
            let longest = width.max(height);
            let inked = (width * RASTER / longest).max(1) * (height * RASTER / longest).max(1);
            assert_eq!(raster.total(), 200 * inked as u64, "{width}×{height}");
        }
        raster.set_picture(&Picture { width: usize::MAX, height: 2, pixels: vec![1], ..Picture::default() });
        assert_eq!(raster.total(), 0);
    }
}

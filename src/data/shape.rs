//! Shapes that no digit has, whatever a network says: filled shapes without strokes, and lines that only a dash has.

use super::{area, objection::Objection};
use image::GrayImage;
use std::f32::consts::FRAC_PI_4;

/// The longer side of the grid on which a shape is measured, in cells.
const SIDE: u32 = 64;
/// A cell with at least this fraction of the strongest ink belongs to the shape.
const INK: f32 = 0.5;
/// A shape that fills at least this fraction of its convex hull has no strokes, or only a single straight one.
const CONVEX: f32 = 0.9;
/// A straight stroke's length is at least this many times its width, as the ratio of the ink's standard deviations.
const STROKE: f32 = 1.9;
/// A convex shape is about as wide as long below this ratio.
const ROUND: f32 = 1.35;
/// The area of a shape divided by the product of its standard deviations is 4π for a disc and 12 for a square.
const DISC: f32 = 12.3;
/// Ink with at least this ratio of standard deviations is a single straight stroke, even if its edge is rough.
const LINE: f32 = 4.0;
/// A single stroke that leans further from the vertical than this, as a tangent (60°), is not a 1.
const LEVEL: f32 = 1.73;
/// A shape with a disc inside whose diameter is at least this fraction of the shape's longer side has no strokes.
const FILLED: f32 = 0.5;

/// Why a cropped drawing cannot be a digit, as its shape shows.
pub(super) fn objection(cropped: &GrayImage) -> Option<Objection> {
    let shape = Shape::of(cropped);
    let cells = shape.cells();
    let covariance = Covariance::of(&cells);
    let count = cells.len() as f32;
    let ratio = covariance.along / covariance.across;
    if ratio >= LINE || count >= CONVEX * hull_area(&cells) {
        return if ratio < ROUND && count >= DISC * covariance.along * covariance.across {
            Some(Objection::Dot)
        } else if ratio < ROUND {
            Some(Objection::Filled)
        } else if ratio < STROKE {
            Some(Objection::Dash)
        } else if covariance.axis[0].abs() > LEVEL * covariance.axis[1].abs() {
            Some(Objection::LevelLine)
        } else {
            None
        };
    }
    let widest = FILLED * SIDE as f32;
    // A disc of that size needs this area, which few digits have.
    let may_be_filled = count >= FRAC_PI_4 * widest * widest;
    (may_be_filled && shape.thickness() >= widest).then_some(Objection::Filled)
}

/// Which cells of a grid have ink.
struct Shape {
    width: usize,
    height: usize,
    is_ink: Vec<bool>,
}

impl Shape {
    fn of(cropped: &GrayImage) -> Self {
        let (width, height) = area::fit(cropped.dimensions(), SIDE);
        let (width, height) = (width as usize, height as usize);
        let values = area::resample(cropped, width, height);
        let least = INK * values.iter().copied().fold(0.0, f32::max);
        Self { width, height, is_ink: values.iter().map(|&value| value > 0.0 && value >= least).collect() }
    }

    /// The (x, y) of every cell of ink, row by row.
    fn cells(&self) -> Vec<[f32; 2]> {
        let inked = self.is_ink.iter().enumerate().filter(|(_, is_ink)| **is_ink);
        inked.map(|(at, _)| [(at % self.width) as f32, (at / self.width) as f32]).collect()
    }

    /// The diameter of the largest disc inside, in cells: twice the largest distance from a cell's centre to paper.
    fn thickness(&self) -> f32 {
        // Distances to paper down each column, then the nearest paper by way of any column of the row.
        let far = (self.width + self.height) as f32;
        let mut down = vec![0.0_f32; self.is_ink.len()];
        for column in 0..self.width {
            let mut distance = 0.0;
            for row in 0..self.height {
                let at = row * self.width + column;
                distance = if self.is_ink[at] { distance + 1.0 } else { 0.0 };
                down[at] = distance;
            }
            distance = 0.0;
            for row in (0..self.height).rev() {
                let at = row * self.width + column;
                distance = if self.is_ink[at] { distance + 1.0 } else { 0.0 };
                down[at] = down[at].min(distance).min(far);
            }
        }
        let mut largest = 0.0_f32;
        for row in down.chunks_exact(self.width) {
            for column in 0..self.width {
                // Beyond either end of a row is paper.
                let end = (column + 1).min(self.width - column) as f32;
                let mut nearest = end * end;
                for (other, distance) in row.iter().enumerate() {
                    let aside = other.abs_diff(column) as f32;
                    nearest = nearest.min(aside * aside + distance * distance);
                }
                largest = largest.max(nearest);
            }
        }
        2.0 * largest.sqrt() - 1.0
    }
}

/// The standard deviations of a shape's cells along its principal axes, and the direction of the first.
struct Covariance {
    along: f32,
    across: f32,
    axis: [f32; 2],
}

impl Covariance {
    fn of(cells: &[[f32; 2]]) -> Self {
        let count = (cells.len() as f32).max(1.0);
        let sum = cells.iter().fold([0.0; 2], |sum, cell| [sum[0] + cell[0], sum[1] + cell[1]]);
        let [x, y] = sum.map(|sum| sum / count);
        // A cell is a square of side 1, whose variance is 1/12.
        let (mut xx, mut xy, mut yy) = (1.0 / 12.0, 0.0, 1.0 / 12.0);
        for cell in cells {
            let (dx, dy) = (cell[0] - x, cell[1] - y);
            (xx, xy, yy) = (xx + dx * dx / count, xy + dx * dy / count, yy + dy * dy / count);
        }
        let (mean, half) = (f32::midpoint(xx, yy), (((xx - yy) / 2.0).powi(2) + xy * xy).sqrt());
        let axis = if xy == 0.0 && xx <= yy { [0.0, 1.0] } else { [mean + half - yy, xy] };
        Self { along: (mean + half).sqrt(), across: (mean - half).max(1.0 / 12.0).sqrt(), axis }
    }
}

/// The area of the convex hull of cells that are sorted by row, in cells.
fn hull_area(cells: &[[f32; 2]]) -> f32 {
    // Corners of the first and last cell of each row; the others are not on the hull.
    let mut points: Vec<[f32; 2]> = Vec::new();
    for row in cells.chunk_by(|a, b| a[1] == b[1]) {
        if let [first, ..] = row
            && let [.., last] = row
        {
            let (left, right, top) = (first[0], last[0] + 1.0, first[1]);
            points.extend([[left, top], [right, top], [left, top + 1.0], [right, top + 1.0]]);
        }
    }
    points.sort_by(|a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
    // Andrew's monotone chain.
    let cross =
        |o: [f32; 2], a: [f32; 2], b: [f32; 2]| (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
    let chain = |points: &mut dyn Iterator<Item = [f32; 2]>| {
        let mut chain: Vec<[f32; 2]> = Vec::new();
        for point in points {
            while let [.., a, b] = chain[..]
                && cross(a, b, point) <= 0.0
            {
                chain.pop();
            }
            chain.push(point);
        }
        chain
    };
    let mut hull = chain(&mut points.iter().copied());
    hull.pop();
    hull.extend(chain(&mut points.iter().rev().copied()));
    let twice: f32 = hull.windows(2).map(|ends| ends[0][0] * ends[1][1] - ends[1][0] * ends[0][1]).sum();
    (twice / 2.0).abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{digit, mnist};
    use image::Luma;

    /// The ink of a point set, cropped: `is_ink` of (x, y) in −1 … 1.
    fn filled(width: u32, height: u32, is_ink: impl Fn(f32, f32) -> bool) -> GrayImage {
        let unit = |at: u32, side: u32| (2.0 * at as f32 + 1.0) / side as f32 - 1.0;
        GrayImage::from_fn(width, height, |x, y| {
            Luma([if is_ink(unit(x, width), unit(y, height)) { 255 } else { 0 }])
        })
    }

    #[test]
    fn filled_shapes_are_not_digits() {
        let disc = |x: f32, y: f32| x.hypot(y) <= 1.0;
        for side in [5, 9, 20, 60, 200] {
            assert_eq!(objection(&filled(side, side, disc)), Some(Objection::Dot), "disc of {side}");
        }
        assert_eq!(objection(&filled(80, 80, |_, _| true)), Some(Objection::Filled));
        assert_eq!(
            objection(&filled(80, 70, |x, y| x.abs() <= f32::midpoint(y, 1.0))),
            Some(Objection::Filled)
        );
        // A disc on a bar, with a diameter of 0.6 of the height.
        let disc_on_bar =
            |x: f32, y: f32| (y < 0.2 && x.hypot((y + 0.4) / 0.6) <= 1.0) || (y >= 0.0 && x.abs() < 0.4);
        assert_eq!(objection(&filled(60, 100, disc_on_bar)), Some(Objection::Filled));
    }

    #[test]
    fn short_and_level_lines_are_dashes_and_upright_ones_may_be_a_1() {
        let bar = |_: f32, _: f32| true;
        assert_eq!(objection(&filled(30, 50, bar)), Some(Objection::Dash));
        assert_eq!(objection(&filled(50, 30, bar)), Some(Objection::Dash));
        assert_eq!(objection(&filled(90, 20, bar)), Some(Objection::LevelLine));
        let rough = |x: f32, y: f32| (y - 0.3 * (20.0 * x).sin()).abs() < 0.5;
        assert_eq!(objection(&filled(90, 9, rough)), Some(Objection::LevelLine));
        assert_eq!(objection(&filled(20, 90, bar)), None);
        assert_eq!(objection(&filled(1, 300, bar)), None);
        let slope = |x: f32, y: f32| (x + y).abs() < 0.2;
        assert_eq!(objection(&filled(100, 100, slope)), None);
    }

    #[test]
    fn rings_are_not_filled() {
        for inner in [0.35, 0.5, 0.8] {
            let ring = |x: f32, y: f32| (inner..=1.0).contains(&x.hypot(y));
            assert_eq!(objection(&filled(100, 120, ring)), None, "{inner}");
        }
    }

    #[test]
    fn mnist_digits_have_strokes() {
        let test = mnist::load_test().unwrap();
        let mut objections = Vec::new();
        for index in 0..test.len() {
            let digit = GrayImage::from_raw(28, 28, test.image(index).to_vec()).unwrap();
            let stages = digit::fitted(&digit).unwrap();
            objections.extend(objection(&stages.cropped).map(|objection| (objection, test.label(index))));
        }
        assert!(objections.len() <= 10, "{objections:?}");
    }

    #[test]
    fn images_of_any_size_are_measured() {
        for (width, height) in [(0, 0), (1, 1), (1, 9), (2000, 1), (3, 2)] {
            objection(&GrayImage::new(width, height));
            objection(&GrayImage::from_pixel(width, height, Luma([255])));
        }
    }

    #[test]
    fn thickness_is_the_diameter_of_the_largest_disc_inside() {
        let disc = Shape::of(&filled(64, 64, |x, y| x.hypot(y) <= 0.5));
        assert!((disc.thickness() - 32.0).abs() <= 2.0, "{}", disc.thickness());
        let bar = Shape::of(&filled(64, 64, |x, _| x.abs() <= 0.25));
        assert!((bar.thickness() - 16.0).abs() <= 1.0, "{}", bar.thickness());
    }
}

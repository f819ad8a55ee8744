//! Synthetic handwriting: digits drawn with a pen, in a new random hand each time.
//!
//! [`shapes`] has the ways of writing each digit. This module adds a hand: wobble and tremor, slant, width, cut corners
//! and the width of the pen.

mod random;
mod shapes;

use super::{Sheet, pen};
use rand::Rng;
use random::Hand;
use shapes::Stroke;

/// The side of the sheet, and a digit's longer side on it, in pixels.
const SIDE: usize = 64;
const LONGER: f32 = 44.0;
/// The radius of the thinnest pen in pixels of the sheet, and the ratio of the widest pen to it.
const THINNEST: f32 = 0.55;
const WIDEST: f32 = 11.0;

/// Draws a digit; `None` for a label above 9.
pub(super) fn draw(label: u8, rng: &mut impl Rng) -> Option<Sheet> {
    let mut hand = Hand(rng);
    let strokes = shapes::write(label, &mut hand)?;
    let lines = pen_path(strokes, &mut hand);
    let mut sheet = Sheet { values: vec![0.0; SIDE * SIDE], height: SIDE, width: SIDE };
    let radius = THINNEST * WIDEST.powf(hand.within(0.0, 1.0));
    // Pressure: the pen's width varies along the line.
    let (press, phase) = (if hand.chance(0.3) { 0.3 } else { 0.0 }, hand.within(0.0, 6.3));
    for line in lines {
        for (i, ends) in line.windows(2).enumerate() {
            let radius = radius * (1.0 + press * (0.3 * i as f32 + phase).sin());
            pen::line(&mut sheet, ends[0], ends[1], 0.0, radius);
        }
    }
    Some(sheet)
}

/// The path of the pen, in pixels of the sheet.
fn pen_path<R: Rng>(strokes: Vec<Stroke>, hand: &mut Hand<'_, R>) -> Vec<Vec<[f32; 2]>> {
    let wobble = hand.within(0.004, 0.035);
    let wide = hand.within(0.68, 1.32);
    let slant = hand.about(22.0).to_radians().tan();
    let (sin, cos) = hand.about(9.0).to_radians().sin_cos();
    let (wave, phase) = (hand.within(0.0, 0.02), hand.within(0.0, 6.3));
    let tremor = if hand.chance(0.25) { hand.within(0.002, 0.009) } else { 0.0 };
    let cuts_corners = hand.chance(0.35);
    let mut lines = Vec::with_capacity(strokes.len());
    for Stroke { mut points, is_smooth } in strokes {
        for point in &mut points {
            *point = point.map(|at| at + hand.about(2.0 * wobble));
        }
        let line = if is_smooth {
            curve(&points)
        } else if cuts_corners {
            cut_corners(&points)
        } else {
            points
        };
        let moved = |[x, y]: [f32; 2]| {
            let (x, y) = ((x + wave * (6.0 * y + phase).sin()) * wide, y - 0.5);
            let x = x - y * slant;
            [cos * x - sin * y, sin * x + cos * y]
        };
        lines.push(
            line.into_iter()
                .map(|point| {
                    moved(point.map(|at| if tremor > 0.0 { at + hand.about(2.0 * tremor) } else { at }))
                })
                .collect(),
        );
    }
    fit(&mut lines);
    lines
}

/// Centres the lines on the sheet and scales their longer side to [`LONGER`].
fn fit(lines: &mut [Vec<[f32; 2]>]) {
    let mut range = [[f32::MAX, f32::MIN]; 2];
    for point in lines.iter().flatten() {
        for (range, at) in range.iter_mut().zip(point) {
            *range = [range[0].min(*at), range[1].max(*at)];
        }
    }
    let longer = range.map(|[least, most]| most - least).into_iter().fold(0.1, f32::max);
    for point in lines.iter_mut().flatten() {
        for (range, at) in range.iter().zip(point) {
            *at = SIDE as f32 / 2.0 + (*at - f32::midpoint(range[0], range[1])) * LONGER / longer;
        }
    }
}

/// A Catmull-Rom spline through all points, eight segments between two points.
fn curve(points: &[[f32; 2]]) -> Vec<[f32; 2]> {
    const SEGMENTS: usize = 8;
    let at = |i: isize| points[i.clamp(0, points.len() as isize - 1) as usize];
    let mut line = Vec::with_capacity(points.len() * SEGMENTS + 1);
    for i in 0..points.len() as isize - 1 {
        let [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
        for segment in 0..SEGMENTS {
            let t = segment as f32 / SEGMENTS as f32;
            line.push(std::array::from_fn(|k| {
                let (linear, square) = (c[k] - a[k], 2.0 * a[k] - 5.0 * b[k] + 4.0 * c[k] - d[k]);
                let cube = 3.0 * (b[k] - c[k]) + d[k] - a[k];
                b[k] + 0.5 * t * (linear + t * (square + t * cube))
            }));
        }
    }
    line.extend(points.last());
    line
}

/// The lines between the points with cut corners: one round of Chaikin's algorithm.
fn cut_corners(points: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut line: Vec<[f32; 2]> = points.first().into_iter().copied().collect();
    for ends in points.windows(2) {
        for t in [0.22, 0.78] {
            line.push(std::array::from_fn(|k| ends[0][k] + t * (ends[1][k] - ends[0][k])));
        }
    }
    line.extend(points.last());
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn every_digit_fits_the_sheet() {
        for label in 0..10 {
            for number in 0..200 {
                let mut rng = ChaCha8Rng::seed_from_u64(number);
                let sheet = draw(label, &mut rng).unwrap();
                let ink = sheet.values.iter().filter(|&&value| value > 60.0).count();
                assert!((25..2200).contains(&ink), "{label}, {number}: {ink}");
                let is_border = |at: usize| {
                    let (x, y) = (at % SIDE, at / SIDE);
                    x == 0 || y == 0 || x == SIDE - 1 || y == SIDE - 1
                };
                let is_whole = !(0..SIDE * SIDE).any(|at| is_border(at) && sheet.values[at] > 0.0);
                assert!(is_whole, "{label}, {number}");
            }
        }
        assert!(draw(10, &mut ChaCha8Rng::seed_from_u64(1)).is_none());
    }

    #[test]
    fn curves_go_through_their_points() {
        let points = [[0.0, 0.0], [1.0, 0.5], [0.3, 2.0], [0.0, 1.0]];
        let line = curve(&points);
        for point in points {
            assert!(line.contains(&point), "{point:?} in {line:?}");
        }
        assert_eq!(curve(&[]), [[0.0; 2]; 0]);
        assert_eq!(curve(&[[1.0, 2.0]]), [[1.0, 2.0]]);
        assert_eq!(cut_corners(&[]), [[0.0; 2]; 0]);
    }
}

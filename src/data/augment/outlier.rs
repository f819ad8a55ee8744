//! What is no digit: letters, scribbles, two digits in one picture, digits lying on their side, and textures.

use super::{Sheet, Split, pen, warp::bilinear};
use rand::{Rng, RngExt};
use std::f32::consts::TAU;

/// The side of the square that outliers are drawn on.
const SIDE: usize = 64;

/// Letters that nobody takes for a digit, as lines in a field of 4 wide and 6 high: `x y` pairs, strokes apart.
const LETTERS: &[&[&[(f32, f32)]]] = &[
    &[&[(0., 6.), (2., 0.), (4., 6.)], &[(0.8, 4.), (3.2, 4.)]],
    &[&[(4., 0.), (0., 0.), (0., 6.), (4., 6.)], &[(0., 3.), (3., 3.)]],
    &[&[(4., 0.), (0., 0.), (0., 6.)], &[(0., 2.8), (3., 2.8)]],
    &[&[(0., 0.), (0., 6.)], &[(4., 0.), (4., 6.)], &[(0., 3.), (4., 3.)]],
    &[&[(0., 0.), (0., 6.)], &[(4., 0.), (0., 3.4), (4., 6.)]],
    &[&[(0., 6.), (0.4, 0.), (2.2, 4.), (4., 0.), (4.4, 6.)]],
    &[&[(0., 6.), (0., 0.), (4., 6.), (4., 0.)]],
    &[&[(0., 6.), (0., 0.), (3., 0.2), (3.6, 1.6), (2.8, 3.), (0., 3.2)]],
    &[&[(0., 6.), (0., 0.), (3., 0.2), (3.6, 1.6), (2.8, 3.), (0., 3.2), (4., 6.)]],
    &[&[(0., 0.), (4., 0.)], &[(2., 0.), (2., 6.)]],
    &[&[(0., 0.), (0.2, 4.6), (1.2, 6.), (2.8, 6.), (3.8, 4.6), (4., 0.)]],
    &[&[(0., 0.), (2., 6.), (4., 0.)]],
    &[&[(0., 0.), (1.2, 6.), (2.4, 1.6), (3.6, 6.), (4.8, 0.)]],
    &[&[(0., 0.), (4., 6.)], &[(4., 0.), (0., 6.)]],
    &[&[(0., 0.), (0., 6.)], &[(0., 3.6), (1.4, 2.4), (2.8, 2.8), (3.2, 6.)]],
    &[
        &[(0., 2.), (0., 6.)],
        &[(0., 3.4), (1., 2.), (2., 3.), (2., 6.)],
        &[(2., 3.4), (3., 2.), (4., 3.), (4., 6.)],
    ],
];

/// An outlier, on a sheet of its own; those that are made of images are made of the first `learnt`.
pub(super) fn draw(split: &Split, learnt: usize, rng: &mut impl Rng) -> Sheet {
    let mut sheet = Sheet { values: vec![0.0; SIDE * SIDE], height: SIDE, width: SIDE };
    match rng.random_range(0..20) {
        0..=6 => letter(&mut sheet, rng),
        7..=10 => scribble(&mut sheet, rng),
        11..=13 => two_images(&mut sheet, split, learnt, rng),
        14..=16 => on_its_side(&mut sheet, split, learnt, rng),
        _ => texture(&mut sheet, rng),
    }
    sheet
}

/// A number from a range.
fn within(rng: &mut impl Rng, least: f32, most: f32) -> f32 {
    least + (most - least) * rng.random::<f32>()
}

/// The radius of a pen: hairs are as common as markers.
fn radius(rng: &mut impl Rng) -> f32 {
    0.5 * 9_f32.powf(rng.random::<f32>())
}

fn letter(sheet: &mut Sheet, rng: &mut impl Rng) {
    let letter = LETTERS[rng.random_range(0..LETTERS.len())];
    let (lean, wide, turn) = (within(rng, -0.3, 0.3), within(rng, 0.7, 1.3), within(rng, -0.15, 0.15));
    let radius = radius(rng);
    for stroke in letter {
        let mut points: Vec<[f32; 2]> = Vec::with_capacity(stroke.len());
        for &(x, y) in *stroke {
            let (x, y) = (x + within(rng, -0.4, 0.4) - 2.0, y + within(rng, -0.4, 0.4) - 3.0);
            let (x, y) = (x * wide - y * lean, y);
            let (x, y) = (x - turn * y, y + turn * x);
            points.push([SIDE as f32 / 2.0 + 7.0 * x, SIDE as f32 / 2.0 + 7.0 * y]);
        }
        for ends in points.windows(2) {
            let bow = within(rng, -2.5, 2.5);
            pen::line(sheet, ends[0], ends[1], bow, radius);
        }
    }
}

/// A line that goes to and fro, in zigzags or in loops.
fn scribble(sheet: &mut Sheet, rng: &mut impl Rng) {
    let (count, kind) = (rng.random_range(10..40), rng.random_range(0..3));
    let (radius, turns) = (within(rng, 0.6, 3.0), within(rng, 0.5, 1.4));
    let side = SIDE as f32;
    let mut points = Vec::with_capacity(count);
    for i in 0..count {
        let share = i as f32 / count as f32;
        points.push(match kind {
            0 => [within(rng, 6.0, side - 6.0), within(rng, 6.0, side - 6.0)],
            1 => {
                let to_and_fro = if i % 2 == 0 { 8.0 } else { side - 8.0 };
                [to_and_fro + within(rng, -5.0, 5.0), 6.0 + share * (side - 12.0) + within(rng, -3.0, 3.0)]
            }
            _ => {
                let (sin, cos) = (i as f32 * turns).sin_cos();
                let reach = within(rng, 3.0, 26.0);
                [side / 2.0 + reach * cos, side / 2.0 + reach * sin]
            }
        });
    }
    for ends in points.windows(2) {
        let bow = within(rng, -4.0, 4.0);
        pen::line(sheet, ends[0], ends[1], bow, radius);
    }
}

/// Lays an image over the sheet, its left and upper corner somewhere.
fn lay(sheet: &mut Sheet, image: &[u8], split: &Split, at: impl Fn(f32, f32) -> (f32, f32)) {
    for row in 0..sheet.height {
        for column in 0..sheet.width {
            let (x, y) = at(column as f32, row as f32);
            let value = &mut sheet.values[row * sheet.width + column];
            *value = value.max(bilinear(image, split.height(), split.width(), x, y));
        }
    }
}

/// Two images beside each other, seldom one above the other.
fn two_images(sheet: &mut Sheet, split: &Split, learnt: usize, rng: &mut impl Rng) {
    let scale = split.width() as f32 / 28.0;
    let (apart, aside) = (within(rng, 16.0, 26.0), within(rng, -4.0, 4.0));
    let is_stacked = rng.random_range(0..6) == 0;
    for (along, across) in [(4.0, 18.0), (4.0 + apart, 18.0 + aside)] {
        let (left, top) = if is_stacked { (across, along) } else { (along, across) };
        let image = split.image(rng.random_range(0..learnt));
        lay(sheet, image, split, |x, y| ((x - left) * scale, (y - top) * scale));
    }
}

/// An image turned by a quarter, whose digit still is none then: 0, 1 and 8 may be taken for others, and are left out
/// where labels are digits'.
fn on_its_side(sheet: &mut Sheet, split: &Split, learnt: usize, rng: &mut impl Rng) {
    let mut number = rng.random_range(0..learnt);
    for _ in 0..20 {
        if [2, 3, 4, 5, 7].contains(&split.label(number)) {
            break;
        }
        number = rng.random_range(0..learnt);
    }
    let is_left = rng.random::<bool>();
    let image = split.image(number);
    let scale = split.width() as f32 / 28.0;
    for row in 0..sheet.height {
        for column in 0..sheet.width {
            let (x, y) = (column as f32 - SIDE as f32 / 2.0, row as f32 - SIDE as f32 / 2.0);
            let (x, y) = if is_left { (y, -x) } else { (-y, x) };
            let (x, y) = ((x * 0.7 + 13.5) * scale, (y * 0.7 + 13.5) * scale);
            sheet.values[row * sheet.width + column] = bilinear(image, split.height(), split.width(), x, y);
        }
    }
}

/// What a photograph leaves: waves, soft spots or grain, cut off at some tone.
fn texture(sheet: &mut Sheet, rng: &mut impl Rng) {
    let waves: Vec<[f32; 4]> = (0..rng.random_range(1..7))
        .map(|_| {
            let (angle, length) = (within(rng, 0.0, TAU), within(rng, 4.0, 50.0));
            [
                angle.cos() * TAU / length,
                angle.sin() * TAU / length,
                within(rng, 0.0, TAU),
                within(rng, 0.3, 1.0),
            ]
        })
        .collect();
    let (grain, tone, contrast) = (within(rng, 0.0, 1.2), within(rng, -0.6, 0.8), within(rng, 0.4, 4.0));
    let block = rng.random_range(1..6);
    let mut last = vec![0.0; SIDE];
    for row in 0..SIDE {
        for column in 0..SIDE {
            if row % block == 0 && column % block == 0 {
                let value = within(rng, -1.0, 1.0);
                last[column..(column + block).min(SIDE)].fill(value);
            }
            let wave: f32 =
                waves.iter().map(|w| w[3] * (w[0] * column as f32 + w[1] * row as f32 + w[2]).sin()).sum();
            let value: f32 = (wave + grain * last[column] - tone) * contrast + 0.5;
            sheet.values[row * SIDE + column] = value.clamp(0.0, 1.0) * 255.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::data::{Augment, NO_CLASS, Split, mnist};

    #[test]
    fn a_share_of_the_images_is_replaced_and_the_draw_decides_by_what() {
        let split = mnist::load_test().unwrap();
        let settings = Augment { outliers: 0.3, ..Augment::default() };
        let mut out = vec![0; 784];
        let mut count = 0;
        for index in 0..1000 {
            let label = settings.change((1, 2, index), &split, 10_000, &mut out);
            if label == NO_CLASS {
                count += 1;
                let mut again = vec![0; 784];
                assert_eq!(settings.change((1, 2, index), &split, 10_000, &mut again), NO_CLASS);
                assert_eq!(out, again);
            } else {
                assert_eq!(label, split.label(index as usize));
                assert_eq!(out, split.image(index as usize));
            }
        }
        assert!((240..360).contains(&count), "{count}");
        assert_ne!(Augment::DIGITS.change((1, 2, 3), &split, 10_000, &mut out), NO_CLASS);
    }

    #[test]
    fn what_is_kept_from_training_is_in_no_outlier() {
        let test = mnist::load_test().unwrap();
        let settings = Augment { outliers: 0.9, ..Augment::default() };
        let of = |kept: u8| {
            let pixels = [test.image(0), &[kept; 784]].concat();
            Split::new("two", pixels, vec![test.label(0), 3], 28, 28).unwrap()
        };
        let (dark, bright) = (of(0), of(255));
        let mut outs = [vec![0; 784], vec![0; 784]];
        for epoch in 0..200 {
            for (split, out) in [&dark, &bright].into_iter().zip(&mut outs) {
                settings.change((1, epoch, 0), split, 1, out);
            }
            assert_eq!(outs[0], outs[1], "epoch {epoch}");
        }
    }
}

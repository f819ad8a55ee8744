//! Outliers: letters, scribbles, pairs of digits, digits rotated by 90°, textures, and shapes such as dots and dashes.

use super::{Sheet, Split, pen, warp::bilinear};
use rand::{Rng, RngExt};
use std::f32::consts::TAU;

/// The side of an outlier's sheet in pixels.
const SIDE: usize = 64;

/// Letters that do not resemble digits: strokes of (x, y) points in a box 4 wide and 6 high.
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

/// Draws an outlier. Outliers with digits in them are made from the first `learnt` images.
pub(super) fn draw(split: &Split, learnt: usize, rng: &mut impl Rng) -> Sheet {
    let mut sheet = Sheet { values: vec![0.0; SIDE * SIDE], height: SIDE, width: SIDE };
    match rng.random_range(0..27) {
        0..=6 => letter(&mut sheet, rng),
        7..=10 => scribble(&mut sheet, rng),
        11..=13 => two_images(&mut sheet, split, learnt, rng),
        14..=16 => rotated(&mut sheet, split, learnt, rng),
        17..=19 => texture(&mut sheet, rng),
        20..=24 => filled_shape(&mut sheet, rng),
        _ => signs(&mut sheet, rng),
    }
    sheet
}

/// A uniform random number.
fn within(rng: &mut impl Rng, least: f32, most: f32) -> f32 {
    least + (most - least) * rng.random::<f32>()
}

/// The radius of a pen, log-uniform from 0.5 to 4.5 pixels.
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

/// A scribble: a random line, a zigzag or loops.
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
                let end = if i % 2 == 0 { 8.0 } else { side - 8.0 };
                [end + within(rng, -5.0, 5.0), 6.0 + share * (side - 12.0) + within(rng, -3.0, 3.0)]
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

/// Draws an image over the sheet; `at` maps the sheet's (x, y) to the image's.
fn overlay(sheet: &mut Sheet, image: &[u8], split: &Split, at: impl Fn(f32, f32) -> (f32, f32)) {
    for row in 0..sheet.height {
        for column in 0..sheet.width {
            let (x, y) = at(column as f32, row as f32);
            let value = &mut sheet.values[row * sheet.width + column];
            *value = value.max(bilinear(image, split.height(), split.width(), x, y));
        }
    }
}

/// Two images side by side, or rarely one above the other.
fn two_images(sheet: &mut Sheet, split: &Split, learnt: usize, rng: &mut impl Rng) {
    let scale = split.width() as f32 / 28.0;
    let (apart, aside) = (within(rng, 16.0, 26.0), within(rng, -4.0, 4.0));
    let is_stacked = rng.random_range(0..6) == 0;
    for (along, across) in [(4.0, 18.0), (4.0 + apart, 18.0 + aside)] {
        let (left, top) = if is_stacked { (across, along) } else { (along, across) };
        let image = split.image(rng.random_range(0..learnt));
        overlay(sheet, image, split, |x, y| ((x - left) * scale, (y - top) * scale));
    }
}

/// An image rotated by 90°. Only of a 2, 3, 4, 5 or 7 where possible: the others may look like a digit then.
fn rotated(sheet: &mut Sheet, split: &Split, learnt: usize, rng: &mut impl Rng) {
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

/// Waves and grain with a random contrast, like the background of a photograph.
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

/// A filled dot, dash, polygon or star, or two of them that touch.
fn filled_shape(sheet: &mut Sheet, rng: &mut impl Rng) {
    let middle = SIDE as f32 / 2.0;
    let count = if rng.random_range(0..3) == 0 { 2 } else { 1 };
    let angle = within(rng, 0.0, TAU);
    let (sin, cos) = angle.sin_cos();
    for i in 0..count {
        let reach = within(rng, 7.0, if count == 1 { 22.0 } else { 13.0 });
        let away = if count == 1 { 0.0 } else { (i as f32 - 0.5) * 2.0 * within(rng, 4.0, 9.0) };
        let centre = [middle + away * cos, middle + away * sin];
        let narrow = within(rng, 0.45, 1.0);
        let turn = within(rng, 0.0, TAU);
        let corners: Vec<[f32; 2]> = match rng.random_range(0..4) {
            // An ellipse.
            0 | 1 => around(24, |_| 1.0),
            2 => {
                let corners = rng.random_range(3..6);
                around(corners, |_| 1.0)
            }
            _ => around(10, |i| if i % 2 == 0 { 1.0 } else { 0.5 }),
        };
        let (sin, cos) = turn.sin_cos();
        let corners = corners.into_iter().map(|[x, y]| {
            let (x, y) = (x * reach, y * reach * narrow);
            [centre[0] + cos * x - sin * y, centre[1] + sin * x + cos * y]
        });
        fill(sheet, &corners.collect::<Vec<_>>());
    }
}

/// Points at equal angles around the origin, at a distance that depends on their number.
fn around(count: usize, distance: impl Fn(usize) -> f32) -> Vec<[f32; 2]> {
    let point = |i: usize| {
        let (sin, cos) = (TAU * i as f32 / count as f32).sin_cos();
        [distance(i) * cos, distance(i) * sin]
    };
    (0..count).map(point).collect()
}

/// Fills a polygon by the even-odd rule, with four samples per pixel.
fn fill(sheet: &mut Sheet, corners: &[[f32; 2]]) {
    let is_inside = |x: f32, y: f32| {
        let ends = corners.iter().zip(corners.iter().cycle().skip(1));
        let crossings = ends.filter(|&(&[ax, ay], &[bx, by])| {
            (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
        });
        crossings.count() % 2 == 1
    };
    let samples = [[-0.25, -0.25], [0.25, -0.25], [-0.25, 0.25], [0.25, 0.25]];
    for (at, value) in sheet.values.iter_mut().enumerate() {
        let (x, y) = ((at % SIDE) as f32, (at / SIDE) as f32);
        let hits = samples.iter().filter(|[dx, dy]| is_inside(x + dx, y + dy)).count();
        *value = value.max(hits as f32 * 255.0 / 4.0);
    }
}

/// A short dash, a level dash, an equals sign or a plus sign.
fn signs(sheet: &mut Sheet, rng: &mut impl Rng) {
    let middle = SIDE as f32 / 2.0;
    let radius = within(rng, 1.0, 6.0);
    let mut bar = |centre: [f32; 2], angle: f32, half: f32, rng: &mut _| {
        let (sin, cos) = angle.sin_cos();
        let bow = within(rng, -0.1, 0.1) * half;
        let end = |side: f32| [centre[0] + side * half * cos, centre[1] + side * half * sin];
        pen::line(sheet, end(-1.0), end(1.0), bow, radius);
    };
    let tilt = within(rng, -0.4, 0.4);
    match rng.random_range(0..4) {
        0 => {
            let (angle, half) = (within(rng, 0.0, TAU), radius * within(rng, 0.1, 0.9));
            bar([middle, middle], angle, half, rng);
        }
        1 => {
            let half = within(rng, 10.0, 24.0);
            bar([middle, middle], tilt, half, rng);
        }
        2 => {
            let (half, apart) = (within(rng, 9.0, 22.0), radius + within(rng, 2.0, 8.0));
            bar([middle, middle - apart], 0.4 * tilt, half, rng);
            bar([middle, middle + apart], 0.4 * tilt, half, rng);
        }
        _ => {
            let half = within(rng, 12.0, 24.0);
            bar([middle, middle], 0.4 * tilt, half, rng);
            let half = half * within(rng, 0.75, 1.3);
            bar([middle, middle], 0.4 * tilt + TAU / 4.0, half, rng);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::data::{Augment, NO_CLASS, Split, mnist};

    #[test]
    fn a_fraction_of_the_images_is_replaced_reproducibly() {
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
    fn outliers_never_contain_validation_images() {
        let test = mnist::load_test().unwrap();
        let settings = Augment { outliers: 0.9, ..Augment::default() };
        let with = |validation: u8| {
            let pixels = [test.image(0), &[validation; 784]].concat();
            Split::new("two", pixels, vec![test.label(0), 3], 28, 28).unwrap()
        };
        let (dark, bright) = (with(0), with(255));
        let mut outs = [vec![0; 784], vec![0; 784]];
        for epoch in 0..200 {
            for (split, out) in [&dark, &bright].into_iter().zip(&mut outs) {
                settings.change((1, epoch, 0), split, 1, out);
            }
            assert_eq!(outs[0], outs[1], "epoch {epoch}");
        }
    }
}

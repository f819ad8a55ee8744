//! Synthetic drawings of digits, letters and scribbles; a number determines each drawing.

use convlens::ui::widgets::{Brush, Drawing, RASTER};
use image::GrayImage;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Styles of each digit: strokes separated by `;`, each `s` for a curve or `l` for lines, then its points x,y in a field of
/// 100 × 100, with y downwards.
const DIGITS: [&[&str]; 10] = [
    &[
        "s 38,2 14,18 6,50 16,84 38,98 60,84 68,50 60,16 38,2",
        "s 44,4 20,14 8,46 14,82 34,97 56,86 64,54 58,18 36,2 30,8",
        "s 30,2 14,20 10,52 16,86 30,98 44,84 48,50 44,18 30,3",
        "s 62,12 40,2 14,24 6,62 24,94 52,92 70,60 66,26 52,8",
        "l 30,2 10,20 8,78 30,98 52,80 54,22 30,2",
    ],
    &[
        "l 30,0 30,100",
        "l 36,0 24,100",
        "l 10,26 36,2 36,100",
        "s 18,22 28,14 37,2; l 37,2 37,100",
        "l 8,30 36,2 36,98; l 10,98 62,98",
        "l 16,20 34,4 34,97; s 12,98 34,96 56,98",
        "l 0,44 32,2 34,100",
        "l 26,10 36,2 34,100",
    ],
    &[
        "s 8,24 18,6 40,2 60,16 58,38 36,66 8,96; l 8,96 66,96",
        "s 10,22 26,3 50,6 58,28 40,62 10,96 34,94 64,97",
        "s 8,26 24,4 50,6 58,30 38,70 18,92 8,84 20,76 38,90 66,94",
        "l 8,6 58,6 8,96 64,96",
        "s 6,30 16,8 38,2 58,18 48,46 22,74 6,97; s 6,97 28,92 48,98 68,90",
        "s 12,14 34,2 56,12 56,34 30,68 6,98; l 6,98 60,98",
    ],
    &[
        "s 8,14 32,2 54,14 50,36 28,48; s 28,48 56,56 60,80 36,98 6,88",
        "l 8,4 58,4 28,42; s 28,42 58,52 60,82 34,98 6,88",
        "s 10,10 36,1 56,16 46,40 24,47 30,50 58,60 58,86 30,99 6,86",
        "s 6,18 24,3 48,8 52,28 34,44 22,42 34,48 60,66 50,92 24,98 4,84",
        "l 6,6 54,6 26,44 58,66 52,90 28,98 4,90",
    ],
    &[
        "l 20,4 6,58 66,58; l 48,28 48,100",
        "s 14,6 10,30 12,54 34,60 58,52; l 56,6 54,100",
        "l 48,100 48,2 4,66 68,66",
        "l 52,100 50,0 2,64 66,62",
        "l 16,2 10,50 56,50; l 56,2 56,100",
        "s 42,2 22,34 4,64; l 4,64 66,64; l 46,36 44,100",
        "l 44,4 6,62 62,60; l 44,4 42,100",
    ],
    &[
        "l 16,4 12,44; s 12,44 36,36 60,52 58,82 34,98 6,88; l 16,4 60,4",
        "l 60,4 18,4 14,44; s 14,44 40,38 60,58 54,88 30,98 6,88",
        "s 60,6 30,4 16,24 20,42 44,48 58,68 44,94 20,98 4,86",
        "l 14,10 12,46; s 12,46 38,38 58,60 50,90 26,98 6,90; l 20,2 64,0",
        "l 58,2 14,2 10,46 44,44 58,64 52,88 32,98 4,94",
        "s 56,6 38,2 18,6; l 18,6 12,44; s 12,44 34,40 54,52 56,78 38,96 8,92",
    ],
    &[
        "s 50,2 24,24 8,60 18,94 46,96 58,74 44,54 18,58 9,74",
        "s 58,8 36,4 14,34 8,70 26,98 52,90 56,64 34,52 12,68",
        "s 36,0 16,40 8,76 26,98 50,90 52,66 32,56 10,74",
        "l 30,0 12,60; s 12,60 10,88 32,99 52,86 52,64 34,54 14,66",
        "s 62,18 44,2 18,20 6,62 22,96 50,94 62,72 46,52 20,58 8,74",
    ],
    &[
        "l 4,4 62,4 26,100",
        "l 4,6 60,4 28,98; l 14,52 56,50",
        "l 6,18 6,4 62,4 30,100",
        "s 4,8 30,6 62,4; s 62,4 42,36 32,66 30,100",
        "l 6,16 8,4 60,6 30,98; l 18,54 54,48",
        "s 2,12 20,4 40,10 60,4; l 60,4 24,98; s 12,50 34,54 56,48",
    ],
    &[
        "s 54,14 34,2 14,16 24,40 48,58 56,82 34,98 12,84 18,60 46,42 56,20 46,8",
        "s 34,2 14,14 18,38 34,46 52,36 54,14 34,2; s 34,46 10,62 10,88 34,99 58,88 58,62 34,46",
        "s 58,10 36,2 14,20 34,46 58,72 44,97 18,92 12,72 34,48 56,26 58,10",
        "s 34,4 18,12 18,34 34,46 50,34 50,12 34,4; s 34,48 14,60 12,86 34,97 54,86 54,60 34,48",
        "s 36,48 14,34 20,8 40,2 56,18 40,44 16,62 10,86 34,99 58,84 52,62 34,47",
    ],
    &[
        "s 56,14 34,2 10,18 14,44 38,50 56,32 58,10; l 58,10 54,100",
        "s 54,18 34,2 10,20 16,46 42,48 56,22; s 56,22 58,60 48,90 22,98 6,88",
        "s 50,6 22,6 8,28 24,50 48,40 56,12; s 56,12 48,60 30,100",
        "s 32,2 10,16 12,42 34,50 54,38 54,14 32,2; l 54,22 54,100",
        "l 54,6 14,10 12,44 54,42; l 54,4 52,100",
        "s 56,16 36,2 12,14 12,40 36,50 56,28; s 56,28 52,62 38,88 18,100",
    ],
];

/// Capital letters that do not resemble digits.
const LETTERS: &[&str] = &[
    "l 4,100 34,2 64,100; l 14,64 54,64",
    "l 60,4 8,4 8,98 60,98; l 8,50 48,50",
    "l 6,2 6,100; l 60,2 60,100; l 6,52 60,52",
    "l 8,2 8,100; l 58,2 8,56 60,100",
    "l 4,100 12,2 40,66 68,2 76,100",
    "l 6,100 6,2 60,100 60,2",
    "l 8,100 8,2; s 8,2 48,4 56,24 44,46 8,50; l 24,50 58,100",
    "l 2,2 20,98 38,30 56,98 74,2",
    "l 6,2 62,100; l 60,2 4,100",
    "l 4,4 70,4; l 37,4 37,100",
    "l 8,100 8,4 60,4; l 8,48 46,48",
    "s 4,2 8,60 34,98 60,60 64,2",
];

/// The random choices of one drawing.
pub(crate) struct Hand(ChaCha8Rng);

impl Hand {
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(number);
        Self(rng)
    }

    pub(crate) fn even(&mut self, least: f32, most: f32) -> f32 {
        least + (most - least) * self.0.random::<f32>()
    }

    pub(crate) fn chance(&mut self, share: f32) -> bool {
        self.0.random::<f32>() < share
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.0.random_range(0..count)
    }

    /// Roughly normal with mean 0 and this standard deviation.
    fn near(&mut self, deviation: f32) -> f32 {
        (0..4).map(|_| self.even(-1.0, 1.0)).sum::<f32>() * deviation * 0.87
    }
}

type Line = Vec<[f32; 2]>;

fn parse(style: &str) -> Vec<(bool, Line)> {
    let pair = |text: &str| {
        let (x, y) = text.split_once(',').unwrap();
        [x.parse().unwrap(), y.parse().unwrap()]
    };
    style
        .split(';')
        .map(|stroke| {
            let mut words = stroke.split_whitespace();
            (words.next() == Some("s"), words.map(pair).collect())
        })
        .collect()
}

/// A Catmull-Rom spline through all points, or the lines between them, in steps of about `step`.
fn trace(points: &Line, is_smooth: bool, step: f32) -> Line {
    let mut line = vec![points[0]];
    for i in 0..points.len() - 1 {
        let (p1, p2) = (points[i], points[i + 1]);
        let (p0, p3) = (points[i.saturating_sub(1)], points[(i + 2).min(points.len() - 1)]);
        let count = ((p2[0] - p1[0]).hypot(p2[1] - p1[1]) / step).ceil().max(1.0) as usize;
        for k in 1..=count {
            let t = k as f32 / count as f32;
            line.push(std::array::from_fn(|c| {
                if is_smooth {
                    0.5 * (2.0 * p1[c]
                        + (p2[c] - p0[c]) * t
                        + (2.0 * p0[c] - 5.0 * p1[c] + 4.0 * p2[c] - p3[c]) * t * t
                        + (3.0 * p1[c] - p0[c] - 3.0 * p2[c] + p3[c]) * t * t * t)
                } else {
                    p1[c] + (p2[c] - p1[c]) * t
                }
            }));
        }
    }
    line
}

/// Lengthens both ends by `by`, or shortens them if negative.
fn overshoot(line: &mut Line, by: f32) {
    let len = line.len();
    if len < 3 {
        return;
    }
    for (end, inner) in [(0, 2), (len - 1, len - 3)] {
        let (a, b) = (line[inner], line[end]);
        let length = (b[0] - a[0]).hypot(b[1] - a[1]).max(1e-3);
        line[end] = std::array::from_fn(|c| b[c] + (b[c] - a[c]) / length * by);
    }
}

/// Cuts corners, as fast writing does (Chaikin).
fn round_corners(line: &Line) -> Line {
    let mut round = vec![line[0]];
    for ends in line.windows(2) {
        for t in [0.25, 0.75] {
            round.push(std::array::from_fn(|c| ends[0][c] * (1.0 - t) + ends[1][c] * t));
        }
    }
    round.push(line[line.len() - 1]);
    round
}

/// The strokes of a style in one person's hand, slanted by at most 15°, in the field of 100 × 100.
fn write(style: &str, hand: &mut Hand) -> Vec<Line> {
    let wobble = hand.even(0.5, 2.6);
    let slant = hand.even(-15.0, 15.0).to_radians().tan();
    let (sin, cos) = hand.even(-4.0, 4.0).to_radians().sin_cos();
    let wide = hand.even(0.62, 1.25);
    let step = hand.even(2.0, 16.0);
    let is_round = hand.chance(0.35);
    let tremor = if hand.chance(0.3) { hand.even(0.2, 0.8) } else { 0.0 };
    let beyond = hand.near(1.8);
    let (wave, phase) = (hand.even(0.0, 2.0), hand.even(0.0, 6.3));
    let mut strokes = Vec::new();
    for (is_smooth, mut points) in parse(style) {
        for point in &mut points {
            *point = point.map(|at| at + hand.near(wobble));
        }
        if is_round && !is_smooth {
            points = round_corners(&points);
        }
        let mut line = trace(&points, is_smooth, step);
        overshoot(&mut line, beyond);
        for point in &mut line {
            let [x, y] = *point;
            let x = (x + wave * (y * 0.06 + phase).sin() + hand.near(tremor)) * wide;
            let y = y + hand.near(tremor);
            let x = x + (50.0 - y) * slant;
            *point = [cos * x - sin * y, sin * x + cos * y];
        }
        // Sometimes the pen skips.
        if line.len() > 8 && hand.chance(0.08) {
            let at = 2 + hand.below(line.len() - 5);
            let rest = line.split_off(at + 1);
            let [a, b] = [line[at], rest[0]];
            if (a[0] - b[0]).hypot(a[1] - b[1]) < 7.0 {
                strokes.push(line);
                line = rest;
            } else {
                line.extend(rest);
            }
        }
        strokes.push(line);
    }
    strokes
}

/// The bounding box of all points: left, top, width, height.
fn bounds(strokes: &[Line]) -> [f32; 4] {
    let range = |c: usize| {
        let values = || strokes.iter().flatten().map(move |point| point[c]);
        (values().fold(f32::MAX, f32::min), values().fold(f32::MIN, f32::max))
    };
    let ((left, right), (top, bottom)) = (range(0), range(1));
    [left, top, right - left, bottom - top]
}

/// Draws strokes on the canvas. `size` is the longer side as a fraction of the canvas, `pen` the pen's width as a fraction
/// of that side, `place` the position in the free space, 0 to 1 along each axis.
pub(crate) fn draw(strokes: &[Line], size: f32, pen: f32, place: [f32; 2]) -> GrayImage {
    to_image(drawing(strokes, size, pen, place).bitmap())
}

fn to_image(pixels: &[u8]) -> GrayImage {
    GrayImage::from_raw(RASTER as u32, RASTER as u32, pixels.to_vec()).unwrap()
}

fn drawing(strokes: &[Line], size: f32, pen: f32, place: [f32; 2]) -> Drawing {
    let side = RASTER as f32;
    let [left, top, width, height] = bounds(strokes);
    let radius = (pen * size / 2.0).max(1.0 / side);
    let scale = (size - 2.0 * radius).max(0.02) / width.max(height).max(1.0);
    let mut drawing = Drawing::default();
    let room = [width, height].map(|length| 1.0 - length * scale - 2.0 * radius);
    let at = |[x, y]: [f32; 2]| {
        [(x - left) * scale + radius + room[0] * place[0], (y - top) * scale + radius + room[1] * place[1]]
    };
    for stroke in strokes {
        drawing.begin_stroke(at(stroke[0]), radius, false);
        for &point in &stroke[1..] {
            drawing.extend_stroke(at(point));
        }
        drawing.end_stroke();
    }
    drawing
}

/// The side of the canvas in points, in a window of 1600 × 1000.
const CANVAS: f32 = 578.0;

/// Strokes whose pointer path is `points` long, drawn with the default brush at a random place, as the window reads them.
pub(crate) fn draw_with_default_brush(strokes: &[Line], points: f32, hand: &mut Hand) -> GrayImage {
    let pen = 2.0 * Brush::default().radius;
    let size = points / CANVAS + pen;
    let place = [hand.even(0.0, 1.0), hand.even(0.0, 1.0)];
    let drawing = drawing(strokes, size, pen / size, place);
    to_image(&drawing.thinned().unwrap_or_else(|| drawing.bitmap().to_vec()))
}

/// A digit whose pointer path is 60 to 120 points long, drawn with the default brush.
pub(crate) fn small_digit(digit: usize, style: usize, number: u64) -> GrayImage {
    let mut hand = Hand::new(2000 + digit as u64 * 100 + style as u64, number);
    let strokes = write(DIGITS[digit][style], &mut hand);
    let points = hand.even(60.0, 120.0);
    draw_with_default_brush(&strokes, points, &mut hand)
}

/// A straight line of `length` times the pen's width, as the window reads it; 0 is a dot.
fn line(length: f32, angle: f32, hand: &mut Hand) -> GrayImage {
    let radius = 0.004 * 25_f32.powf(hand.even(0.0, 1.0));
    let half = length * radius;
    let [x, y] = [0, 1].map(|_| hand.even(0.2, 0.8));
    let (sin, cos) = angle.sin_cos();
    let mut drawing = Drawing::default();
    drawing.begin_stroke([x - half * cos, y - half * sin], radius, false);
    if length > 0.0 {
        drawing.extend_stroke([x + half * cos, y + half * sin]);
    }
    drawing.end_stroke();
    to_image(&drawing.thinned().unwrap_or_else(|| drawing.bitmap().to_vec()))
}

/// A dot: the brush pressed at one place, or moved by less than a third of its width.
pub(crate) fn dot(number: u64) -> GrayImage {
    let mut hand = Hand::new(21, number);
    let length = if number.is_multiple_of(2) { 0.0 } else { hand.even(0.0, 0.33) };
    let angle = hand.even(0.0, 6.3);
    line(length, angle, &mut hand)
}

/// A dash in any direction, at most twice as long as the brush is wide.
pub(crate) fn short_dash(number: u64) -> GrayImage {
    let mut hand = Hand::new(22, number);
    let (length, angle) = (hand.even(0.3, 0.95), hand.even(0.0, 6.3));
    line(length, angle, &mut hand)
}

/// A line that leans by at most 20° from the horizontal.
pub(crate) fn level_line(number: u64) -> GrayImage {
    let mut hand = Hand::new(23, number);
    let (length, angle) = (hand.even(1.2, 3.0), hand.even(-20.0, 20.0).to_radians());
    line(length, angle, &mut hand)
}

/// Draws strokes with a random size, pen and place: from a tenth of the canvas to all of it, from two pixels to a marker.
fn draw_anywhere(strokes: &[Line], hand: &mut Hand) -> GrayImage {
    let size = 0.1 * 9.8_f32.powf(hand.even(0.0, 1.0));
    let thinnest = 2.0 / (RASTER as f32 * size);
    let pen = thinnest * (0.21 / thinnest).max(1.0).powf(hand.even(0.0, 1.0));
    let place = [0, 1]
        .map(|_| if hand.chance(0.2) { f32::from(u8::from(hand.chance(0.5))) } else { hand.even(0.0, 1.0) });
    draw(strokes, size, pen, place)
}

/// The number of styles of a digit.
pub(crate) fn styles(digit: usize) -> usize {
    DIGITS[digit].len()
}

/// A digit in one of its styles, drawn by person `number`.
pub(crate) fn digit(digit: usize, style: usize, number: u64) -> GrayImage {
    let mut hand = Hand::new(11 + digit as u64 * 100 + style as u64, number);
    let strokes = write(DIGITS[digit][style], &mut hand);
    draw_anywhere(&strokes, &mut hand)
}

/// A digit of the given size and pen, at a random place.
pub(crate) fn digit_of_size(digit: usize, style: usize, size: f32, pen: f32, hand: &mut Hand) -> GrayImage {
    let strokes = write(DIGITS[digit][style], hand);
    let place = [hand.even(0.0, 1.0), hand.even(0.0, 1.0)];
    draw(&strokes, size, pen, place)
}

/// The strokes of a random digit in a random style.
pub(crate) fn any_digit(hand: &mut Hand) -> Vec<Line> {
    let digit = hand.below(10);
    let style = hand.below(DIGITS[digit].len());
    write(DIGITS[digit][style], hand)
}

/// Two digits side by side.
pub(crate) fn two_digits(number: u64) -> GrayImage {
    let mut hand = Hand::new(3, number);
    let (first, mut second) = (any_digit(&mut hand), any_digit(&mut hand));
    let [left, _, width, _] = bounds(&first);
    let offset = left + width + hand.even(14.0, 50.0) - bounds(&second)[0];
    second.iter_mut().flatten().for_each(|point| point[0] += offset);
    let strokes: Vec<Line> = first.into_iter().chain(second).collect();
    let (size, pen) = (hand.even(0.4, 0.95), hand.even(0.02, 0.08));
    draw(&strokes, size, pen, [0.5, 0.5])
}

/// A letter.
pub(crate) fn letter(number: u64) -> GrayImage {
    let mut hand = Hand::new(5, number);
    let style = hand.below(LETTERS.len());
    let strokes = write(LETTERS[style], &mut hand);
    draw_anywhere(&strokes, &mut hand)
}

/// A scribble: a random line, a zigzag or loops.
pub(crate) fn scribble(number: u64) -> GrayImage {
    let mut hand = Hand::new(7, number);
    let count = 14 + hand.below(26);
    let points: Line = match number % 3 {
        0 => (0..count).map(|_| [hand.even(0.0, 100.0), hand.even(0.0, 100.0)]).collect(),
        1 => (0..count)
            .map(|i| {
                [100.0 * (i % 2) as f32 + hand.near(6.0), 100.0 * i as f32 / count as f32 + hand.near(3.0)]
            })
            .collect(),
        _ => (0..count * 3)
            .map(|i| {
                let (turn, reach) = (i as f32 * 0.8, 20.0 + 30.0 * (i as f32 * 0.13).sin().abs());
                [50.0 + reach * turn.cos() + hand.near(6.0), 50.0 + reach * turn.sin() + hand.near(6.0)]
            })
            .collect(),
    };
    let line = trace(&points, hand.chance(0.7), 3.0);
    let (size, pen) = (hand.even(0.3, 0.95), hand.even(0.02, 0.08));
    draw(&[line], size, pen, [0.5, 0.5])
}

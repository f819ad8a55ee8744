//! The shapes of handwritten digits, in their common variants.
//!
//! Points are (x, y) in units of the digit's height: x is about 0 at the left, y is 0 at the top and 1 at the bottom.

use super::random::Hand;
use rand::Rng;
use std::f32::consts::{FRAC_PI_2, TAU};

/// A stroke of (x, y) points in units of the digit's height: y is 0 at the top and 1 at the bottom.
pub(super) struct Stroke {
    pub(super) points: Vec<[f32; 2]>,
    /// Whether the points are joined by a curve instead of lines.
    pub(super) is_smooth: bool,
}

fn smooth(points: impl Into<Vec<[f32; 2]>>) -> Stroke {
    Stroke { points: points.into(), is_smooth: true }
}

fn lines(points: impl Into<Vec<[f32; 2]>>) -> Stroke {
    Stroke { points: points.into(), is_smooth: false }
}

/// A stroke that bows sideways by the fraction `bow` of its length.
fn bowed(from: [f32; 2], to: [f32; 2], bow: f32) -> Stroke {
    let [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    smooth([from, [0.5 * (from[0] + to[0]) + dy * bow, 0.5 * (from[1] + to[1]) - dx * bow], to])
}

/// Points on an ellipse, from the angle `from` over `sweep`: angles are clockwise from the top. It grows by the fraction
/// `growth` on the way.
fn oval(
    [x, y]: [f32; 2],
    [half_width, half_height]: [f32; 2],
    from: f32,
    sweep: f32,
    growth: f32,
) -> Vec<[f32; 2]> {
    const COUNT: usize = 12;
    (0..=COUNT)
        .map(|i| {
            let t = i as f32 / COUNT as f32;
            let ((sin, cos), size) = ((from + sweep * t).sin_cos(), 1.0 + growth * t);
            [x + half_width * size * sin, y - half_height * size * cos]
        })
        .collect()
}

/// The strokes of a digit in a random variant; `None` for a label above 9.
pub(super) fn write<R: Rng>(label: u8, hand: &mut Hand<'_, R>) -> Option<Vec<Stroke>> {
    Some(match label {
        0 => zero(hand),
        1 => one(hand),
        2 => two(hand),
        3 => three(hand),
        4 => four(hand),
        5 => five(hand),
        6 => six(hand),
        7 => seven(hand),
        8 => eight(hand),
        9 => nine(hand),
        _ => return None,
    })
}

fn zero<R: Rng>(hand: &mut Hand<'_, R>) -> Vec<Stroke> {
    let half_width = hand.within(0.17, 0.45);
    let turn = if hand.chance(0.8) { -1.0 } else { 1.0 };
    let sweep = turn * (TAU + hand.within(-0.3, 0.7));
    let mut points = oval([0.28, 0.5], [half_width, 0.5], hand.about(1.0), sweep, hand.about(0.16));
    if hand.chance(0.12) {
        // The end curls inside.
        let (x, y) = (hand.about(0.5 * half_width), hand.within(0.25, 0.55));
        points.extend([[0.28 - turn * x, 0.1], [0.28 + x, y]]);
    }
    vec![smooth(points)]
}

/// A stem, with or without a flag to the lower left of its top and a foot.
fn one<R: Rng>(hand: &mut Hand<'_, R>) -> Vec<Stroke> {
    let x = 0.3;
    let (has_flag, has_foot) = match hand.within(0.0, 1.0) {
        kind if kind < 0.22 => (false, false),
        kind if kind < 0.7 => (true, false),
        kind if kind < 0.94 => (true, true),
        _ => (false, true),
    };
    // Many people write a leaning stem with a long flag.
    let is_leaning = has_flag && !has_foot && hand.chance(0.35);
    let bottom = [x + if is_leaning { hand.within(-0.45, 0.0) } else { hand.about(0.08) }, 1.0];
    let mut strokes = Vec::new();
    if has_flag {
        // A long flag falls steeply: a level one would look like a 7.
        let reach = match (has_foot, is_leaning) {
            (true, _) => hand.within(0.08, 0.32),
            (false, true) => hand.within(0.3, 0.62),
            (false, false) => hand.within(0.08, 0.46),
        };
        let fall = (reach * hand.within(if is_leaning { 0.45 } else { 0.6 }, 1.9)).clamp(0.08, 0.6);
        let tip = [x - reach, fall];
        if hand.chance(0.5) {
            strokes.push(lines([tip, [x, 0.0], bottom]));
        } else {
            strokes.push(bowed(tip, [x + hand.about(0.03), hand.within(-0.02, 0.05)], hand.about(0.24)));
            strokes.push(bowed([x, 0.0], bottom, hand.about(0.06)));
        }
    } else {
        strokes.push(bowed([x, 0.0], bottom, hand.about(0.1)));
    }
    if has_foot {
        let (left, right) = (hand.within(0.08, 0.34), hand.within(0.08, 0.34));
        let tilt = hand.about(0.1);
        let y = 1.0 + hand.about(0.03);
        strokes.push(bowed(
            [bottom[0] - left, y - tilt * left],
            [bottom[0] + right, y + tilt * right],
            hand.about(0.12),
        ));
    }
    strokes
}

fn two<R: Rng>(hand: &mut Hand<'_, R>) -> Vec<Stroke> {
    let (right, shoulder) = (hand.within(0.42, 0.6), hand.within(0.12, 0.32));
    let start = [hand.within(-0.04, 0.1), hand.within(0.08, 0.32)];
    let corner = [hand.within(-0.05, 0.1), hand.within(0.92, 1.0)];
    let end = [hand.within(0.45, 0.75), 1.0 + hand.about(0.1)];
    let mut points = vec![start];
    if hand.chance(0.15) {
        // The pen starts inside the curve.
        points.insert(0, [start[0] + 0.1, start[1] + 0.06]);
    }
    points.extend([[0.13, 0.05], [0.32, 0.0], [right, shoulder], [right - 0.1, shoulder + 0.28]]);
    match hand.way(7) {
        0 | 1 => {
            points.push(corner);
            vec![smooth(points), lines([corner, end])]
        }
        5 => {
            // A short tail.
            let corner = [hand.within(0.05, 0.2), hand.within(0.88, 0.96)];
            points.extend([corner, [corner[0] + hand.within(0.12, 0.3), 1.0]]);
            vec![smooth(points)]
        }
        2 => {
            // A loop at the lower left.
            points.extend([
                [0.16, 0.88],
                [0.0, 0.97],
                [-0.05, hand.within(0.84, 0.92)],
                [0.1, hand.within(0.76, 0.86)],
                [0.3, 0.93],
                end,
            ]);
            vec![smooth(points)]
        }
        3 => {
            points.push(corner);
            let wave = [[0.18, hand.within(0.86, 0.96)], [0.42, 1.0], end];
            vec![smooth(points), smooth([&[corner][..], &wave].concat())]
        }
        4 => {
            points.extend([[0.12, 0.86], corner, [0.2, 0.97], end]);
            vec![smooth(points)]
        }
        _ => vec![lines([[0.0, hand.within(0.0, 0.1)], [right, 0.0], corner, end])],
    }
}

fn three<R: Rng>(hand: &mut Hand<'_, R>) -> Vec<Stroke> {
    let waist = [hand.within(0.12, 0.36), hand.within(0.38, 0.52)];
    let (upper, lower) = (hand.within(0.42, 0.6), hand.within(0.45, 0.65));
    let start = [hand.within(-0.04, 0.12), hand.within(0.04, 0.2)];
    let end = [hand.within(-0.06, 0.12), hand.within(0.8, 0.97)];
    let bowl = [
        [lower - 0.12, waist[1] + 0.06],
        [lower, hand.within(0.68, 0.8)],
        [lower - 0.2, 0.98],
        [hand.within(0.12, 0.25), 1.0],
        end,
    ];
    if hand.chance(0.28) {
        // A flat top.
        let corner = [upper, hand.within(-0.02, 0.08)];
        let top = lines([[start[0], corner[1] + hand.about(0.05)], corner, waist]);
        return vec![top, smooth([&[waist][..], &bowl].concat())];
    }
    let top = [start, [0.2, 0.0], [upper - 0.08, 0.05], [upper, 0.2], [upper - 0.12, waist[1] - 0.06]];
    if hand.chance(0.2) {
        // A small loop at the waist.
        let [x, y] = waist;
        let eye = [[x, y], [x - 0.06, y + 0.04], [x, y + 0.06], [x + 0.08, y + 0.02]];
        return vec![smooth([&top[..], &eye, &bowl].concat())];
    }
    if hand.chance(0.5) {
        vec![smooth([&top[..], &[waist], &bowl].concat())]
    } else {
        vec![smooth([&top[..], &[waist]].concat()), smooth([&[waist][..], &bowl].concat())]
    }
}

fn four<R: Rng>(hand: &mut Hand<'_, R>) -> Vec<Stroke> {
    let stem = hand.within(0.36, 0.56);
    let bar = hand.within(0.48, 0.74);
    let right = stem + hand.within(0.02, 0.26);
    let bottom = [stem + hand.about(0.08), 1.0];
    let (left, tilt) = (hand.about(0.08), hand.about(0.1));
    match hand.way(8) {
        // Open, with a long left side and a short stem that crosses or only touches the bar.
        6 | 7 => {
            let bar = hand.within(0.55, 0.85);
            let top = [left + hand.within(0.05, 0.4), 0.0];
            let right = left + hand.within(0.3, 0.62);
            let side = [top, [left, bar], [right, bar + hand.about(0.12)]];
            let x = left + (right - left) * hand.within(0.4, 0.9);
            let stem_top = [x + hand.about(0.1), bar - hand.within(0.1, 0.35)];
            let bottom = [x - hand.within(-0.05, 0.15), 1.0];
            let side = if hand.chance(0.4) { smooth(side) } else { lines(side) };
            if hand.chance(0.3) {
                // In one stroke.
                let points = [top, [left, bar], [x, bar + hand.about(0.06)], stem_top, bottom];
                return vec![lines(points)];
            }
            vec![side, bowed(stem_top, bottom, hand.about(0.1))]
        }
        // Open: down, across, and a separate stem.
        0 | 1 => {
            let top = [hand.within(-0.02, 0.28), hand.within(0.0, 0.12)];
            let stem_top = [stem + hand.about(0.08), hand.within(0.0, bar - 0.15)];
            vec![lines([top, [left, bar], [right, bar + tilt]]), bowed(stem_top, bottom, hand.about(0.06))]
        }
        2 => {
            let side = [
                [hand.within(-0.02, 0.12), 0.0],
                [left, 0.3],
                [left + 0.08, bar - 0.04],
                [stem * 0.6, bar],
                [stem, bar - 0.08],
            ];
            vec![smooth(side), bowed([stem, hand.within(0.0, 0.2)], bottom, hand.about(0.06))]
        }
        // Closed: two strokes that meet at the top.
        3 | 4 => {
            let top = [stem + hand.about(0.04), 0.0];
            vec![
                lines([top, [left, bar], [right, bar + tilt]]),
                lines([[top[0] + hand.about(0.05), hand.within(-0.02, 0.08)], bottom]),
            ]
        }
        _ => vec![lines([bottom, [stem, 0.0], [left, bar], [right, bar + tilt]])],
    }
}

fn five<R: Rng>(hand: &mut Hand<'_, R>) -> Vec<Stroke> {
    let right = hand.within(0.4, 0.66);
    let top = [hand.within(0.06, 0.2), hand.within(0.0, 0.06)];
    let neck = [hand.within(0.02, 0.14), hand.within(0.36, 0.5)];
    let bowl_right = hand.within(0.45, 0.66);
    let bowl = [
        [0.28, neck[1] - hand.within(0.0, 0.1)],
        [bowl_right - 0.06, 0.54],
        [bowl_right - hand.within(0.0, 0.04), 0.78],
        [0.3, 1.0],
        [hand.within(-0.06, 0.1), hand.within(0.82, 0.98)],
    ];
    let lower = smooth([&[neck][..], &bowl].concat());
    let bar_end = [right, top[1] + hand.about(0.12)];
    match hand.way(6) {
        // The bar is a stroke of its own and may miss the neck.
        0..=2 => {
            let begin = [top[0] + hand.about(0.1), top[1] + hand.about(0.08)];
            vec![lines([top, neck]), lower, bowed(begin, bar_end, hand.about(0.16))]
        }
        3 | 4 => vec![lines([bar_end, top, neck]), lower],
        _ => {
            let points = [bar_end, [0.3, 0.0], [0.1, 0.1], [0.08, 0.28], [0.3, 0.42], [bowl_right, 0.62]];
            let rest = [[bowl_right - 0.06, 0.86], [0.28, 1.0], [0.0, hand.within(0.84, 0.98)]];
            vec![smooth([&points[..], &rest].concat())]
        }
    }
}

fn six<R: Rng>(hand: &mut Hand<'_, R>) -> Vec<Stroke> {
    let start = [hand.within(0.16, 0.6), hand.within(0.0, 0.08)];
    if hand.chance(0.15) {
        // A small loop.
        let top = hand.within(0.6, 0.78);
        let (x, y) = (hand.within(0.12, 0.2), 0.5 * (top + 1.0));
        let points = [start, [0.1, 0.45], [0.0, y], [x, 1.0], [2.0 * x, y], [x, top], [0.02, y + 0.04]];
        return vec![smooth(points)];
    }
    let loop_top = hand.within(0.42, 0.62);
    let right = hand.within(0.42, 0.6);
    let close = [hand.within(0.02, 0.14), hand.within(0.66, 0.84)];
    let round = [
        [0.1, 0.92],
        [0.28, 1.0],
        [right - 0.06, 0.92],
        [right, 0.5 * (loop_top + 1.0)],
        [right - 0.12, loop_top + 0.03],
        [0.24, loop_top],
        close,
    ];
    let down = if hand.chance(0.7) {
        vec![start, [start[0] * 0.6, 0.2], [0.04, 0.45], [0.02, 0.72]]
    } else {
        // Straight down first.
        vec![[hand.within(0.06, 0.35), 0.0], [0.1, 0.35], [0.02, 0.7]]
    };
    vec![smooth([&down[..], &round].concat())]
}

/// A bar and a stem, with or without a serif, a bow and a crossbar.
fn seven<R: Rng>(hand: &mut Hand<'_, R>) -> Vec<Stroke> {
    let width = hand.within(0.32, 0.68);
    let top = hand.about(0.06);
    let corner = [width, top];
    let left = [hand.about(0.06), hand.about(0.06)];
    let bottom = [width * hand.within(0.12, 0.86), 1.0];
    let mut bar = vec![left, corner];
    if hand.chance(0.25) {
        // A serif at the left end.
        bar.insert(0, [left[0] + hand.about(0.05), left[1] + hand.within(0.07, 0.2)]);
    }
    let mut strokes = Vec::new();
    match hand.way(5) {
        0 | 1 => {
            bar.push(bottom);
            strokes.push(lines(bar));
        }
        4 => {
            // In one curve, with a round shoulder.
            let (shoulder, fall) = (hand.within(0.02, 0.16), hand.within(0.04, 0.26));
            let middle = [width * hand.within(0.5, 0.95), hand.within(0.4, 0.6)];
            let start = [left[0], fall];
            strokes.push(smooth([start, [width * 0.35, 0.0], [width, shoulder], middle, bottom]));
        }
        2 => {
            strokes.push(lines(bar));
            strokes.push(bowed(corner, bottom, hand.within(0.0, 0.2)));
        }
        _ => {
            let wave = hand.within(0.02, 0.08);
            strokes.push(smooth([left, [width * 0.3, left[1] - wave], [width * 0.7, top + wave], corner]));
            strokes.push(bowed(corner, bottom, hand.within(-0.05, 0.15)));
        }
    }
    if hand.chance(0.4) {
        let y = hand.within(0.4, 0.7);
        let x = corner[0] + (bottom[0] - corner[0]) * y;
        let (before, after) = (hand.within(0.1, 0.3), hand.within(0.08, 0.36));
        let tilt = hand.about(0.08);
        strokes.push(bowed([x - before, y + tilt], [x + after, y - tilt], hand.about(0.16)));
    }
    strokes
}

fn eight<R: Rng>(hand: &mut Hand<'_, R>) -> Vec<Stroke> {
    let waist = hand.within(0.4, 0.54);
    let (upper, lower) = (hand.within(0.13, 0.28), hand.within(0.12, 0.32));
    let middle = 0.28 + hand.about(0.06);
    if hand.chance(0.3) {
        // Two ellipses.
        let top =
            oval([middle, waist / 2.0], [upper, waist / 2.0], hand.about(1.0), TAU + hand.about(0.5), 0.0);
        let centre = [0.28, 0.5 * (1.0 + waist) + hand.about(0.03)];
        let bottom = oval(centre, [lower, (1.0 - waist) / 2.0], hand.about(1.0), TAU + hand.about(0.5), 0.0);
        return vec![smooth(top), smooth(bottom)];
    }
    // One stroke: an S and back up.
    let start = [middle + upper + hand.about(0.08), hand.within(0.06, 0.24)];
    let end = [middle + upper * hand.within(0.5, 1.0), hand.within(0.1, 0.28)];
    let mut points = vec![
        start,
        [middle, 0.0],
        [middle - upper, waist * 0.45],
        [middle, waist - 0.02],
        [0.28 + lower, 0.5 * (1.0 + waist) + 0.03],
        [0.28, 1.0],
        [0.28 - lower, 0.5 * (1.0 + waist) + 0.03],
        [middle, waist + 0.02],
        end,
    ];
    if hand.chance(0.3) {
        for point in &mut points {
            point[0] = 0.56 - point[0];
        }
    }
    vec![smooth(points)]
}

/// An ellipse with a tail, straight or hooked.
fn nine<R: Rng>(hand: &mut Hand<'_, R>) -> Vec<Stroke> {
    // A small head goes with a long hook.
    let is_small = hand.chance(0.4);
    let half_height = if is_small { hand.within(0.1, 0.2) } else { hand.within(0.19, 0.3) };
    let half_width = if is_small { hand.within(0.1, 0.22) } else { hand.within(0.16, 0.28) };
    let right = 0.25 + half_width;
    let start = FRAC_PI_2 + hand.within(-0.9, 0.15);
    let head = oval(
        [0.25, half_height],
        [half_width, half_height],
        start,
        -(TAU + hand.within(-0.55, 0.35)),
        hand.about(0.1),
    );
    let top = [right + hand.about(0.04), half_height * hand.within(0.1, 1.0)];
    let tail = match hand.way(5) {
        _ if is_small => {
            let bulge = right + hand.within(0.0, 0.16);
            let left = hand.within(-0.35, 0.05);
            let low = hand.within(0.94, 1.0);
            vec![
                top,
                [bulge, hand.within(0.5, 0.66)],
                [bulge - 0.1, 0.88],
                [0.15, low],
                [left, low + hand.about(0.06)],
            ]
        }
        0 | 1 => vec![top, [right - hand.within(-0.04, 0.22), 1.0]],
        2 => vec![top, [right, 0.6], [right - hand.within(0.04, 0.2), 0.85], [hand.within(0.05, 0.25), 1.0]],
        _ => vec![
            top,
            [right + hand.about(0.03), 0.62],
            [right - hand.within(0.04, 0.14), 0.92],
            [hand.within(0.12, 0.26), 1.0],
            [hand.within(-0.06, 0.1), hand.within(0.78, 0.95)],
        ],
    };
    if hand.chance(0.5) {
        // In one stroke.
        let last = head.len() - 1;
        return vec![smooth([&head[..last], &tail].concat())];
    }
    vec![smooth(head), smooth(tail)]
}

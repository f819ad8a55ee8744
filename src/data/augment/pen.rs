//! Draws strokes: redraws an image's strokes with a round pen, or dilates and erodes them.

use super::Sheet;
use rand::{Rng, RngExt};

/// A pixel with at least this value belongs to a stroke.
const INK: f32 = 110.0;
/// The radius of the thinnest pen in pixels of the sheet, and the ratio of the widest pen to it.
const THINNEST: f32 = 0.5;
const WIDEST: f32 = 10.0;
/// The fraction of redrawn images that have a gap in a stroke.
const GAPS: f32 = 0.15;

/// Redraws the strokes along their centre lines with a round pen. `width`, 0 to 1, chooses its radius on a logarithmic
/// scale from [`THINNEST`] up to [`WIDEST`] times as much, or twice that for a single straight stroke.
pub(super) fn redraw(sheet: &mut Sheet, width: f32, is_straight: bool, rng: &mut impl Rng) {
    let centres = centre_lines(sheet);
    let widest = if is_straight { 2.0 * WIDEST } else { WIDEST };
    let radius = THINNEST * widest.powf(width);
    let gap = if rng.random::<f32>() < GAPS && !centres.is_empty() {
        let (x, y) = centres[rng.random_range(0..centres.len())];
        Some((x, y, radius + 1.0 + 1.5 * rng.random::<f32>()))
    } else {
        None
    };
    sheet.values.fill(0.0);
    for &(x, y) in &centres {
        let is_skipped = gap.is_some_and(|(gap_x, gap_y, reach)| (x - gap_x).hypot(y - gap_y) < reach);
        if !is_skipped {
            stamp(sheet, x, y, radius);
        }
    }
}

/// Draws a disc with an antialiased edge.
fn stamp(sheet: &mut Sheet, x: f32, y: f32, radius: f32) {
    let span = |at: f32, side: usize| {
        let first = (at - radius - 0.5).ceil().max(0.0) as usize;
        let end = ((at + radius + 0.5).floor().max(-1.0) + 1.0) as usize;
        first.min(side)..end.min(side)
    };
    let (full, none) = ((radius - 0.5).max(0.0).powi(2), (radius + 0.5).powi(2));
    let columns = span(x, sheet.width);
    for row in span(y, sheet.height) {
        let down = (row as f32 - y).powi(2);
        let values = &mut sheet.values[row * sheet.width..][columns.clone()];
        for (value, column) in values.iter_mut().zip(columns.clone()) {
            let square = (column as f32 - x).powi(2) + down;
            if square <= full {
                *value = 255.0;
            } else if square < none {
                *value = value.max((radius - square.sqrt() + 0.5).clamp(0.0, 1.0) * 255.0);
            }
        }
    }
}

/// Draws a line that bows out by `bow` pixels in the middle.
pub(super) fn line(sheet: &mut Sheet, from: [f32; 2], to: [f32; 2], bow: f32, radius: f32) {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx.hypot(dy).max(1e-3);
    let steps = (2.0 * length).ceil() as usize;
    for step in 0..=steps {
        let t = step as f32 / steps.max(1) as f32;
        let out = 4.0 * t * (1.0 - t) * bow;
        let (x, y) = (from[0] + dx * t - dy / length * out, from[1] + dy * t + dx / length * out);
        stamp(sheet, x, y, radius);
    }
}

/// Moves the edges of all strokes outwards by `by` pixels of the sheet, or inwards if negative: a grey dilation or erosion
/// by a disc.
pub(super) fn thicken(sheet: &mut Sheet, by: f32) {
    let reach = by.abs().ceil() as isize;
    let (height, width) = (sheet.height as isize, sheet.width as isize);
    let inwards = by < 0.0;
    let before: Vec<f32> = sheet.values.iter().map(|&v| if inwards { 255.0 - v } else { v }).collect();
    let mut after = before.clone();
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let share = (by.abs() - ((dx * dx + dy * dy) as f32).sqrt() + 1.0).clamp(0.0, 1.0);
            if share == 0.0 {
                continue;
            }
            let columns = (-dx).max(0)..(width - dx).min(width);
            for y in (-dy).max(0)..(height - dy).min(height) {
                let to = (y * width + columns.start) as usize..(y * width + columns.end) as usize;
                let from = ((y + dy) * width + columns.start + dx) as usize;
                for (out, value) in after[to].iter_mut().zip(&before[from..]) {
                    *out = out.max(share * value);
                }
            }
        }
    }
    sheet.values = after.into_iter().map(|v| if inwards { 255.0 - v } else { v }).collect();
}

/// For each of Zhang and Suen's two passes: whether a pixel is removed, by the bit mask of its neighbours that are ink.
/// Bit 0 is the neighbour above, the others follow clockwise.
const REMOVES: [[bool; 256]; 2] = {
    let mut removes = [[false; 256]; 2];
    let mut pass = 0;
    while pass < 2 {
        let mut ink = 0;
        while ink < 256_usize {
            let turned = (ink >> 1) | ((ink & 1) << 7);
            let count = ink.count_ones();
            let starts = (!ink & turned & 255).count_ones();
            let [up, right, down, left] = [ink & 1 != 0, ink & 4 != 0, ink & 16 != 0, ink & 64 != 0];
            let is_edge = if pass == 0 {
                !(up && right && down) && !(right && down && left)
            } else {
                !(up && right && left) && !(up && down && left)
            };
            removes[pass][ink] = count >= 2 && count <= 6 && starts == 1 && is_edge;
            ink += 1;
        }
        pass += 1;
    }
    removes
};

/// Points along the centre lines of the strokes, in pixels of the sheet: the skeleton (Zhang and Suen, "A fast parallel
/// algorithm for thinning digital patterns", 1984), each point averaged with its neighbours.
fn centre_lines(sheet: &Sheet) -> Vec<(f32, f32)> {
    let (height, width) = (sheet.height, sheet.width);
    let mut is_ink: Vec<bool> = sheet.values.iter().map(|&value| value >= INK).collect();
    // Clears the border, so that every pixel of ink has eight neighbours.
    for (at, ink) in is_ink.iter_mut().enumerate() {
        let (x, y) = (at % width, at / width);
        *ink &= x > 0 && y > 0 && x + 1 < width && y + 1 < height;
    }
    // Offsets of the neighbours, clockwise from the one above.
    let around: [isize; 8] = {
        let w = width as isize;
        [-w, 1 - w, 1, w + 1, w, w - 1, -1, -w - 1]
    };
    let mut inked: Vec<usize> = (0..is_ink.len()).filter(|&at| is_ink[at]).collect();
    let mut removed = Vec::new();
    loop {
        let before = inked.len();
        for removes in &REMOVES {
            removed.clear();
            removed.extend(inked.iter().copied().filter(|&at| {
                let bit = |i: usize| usize::from(is_ink[at.wrapping_add_signed(around[i])]) << i;
                removes[(0..8).map(bit).sum::<usize>()]
            }));
            for &at in &removed {
                is_ink[at] = false;
            }
            inked.retain(|&at| is_ink[at]);
        }
        if inked.len() == before {
            break;
        }
    }
    let smoothed = |&at: &usize| {
        let neighbours = around.iter().map(|&step| at.wrapping_add_signed(step)).filter(|&n| is_ink[n]);
        let (mut x, mut y, mut count) = ((at % width) as f32, (at / width) as f32, 1.0);
        for n in neighbours {
            x += (n % width) as f32;
            y += (n / width) as f32;
            count += 1.0;
        }
        (x / count, y / count)
    };
    inked.iter().map(smoothed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_may_leave_the_sheet() {
        let mut sheet = Sheet { values: vec![0.0; 12], height: 3, width: 4 };
        for (from, to) in
            [([-30.0, 1.0], [40.0, 1.0]), ([2.0, -9.0], [90.0, 80.0]), ([70.0, 70.0], [70.0, -70.0])]
        {
            line(&mut sheet, from, to, 3.0, 2.5);
        }
        assert!(sheet.values.iter().all(|value| (0.0..=255.0).contains(value)) && sheet.values[5] > 0.0);
    }

    #[test]
    fn a_thick_bar_is_thinned_to_its_centre_line() {
        let is_bar = |x: usize, y: usize| (4..20).contains(&x) && (8..13).contains(&y);
        let values = (0..24 * 24).map(|at| if is_bar(at % 24, at / 24) { 255.0 } else { 0.0 }).collect();
        let line = centre_lines(&Sheet { values, height: 24, width: 24 });
        assert!((8..=16).contains(&line.len()), "{line:?}");
        assert!(line.iter().all(|&(_, y)| (y - 10.0).abs() <= 1.0), "{line:?}");
    }

    #[test]
    fn dilation_and_erosion_move_the_edge() {
        let disc = |at: usize| ((at % 24) as f32 - 12.0).hypot((at / 24) as f32 - 12.0) < 6.0;
        let values: Vec<f32> = (0..24 * 24).map(|at| if disc(at) { 255.0 } else { 0.0 }).collect();
        let area = |by: f32| {
            let mut sheet = Sheet { values: values.clone(), height: 24, width: 24 };
            thicken(&mut sheet, by);
            sheet.values.iter().sum::<f32>() / 255.0
        };
        let radius = |by: f32| (area(by) / std::f32::consts::PI).sqrt();
        assert_eq!(area(0.0), values.iter().sum::<f32>() / 255.0);
        for by in [-2.0, -1.0, 1.0, 2.0] {
            assert!((radius(by) - radius(0.0) - by).abs() < 0.6, "{by}: {} from {}", radius(by), radius(0.0));
        }
    }
}

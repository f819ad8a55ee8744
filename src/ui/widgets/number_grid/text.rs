//! Numbers in cells: shortened to the width of the cells, as large as there is room.

use crate::ui::{style::fonts, widgets::numbers};
use egui::{FontId, Vec2};

/// The smallest digits, in points.
const SMALLEST: f32 = 9.0;
/// The largest digits, in points.
const LARGEST: f32 = 34.0;
/// A digit's width in parts of its size, in the face of numbers.
const WIDTH: f32 = 0.6;
/// The fraction of a cell's width for a number, if its digits can be larger than the smallest.
const SHARE: f32 = 0.7;
/// The largest fraction of a cell's height for digits.
const HEIGHT: f32 = 0.46;
/// The margin of the smallest digits in a cell, in points; numbers with two decimals, which can be dropped, have more.
const MARGINS: [f32; 2] = [6.0, 9.0];

type Writer = fn(f32) -> String;

/// How the numbers of a grid are written.
pub(super) struct Digits {
    pub(super) font: FontId,
    pub(super) write: Writer,
}

impl Digits {
    /// Fits each of `values` into a cell; `None` if none would be legible.
    pub(super) fn fitting<I: Iterator<Item = f32>>(cell: Vec2, values: impl Fn() -> I) -> Option<Self> {
        if digit_size(cell, 1, MARGINS[0]) < SMALLEST {
            return None;
        }
        let writers: [(Writer, f32); 2] = [(short, MARGINS[1]), (shorter, MARGINS[0])];
        writers.into_iter().find_map(|(write, margin)| {
            let longest = values().map(|value| write(value).chars().count()).max().unwrap_or(1);
            let size = digit_size(cell, longest, margin);
            (size >= SMALLEST).then(|| Self { font: fonts::mono(size), write })
        })
    }

    /// A single sign in a cell.
    pub(super) fn sign(cell: Vec2) -> FontId {
        fonts::mono_bold(digit_size(cell, 1, MARGINS[0]))
    }
}

/// The size of `count` digits in a cell, the smallest of which leave `margin` points of its width.
fn digit_size(cell: Vec2, count: usize, margin: f32) -> f32 {
    let digits = WIDTH * count.max(1) as f32;
    let most = (cell.x - margin) / digits;
    let wide = (SHARE * cell.x / digits).min(most).max(most.min(SMALLEST));
    wide.min(HEIGHT * cell.y).min(LARGEST)
}

/// The least side of a square cell in which all of these numbers are legible, in points: of very many, the first.
pub fn legible_side(values: impl Iterator<Item = f32>) -> f32 {
    let longest = values.take(1600).map(|value| shorter(value).chars().count()).max().unwrap_or(1);
    let wide = SMALLEST * WIDTH * longest as f32 + MARGINS[0];
    wide.max(SMALLEST / HEIGHT).ceil()
}

/// A number in a cell: whole numbers whole, others to two decimals.
pub fn short(value: f32) -> String {
    if value == value.trunc() && value.abs() < 1e4 {
        let sign = if value < 0.0 { "−" } else { "" };
        return format!("{sign}{:.0}", value.abs());
    }
    if (0.005..99.995).contains(&value.abs()) {
        let sign = if value < 0.0 { "−" } else { "" };
        let decimals = if value.abs() >= 9.995 { 1 } else { 2 };
        return format!("{sign}{:.decimals$}", value.abs());
    }
    if value.is_finite() && value.abs() < 0.005 {
        return "0".to_owned();
    }
    numbers::plain(value)
}

/// The same with one decimal, where cells are narrow.
pub(super) fn shorter(value: f32) -> String {
    let text = short(value);
    match text.split_once('.') {
        Some((whole, "00" | "0")) => whole.to_owned(),
        Some((whole, _)) if value.abs() >= 9.95 => whole.to_owned(),
        Some(_) => {
            let sign = if value < 0.0 { "−" } else { "" };
            let text = format!("{:.1}", value.abs());
            if text == "0.0" {
                return "0".to_owned();
            }
            format!("{sign}{}", text.strip_prefix('0').unwrap_or(&text))
        }
        None => text,
    }
}

/// A number in full: whole numbers as they are, others to four digits.
pub fn exact(value: f32) -> String {
    if value == value.trunc() && value.abs() < 1e5 { short(value) } else { numbers::precise(value) }
}

/// A number that is typed may be as large as this.
pub const LARGEST_TYPED: f32 = 1e6;

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;

    fn fitting(side: f32, values: &[f32]) -> Option<(String, f32)> {
        let digits = Digits::fitting(Vec2::splat(side), || values.iter().copied())?;
        Some(((digits.write)(values[0]), digits.font.size))
    }

    #[test]
    fn digits_keep_off_the_edges_of_their_cells() {
        for value in [0.98, -0.94, -12.3, 7.0] {
            for side in 20..=96 {
                let Some((text, size)) = fitting(side as f32, &[value]) else { continue };
                let wide = text.chars().count() as f32 * WIDTH * size;
                let margin = (side as f32 - wide) / 2.0;
                assert!(margin >= MARGINS[0] / 2.0 - 0.01, "{text} in {side}: {margin}");
                if size > SMALLEST {
                    assert!(margin >= 0.14 * side as f32, "{text} in {side}: {margin}");
                }
            }
        }
    }

    #[test]
    fn decimals_are_left_out_before_digits_are_too_small() {
        assert_eq!(fitting(37.0, &[-0.94]).map(|digits| digits.0).as_deref(), Some("−0.94"));
        assert_eq!(fitting(33.0, &[-0.94]).map(|digits| digits.0).as_deref(), Some("−.9"));
        assert_eq!(fitting(28.0, &[-2.04]).map(|digits| digits.0).as_deref(), Some("−2.0"));
        assert_eq!(fitting(18.0, &[1.0]), None);
        assert_eq!(legible_side([-2.04].into_iter()), 28.0);
        assert!(Digits::fitting(vec2(40.0, 16.0), || std::iter::once(1.0)).is_none());
    }
}

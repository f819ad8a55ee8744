//! The arrangement of the grids of a convolution: the one that shows most, with the largest cells.

use super::sizes::{GAP, LARGEST, NARROWEST, Sizes, TITLE};
use crate::ui::style::tokens::space;
use egui::Vec2;

/// The most channels, or filters, that are shown at once.
const MOST: usize = 4;

/// By how much cells have to grow so that the products move.
const MUCH: f32 = 1.15;

/// The part of the room's width that the largest cell takes in a large window.
const PART: f32 = 1.0 / 14.0;

/// The arrangement of grids with digits in all cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// The number of channels that are shown.
    pub channels: usize,
    /// The number of filters whose outputs are shown, one below the other.
    pub outputs: usize,
    /// Whether channels are columns, with kernel and products below the input, instead of rows.
    pub is_columns: bool,
    /// Whether the products are next to the kernel, not below it.
    pub is_beside: bool,
    /// The side of a cell, in points.
    pub side: f32,
    /// Whether the following layers have grids of their own, or share that of the outputs.
    pub is_spread: bool,
}

impl Plan {
    /// The plan that shows most, in cells of at least `least` points; `None` if there is none. The products are next to the
    /// kernel where that makes the cells much larger, in a low window wherever it makes them larger at all.
    pub fn new(
        room: Vec2,
        sizes: &Sizes,
        (channels, filters): (usize, usize),
        (least, is_low): (f32, bool),
    ) -> Option<Self> {
        let all = if channels <= MOST { channels } else { 1 };
        let outputs = if filters <= MOST { filters } else { 1 };
        let spreads: &[bool] = if sizes.results.len() > 1 { &[true, false] } else { &[true] };
        let ways = spreads.iter().flat_map(|&is_spread| {
            [(all, outputs), (all, 1), (1, outputs), (1, 1)].map(|(channels, outputs)| {
                let plan =
                    Self { channels, outputs, is_columns: false, is_beside: true, side: 0.0, is_spread };
                let rows = |is_beside: bool| {
                    let plan = Self { is_beside, ..plan };
                    Self { side: plan.side_in_rows(room, sizes), ..plan }
                };
                let (below, beside) = (rows(false), rows(true));
                if channels == 1 {
                    let much = if is_low { 1.0 } else { MUCH };
                    return if beside.side > much * below.side { beside } else { below };
                }
                let columns = Self { is_columns: true, side: plan.side_in_columns(room, sizes), ..plan };
                if columns.side > beside.side { columns } else { beside }
            })
        });
        ways.into_iter().find(|plan| plan.side >= least)
    }

    /// Input, kernel and products of a channel next to each other, or the products below the kernel of a single one.
    fn side_in_rows(&self, room: Vec2, sizes: &Sizes) -> f32 {
        let (input, kernel) = (sizes.input, sizes.kernel);
        let is_single = !self.is_beside;
        let middle = if is_single { kernel.1 } else { 2 * kernel.1 };
        let (results, result_gaps) = self.results(sizes);
        let gaps = if is_single { 1.0 } else { 2.0 } + result_gaps;
        let across = (room.x - gaps * GAP) / (input.1 + middle + results) as f32;
        let pieces = if is_single { tall(room, 2, kernel.0) } else { tall(room, self.channels, kernel.0) };
        let mut side = self.limited(room, sizes, across.min(tall(room, self.channels, input.0)).min(pieces));
        // Titles are wider than small grids.
        while side > 1.0 && self.width(sizes, side) > room.x {
            side -= 1.0;
        }
        side
    }

    /// The width of rows with cells of this side.
    fn width(&self, sizes: &Sizes, side: f32) -> f32 {
        let wide = |cells: usize| (cells as f32 * side).max(NARROWEST);
        let pieces = if self.is_beside { 2 } else { 1 };
        let shown = if self.is_spread { sizes.results.as_slice() } else { &sizes.results[..1] };
        let results: f32 = shown.iter().map(|size| GAP + wide(size.1)).sum();
        wide(sizes.input.1) + pieces as f32 * (GAP + wide(sizes.kernel.1)) + results
    }

    /// A channel as a column: the input, then its kernel and its products next to each other.
    fn side_in_columns(&self, room: Vec2, sizes: &Sizes) -> f32 {
        let (input, kernel) = (sizes.input, sizes.kernel);
        let (results, result_gaps) = self.results(sizes);
        let channels = self.channels as f32;
        let width = room.x - (channels - 1.0 + result_gaps) * GAP;
        let inputs = width / (self.channels * input.1 + results) as f32;
        let pieces = (width - channels * GAP) / (self.channels * 2 * kernel.1 + results) as f32;
        let height = (room.y - 2.0 * (TITLE + space::S)) / (input.0 + kernel.0).max(1) as f32;
        self.limited(room, sizes, inputs.min(pieces).min(height))
    }

    /// The number of cells and of gaps that the results need across.
    fn results(&self, sizes: &Sizes) -> (usize, f32) {
        let shown = if self.is_spread { sizes.results.as_slice() } else { &sizes.results[..1] };
        (shown.iter().map(|size| size.1).sum(), shown.len() as f32)
    }

    fn limited(&self, room: Vec2, sizes: &Sizes, side: f32) -> f32 {
        side.min(tall(room, self.outputs, sizes.results[0].0)).min(LARGEST.max(room.x * PART)).floor()
    }
}

/// The largest side with which `count` grids of this many rows fit below each other.
fn tall(room: Vec2, count: usize, rows: usize) -> f32 {
    (room.y - count as f32 * (TITLE + space::S)) / (count * rows).max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;

    fn sizes(input: usize, kernel: usize, results: &[usize]) -> Sizes {
        let square = |side: usize| (side, side);
        Sizes {
            input: square(input),
            kernel: square(kernel),
            results: results.iter().copied().map(square).collect(),
        }
    }

    #[test]
    fn the_colour_example_fills_a_wide_room() {
        let plan = Plan::new(vec2(1030.0, 550.0), &sizes(7, 3, &[3]), (3, 2), (20.0, false)).unwrap();
        assert!(plan.is_columns && (plan.channels, plan.outputs) == (3, 2), "{plan:?}");
        assert!(plan.side >= 34.0, "{plan:?}");
        // In a narrow one, rows have the larger cells.
        let plan = Plan::new(vec2(430.0, 700.0), &sizes(7, 3, &[3]), (3, 2), (16.0, false)).unwrap();
        assert!(!plan.is_columns, "{plan:?}");
    }

    #[test]
    fn a_wide_screen_is_filled() {
        // The view while presenting at 1920×1080, above the words of a lesson and without.
        for (height, least) in [(380.0, 70.0), (800.0, 118.0)] {
            let plan = Plan::new(vec2(1888.0, height), &sizes(5, 3, &[3]), (1, 1), (20.0, false)).unwrap();
            assert!(plan.side >= least, "{plan:?}");
            let filled = 5.0 * plan.side / height;
            assert!(filled > 0.7, "{filled} of the height: {plan:?}");
        }
        let plan = Plan::new(vec2(1030.0, 550.0), &sizes(5, 3, &[3]), (1, 1), (20.0, false)).unwrap();
        assert!(!plan.is_beside, "in the window at its usual size, the products stay below the kernel");
    }

    #[test]
    fn what_does_not_fit_is_shown_one_at_a_time() {
        let plan = Plan::new(vec2(430.0, 300.0), &sizes(7, 3, &[3]), (3, 2), (20.0, false)).unwrap();
        assert_eq!((plan.channels, plan.is_columns), (1, false));
        assert_eq!(Plan::new(vec2(430.0, 300.0), &sizes(28, 5, &[24]), (1, 1), (20.0, false)), None);
        let six = Plan::new(vec2(1030.0, 550.0), &sizes(5, 3, &[3]), (6, 1), (20.0, false)).unwrap();
        assert_eq!(six.channels, 1, "more than {MOST} channels are shown one at a time");
    }
}

//! The layout of a chain of layers: the size of the cells, and the places of the maps and the kernels.

use crate::ui::{style::tokens::space, views::convolution::sizes::TITLE};
use egui::{Vec2, vec2};

/// The gap between two columns, in points, with room for an arrow.
const GAP: f32 = 36.0;
/// The largest cell, in points.
pub const LARGEST: f32 = 84.0;
/// The smallest, in points.
const SMALLEST: f32 = 5.0;
/// Below this width, in points, gaps and titles are shorter.
const NARROW: f32 = 700.0;
/// The most maps of a column side by side.
const MOST_ACROSS: usize = 3;
/// Maps are side by side if that makes the cells larger by this factor.
const WORTH: f32 = 1.15;
/// The least width of a grid, for its title, in points.
const LEAST: f32 = 92.0;

/// What has to fit, in cells.
pub struct Cells<'a> {
    /// Maps, height and width of each column.
    pub columns: &'a [(usize, usize, usize)],
    /// Height and width of the kernels.
    pub kernel: (usize, usize),
    /// Input channels whose kernels are shown.
    pub parts: usize,
    /// Columns of the matrix, if there is one.
    pub matrix: usize,
}

/// The size of the cells and the place of the kernels.
#[derive(Clone, Copy)]
pub struct Plan {
    /// The side of a cell.
    pub side: f32,
    /// The gap between two columns.
    pub gap: f32,
    /// The least width of a grid, for its title.
    pub least: f32,
    /// The most maps of a column side by side.
    pub across: usize,
    /// Whether the kernels are below the columns instead of on their right.
    pub is_below: bool,
}

impl Plan {
    /// The layout with the largest cells; among nearly equal ones, that with fewer maps side by side.
    pub fn new(room: Vec2, cells: &Cells<'_>) -> Self {
        let (gap, least) = if room.x < NARROW { (GAP / 2.0, LEAST / 2.0) } else { (GAP, LEAST) };
        let largest = |across: usize, is_below: bool| {
            let mut plan = Self { side: LARGEST, gap, least, across, is_below };
            while plan.side > SMALLEST && plan.size(cells).max(room) != room {
                plan.side -= 1.0;
            }
            plan
        };
        let larger = |across: usize| {
            let (beside, below) = (largest(across, false), largest(across, true));
            if cells.matrix == 0 && below.side > beside.side { below } else { beside }
        };
        let most = cells.columns.iter().map(|column| column.0).max().unwrap_or(1);
        let mut best = larger(1);
        for across in 2..=most.min(MOST_ACROSS) {
            let other = larger(across);
            if other.side > WORTH * best.side {
                best = other;
            }
        }
        best
    }

    /// The width of a grid with this many columns and its title.
    pub fn wide(&self, columns: usize) -> f32 {
        (columns as f32 * self.side).max(self.least)
    }

    /// A column of maps with its title.
    pub fn column(&self, (maps, height, width): (usize, usize, usize)) -> Vec2 {
        let across = self.across.clamp(1, maps.max(1));
        let down = maps.div_ceil(across) as f32;
        let wide = across as f32 * (width as f32 * self.side + space::S) - space::S;
        vec2(wide.max(self.least), TITLE + down * (height as f32 * self.side + space::S))
    }

    /// The size of the whole, in points.
    pub fn size(&self, cells: &Cells<'_>) -> Vec2 {
        let Cells { columns, kernel, parts, matrix } = *cells;
        let wide = columns.iter().map(|column| self.column(*column).x + self.gap).sum::<f32>() - self.gap;
        let tall = columns.iter().map(|column| self.column(*column).y).fold(0.0, f32::max);
        let part = vec2(2.0 * self.wide(kernel.1) + self.gap / 2.0, kernel.0 as f32 * self.side + TITLE);
        let parts = parts as f32;
        if self.is_below {
            return vec2(wide.max(parts * (part.x + self.gap) - self.gap), tall + part.y);
        }
        let matrix = if matrix > 0 { self.wide(matrix) + self.gap } else { 0.0 };
        vec2(wide + self.gap + part.x + matrix, tall.max(parts * (part.y + space::XS)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPED: [(usize, usize, usize); 2] = [(4, 3, 3), (4, 2, 2)];

    #[test]
    fn maps_stand_side_by_side_where_that_makes_cells_larger() {
        let cells = Cells { columns: &GROUPED, kernel: (2, 2), parts: 2, matrix: 0 };
        let plan = Plan::new(vec2(1032.0, 660.0), &cells);
        assert!(plan.across > 1 && plan.side > 66.0, "{} {}", plan.across, plan.side);
        // A single map in a column has no neighbour.
        let cells = Cells { columns: &[(1, 7, 7), (1, 3, 3)], ..cells };
        assert_eq!(Plan::new(vec2(1032.0, 660.0), &cells).across, 1);
    }

    #[test]
    fn whatever_is_legible_has_room() {
        let stacked = [(4, 10, 10), (4, 8, 8), (4, 6, 6), (4, 4, 4)];
        for room in [vec2(456.0, 290.0), vec2(1032.0, 660.0), vec2(1900.0, 1000.0)] {
            for columns in [&GROUPED[..], &stacked[..], &[(8, 10, 10), (8, 8, 8), (8, 8, 8)]] {
                for (parts, matrix) in [(1, 0), (8, 0), (1, 16)] {
                    let cells = Cells { columns, kernel: (3, 3), parts, matrix };
                    let plan = Plan::new(room, &cells);
                    let size = plan.size(&cells);
                    assert!(plan.side == SMALLEST || size.max(room) == room, "{room} {columns:?}: {size}");
                }
            }
        }
    }
}

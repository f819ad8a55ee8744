//! The layout of patch, kernel and products: three grids of the same size.

use super::sizes::TITLE;
use crate::ui::style::tokens::space;
use egui::{Rect, Vec2, pos2, vec2};

/// The least width of a grid, for its title, in points.
const LEAST: f32 = 72.0;
/// The gap between two grids side by side, in points, with room for a sign.
const GAP: f32 = 28.0;
/// The height of the tabs if only one grid fits, in points.
pub const TABS: f32 = 38.0;

/// How three grids are arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Below each other.
    Below,
    /// Two side by side, the third below them.
    Corner,
    /// Side by side.
    Beside,
    /// One at a time, chosen by tabs.
    One,
}

impl Stand {
    /// Columns and rows of grids.
    fn grids(self) -> (f32, f32) {
        match self {
            Self::Below => (1.0, 3.0),
            Self::Corner => (2.0, 2.0),
            Self::Beside => (3.0, 1.0),
            Self::One => (1.0, 1.0),
        }
    }

    /// A grid with its title.
    fn grid(kernel: (usize, usize), cell: Vec2) -> Vec2 {
        vec2((kernel.1 as f32 * cell.x).max(LEAST), kernel.0 as f32 * cell.y + TITLE)
    }

    /// The room that the grids need with cells of this size, without tabs.
    pub fn size(self, kernel: (usize, usize), cell: Vec2) -> Vec2 {
        let (columns, rows) = self.grids();
        let grid = Self::grid(kernel, cell);
        vec2(columns * grid.x + (columns - 1.0) * GAP, rows * grid.y + (rows - 1.0) * space::S)
    }

    /// The place of grid `number` of three, from the corner of all; a single grid is in the corner.
    pub fn place(self, number: usize, corner: egui::Pos2, kernel: (usize, usize), cell: Vec2) -> Rect {
        let grid = Self::grid(kernel, cell);
        let columns = self.grids().0 as usize;
        let number = if self == Self::One { 0 } else { number };
        let (column, row) = ((number % columns) as f32, (number / columns) as f32);
        let place = pos2(corner.x + column * (grid.x + GAP), corner.y + row * (grid.y + space::S));
        Rect::from_min_size(place, grid)
    }
}

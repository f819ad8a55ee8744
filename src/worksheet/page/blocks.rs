//! What stands side by side in an exercise: grids, signs between them, lines of a calculation, a picture.

use super::fonts::{Face, width};
use crate::worksheet::Digit;
use std::sync::Arc;

/// The height of a line with blanks to write in.
pub(super) const LINE: f32 = 20.0;

/// The size of the numbers in such a line.
pub(super) const LINE_SIZE: f32 = 9.5;

/// The side of a picture.
pub(super) const PICTURE: f32 = 92.0;

/// One thing in a row of an exercise.
pub(super) enum Block {
    /// A grid of numbers.
    Grid(Grid),
    /// A sign between grids.
    Sign(&'static str),
    /// Lines of a calculation.
    Lines(Lines),
    /// A digit.
    Picture(String, Arc<Digit>),
}

/// A cell of a grid.
pub(super) struct Cell {
    /// Its number.
    pub(super) text: String,
    /// What it is.
    pub(super) kind: CellKind,
    /// Whether no window covers it, which the answers show.
    pub(super) is_missed: bool,
}

/// What a cell is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    /// A given number.
    Given,
    /// A zero of the padding.
    Padding,
    /// A number to be filled in.
    Asked,
}

/// A rectangle of cells: row, column, height, width.
pub(super) type Cells = (usize, usize, usize, usize);

/// A grid of numbers.
pub(super) struct Grid {
    /// What stands above it.
    pub(super) label: String,
    /// The side of a cell.
    pub(super) side: f32,
    /// Columns.
    pub(super) columns: usize,
    /// The cells, row by row.
    pub(super) cells: Vec<Cell>,
    /// The cells that belong to a map, inside its padding.
    pub(super) inner: Cells,
    /// Cells with a heavy frame: a window, an output.
    pub(super) frame: Option<Cells>,
}

/// A part of a line.
pub(super) enum Piece {
    /// Given signs and numbers.
    Text(String),
    /// A blank with its answer, so many characters wide.
    Blank(usize, String),
}

/// Lines of a calculation.
pub(super) struct Lines {
    /// What stands above them.
    pub(super) label: String,
    /// The lines.
    pub(super) lines: Vec<Vec<Piece>>,
}

impl Piece {
    /// Signs.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A blank for a number.
    #[expect(clippy::needless_pass_by_value, reason = "numbers and text alike are passed")]
    pub(super) fn blank(answer: impl ToString) -> Self {
        Self::Blank(3, answer.to_string())
    }

    /// Its width.
    pub(super) fn width(&self) -> f32 {
        match self {
            Self::Text(text) => width(text, Face::Numbers, LINE_SIZE),
            Self::Blank(chars, answer) => {
                let least = width(answer, Face::BoldNumbers, LINE_SIZE) + 3.0;
                (*chars as f32 * LINE_SIZE * 0.6).max(least)
            }
        }
    }
}

impl Lines {
    /// The width of the longest line.
    pub(super) fn width(&self) -> f32 {
        let width = |line: &Vec<Piece>| line.iter().map(Piece::width).sum::<f32>();
        self.lines.iter().map(width).fold(0.0, f32::max)
    }
}

impl Grid {
    /// Rows.
    pub(super) fn rows(&self) -> usize {
        self.cells.len() / self.columns.max(1)
    }
}

impl Block {
    /// What stands above it.
    pub(super) fn label(&self) -> &str {
        match self {
            Self::Grid(grid) => &grid.label,
            Self::Lines(lines) => &lines.label,
            Self::Picture(label, _) => label,
            Self::Sign(_) => "",
        }
    }

    /// Width and height without the label.
    pub(super) fn size(&self) -> (f32, f32) {
        match self {
            Self::Grid(grid) => (grid.columns as f32 * grid.side, grid.rows() as f32 * grid.side),
            Self::Sign(_) => (10.0, 0.0),
            Self::Lines(lines) => (lines.width(), lines.lines.len() as f32 * LINE),
            Self::Picture(..) => (PICTURE, PICTURE),
        }
    }

    /// The width with the label above.
    pub(super) fn width(&self) -> f32 {
        self.size().0.max(width(self.label(), Face::Words, 8.5))
    }
}

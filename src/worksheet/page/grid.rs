//! Grids of numbers.

use super::{
    blocks::{Cell, CellKind, Cells, Grid},
    fonts::Face,
    item::Tone,
    pen::Pen,
};

/// The width of the frame around a window.
const HEAVY: f32 = 2.2;

/// Draws a grid from its top left corner.
pub(super) fn grid(pen: &mut Pen, (left, top): (f32, f32), grid: &Grid) {
    let side = grid.side;
    let corner = |row: usize, column: usize| (left + column as f32 * side, top + row as f32 * side);
    for (at, cell) in grid.cells.iter().enumerate() {
        let (row, column) = (at / grid.columns, at % grid.columns);
        let (x, y) = corner(row, column);
        if cell.kind == CellKind::Padding {
            for (from, to) in edges(x, y, side) {
                pen.dashes(from, to, Tone::RULE);
            }
        }
        if cell.is_missed && pen.is_solved {
            hatch(pen, (x, y), side);
        }
        number(pen, (x + side / 2.0, y + side / 2.0), side, cell);
    }
    let (row, column, rows, columns) = grid.inner;
    let ((x, y), width, height) = (corner(row, column), columns as f32 * side, rows as f32 * side);
    for at in 1..rows {
        let y = y + at as f32 * side;
        pen.line((x, y), (x + width, y), 0.5, Tone::INK);
    }
    for at in 1..columns {
        let x = x + at as f32 * side;
        pen.line((x, y), (x, y + height), 0.5, Tone::INK);
    }
    pen.outline((x, y), (width, height), 1.0, Tone::INK);
    if let Some((row, column, rows, columns)) = grid.frame {
        pen.outline(corner(row, column), (columns as f32 * side, rows as f32 * side), HEAVY, Tone::INK);
    }
}

fn edges(x: f32, y: f32, side: f32) -> [((f32, f32), (f32, f32)); 4] {
    let (right, bottom) = (x + side, y + side);
    [
        ((x, y), (right, y)),
        ((x, bottom), (right, bottom)),
        ((x, y), (x, bottom)),
        ((right, y), (right, bottom)),
    ]
}

/// Lines across a cell that no window covers.
fn hatch(pen: &mut Pen, (x, y): (f32, f32), side: f32) {
    for at in [0.25, 0.5, 0.75, 1.0] {
        let part = at * side;
        pen.line((x, y + part), (x + part, y), 0.4, Tone::RULE);
        if at < 1.0 {
            pen.line((x + part, y + side), (x + side, y + part), 0.4, Tone::RULE);
        }
    }
}

fn number(pen: &mut Pen, (x, y): (f32, f32), side: f32, cell: &Cell) {
    if cell.kind == CellKind::Asked && !pen.is_solved {
        return;
    }
    let (face, tone) = match cell.kind {
        CellKind::Given => (Face::Numbers, Tone::INK),
        CellKind::Padding => (Face::Numbers, Tone::FAINT),
        CellKind::Asked => (Face::BoldNumbers, Tone::INK),
    };
    // Longer numbers are smaller, so that they stay inside.
    let chars = cell.text.chars().count().max(1) as f32;
    let size = (side * 0.5).min(11.5).min((side - 3.0) / (0.6 * chars));
    pen.text_centred(x, y + size * 0.365, (size, face, tone), &cell.text);
}

/// Cells of a map inside its padding: `text` has the number of a place of the map, `is_missed` is about places of the padded
/// map.
pub(super) fn padded(
    (rows, columns): (usize, usize),
    padding: usize,
    zero: &str,
    text: impl Fn(usize, usize) -> String,
    is_missed: impl Fn(usize, usize) -> bool,
) -> (Vec<Cell>, Cells) {
    let (height, width) = (rows + 2 * padding, columns + 2 * padding);
    let cell = |at: usize| {
        let (row, column) = (at / width, at % width);
        let inside = row.checked_sub(padding).zip(column.checked_sub(padding));
        let (text, kind) = match inside.filter(|&(row, column)| row < rows && column < columns) {
            Some((row, column)) => (text(row, column), CellKind::Given),
            None => (zero.to_owned(), CellKind::Padding),
        };
        Cell { text, kind, is_missed: is_missed(row, column) }
    };
    ((0..height * width).map(cell).collect(), (padding, padding, rows, columns))
}

/// A grid without padding.
pub(super) fn plain(
    label: String,
    side: f32,
    columns: usize,
    texts: Vec<String>,
    kind: CellKind,
    frame: Option<Cells>,
) -> Grid {
    let inner = (0, 0, texts.len() / columns.max(1), columns);
    let cells = texts.into_iter().map(|text| Cell { text, kind, is_missed: false }).collect();
    Grid { label, side, columns, cells, inner, frame }
}

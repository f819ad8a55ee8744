//! Places blocks in rows, as many side by side as there is room for.

use super::{
    blocks::{Block, LINE, LINE_SIZE, Lines, Piece},
    fonts::Face,
    grid::grid,
    item::{INNER, MARGIN, Tone},
    pen::{Pen, Style},
    picture::picture,
};

/// The room between two blocks.
const GAP: f32 = 12.0;

/// The room for the label above a block.
const LABEL: f32 = 13.0;

/// The look of a label.
const LABELLED: Style = (8.5, Face::Words, Tone::SECOND);

/// The rows of these blocks.
fn rows(blocks: &[Block]) -> Vec<&[Block]> {
    let mut rows = Vec::new();
    let (mut first, mut used) = (0, 0.0);
    for (at, block) in blocks.iter().enumerate() {
        // A sign stays with what follows it.
        let follows = match (block, blocks.get(at + 1)) {
            (Block::Sign(_), Some(next)) => GAP + next.width(),
            _ => 0.0,
        };
        if at > first && used + block.width() + follows > INNER {
            rows.push(&blocks[first..at]);
            (first, used) = (at, 0.0);
        }
        used += block.width() + GAP;
    }
    rows.push(&blocks[first..]);
    rows
}

/// The height of a row.
fn height(row: &[Block]) -> f32 {
    LABEL + row.iter().map(|block| block.size().1).fold(0.0, f32::max) + 6.0
}

/// The height of the first row: what a heading must stay with.
pub(super) fn first_height(blocks: &[Block]) -> f32 {
    rows(blocks).first().map_or(0.0, |row| height(row))
}

/// Draws blocks in rows and moves below them.
pub(super) fn flow(pen: &mut Pen, blocks: &[Block]) {
    for row in rows(blocks) {
        pen.need(height(row));
        let top = pen.y + LABEL;
        let grids = row.iter().filter(|block| matches!(block, Block::Grid(_)));
        let lowest = grids.map(|block| block.size().1).fold(f32::INFINITY, f32::min);
        let mut x = MARGIN;
        for block in row {
            pen.text(x, pen.y + 8.5, LABELLED, block.label());
            match block {
                Block::Grid(one) => grid(pen, (x, top), one),
                Block::Sign(sign) => {
                    let middle = if lowest.is_finite() { lowest / 2.0 } else { LINE / 2.0 };
                    pen.text_centred(x + 5.0, top + middle + 4.5, (13.0, Face::Numbers, Tone::INK), sign);
                }
                Block::Lines(lines) => calculation(pen, (x, top), lines),
                Block::Picture(_, digit) => picture(pen, (x, top), digit),
            }
            x += block.width() + GAP;
        }
        pen.y += height(row);
    }
}

fn calculation(pen: &mut Pen, (left, top): (f32, f32), lines: &Lines) {
    for (at, line) in lines.lines.iter().enumerate() {
        let base = top + at as f32 * LINE + 12.0;
        pieces(pen, left, base, line);
    }
}

/// Writes a line, its blanks as rules; returns where it ends.
pub(super) fn pieces(pen: &mut Pen, left: f32, base: f32, line: &[Piece]) -> f32 {
    let mut x = left;
    for piece in line {
        let width = piece.width();
        match piece {
            Piece::Text(text) => pen.text(x, base, (LINE_SIZE, Face::Numbers, Tone::INK), text),
            Piece::Blank(_, answer) => {
                pen.line((x + 0.5, base + 2.5), (x + width - 0.5, base + 2.5), 0.6, Tone::RULE);
                if pen.is_solved {
                    pen.text_centred(
                        x + width / 2.0,
                        base,
                        (LINE_SIZE, Face::BoldNumbers, Tone::INK),
                        answer,
                    );
                }
            }
        }
        x += width;
    }
    x
}

//! A question of a lesson.

use super::{
    blocks::{Block, Cell, CellKind, Grid},
    flow::{first_height, flow},
    fonts::{Face, wrap},
    grid::padded,
    heading::heading,
    item::{INNER, MARGIN, Tone},
    pen::{ASKED, Pen, Style},
};
use crate::{
    text::{fill, tr},
    worksheet::{LessonExercise, LessonFigure, Map, MapKind, PaperAnswer, number},
};

/// The look of the question.
const QUESTION: Style = (9.5, Face::Bold, Tone::INK);

/// The side of the square beside an option.
const BOX: f32 = 9.0;

/// Draws the question.
pub(super) fn draw(pen: &mut Pen, at: usize, exercise: &LessonExercise) {
    let mut texts: Vec<&str> = exercise.text.iter().map(String::as_str).collect();
    let look = fill(tr("(Step {step} of the lesson shows it.)"), &[("step", &exercise.step.to_string())]);
    if exercise.figure.is_none() {
        texts.push(&look);
    }
    let blocks = exercise.figure.as_ref().map(blocks).unwrap_or_default();
    let options = match &exercise.answer {
        PaperAnswer::Number(_) => 30.0,
        PaperAnswer::Choice { options, .. } => 20.0 + 15.0 * options.len() as f32,
    };
    // A long text takes several lines.
    let lines: usize = texts.iter().map(|text| wrap(text, Face::Words, 9.0, INNER).len()).sum();
    let room = if blocks.is_empty() { 0.0 } else { first_height(&blocks) } + options + 13.0 * lines as f32;
    heading(pen, at, &exercise.title, &texts, room.min(600.0));
    if !blocks.is_empty() {
        flow(pen, &blocks);
    }
    match &exercise.answer {
        PaperAnswer::Number(answer) => pen.question(&exercise.ask, answer),
        PaperAnswer::Choice { options, right } => {
            pen.paragraph(0.0, QUESTION, &exercise.ask);
            for (option, text) in options.iter().enumerate() {
                choice(pen, text, option == *right);
            }
        }
    }
}

fn choice(pen: &mut Pen, text: &str, is_right: bool) {
    let lines = wrap(text, ASKED.1, ASKED.0, INNER - 20.0);
    pen.need(lines.len() as f32 * 14.0);
    let top = pen.y + 4.0;
    pen.outline((MARGIN, top), (BOX, BOX), 0.7, Tone::INK);
    if is_right && pen.is_solved {
        let (right, bottom) = (MARGIN + BOX, top + BOX);
        pen.line((MARGIN + 1.5, top + 1.5), (right - 1.5, bottom - 1.5), 1.4, Tone::INK);
        pen.line((right - 1.5, top + 1.5), (MARGIN + 1.5, bottom - 1.5), 1.4, Tone::INK);
    }
    for line in lines {
        pen.y += 14.0;
        let style = if is_right && pen.is_solved { QUESTION } else { ASKED };
        pen.text(MARGIN + 16.0, pen.y - 2.0, style, &line);
    }
}

fn blocks(figure: &LessonFigure) -> Vec<Block> {
    let widest = figure.maps.iter().map(|map| map.size.1 + 2 * map.padding.1).max().unwrap_or(1);
    let side = if widest > 7 { 17.0 } else { 20.0 };
    let mut blocks = Vec::new();
    let inputs = figure.maps.iter().filter(|map| map.kind == MapKind::Input).count();
    let mut kernels = 0;
    for (at, map) in figure.maps.iter().enumerate() {
        let sign = match map.kind {
            MapKind::Kernel if kernels == 0 => Some("×"),
            MapKind::Output if figure.maps[..at].iter().any(|one| one.kind == MapKind::Kernel) => Some("="),
            MapKind::Output => Some("→"),
            MapKind::Input | MapKind::Kernel => None,
        };
        let channel = if map.kind == MapKind::Kernel { kernels } else { at };
        kernels += usize::from(map.kind == MapKind::Kernel);
        blocks.extend(sign.map(Block::Sign));
        blocks.push(Block::Grid(grid(map, channel, inputs > 1, side)));
    }
    blocks
}

fn grid(map: &Map, channel: usize, has_channels: bool, side: f32) -> Grid {
    let label = match (map.kind, has_channels) {
        (MapKind::Input, false) => tr("Input").to_owned(),
        (MapKind::Kernel, false) => tr("Kernel").to_owned(),
        (MapKind::Input, true) => fill(tr("Input, channel {channel}"), &[("channel", &channel.to_string())]),
        (MapKind::Kernel, true) => {
            fill(tr("Kernel of channel {channel}"), &[("channel", &channel.to_string())])
        }
        (MapKind::Output, _) => tr("Output").to_owned(),
    };
    let (rows, columns) = map.size;
    let text = |row: usize, column: usize| {
        map.cells.get(row * columns + column).copied().flatten().map_or_else(String::new, number)
    };
    let padding = map.padding.0;
    let (cells, inner): (Vec<Cell>, _) = padded((rows, columns), padding, "0", text, |_, _| false);
    debug_assert!(cells.iter().all(|cell| cell.kind != CellKind::Asked));
    Grid { label, side, columns: columns + 2 * padding, cells, inner, frame: map.frame }
}

//! An exercise on pooling.

use super::{
    blocks::{Block, CellKind, Grid, Lines, Piece},
    convolution::{WIDER, side_for, size_lines},
    flow::{first_height, flow},
    grid::{padded, plain},
    heading::{heading, questions},
    pen::Pen,
    words,
};
use crate::{
    explain::convolution::ConvOutputSize,
    text::tr,
    worksheet::{PoolingExercise, Settings, Subject, number},
};

/// The largest window whose numbers are written in a line.
const MOST: usize = 9;

/// Draws the exercise.
pub(super) fn draw(pen: &mut Pen, at: usize, exercise: &PoolingExercise) {
    let settings = &exercise.settings;
    let (title, task) = match (&exercise.subject, &exercise.average) {
        (Subject::Digit(_), Some(_)) => (
            tr("Pooling on your digit"),
            tr("The ink of your digit in a small grid. Find the largest and the mean of each window."),
        ),
        (Subject::Digit(_), None) => (
            tr("Pooling on your digit"),
            tr("The ink of your digit in a small grid. Find the largest number of each window."),
        ),
        (_, Some(_)) => (tr("Largest and mean"), tr("Find the largest number and the mean of each window.")),
        (_, None) => {
            (tr("The largest number"), tr("Find the largest number of each window, which has gaps."))
        }
    };
    let given = words::of_pooling(settings);
    let padding = match (settings.padding, &exercise.average) {
        (0, _) => "",
        (_, Some(_)) => tr("The dashed cells are padding: never the largest; the mean counts them as zeros."),
        (_, None) => tr("The dashed cells are padding: never the largest."),
    };
    let rounded = if exercise.is_rounded() { tr("Round means to two decimals.") } else { "" };
    let mut formula = vec![Block::Lines(size_lines(&as_conv(exercise)))];
    if exercise.first.window.len() <= MOST {
        formula.push(Block::Lines(first_lines(exercise)));
    }
    let grids = grids(exercise);
    heading(pen, at, title, &[task, &given, padding, rounded], first_height(&formula) + first_height(&grids));
    flow(pen, &formula);
    flow(pen, &grids);
    questions(pen, &exercise.questions);
}

/// The formula is the same as that of a convolution.
fn as_conv(exercise: &PoolingExercise) -> ConvOutputSize {
    let Settings { size: input, kernel_size: kernel, stride, padding, dilation, .. } = exercise.settings;
    ConvOutputSize { input, kernel, stride, padding, extra: 0, dilation, output: exercise.side }
}

fn grids(exercise: &PoolingExercise) -> Vec<Block> {
    let Settings { size, padding, .. } = exercise.settings;
    let maps = 1 + usize::from(exercise.average.is_some());
    let mut blocks = Vec::new();
    let mut others = 60.0;
    if let Subject::Digit(digit) = &exercise.subject {
        blocks.push(Block::Picture(tr("Your digit").to_owned(), digit.clone()));
        blocks.push(Block::Sign("→"));
        others += 110.0;
    }
    let side = side_for(size + 2 * padding, 0, maps * exercise.side, (others, others)).min(18.5);
    let text = |row: usize, column: usize| number(exercise.input[row * size + column]);
    let (cells, inner) = padded((size, size), padding, "", text, |_, _| false);
    let span = exercise.size.span();
    let label = if padding > 0 { tr("Input with padding") } else { tr("Input") }.to_owned();
    let frame = Some((0, 0, span, span));
    blocks.push(Block::Grid(Grid { label, side, columns: size + 2 * padding, cells, inner, frame }));
    let wide = (side * WIDER).max(26.0);
    let output = |label: &str, values: &[f32]| {
        let numbers = values.iter().map(|one| number(*one)).collect();
        Block::Grid(plain(
            label.to_owned(),
            wide,
            exercise.side,
            numbers,
            CellKind::Asked,
            Some((0, 0, 1, 1)),
        ))
    };
    blocks.push(output(tr("Largest (max)"), &exercise.max));
    if let Some(average) = &exercise.average {
        blocks.push(output(tr("Mean (average)"), average));
    }
    blocks
}

/// The first window written out.
fn first_lines(exercise: &PoolingExercise) -> Lines {
    let listed = |sign: &str, counts_padding: bool| {
        let mut line = Vec::new();
        for cell in exercise.first.window.iter().filter(|cell| cell.inside || counts_padding) {
            if !line.is_empty() {
                line.push(Piece::text(sign));
            }
            line.push(Piece::Blank(2, number(cell.x)));
        }
        line
    };
    let mut largest = vec![Piece::text("max(")];
    largest.extend(listed(", ", false));
    largest.extend([Piece::text(") = "), Piece::blank(number(exercise.first.value))]);
    let mut lines = vec![largest];
    if let Some(first) = exercise.average.as_ref().and_then(|average| average.first()) {
        let mut mean = vec![Piece::text("(")];
        mean.extend(listed(" + ", true));
        let shown = number(*first);
        let is_rounded = (shown.replace('−', "-").parse::<f32>().unwrap_or(*first) - first).abs() > 1e-4;
        let count = exercise.first.window.len();
        mean.extend([Piece::text(") / "), Piece::Blank(2, count.to_string())]);
        mean.extend([Piece::text(if is_rounded { " ≈ " } else { " = " }), Piece::blank(shown)]);
        lines.push(mean);
    }
    Lines { label: tr("The first window").to_owned(), lines }
}

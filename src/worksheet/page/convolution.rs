//! An exercise on a convolution.

use super::{
    blocks::{Block, CellKind, Grid, Lines, Piece},
    flow::{first_height, flow},
    grid::{padded, plain},
    heading::{heading, questions},
    item::INNER,
    pen::Pen,
    words,
};
use crate::{
    explain::{cell::ChannelTerms, convolution::ConvOutputSize},
    text::{fill, tr},
    worksheet::{ConvolutionExercise, Settings, Subject, number},
};

/// Draws the exercise. The formula is left out where the one before has the same settings.
pub(super) fn draw(pen: &mut Pen, at: usize, exercise: &ConvolutionExercise, is_again: bool) {
    let settings = &exercise.settings;
    let title = match exercise.subject {
        Subject::Plain => tr("Slide the kernel"),
        Subject::Edge => tr("An edge"),
        Subject::Digit(_) => tr("An edge in your digit"),
    };
    let stride = settings.stride.to_string();
    let task = match exercise.subject {
        Subject::Plain => fill(
            tr(
                "Multiply each cell by the kernel’s number at the same place, add the products, and move on by {stride}.",
            ),
            &[("stride", &stride)],
        ),
        Subject::Edge => {
            tr("Here the kernel has negative numbers, and the input an edge. All else is the same.")
                .to_owned()
        }
        Subject::Digit(_) => {
            tr("The ink of your digit in a small grid, and a kernel that answers to edges.").to_owned()
        }
    };
    let given = if is_again { String::new() } else { words::of_conv(settings) };
    let padding = if settings.padding > 0 {
        tr("The dashed cells are the padding: zeros around the input.")
    } else {
        ""
    };
    let mut formula: Vec<Block> =
        if is_again { Vec::new() } else { vec![Block::Lines(size_lines(&exercise.size))] };
    // Beside a digit there is no room for the calculation.
    let is_digit = matches!(exercise.subject, Subject::Digit(_));
    if is_digit {
        formula.push(Block::Lines(first_lines(&exercise.first)));
    }
    let grids = grids(exercise);
    let below = if is_again { first_height(&grids) } else { first_height(&formula) + first_height(&grids) };
    heading(pen, at, title, &[&task, &given, padding], below);
    if !formula.is_empty() {
        flow(pen, &formula);
    }
    flow(pen, &grids);
    questions(pen, &exercise.questions);
}

/// The side of an input's cell, so that input, kernel and output stand side by side if possible, with the calculation beside
/// them if there is room for it too. `others` is the width of all else without and with the calculation.
pub(super) fn side_for(cells: usize, kernel: usize, outputs: usize, others: (f32, f32)) -> f32 {
    let parts = cells as f32 + kernel as f32 + WIDER * outputs as f32;
    let beside = (INNER - others.1) / parts;
    if beside >= 17.5 {
        return beside.min(22.0);
    }
    let side = (INNER - others.0) / parts;
    if side >= 15.0 { side.min(22.0) } else { 19.0_f32.min(INNER / cells.max(1) as f32) }
}

/// How much wider a cell to write in is.
pub(super) const WIDER: f32 = 1.2;

fn grids(exercise: &ConvolutionExercise) -> Vec<Block> {
    let Settings { kernel_size, channels, filters, .. } = exercise.settings;
    let outputs = exercise.size.output;
    let others = if matches!(exercise.subject, Subject::Digit(_)) { 180.0 } else { 80.0 };
    let lines = first_lines(&exercise.first);
    let beside = others + lines.width() + 26.0;
    let side = side_for(exercise.settings.padded(), kernel_size, outputs, (others, beside));
    // So that the picture, both grids and the questions stay on one page.
    let side = if matches!(exercise.subject, Subject::Digit(_)) { side.min(18.5) } else { side };
    let mut blocks = Vec::new();
    if let Subject::Digit(digit) = &exercise.subject {
        blocks.push(Block::Picture(tr("Your digit").to_owned(), digit.clone()));
        blocks.push(Block::Sign("→"));
    }
    for channel in 0..channels {
        blocks.push(Block::Grid(input_grid(exercise, channel, side)));
    }
    for filter in 0..filters {
        for channel in 0..channels {
            let area = kernel_size * kernel_size;
            let first = (filter * channels + channel) * area;
            let label = match (filters > 1, channels > 1) {
                (false, false) => tr("Kernel").to_owned(),
                (true, false) => named(tr("Kernel of filter {filter}"), channel, filter),
                (false, true) => named(tr("Kernel of channel {channel}"), channel, filter),
                (true, true) => named(tr("Filter {filter}, channel {channel}"), channel, filter),
            };
            let numbers = exercise.kernels[first..first + area].iter().map(|one| number(*one)).collect();
            if channel == 0 {
                blocks.push(Block::Sign("×"));
            }
            blocks.push(Block::Grid(plain(label, side, kernel_size, numbers, CellKind::Given, None)));
        }
        let count = outputs * outputs;
        let numbers = exercise.output[filter * count..(filter + 1) * count].iter().map(|one| number(*one));
        let label =
            if filters > 1 { named(tr("Output {filter}"), 0, filter) } else { tr("Output").to_owned() };
        let frame = (filter == 0).then_some((0, 0, 1, 1));
        blocks.push(Block::Sign("="));
        let side = (side * WIDER).max(21.0);
        blocks.push(Block::Grid(plain(label, side, outputs, numbers.collect(), CellKind::Asked, frame)));
    }
    if !matches!(exercise.subject, Subject::Digit(_)) {
        blocks.push(Block::Lines(lines));
    }
    blocks
}

fn named(sentence: &str, channel: usize, filter: usize) -> String {
    fill(sentence, &[("channel", &channel.to_string()), ("filter", &filter.to_string())])
}

fn input_grid(exercise: &ConvolutionExercise, channel: usize, side: f32) -> Grid {
    let Settings { size, padding, channels, .. } = exercise.settings;
    let text = |row: usize, column: usize| number(exercise.input[(channel * size + row) * size + column]);
    let covered = |at: usize| exercise.covered.get(at).copied().unwrap_or(true);
    let is_missed = |row: usize, column: usize| !covered(row) || !covered(column);
    let (cells, inner) = padded((size, size), padding, "0", text, is_missed);
    let label = match (channels > 1, padding > 0) {
        (false, false) => tr("Input").to_owned(),
        (false, true) => tr("Input with padding").to_owned(),
        (true, _) => named(tr("Input, channel {channel}"), channel, 0),
    };
    let span = exercise.size.span();
    Grid { label, side, columns: size + 2 * padding, cells, inner, frame: Some((0, 0, span, span)) }
}

/// The formula of the output's size, with blanks.
pub(super) fn size_lines(size: &ConvOutputSize) -> Lines {
    let blank = |n: usize| Piece::blank(n);
    let ConvOutputSize { input, kernel, stride, padding, dilation, output, .. } = *size;
    let mut second = vec![Piece::text("     = ⌊("), blank(input), Piece::text(" + 2·"), blank(padding)];
    let first = if dilation == 1 {
        second.extend([Piece::text(" − "), blank(kernel)]);
        "size = ⌊(n + 2·P − K) / S⌋ + 1"
    } else {
        second.extend([Piece::text(" − "), blank(dilation), Piece::text("·("), blank(kernel)]);
        second.push(Piece::text(" − 1) − 1"));
        "size = ⌊(n + 2·P − D·(K − 1) − 1) / S⌋ + 1"
    };
    second.extend([Piece::text(") / "), blank(stride), Piece::text("⌋ + 1 = "), blank(output)]);
    let label = tr("How large is the output? (⌊ ⌋ means: rounded down)").to_owned();
    Lines { label, lines: vec![vec![Piece::text(first)], second] }
}

/// The products of the first output, row by row.
fn first_lines(parts: &[ChannelTerms]) -> Lines {
    let mut lines = Vec::new();
    let mut total = 0.0;
    for part in parts {
        for row in part.terms.chunk_by(|a, b| a.kernel.0 == b.kernel.0) {
            let mut line = Vec::new();
            for (at, term) in row.iter().enumerate() {
                if at > 0 {
                    line.push(Piece::text(" + "));
                }
                let factor = |value: f32| Piece::Blank(2, number(value));
                line.extend([factor(term.seen.x), Piece::text("·"), factor(term.weight)]);
            }
            let sum: f32 = row.iter().map(crate::explain::cell::Term::product).sum();
            line.extend([Piece::text(" = "), Piece::blank(number(sum))]);
            lines.push(line);
        }
        total += part.subtotal();
    }
    if lines.len() > 1 {
        lines.push(vec![Piece::text("∑ = "), Piece::blank(number(total))]);
    }
    Lines { label: tr("The first output, row by row").to_owned(), lines }
}

//! Exercises on the size of the output.

use super::{
    blocks::{LINE, Piece},
    flow::pieces,
    fonts::Face,
    heading::heading,
    item::{INNER, MARGIN, Tone},
    pen::{ASKED, Pen},
};
use crate::{
    explain::convolution::ConvOutputSize,
    nn::LayerSpec,
    text::{fill, tr},
    worksheet::{Chain, Same, Sizes},
};

/// The height of a row of a table.
const ROW: f32 = 25.0;

/// Where the columns of the settings stand.
const COLUMNS: [f32; 5] = [12.0, 42.0, 72.0, 102.0, 132.0];

/// Rows of settings, each with its formula.
pub(super) fn sizes(pen: &mut Pen, at: usize, exercise: &Sizes) {
    let texts = [
        tr("Put the numbers into the formula. ⌊ ⌋ means: rounded down."),
        tr("n is the input’s side, K the kernel’s, S the stride, P the padding, D the dilation."),
        tr("Rest: how many rows at the end does no window cover?"),
    ];
    heading(pen, at, tr("How large is the output?"), &texts, 60.0);
    pen.y += 10.0;
    let formula = "size = ⌊(n + 2·P − D·(K − 1) − 1) / S⌋ + 1";
    for (x, name) in COLUMNS.iter().zip(["n", "K", "S", "P", "D"]) {
        pen.text_centred(MARGIN + x, pen.y, (9.5, Face::Bold, Tone::INK), name);
    }
    pen.text(MARGIN + 162.0, pen.y, (9.5, Face::Numbers, Tone::INK), formula);
    pen.text_to(MARGIN + INNER, pen.y, (9.5, Face::Bold, Tone::INK), tr("Rest"));
    pen.y += 5.0;
    rule(pen, 0.8);
    for row in &exercise.rows {
        pen.need(ROW);
        let base = pen.y + 16.0;
        let ConvOutputSize { input, kernel, stride, padding, dilation, output, .. } = row.size;
        for (x, value) in COLUMNS.iter().zip([input, kernel, stride, padding, dilation]) {
            pen.text_centred(MARGIN + x, base, (10.0, Face::Numbers, Tone::INK), &value.to_string());
        }
        let line = [
            Piece::text("⌊("),
            Piece::blank(input),
            Piece::text(" + 2·"),
            Piece::blank(padding),
            Piece::text(" − "),
            Piece::blank(dilation),
            Piece::text("·("),
            Piece::blank(kernel),
            Piece::text(" − 1) − 1) / "),
            Piece::blank(stride),
            Piece::text("⌋ + 1 = "),
            Piece::blank(output),
        ];
        pieces(pen, MARGIN + 162.0, base, &line);
        pieces(pen, MARGIN + INNER - 22.0, base, &[Piece::blank(row.rest)]);
        pen.y += ROW;
        rule(pen, 0.3);
    }
}

fn rule(pen: &mut Pen, width: f32) {
    pen.line((MARGIN, pen.y), (MARGIN + INNER, pen.y), width, Tone::RULE);
}

/// Padding that keeps the size.
pub(super) fn same(pen: &mut Pen, at: usize, exercise: &Same) {
    let texts = [
        tr(
            "With stride 1 the output shall be as large as the input. How much padding does each kernel need?",
        ),
        tr("If no padding does it, write a dash."),
    ];
    heading(pen, at, tr("The same size"), &texts, ROW * 2.0);
    pen.need(ROW * exercise.rows.len().div_ceil(2) as f32);
    for pair in exercise.rows.chunks(2) {
        for (column, row) in pair.iter().enumerate() {
            let (kernel, dilation) = (row.kernel_size.to_string(), row.dilation.to_string());
            let text = fill(
                tr("Kernel K = {kernel}, dilation D = {dilation}:"),
                &[("kernel", &kernel), ("dilation", &dilation)],
            );
            let x = MARGIN + column as f32 * INNER / 2.0;
            pen.text(x, pen.y + 14.0, ASKED, &text);
            let answer = row.padding.map_or_else(|| "—".to_owned(), |padding| padding.to_string());
            pieces(pen, x + 150.0, pen.y + 14.0, &[Piece::text("P = "), Piece::Blank(5, answer)]);
        }
        pen.y += ROW;
    }
}

/// Sizes through a network.
pub(super) fn chain(pen: &mut Pen, at: usize, exercise: &Chain) {
    let input = exercise.input.to_string();
    let text = fill(
        tr(
            "An image of {side}×{side} pixels, one channel, goes through these layers. How large is each output?",
        ),
        &[("side", &input)],
    );
    heading(pen, at, tr("Through a network"), &[&text], LINE * 4.0);
    for row in &exercise.rows {
        pen.need(ROW);
        let base = pen.y + 14.0;
        pen.text(MARGIN, base, ASKED, &layer(&row.layer));
        let line = [
            Piece::Blank(4, row.side.to_string()),
            Piece::text(" × "),
            Piece::Blank(4, row.side.to_string()),
            Piece::text(" × "),
            Piece::Blank(4, row.channels.to_string()),
        ];
        let end = pieces(pen, MARGIN + 258.0, base, &line);
        pen.text(end + 6.0, base, ASKED, tr("(rows × columns × channels)"));
        pen.y += ROW;
    }
}

fn layer(layer: &LayerSpec) -> String {
    match layer {
        LayerSpec::Conv2d(conv) => {
            let [filters, kernel, padding] =
                [conv.out_channels, conv.kernel_size.h, conv.border().top].map(|n| n.to_string());
            let text = tr("Convolution: {filters} filters, K = {kernel}, S = 1, P = {padding}");
            fill(text, &[("filters", &filters), ("kernel", &kernel), ("padding", &padding)])
        }
        LayerSpec::MaxPool2d(pool) => {
            let (kernel, stride) = (pool.kernel_size.h.to_string(), pool.stride.h.to_string());
            fill(tr("Max pooling: K = {kernel}, S = {stride}"), &[("kernel", &kernel), ("stride", &stride)])
        }
        other => other.summary(),
    }
}

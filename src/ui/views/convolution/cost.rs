//! The formula of the output size with its numbers, and the cost of the convolution.

use crate::{
    explain::{Convolution, convolution::ConvOutputSize},
    text::{Term, fill, plural, tr},
    ui::{
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{explain, key_value, numbers, section},
    },
};
use egui::{Frame, Margin, RichText, Ui};

/// The formula of the output size with its numbers, or without its result if a lesson asks for it.
pub fn size_ui(ui: &mut Ui, conv: &Convolution, is_hidden: bool) {
    let t = Tokens::of(ui);
    let [rows, columns] = conv.output_sizes();
    explain(section(ui, Term::OutputSize.label()), Term::OutputSize);
    let card = Frame::new()
        .fill(t.ground)
        .stroke(t.line_stroke())
        .corner_radius(radius::M)
        .inner_margin(Margin::same(space::S as i8));
    card.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        let mono = |text: &str| RichText::new(text).font(fonts::mono(size::MONO));
        ui.label(mono(&symbols(&rows)).color(t.second));
        if is_hidden {
            // The numbers would tell what the lesson asks for.
            for line in ["?", ""] {
                ui.label(mono(line).color(t.highlight_text));
            }
            return;
        }
        let alike = ConvOutputSize { ..rows } == ConvOutputSize { ..columns };
        let lines: &[(&str, &ConvOutputSize)] =
            if alike { &[("", &rows)] } else { &[("H ", &rows), ("W ", &columns)] };
        for (name, side) in lines {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.label(mono(&format!("{name}{} = ", substituted(side))).color(t.text));
                let result = RichText::new(side.output.to_string());
                ui.label(result.font(fonts::mono_bold(size::MONO)).color(t.highlight_text));
            });
        }
        if alike {
            // The settings below keep their places when height and width begin to differ.
            ui.label(mono(""));
        }
    });
    if rows.remainder() + columns.remainder() > 0 && !is_hidden {
        let text = left_over(rows.remainder(), columns.remainder());
        ui.label(RichText::new(format!("{}  {text}", icons::INFO)).size(size::SMALL).color(t.warn));
    }
}

/// Parameters and multiply-adds. What depends on the size of the output is left out if a lesson asks for that.
pub fn cost_ui(ui: &mut Ui, conv: &Convolution, is_hidden: bool) {
    section(ui, tr("Cost"));
    let costs = conv.costs();
    let shape = conv.weight().shape().iter().map(ToString::to_string).collect::<Vec<_>>().join("·");
    let biases = conv.bias().map_or_else(String::new, |bias| format!(" + {}", bias.len()));
    let row = |ui: &mut Ui, term: Term, value: &str| {
        explain(key_value(ui, term.label(), value), term);
    };
    row(ui, Term::WeightsAndBiases, &format!("{shape}{biases}"));
    row(ui, Term::Parameters, &numbers::count(costs.conv.parameters));
    if is_hidden {
        for term in [Term::MultiplyAdds, Term::Linear, Term::DenseShare] {
            row(ui, term, "?");
        }
        return;
    }
    row(ui, Term::MultiplyAdds, &numbers::count(costs.conv.multiply_adds));
    match (&costs.dense, costs.parameter_ratio()) {
        (Some(dense), Some(share)) => {
            row(ui, Term::Linear, &numbers::count(dense.parameters));
            let percent =
                if share < 0.000_5 { numbers::percent_to(share, 4) } else { numbers::percent(share as f32) };
            row(ui, Term::DenseShare, &percent);
        }
        _ => {
            row(ui, Term::Linear, tr("too large"));
        }
    }
}

/// Says which rows and columns no window covers.
fn left_over(rows: usize, columns: usize) -> String {
    let rows = (rows > 0).then(|| plural(rows, "the last row", "the last {count} rows"));
    let columns = (columns > 0).then(|| plural(columns, "the last column", "the last {count} columns"));
    let lines = match (rows, columns) {
        (Some(rows), Some(columns)) => {
            fill(tr("{rows} and {columns}"), &[("rows", &rows), ("columns", &columns)])
        }
        (one, other) => one.or(other).unwrap_or_default(),
    };
    fill(tr("The stride does not divide evenly: no window covers {lines}."), &[("lines", &lines)])
}

/// The formula with symbols. Settings of 1 or 0 are written, too, so that all settings are visible.
fn symbols(side: &ConvOutputSize) -> String {
    let span = if side.dilation > 1 { "D(K−1) − 1" } else { "K" };
    quotient(side, &format!("n + 2P{} − {span}", extra(side)), "S")
}

/// The cell that is added at the far end only.
fn extra(side: &ConvOutputSize) -> String {
    if side.extra > 0 { format!(" + {}", side.extra) } else { String::new() }
}

fn quotient(side: &ConvOutputSize, inner: &str, stride: &str) -> String {
    if side.remainder() > 0 {
        format!("⌊({inner})/{stride}⌋ + 1")
    } else {
        format!("({inner})/{stride} + 1")
    }
}

fn substituted(side: &ConvOutputSize) -> String {
    let ConvOutputSize { input: n, kernel: k, stride: s, padding: p, dilation: d, .. } = *side;
    let span = if d > 1 { format!("{d}·{} − 1", k - 1) } else { k.to_string() };
    quotient(side, &format!("{n} + 2·{p}{} − {span}", extra(side)), &s.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_has_the_settings_in_it() {
        let side =
            ConvOutputSize { input: 7, kernel: 3, stride: 2, padding: 1, extra: 0, dilation: 1, output: 4 };
        assert_eq!(
            (symbols(&side).as_str(), substituted(&side).as_str()),
            ("(n + 2P − K)/S + 1", "(7 + 2·1 − 3)/2 + 1")
        );
        let side = ConvOutputSize { input: 8, dilation: 2, padding: 0, ..side };
        assert_eq!(substituted(&side), "⌊(8 + 2·0 − 2·2 − 1)/2⌋ + 1");
        assert_eq!(symbols(&side), "⌊(n + 2P − D(K−1) − 1)/S⌋ + 1");
        let uneven =
            ConvOutputSize { input: 5, kernel: 4, stride: 1, padding: 1, extra: 1, dilation: 1, output: 5 };
        assert_eq!(substituted(&uneven), "(5 + 2·1 + 1 − 4)/1 + 1");
    }
}

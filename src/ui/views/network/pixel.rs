//! How one value came about: the window, the kernel, their products and the sum, all out of `explain`.

use super::{
    matrices::{matrices_ui, window_ui},
    pointed::Pointed,
};
use crate::{
    explain::{
        Cell,
        cell::{ChannelTerms, Place, Term},
    },
    nn::LayerSpec,
    text::{fill, tr},
    ui::{
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{KeyValue, key_value, numbers, section_with_detail},
    },
};
use egui::{CursorIcon, RichText, Sense, StrokeKind, Ui};

/// Lines for single products or channels; the rest is one line.
const LINES: usize = 9;

/// Shows how `value`, an output of `layer`, came about; `chosen` is the input channel that is looked at, the strongest
/// one if it is none. The input's cell that the pointer is on comes back.
pub fn cell_ui(
    ui: &mut Ui,
    layer: &LayerSpec,
    cell: &Cell,
    value: f32,
    chosen: &mut Option<usize>,
) -> Option<Pointed> {
    let mut pointed = None;
    match cell {
        Cell::Sum { bias, .. } if matches!(layer, LayerSpec::Linear(_)) => {
            pointed = contributions_ui(ui, cell, *bias);
        }
        Cell::Sum { parts, bias } => pointed = sum_ui(ui, parts, *bias, chosen),
        Cell::Largest { channel, window, winners } => {
            heading(ui, tr("the largest under the window"));
            pointed = window_ui(ui, *channel, window, winners);
            if winners.len() > 1 {
                let sentence = tr("{count} cells are as large; the gradient goes back to the first of them.");
                explain_ui(ui, &fill(sentence, &[("count", &winners.len().to_string())]));
            }
        }
        Cell::Mean { channel, window, divisor } => {
            heading(ui, tr("the mean under the window"));
            pointed = window_ui(ui, *channel, window, &[]);
            let sum: f32 = window.iter().map(|seen| seen.x).sum();
            key_value(ui, tr("sum"), &numbers::precise(sum));
            key_value(ui, tr("divided by"), &numbers::plain(*divisor));
        }
        Cell::Function { x, .. } => {
            heading(ui, &layer.formula().map(|formula| formula.translated()).unwrap_or_default());
            key_value(ui, tr("x"), &numbers::precise(*x));
        }
        Cell::Same { from, x } => {
            heading(ui, tr("a value as it was"));
            let Place { channel, row, column } = *from;
            key_value(ui, tr("from channel, row, column"), &format!("{channel}, {row}, {column}"));
            key_value(ui, tr("x"), &numbers::precise(*x));
            if let LayerSpec::Dropout(dropout) = layer {
                let (p, factor) = (numbers::plain(dropout.p), numbers::plain(1.0 / (1.0 - dropout.p)));
                let sentence = tr(
                    "In use, dropout lets every value pass. While training, it sets a value to 0 with probability {p} and multiplies the others by 1 / (1 − {p}) = {factor}.",
                );
                explain_ui(ui, &fill(sentence, &[("p", &p), ("factor", &factor)]));
            }
        }
        Cell::ResponseNorm { settings, x, neighbours } => {
            heading(ui, tr("x / sᵝ"));
            key_value(ui, tr("x"), &numbers::precise(*x));
            for (channel, x) in neighbours {
                let name = fill(tr("channel {number}"), &[("number", &channel.to_string())]);
                key_value(ui, &name, &format!("{}²", numbers::precise(*x)));
            }
            let s = format!("s = {} + {}/{} · Σ", settings.k, settings.alpha, settings.size);
            key_value(ui, &s, &cell.response().map_or_else(String::new, numbers::precise));
            key_value(ui, tr("β"), &numbers::plain(settings.beta));
            let s = cell.response().map_or_else(String::new, numbers::precise);
            formula_ui(ui, &format!("{} / {s}^{}", numbers::precise(*x), numbers::plain(settings.beta)));
        }
        Cell::BatchNorm { x, mean, variance, eps, weight, bias } => {
            heading(ui, tr("(x − mean) / √(variance + ε) · weight + bias"));
            let lines = [
                ("x", x),
                ("mean", mean),
                ("variance", variance),
                ("ε", eps),
                ("weight", weight),
                ("bias", bias),
            ];
            for (name, value) in lines {
                key_value(ui, tr(name), &numbers::precise(*value));
            }
            let n = |value: &f32| numbers::precise(*value);
            let quotient = format!("({} − {}) / √({} + {})", n(x), n(mean), n(variance), n(eps));
            formula_ui(ui, &format!("{quotient} · {} + {}", n(weight), n(bias)));
        }
    }
    KeyValue::new(tr("value"), &numbers::precise(value)).strong().ruled().ui(ui);
    pointed
}

fn heading(ui: &mut Ui, detail: &str) {
    section_with_detail(ui, tr("This value"), detail);
}

fn explain_ui(ui: &mut Ui, text: &str) {
    let t = Tokens::of(ui);
    ui.label(RichText::new(text).font(fonts::words(size::SMALL)).color(t.second));
}

/// A formula with its numbers.
fn formula_ui(ui: &mut Ui, text: &str) {
    let t = Tokens::of(ui);
    ui.label(RichText::new(text).font(fonts::mono(size::SMALL)).color(t.second));
}

/// A sum over a window: the three matrices of one channel, and a line a channel.
fn sum_ui(
    ui: &mut Ui,
    parts: &[ChannelTerms],
    bias: Option<f32>,
    chosen: &mut Option<usize>,
) -> Option<Pointed> {
    let detail = fill(
        tr("a sum of {count} products"),
        &[("count", &numbers::count(parts.iter().map(|part| part.terms.len()).sum::<usize>() as u64))],
    );
    heading(ui, &detail);
    let mut order: Vec<&ChannelTerms> = parts.iter().collect();
    order.sort_by(|a, b| b.subtotal().abs().total_cmp(&a.subtotal().abs()));
    let shown = parts.iter().find(|part| *chosen == Some(part.channel)).or(order.first().copied());
    let part = shown?;
    let pointed = matrices_ui(ui, part);
    ui.add_space(space::S);
    // The strongest, in the order of the channels: lines that stay where they are while numbers change.
    let (lines, others) = order.split_at_mut(parts.len().min(LINES));
    lines.sort_by_key(|part| part.channel);
    for line in lines {
        if channel_ui(ui, line, line.channel == part.channel && parts.len() > 1) {
            *chosen = Some(line.channel);
        }
    }
    if !others.is_empty() {
        let name = fill(tr("{count} others"), &[("count", &others.len().to_string())]);
        let sum: f32 = others.iter().map(|part| part.subtotal()).sum();
        key_value(ui, &name, &numbers::precise(sum));
    }
    if let Some(bias) = bias {
        key_value(ui, tr("bias"), &numbers::precise(bias));
    }
    pointed
}

/// What one input channel gave; whether it was clicked.
fn channel_ui(ui: &mut Ui, part: &ChannelTerms, is_shown: bool) -> bool {
    let t = Tokens::of(ui);
    let name = fill(tr("channel {number}"), &[("number", &part.channel.to_string())]);
    let color = if is_shown { t.highlight_text } else { t.text };
    let line = KeyValue::new(&name, &numbers::precise(part.subtotal())).color(color).ui(ui);
    let line = line.interact(Sense::click());
    if line.has_focus() {
        ui.painter().rect_stroke(line.rect, radius::S, t.focus_stroke(), StrokeKind::Inside);
    }
    line.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(tr("Show its patch and kernel")).clicked()
}

/// The inputs that weigh most in a fully connected layer.
fn contributions_ui(ui: &mut Ui, cell: &Cell, bias: Option<f32>) -> Option<Pointed> {
    let (strongest, others) = cell.strongest(LINES)?;
    let mut pointed = None;
    heading(ui, tr("input · weight, the strongest"));
    for (_, Term { seen, weight, .. }) in &strongest {
        let name = format!("[{}]  {} · {}", seen.column, numbers::precise(seen.x), numbers::precise(*weight));
        let line = key_value(ui, &name, &numbers::precise(seen.x * weight));
        if line.hovered() {
            pointed = usize::try_from(seen.column).ok().map(|channel| Pointed { channel, row: 0, column: 0 });
        }
    }
    key_value(ui, tr("all others"), &numbers::precise(others));
    if let Some(bias) = bias {
        key_value(ui, tr("bias"), &numbers::precise(bias));
    }
    pointed
}

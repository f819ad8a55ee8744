//! How one value is computed: the window, the kernel, their products and the sum.

use super::{
    lines,
    matrices::{matrices_ui, window_ui},
    pointed::Pointed,
};
use crate::{
    explain::{
        Cell,
        cell::{ChannelTerms, Place, Term},
    },
    nn::LayerSpec,
    text::{
        fill, tr,
        written::{Equation, Expression, Number, Relation},
    },
    ui::{
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{KeyValue, key_value, numbers, section_with_detail},
    },
};
use egui::{CursorIcon, RichText, Sense, StrokeKind, Ui};

/// Lines for single products or channels; the others share one line.
const LINES: usize = 9;

/// Windows of at most this many cells show a number in each.
const NUMBERED: usize = 25;

/// The pointer, and the numbers of a cell.
pub struct CellResponse {
    /// The cell of the layer's input under the pointer.
    pub pointed: Option<Pointed>,
    /// The decimals of the value as it is written.
    pub decimals: usize,
}

/// Shows how `value`, an output of `layer`, is computed; `chosen` is the input channel whose products are shown, the
/// strongest if there is none.
pub fn cell_ui(
    ui: &mut Ui,
    layer: &LayerSpec,
    cell: &Cell,
    value: f32,
    chosen: &mut Option<usize>,
) -> CellResponse {
    let (equation, pointed) = match cell {
        Cell::Sum { bias, .. } if matches!(layer, LayerSpec::Linear(_)) => {
            contributions_ui(ui, cell, *bias, value)
        }
        Cell::Sum { parts, bias } => sum_ui(ui, parts, *bias, value, chosen),
        Cell::Largest { channel, window, winners } => {
            heading(ui, tr("the largest value in the window"));
            let equation = equation_of(cell, value);
            let inside = window.iter().map(|seen| seen.inside);
            let texts = texts(inside, &equation, window.len());
            let pointed = window_ui(ui, *channel, window, winners, &texts);
            if winners.len() > 1 {
                let sentence =
                    tr("{count} cells share the largest value; the gradient goes to the first of them.");
                explain_ui(ui, &fill(sentence, &[("count", &winners.len().to_string())]));
            }
            (equation, pointed)
        }
        Cell::Mean { channel, window, divisor } => {
            heading(ui, tr("the mean of the window"));
            let sum: f64 = window.iter().map(|seen| f64::from(seen.x)).sum();
            let equation = Expression::Value(sum).over(*divisor).equation(value);
            let cells = Expression::sum(window.iter().map(|seen| f64::from(seen.x)));
            let cells = cells.equation_to(sum, equation.numbers[0].decimals());
            let texts = texts(window.iter().map(|_| true), &cells, window.len());
            let pointed = window_ui(ui, *channel, window, &[], &texts);
            let text = match cells.relation {
                Relation::Equal => equation.numbers[0].signed(),
                Relation::Approximate => format!("≈ {}", equation.numbers[0].signed()),
            };
            key_value(ui, tr("Sum"), &text).on_hover_text(lines::hover(sum));
            key_value(ui, tr("Divided by"), equation.numbers[1].text());
            (equation, pointed)
        }
        Cell::Function { x, .. } => {
            heading(ui, &layer.formula().map(|formula| formula.translated()).unwrap_or_default());
            lines::number_ui(ui, tr("x"), &lines::single(*x));
            (Expression::value(value).equation(value), None)
        }
        Cell::Sloped { x, weight, .. } => {
            heading(ui, &layer.formula().map(|formula| formula.translated()).unwrap_or_default());
            let equation = equation_of(cell, value);
            if let [x, weight] = equation.numbers.as_slice() {
                lines::number_ui(ui, tr("x"), x);
                lines::number_ui(ui, tr("weight"), weight);
                formula_ui(ui, &format!("{} · {}", weight.text(), x.bracketed()), &equation);
            } else {
                lines::number_ui(ui, tr("x"), &lines::single(*x));
                lines::number_ui(ui, tr("weight"), &lines::single(*weight));
            }
            (equation, None)
        }
        Cell::Border => {
            heading(ui, tr("a zero of the padding"));
            explain_ui(ui, tr("It does not depend on the input."));
            (Expression::value(value).equation(value), None)
        }
        Cell::Same { from, x } => {
            heading(ui, tr("a copy of one value"));
            let Place { channel, row, column } = *from;
            key_value(ui, tr("From channel, row, column"), &format!("{channel}, {row}, {column}"));
            lines::number_ui(ui, tr("x"), &lines::single(*x));
            let dropout = match layer {
                LayerSpec::Dropout(dropout) => Some((
                    dropout.p,
                    tr(
                        "After training, dropout passes every value on. During training, it sets a value to 0 with probability {p} and multiplies the others by 1 / (1 − {p}) = {factor}.",
                    ),
                )),
                LayerSpec::Dropout2d(dropout) => Some((
                    dropout.p,
                    tr(
                        "After training, dropout passes every value on. During training, it sets a whole map to 0 with probability {p} and multiplies the others by 1 / (1 − {p}) = {factor}.",
                    ),
                )),
                _ => None,
            };
            if let Some((p, sentence)) = dropout {
                let (p, factor) = (numbers::plain(p), numbers::plain(1.0 / (1.0 - p)));
                explain_ui(ui, &fill(sentence, &[("p", &p), ("factor", &factor)]));
            }
            (Expression::value(value).equation(value), None)
        }
        Cell::ResponseNorm { settings, neighbours, .. } => {
            heading(ui, tr("x / s^β"));
            let equation = equation_of(cell, value);
            if let [x, s, beta] = equation.numbers.as_slice() {
                lines::number_ui(ui, tr("x"), x);
                for (channel, x) in neighbours {
                    let name = fill(tr("channel {number}, squared"), &[("number", &channel.to_string())]);
                    let square = x * x;
                    lines::number_ui(ui, &name, &lines::single(square));
                }
                let name = format!("s = {} + {}/{} · Σ", settings.k, settings.alpha, settings.size);
                lines::number_ui(ui, &name, s);
                key_value(ui, tr("β"), beta.text());
                formula_ui(ui, &format!("{} / {}^{}", x.text(), s.text(), beta.text()), &equation);
            }
            (equation, None)
        }
        Cell::BatchNorm { .. } => {
            heading(ui, tr("(x − mean) / √(variance + ε) · weight + bias"));
            let equation = equation_of(cell, value);
            if let [x, mean, variance, eps, weight, bias] = equation.numbers.as_slice() {
                let names = ["x", "mean", "variance", "ε", "weight", "bias"];
                for (name, number) in names.into_iter().zip(&equation.numbers) {
                    lines::number_ui(ui, tr(name), number);
                }
                let [mean, weight, bias] = [mean, weight, bias].map(Number::bracketed);
                let quotient = format!("({} − {mean}) / √({} + {})", x.text(), variance.text(), eps.text());
                formula_ui(ui, &format!("{quotient} · {weight} + {bias}"), &equation);
            }
            (equation, None)
        }
    };
    lines::result_ui(ui, tr("Value"), &equation);
    CellResponse { pointed, decimals: equation.result.decimals() }
}

/// The computation of a cell as an equation with all its terms.
fn equation_of(cell: &Cell, value: f32) -> Equation {
    let expression = cell.expression(usize::MAX).unwrap_or_else(|| Expression::value(value));
    expression.equation(value)
}

/// The texts of a window's cells: the numbers of an equation for those that it has, a dash for padding. None for windows
/// of too many cells.
fn texts(has_number: impl Iterator<Item = bool>, equation: &Equation, count: usize) -> Vec<String> {
    if count > NUMBERED {
        return Vec::new();
    }
    let mut numbers = equation.texts();
    let text = |has_number: bool| if has_number { numbers.next() } else { None };
    has_number.map(text).map(|text| text.unwrap_or("–").to_owned()).collect()
}

fn heading(ui: &mut Ui, detail: &str) {
    section_with_detail(ui, tr("This value"), detail);
}

fn explain_ui(ui: &mut Ui, text: &str) {
    let t = Tokens::of(ui);
    ui.label(RichText::new(text).font(fonts::words(size::SMALL)).color(t.second));
}

/// The left side of an equation with its numbers, and the result.
fn formula_ui(ui: &mut Ui, text: &str, equation: &Equation) {
    let t = Tokens::of(ui);
    let text = format!("{text} {} {}", equation.relation.sign(), equation.result.text());
    ui.label(RichText::new(text).font(fonts::mono(size::SMALL)).color(t.second));
}

/// A sum over a window: the three matrices of one channel, and a line for each channel.
fn sum_ui(
    ui: &mut Ui,
    parts: &[ChannelTerms],
    bias: Option<f32>,
    value: f32,
    chosen: &mut Option<usize>,
) -> (Equation, Option<Pointed>) {
    let detail = fill(
        tr("a sum of {count} products"),
        &[("count", &numbers::count(parts.iter().map(|part| part.terms.len()).sum::<usize>() as u64))],
    );
    heading(ui, &detail);
    let mut order: Vec<&ChannelTerms> = parts.iter().collect();
    order.sort_by(|a, b| b.subtotal().abs().total_cmp(&a.subtotal().abs()));
    let shown = parts.iter().find(|part| *chosen == Some(part.channel)).or(order.first().copied());
    let pointed = shown.and_then(|part| matrices_ui(ui, part));
    ui.add_space(space::S);
    // The strongest, in the order of the channels: lines that keep their place while the numbers change.
    let (lines, others) = order.split_at_mut(parts.len().min(LINES));
    lines.sort_by_key(|part| part.channel);
    let rest: f64 = others.iter().map(|part| part.exact_subtotal()).sum();
    let terms = lines.iter().map(|part| part.exact_subtotal());
    let terms = terms.chain((!others.is_empty()).then_some(rest)).chain(bias.map(f64::from));
    let equation = Expression::sum(terms).equation(value);
    let mut numbers = equation.numbers.iter();
    for (line, number) in lines.iter().zip(numbers.by_ref().take(lines.len())) {
        let is_shown = shown.is_some_and(|shown| shown.channel == line.channel);
        if channel_ui(ui, line.channel, number, is_shown && parts.len() > 1) {
            *chosen = Some(line.channel);
        }
    }
    if let (false, Some(number)) = (others.is_empty(), numbers.as_slice().first()) {
        numbers.next();
        let name = fill(tr("{count} others"), &[("count", &others.len().to_string())]);
        lines::number_ui(ui, &name, number);
    }
    if let Some(number) = numbers.next() {
        lines::number_ui(ui, crate::text::Term::Bias.label(), number);
    }
    (equation.clone(), pointed)
}

/// The subtotal of one input channel; whether it was clicked.
fn channel_ui(ui: &mut Ui, channel: usize, number: &Number, is_shown: bool) -> bool {
    let t = Tokens::of(ui);
    let name = fill(tr("channel {number}"), &[("number", &channel.to_string())]);
    let color = if is_shown { t.highlight_text } else { t.text };
    let line = KeyValue::new(&name, &number.signed()).color(color).ui(ui);
    let line = line.interact(Sense::click());
    if line.has_focus() {
        ui.painter().rect_stroke(line.rect, radius::S, t.focus_stroke(), StrokeKind::Inside);
    }
    let hint = format!("{}\n{}", lines::hover(number.exact()), tr("Click to show its patch and kernel."));
    line.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(hint).clicked()
}

/// The strongest products of a fully connected layer.
fn contributions_ui(ui: &mut Ui, cell: &Cell, bias: Option<f32>, value: f32) -> (Equation, Option<Pointed>) {
    let Some((strongest, others)) = cell.strongest_exact(LINES) else {
        return (Expression::value(value).equation(value), None);
    };
    let mut pointed = None;
    heading(ui, tr("input · weight, the strongest"));
    let products = strongest.iter().map(|(_, term)| term.exact_product());
    let terms = products.chain([others]).chain(bias.map(f64::from));
    let equation = Expression::sum(terms).equation(value);
    for ((_, term), number) in strongest.iter().zip(&equation.numbers) {
        let Term { seen, weight, .. } = term;
        let product = Expression::product(seen.x, *weight);
        let product = product.equation_to(term.exact_product(), number.decimals());
        let [x, weight] = [0, 1].map(|factor| product.numbers[factor].bracketed());
        let name = format!("[{}]  {x} · {weight}", seen.column);
        let line = lines::number_ui(ui, &name, number);
        if line.hovered() {
            pointed = usize::try_from(seen.column).ok().map(|channel| Pointed { channel, row: 0, column: 0 });
        }
    }
    let mut rest = equation.numbers.iter().skip(strongest.len());
    if let Some(number) = rest.next() {
        lines::number_ui(ui, tr("All others"), number);
    }
    if let Some(number) = rest.next() {
        lines::number_ui(ui, crate::text::Term::Bias.label(), number);
    }
    (equation.clone(), pointed)
}

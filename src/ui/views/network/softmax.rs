//! The last column, the probabilities, and how one of them is computed.

use super::{columns::HEADER, lines, logits, tips, values};
use crate::{
    explain::{Softmax, Verdict},
    text::{
        fill, tr,
        written::{self, Equation, Expression, Number},
    },
    ui::{
        model::selection::MapId,
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{KeyValue, ProbabilityBars, key_value, section_with_detail},
    },
};
use egui::{Align2, RichText, Sense, StrokeKind, Ui, UiBuilder, pos2, vec2};

/// The column's width, in points.
pub const WIDTH: f32 = 118.0;

/// More exponentials than this are not listed.
const LINES: usize = 12;

/// Shows the probabilities as the last column; returns the class that was clicked.
pub fn column_ui(ui: &mut Ui, state: &AppState, height: f32, selected: Option<MapId>) -> Option<MapId> {
    let t = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, height), Sense::hover());
    let shares = state.switched_probabilities();
    let before: Vec<f32> = state.changes().iter().flatten().map(|change| change.before).collect();
    let painter = ui.painter();
    painter.text(rect.min, Align2::LEFT_TOP, "softmax", fonts::semibold(size::SMALL), t.text);
    let below = pos2(rect.left(), rect.top() + 18.0);
    painter.text(below, Align2::LEFT_TOP, shares.len().to_string(), fonts::mono(11.5), t.second);
    let header = rect.with_max_y(rect.top() + HEADER - space::S);
    ui.interact(header, ui.scope_id().with("softmax header"), Sense::hover()).on_hover_text(tips::softmax());
    let names: Vec<String> = (0..shares.len()).map(|class| state.class_name(class)).collect();
    let winner = match state.switched_verdict() {
        Some(Verdict::Sure { class, .. }) => Some(class),
        _ => None,
    };
    // In line with the logits.
    let body = rect.with_min_y(rect.top() + HEADER);
    let tall = logits::row_height(names.len(), body.height()) * names.len() as f32;
    let body = body.with_max_y(body.top() + body.height().min(tall));
    let column = values::softmax_column(&state.network.network);
    let chosen = selected.filter(|map| map.column == column && map.map < names.len());
    ui.scope_builder(UiBuilder::new().max_rect(body), |ui| {
        let bars = ProbabilityBars::new(&names, &shares).winner(winner).before(&before);
        let bars = bars.height(tall).compact().ui(ui);
        if let Some(chosen) = chosen {
            let tall = bars.response.rect.height() / names.len() as f32;
            let row = bars.response.rect.with_min_y(bars.response.rect.top() + chosen.map as f32 * tall);
            let row = row.with_max_y(row.top() + tall).expand2(vec2(space::XS, 0.0));
            ui.painter().rect_stroke(row, radius::S, t.highlight_stroke(), StrokeKind::Inside);
        }
        bars.clicked.map(|map| MapId { column, map })
    })
    .inner
}

/// How the probability of a class is computed: exponentials, their sum, the quotient.
pub fn explain_ui(ui: &mut Ui, state: &AppState, class: usize) {
    let t = Tokens::of(ui);
    let Some(softmax) = state.current_answer().and_then(|answer| Softmax::of(&answer.trace)) else { return };
    let (Some(z), Some(exponential)) = (softmax.logits.get(class), softmax.exponentials.get(class)) else {
        return;
    };
    ui.label(RichText::new("softmax").color(t.second)).on_hover_text(tips::softmax());
    let title = fill(tr("Probability of {class}"), &[("class", &state.class_name(class))]);
    ui.label(RichText::new(title).font(fonts::semibold(size::HEADING)).color(t.text));
    ui.add_space(space::S);
    section_with_detail(ui, tr("Exponentials"), "exp(z − m)");
    let total = Expression::sum(softmax.exponentials.iter().map(|e| f64::from(*e))).equation(softmax.sum);
    let difference = Expression::value(*z).minus(softmax.largest).equation(z - softmax.largest);
    let [own, largest] = [&difference.numbers[0], &difference.numbers[1]];
    lines::number_ui(ui, tr("m, the largest logit"), largest);
    // Of very many classes, only the sum.
    let lines = if softmax.logits.len() > LINES { 0 } else { LINES };
    for (number, (z, exponential)) in softmax.logits.iter().zip(&total.numbers).enumerate().take(lines) {
        let is_own = number == class;
        let z = if is_own { own.signed() } else { Number::new((*z).into(), own.decimals()).signed() };
        let name = format!("{number}   z = {z}");
        let ink = if is_own { t.highlight_text } else { t.text };
        lines::colored_number_ui(ui, &name, exponential, ink);
    }
    let text = lines::result(&total);
    let line = KeyValue::new(tr("Σ, their sum"), &text).ruled().ui(ui);
    line.on_hover_text(lines::hover(total.result.exact()));
    ui.add_space(space::M);
    section_with_detail(ui, tr("Quotient"), "exp(z − m) / Σ");
    let equation_ui = |ui: &mut Ui, name: &str, left: &str, equation: &Equation| {
        let text = format!("{left} {} {}", equation.relation.sign(), equation.result.text());
        key_value(ui, name, &text).on_hover_text(lines::hover(equation.result.exact()));
    };
    equation_ui(ui, "z − m", &format!("{} − {}", own.text(), largest.bracketed()), &difference);
    let power = Expression::Exp(Box::new(Expression::value(z - softmax.largest))).equation(*exponential);
    equation_ui(ui, "exp(z − m)", &format!("exp({})", power.numbers[0].text()), &power);
    let probability = softmax.probability(class).unwrap_or(0.0);
    let quotient = Expression::value(*exponential).over(softmax.sum).equation(probability);
    let [above, below] = [0, 1].map(|number| quotient.numbers[number].text());
    equation_ui(ui, tr("Divided by Σ"), &format!("{above} / {below}"), &quotient);
    let percentage = written::probability(probability);
    let line = KeyValue::new(tr("Probability"), &percentage).strong().ruled().ui(ui);
    line.on_hover_text(lines::hover(probability.into()));
    ui.add_space(space::S);
    let sentence = tr(
        "Subtracting m from every z changes no quotient, but keeps the exponentials small enough to compute.",
    );
    ui.label(RichText::new(sentence).font(fonts::words(size::SMALL)).color(t.second));
}

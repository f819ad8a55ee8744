//! The last column, the probabilities, and how one of them comes about.

use super::{columns::HEADER, values};
use crate::{
    explain::{Softmax, Verdict},
    text::{fill, tr},
    ui::{
        model::selection::MapId,
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{KeyValue, ProbabilityBars, key_value, numbers, section_with_detail},
    },
};
use egui::{Align2, RichText, Sense, StrokeKind, Ui, UiBuilder, pos2, vec2};

/// The column's width, in points.
pub const WIDTH: f32 = 118.0;

/// More exponentials than this are added up in one line.
const LINES: usize = 12;

/// Shows the probabilities as a last column of its own; the class that was clicked comes back.
pub fn column_ui(ui: &mut Ui, state: &AppState, height: f32, selected: Option<MapId>) -> Option<MapId> {
    let t = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, height), Sense::hover());
    let shares = state.switched_probabilities();
    let before: Vec<f32> = state.changes().iter().flatten().map(|change| change.before).collect();
    let painter = ui.painter();
    painter.text(rect.min, Align2::LEFT_TOP, "softmax", fonts::semibold(size::SMALL), t.text);
    let below = pos2(rect.left(), rect.top() + 18.0);
    painter.text(below, Align2::LEFT_TOP, shares.len().to_string(), fonts::mono(11.5), t.second);
    let names: Vec<String> = (0..shares.len()).map(|class| class.to_string()).collect();
    let winner = match state.switched_verdict() {
        Some(Verdict::Sure { class, .. }) => Some(class),
        _ => None,
    };
    let body = rect.with_min_y(rect.top() + HEADER - space::XS);
    let body = body.with_max_y(body.top() + body.height().min(names.len() as f32 * 34.0));
    let column = values::softmax_column(&state.network.network);
    let chosen = selected.filter(|map| map.column == column && map.map < names.len());
    ui.scope_builder(UiBuilder::new().max_rect(body), |ui| {
        let bars = ProbabilityBars::new(&names, &shares).winner(winner).before(&before);
        let bars = bars.height(body.height()).compact().ui(ui);
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

/// How the probability of a class comes about: exponentials, their sum, the quotient.
pub fn explain_ui(ui: &mut Ui, state: &AppState, class: usize) {
    let t = Tokens::of(ui);
    let Some(softmax) = state.current_answer().and_then(|answer| Softmax::of(&answer.trace)) else { return };
    let (Some(z), Some(exponential)) = (softmax.logits.get(class), softmax.exponentials.get(class)) else {
        return;
    };
    ui.label(RichText::new("softmax").color(t.second));
    let title = fill(tr("Probability of {class}"), &[("class", &class.to_string())]);
    ui.label(RichText::new(title).font(fonts::semibold(size::HEADING)).color(t.text));
    ui.add_space(space::S);
    section_with_detail(ui, tr("Exponentials"), "exp(z − m)");
    key_value(ui, tr("m, the largest logit"), &numbers::precise(softmax.largest));
    // Of a thousand classes, the sum says it all.
    let lines = if softmax.logits.len() > LINES { 0 } else { LINES };
    for (number, (z, exponential)) in softmax.logits.iter().zip(&softmax.exponentials).enumerate().take(lines)
    {
        let name = format!("{number}   z = {}", numbers::precise(*z));
        let value = numbers::precise(*exponential);
        let line = KeyValue::new(&name, &value);
        if number == class {
            line.color(t.highlight_text).ui(ui)
        } else {
            line.ui(ui)
        };
    }
    KeyValue::new(tr("Σ, their sum"), &numbers::precise(softmax.sum)).ruled().ui(ui);
    ui.add_space(space::M);
    section_with_detail(ui, tr("Quotient"), "exp(z − m) / Σ");
    key_value(ui, "z − m", &numbers::precise(z - softmax.largest));
    key_value(ui, "exp(z − m)", &numbers::precise(*exponential));
    let quotient = format!("{} / {}", numbers::precise(*exponential), numbers::precise(softmax.sum));
    key_value(ui, tr("divided by Σ"), &quotient);
    let probability = softmax.probability(class).unwrap_or(0.0);
    KeyValue::new(tr("probability"), &numbers::probability(probability)).strong().ruled().ui(ui);
    ui.add_space(space::S);
    let sentence = tr(
        "Taking m off every z changes no quotient; it keeps the exponentials small enough to compute with.",
    );
    ui.label(RichText::new(sentence).font(fonts::words(size::SMALL)).color(t.second));
}

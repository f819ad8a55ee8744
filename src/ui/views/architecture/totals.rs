//! The sums of the draft, of the network that it was begun from, and their difference.

use super::{
    columns::{Columns, Line},
    sheets::Sheets,
    words::{bytes, times},
};
use crate::{
    explain::sheet::Totals,
    text::{Term, fill, tr},
    ui::{
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::numbers,
    },
};
use egui::{Align2, Color32, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// The height of a line, in points.
const LINE: f32 = 22.0;

/// The height of all, in points. In a low room, what was begun from is left out.
pub fn height(is_low: bool) -> f32 {
    if is_low { 2.0 * LINE + space::S } else { 3.0 * LINE + 2.0 * space::S }
}

/// The totals.
pub fn totals_ui(ui: &mut Ui, sheets: &Sheets, columns: &Columns, is_low: bool) {
    let t = Tokens::of(ui);
    let (card, _) = ui.allocate_exact_size(vec2(columns.width - space::S, height(is_low)), Sense::hover());
    ui.painter().rect(card, radius::L, t.raised, t.line_stroke(), StrokeKind::Inside);
    let (now, was) = sheets.totals();
    let margin = if is_low { space::XS } else { space::S };
    let skips = |i: usize| is_low && i == 1;
    let line = |i: usize| {
        let above = i - usize::from(is_low && i > 1);
        card.top() + margin + (above as f32 + 0.5) * LINE
    };
    let begun = fill(tr("begun from {name}"), &[("name", &sheets.base_name)]);
    let names = [tr("this draft"), &begun, tr("difference")];
    let room = columns.name_end - space::M;
    for (i, name) in names.into_iter().enumerate().filter(|(i, _)| !skips(*i)) {
        let font = if i == 0 { fonts::semibold(size::BODY) } else { fonts::words(size::BODY) };
        let color = if i == 0 { t.text } else { t.second };
        let text = Line { text: name, font, color, room };
        text.paint(ui, Align2::LEFT_CENTER, card.left() + space::M, line(i));
    }
    let all = |totals: Option<Totals>| {
        totals.map(|totals| {
            [
                Some(numbers::count(totals.parameters)),
                Some(numbers::count(totals.multiply_adds)),
                Some(bytes(totals.activation_bytes)),
                Some(times(totals.field)),
            ]
        })
    };
    let differences = now.zip(was).map(|(now, was)| {
        [
            difference(now.parameters, was.parameters),
            difference(now.multiply_adds, was.multiply_adds),
            difference(now.activation_bytes, was.activation_bytes),
            None,
        ]
    });
    let terms = [Term::Parameters, Term::MultiplyAdds, Term::Memory, Term::ReceptiveField];
    for (i, cells) in [all(now), all(was), differences].into_iter().enumerate().filter(|(i, _)| !skips(*i)) {
        let cells = cells.unwrap_or_default();
        for ((cell, end), term) in cells.into_iter().zip(&columns.ends[1..]).zip(terms) {
            let Some(end) = end else { continue };
            let text = cell.unwrap_or_else(|| "–".to_owned());
            let color = if i == 2 {
                change_color(&t, &text)
            } else if i == 0 {
                t.text
            } else {
                t.second
            };
            let font = if i == 0 { fonts::mono_bold(size::MONO) } else { fonts::mono(size::MONO) };
            let shown = Line { text: &text, font, color, room: 130.0 };
            let place = shown.paint(ui, Align2::RIGHT_CENTER, card.left() + end, line(i));
            let place = Rect::from_min_max(
                pos2(place.left(), line(i) - LINE / 2.0 + 1.0),
                pos2(place.right(), line(i) + LINE / 2.0 - 1.0),
            );
            let response = ui.interact(place, ui.scope_id().with(("total", i, term)), Sense::hover());
            let name = format!("{}, {}", term.label(), names[i]);
            response.widget_info(|| {
                let mut info = WidgetInfo::labeled(Role::Cell, true, &name);
                info.current_text_value = Some(text.clone());
                info
            });
            crate::ui::widgets::explain(response, term);
        }
    }
}

fn change_color(t: &Tokens, text: &str) -> Color32 {
    match text.chars().next() {
        Some('+') => t.warn,
        Some('−') => t.good,
        _ => t.second,
    }
}

/// In percent of what it was: `−76.7 %`, and `×12` from the tenfold on.
fn difference(now: u64, was: u64) -> Option<String> {
    if now == was {
        return Some("0 %".to_owned());
    }
    if was == 0 {
        return None;
    }
    let ratio = now as f64 / was as f64;
    Some(if ratio >= 10.0 {
        format!("×{ratio:.0}")
    } else {
        let percent = (ratio - 1.0) * 100.0;
        let sign = if percent < 0.0 { '−' } else { '+' };
        match percent.abs() {
            tiny if tiny < 0.05 => format!("{sign}<0.1 %"),
            percent => format!("{sign}{percent:.1} %"),
        }
    })
}

//! The text of a step: words, numbers of the window, and phrases that point at places.

use crate::{
    lesson::{Block, Prose, Quantity, Span, SpanKind},
    text::tr,
    ui::{
        model::lesson::{OpenLesson, written::written},
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, space},
        },
    },
};
use egui::{
    FontId, Id, Rect, Sense, Stroke, Ui,
    text::{CCursor, LayoutJob, TextFormat},
    vec2,
};

/// The place of the phrase that points, from where the line begins.
pub fn phrase(ui: &Ui) -> Option<Rect> {
    ui.data(|data| data.get_temp(Id::unique("phrase of the lesson")))
}

/// Shows the text, in words of `size` points.
pub fn prose_ui(ui: &mut Ui, state: &AppState, prose: &Prose, size: f32, color: egui::Color32) {
    let mut phrase: Option<Rect> = None;
    for block in &prose.blocks {
        let indent = if block.is_item { space::L } else { 0.0 };
        let (job, pointing) = job(ui, state, block, size, color, ui.available_width() - indent);
        let galley = ui.painter().layout_job(job);
        let text = galley.text().to_owned();
        let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(indent, 0.0), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &text));
        let corner = rect.min + vec2(indent, 0.0);
        if block.is_item {
            let bullet = rect.min + vec2(indent / 2.0, size * 0.7);
            ui.painter().circle_filled(bullet, 2.5, color);
        }
        if let Some((from, _)) = pointing
            && phrase.is_none()
        {
            let at = galley.pos_from_cursor(CCursor::new(from)).translate(corner.to_vec2());
            phrase = Some(at);
        }
        ui.painter().galley(corner, galley, color);
        ui.add_space(space::S);
    }
    let id = Id::unique("phrase of the lesson");
    match phrase {
        Some(rect) => {
            ui.data_mut(|data| data.insert_temp(id, rect));
        }
        None => ui.data_mut(|data| data.remove::<Rect>(id)),
    }
}

/// The words of a paragraph, and the characters of its first phrase that points.
fn job(
    ui: &Ui,
    state: &AppState,
    block: &Block,
    size: f32,
    color: egui::Color32,
    width: f32,
) -> (LayoutJob, Option<(usize, usize)>) {
    let t = Tokens::of(ui);
    let mut job = LayoutJob::default();
    job.wrap.max_width = width;
    let mut pointing = None;
    let mut chars = 0;
    let mut is_after_number = false;
    for span in &block.spans {
        let mut text = words(state, span);
        // Between a number and its unit, a line does not end.
        if std::mem::replace(&mut is_after_number, matches!(span.kind, SpanKind::Number(_)))
            && let Some(unit) = text.strip_prefix(" %")
        {
            text = format!("{NO_BREAK}%{unit}");
        }
        let format = |font: FontId, color| TextFormat {
            font_id: font,
            color,
            line_height: Some(size * 1.4),
            ..TextFormat::default()
        };
        let format = match &span.kind {
            SpanKind::Plain => format(fonts::words(size), color),
            SpanKind::Strong => format(fonts::semibold(size), color),
            SpanKind::Emphasis => TextFormat { italics: true, ..format(fonts::words(size), color) },
            SpanKind::Code => format(fonts::mono(size), color),
            SpanKind::Number(_) => format(fonts::mono(size), t.highlight_text),
            SpanKind::Pointing(_) => {
                pointing = pointing.or(Some((chars, chars + text.chars().count())));
                TextFormat { underline: Stroke::new(2.0, t.accent), ..format(fonts::words(size), color) }
            }
        };
        chars += text.chars().count();
        job.append(&text, 0.0, format);
    }
    (job, pointing)
}

/// A space at which no line ends.
const NO_BREAK: char = '\u{a0}';

fn words(state: &AppState, span: &Span) -> String {
    match span.kind {
        SpanKind::Number(quantity) => number(state, quantity),
        _ => span.text.clone(),
    }
}

/// A number of the window as text; what is asked for is not told.
pub fn number(state: &AppState, quantity: Quantity) -> String {
    let is_size = |quantity| {
        matches!(quantity, Quantity::ConvOutputHeight | Quantity::ConvOutputWidth | Quantity::ConvOutputs)
    };
    let asked = state.lesson.as_ref().and_then(OpenLesson::asked);
    let is_asked = asked == Some(quantity) || asked.is_some_and(is_size) && is_size(quantity);
    match state.quantity(quantity) {
        _ if is_asked => "?".to_owned(),
        Some(value) if quantity == Quantity::NetTop && value < 0.0 => tr("not sure").to_owned(),
        Some(value) => written(quantity, value),
        None => "…".to_owned(),
    }
}

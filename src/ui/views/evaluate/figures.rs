//! The figures of a measurement: accuracy, loss, mistakes, refused images, calibration error.

use crate::{
    explain::verdict::MIN_CONFIDENCE,
    text::{Term, fill, tr},
    train::written_loss,
    ui::{
        model::evaluate::Measurement,
        style::{
            fonts,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{explain, numbers},
    },
};
use egui::{Align2, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// The height of the card, in points.
const HEIGHT: f32 = 56.0;

/// The least width of a figure, in points; those that do not fit are left out.
const LEAST: f32 = 110.0;

/// From this probability on, a mistake counts as a confident one.
const CONFIDENT: f32 = 0.9;

/// Shows the figures in a row.
pub(super) fn figures_ui(ui: &mut Ui, measured: &Measurement) {
    let t = Tokens::of(ui);
    let (card, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter().rect(card, radius::L, t.raised, t.line_stroke(), StrokeKind::Inside);
    let figures = figures(measured);
    let room = card.width() - space::M;
    let count = ((room / LEAST).floor() as usize).clamp(1, figures.len());
    let width = room / count as f32;
    for (i, (term, value, detail)) in figures.into_iter().enumerate().take(count) {
        let left = card.left() + space::M + width * i as f32;
        let place = Rect::from_min_size(pos2(left, card.top()), vec2(width - space::S, HEIGHT));
        let figure = ui.interact(place, response.id.with(i), Sense::hover());
        figure.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Cell, true, term.label());
            info.current_text_value = Some(value.clone());
            info
        });
        let painter = ui.painter();
        let top = pos2(left, card.top() + 9.0);
        painter.text(top, Align2::LEFT_TOP, term.label(), fonts::words(size::SMALL), t.second);
        let line = pos2(left, card.bottom() - 9.0);
        let number = painter.text(line, Align2::LEFT_BOTTOM, value, fonts::mono_bold(size::LARGE), t.text);
        let detail = painter.layout_no_wrap(detail, fonts::words(size::SMALL), t.second);
        let beside = pos2(number.right() + space::S, number.center().y - detail.size().y / 2.0 + 1.0);
        if beside.x + detail.size().x <= place.right() {
            painter.galley(beside, detail, t.second);
        }
        explain(figure, term);
        if i > 0 {
            let x = left - space::S;
            ui.painter().vline(x, card.shrink(10.0).y_range(), t.line_stroke());
        }
    }
}

/// Term, value and a detail that is shown where there is room.
fn figures(measured: &Measurement) -> [(Term, String, String); 5] {
    let count = |number: usize| numbers::count(number as u64);
    let of = |text: &str, number: usize| fill(text, &[("count", &count(number))]);
    let confident = measured.mistakes.iter().filter(|mistake| mistake.probability >= CONFIDENT).count();
    let wrong = measured.unsure.iter().filter(|judgement| !judgement.is_correct()).count();
    debug_assert!(measured.unsure.iter().all(|judgement| judgement.probability < MIN_CONFIDENCE));
    let result = &measured.result;
    [
        (Term::Accuracy, numbers::percent_to(result.accuracy(), 2), of(tr("{count} right"), result.correct)),
        (Term::Loss, written_loss(result.loss), tr("nats an image").to_owned()),
        (Term::Mistakes, count(measured.mistakes.len()), of(tr("{count} sure ≥ 90 %"), confident)),
        (Term::NotSure, count(measured.unsure.len()), of(tr("{count} of them wrong"), wrong)),
        (
            Term::CalibrationError,
            numbers::percent_to(measured.reliability.error(), 2),
            tr("0 is best").to_owned(),
        ),
    ]
}

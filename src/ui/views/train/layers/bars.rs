//! A histogram as bars.

use crate::{
    text::{fill, tr},
    train::layers::Histogram,
    ui::{
        style::{
            fonts,
            tokens::{Tokens, size},
        },
        widgets::numbers,
    },
};
use egui::{Align2, Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// The height of the ends of the scale below the bars, in points.
const SCALE: f32 = 13.0;

/// The bars with the ends of their scale. `note` stands in the upper right corner.
pub(super) fn bars_ui(
    ui: &Ui,
    place: Rect,
    name: &str,
    histogram: Option<&Histogram>,
    color: Color32,
    note: &str,
) {
    let t = Tokens::of(ui);
    let place = place.shrink2(vec2(4.0, 2.0));
    let response = ui.interact(place, ui.scope_id().with(name), Sense::hover());
    let said = histogram.map(said);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Image, true, name);
        info.current_text_value.clone_from(&said);
        info
    });
    let painter = ui.painter_at(place);
    let base = place.bottom() - SCALE;
    painter.hline(place.x_range(), base, (1.0, t.line_strong));
    let font = fonts::mono(size::SMALL - 3.0);
    let Some(histogram) = histogram else {
        let text = tr("after the next step");
        painter.text(place.center(), Align2::CENTER_CENTER, text, fonts::words(size::SMALL - 2.0), t.faint);
        return;
    };
    let most = histogram.bars.iter().copied().max().unwrap_or(0).max(1) as f32;
    let width = place.width() / histogram.bars.len().max(1) as f32;
    let height = base - place.top();
    for (i, &bar) in histogram.bars.iter().enumerate() {
        if bar > 0 {
            // What is there is seen.
            let top = base - (height * bar as f32 / most).max(1.0);
            let left = place.left() + i as f32 * width;
            let bar = Rect::from_min_max(pos2(left, top), pos2(left + (width - 0.5).max(0.5), base));
            painter.rect_filled(bar, 0, color);
        }
    }
    if histogram.low < 0.0 {
        painter.vline(place.center().x, place.top()..=base + 2.0, (1.0, t.second.gamma_multiply(0.6)));
    }
    let high = short(histogram.high);
    // A scale with negative values reaches as far to both sides.
    let right = if histogram.low < 0.0 { format!("±{high}") } else { high };
    painter.text(place.right_bottom(), Align2::RIGHT_BOTTOM, right, font.clone(), t.second);
    if histogram.low == 0.0 {
        painter.text(place.left_bottom(), Align2::LEFT_BOTTOM, "0", font, t.second);
    }
    if !note.is_empty() {
        let font = fonts::words(size::SMALL - 2.0);
        let galley = painter.layout_no_wrap(note.to_owned(), font, t.second);
        let at = Align2::RIGHT_TOP.anchor_size(place.right_top(), galley.size());
        painter.rect_filled(at, 2, t.ground.gamma_multiply(0.7));
        painter.galley(at.min, galley, t.second);
    }
    if let Some(said) = said {
        response.on_hover_ui_at_pointer(|ui| {
            ui.label(name);
            ui.weak(said);
            if histogram.largest > histogram.high {
                ui.weak(tr("The outer bars also count what lies beyond."));
            }
        });
    }
}

/// A value to two digits.
fn short(value: f32) -> String {
    let size = value.abs();
    if (1e-3..1e3).contains(&size) {
        let digits = match size {
            10.0.. => 0,
            1.0.. => 1,
            0.1.. => 2,
            0.01.. => 3,
            _ => 4,
        };
        format!("{value:.digits$}").replace('-', "−")
    } else {
        format!("{value:.0e}").replace('-', "−")
    }
}

/// What a histogram shows, in a sentence.
fn said(histogram: &Histogram) -> String {
    fill(
        tr("{count} numbers, {zeros} of them 0; typical size {typical}, the largest {largest}"),
        &[
            ("count", &numbers::count(histogram.count)),
            ("zeros", &numbers::count(histogram.zeros)),
            ("typical", &numbers::precise(histogram.rms as f32)),
            ("largest", &numbers::precise(histogram.largest)),
        ],
    )
}

//! The row between the curves and what is below: what a click does, or that the network learns by heart.

use crate::{
    text::{fill, tr},
    train::overfitting,
    ui::{
        state::AppState,
        style::{
            icons,
            tokens::{Tokens, size},
        },
        widgets::{numbers, paper},
    },
};
use egui::{Align, Label, Layout, RichText, Ui, vec2};

/// The height of the row, in points. It is there whatever it says, so that nothing below moves.
pub const HEIGHT: f32 = 22.0;

/// The row.
pub fn caption_ui(ui: &mut Ui, state: &AppState) {
    let t = Tokens::of(ui);
    let room = vec2(ui.available_width(), HEIGHT);
    ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(room);
        let (text, hint) = match by_heart(state) {
            Some((text, hint)) => {
                ui.label(RichText::new(icons::TRIANGLE_ALERT).color(t.warn));
                (RichText::new(text).color(t.warn), hint)
            }
            None if state.has_moments() && !paper::is_on(ui) => {
                let text =
                    tr("Point at a curve for its values; click it, and every view goes back to that step.");
                (RichText::new(text).color(t.second), text.to_owned())
            }
            None => return,
        };
        ui.add(Label::new(text.size(size::SMALL)).truncate()).on_hover_text(hint);
    });
}

/// That the network learns by heart, in a sentence, and why that is so.
fn by_heart(state: &AppState) -> Option<(String, String)> {
    let snapshot = state.snapshot.as_deref()?;
    let found = overfitting(&snapshot.history)?;
    let sentence = if snapshot.validation {
        tr(
            "Validation loss has been above its lowest for {count} evaluations: the network is learning the training images by heart.",
        )
    } else {
        tr(
            "Test loss has been above its lowest for {count} evaluations: the network is learning the training images by heart.",
        )
    };
    let text = fill(sentence, &[("count", &found.evaluations.to_string())]);
    let hint = fill(
        tr(
            "It was {lowest} at step {step} and is {last} now, while the training loss went on falling: what is learnt since then helps with these images only. More training images, augmentation, dropout, weight decay or early stopping help.",
        ),
        &[
            ("lowest", &crate::train::written_loss(found.lowest.loss)),
            ("step", &numbers::count(found.lowest.step)),
            ("last", &crate::train::written_loss(found.last.loss)),
        ],
    );
    Some((text, hint))
}

//! The current image, its source, and the network's answer: shown in every view.

use crate::{
    explain::{DoubtReason, Verdict},
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{file_kind::FileKind, image::ImageSource},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{ImageTile, icon_button, numbers},
    },
};
use egui::{RichText, Ui};

/// The room of the label above the image, in points.
const LABEL: f32 = 26.0;

/// The smallest side of the image, in points.
const SIDE: f32 = 56.0;

/// Laid out from the bottom up.
pub fn current_image_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let small = |text: String| RichText::new(text).size(size::SMALL).color(t.second);
    ui.add_space(space::XS);
    ui.horizontal(|ui| {
        if icon_button(ui, icons::SHUFFLE, tr("Next sample")).clicked() {
            actions.send(Action::NextSample);
        }
        if icon_button(ui, icons::FOLDER_OPEN, tr("Open picture…")).clicked() {
            actions.send(Action::AskForFile(FileKind::Picture));
        }
        if icon_button(ui, icons::TRASH_2, tr("Clear the image")).clicked() {
            actions.send(Action::ClearDrawing);
        }
    });
    let verdict =
        ui.label(RichText::new(verdict_text(state)).font(fonts::semibold(size::SMALL)).color(t.text));
    if !state.what_if.is_empty() {
        verdict.on_hover_text(tr("The answer of the whole network, with all maps switched on."));
    }
    ui.label(small(source_text(&state.image.source)));
    // In a low window the views above leave little room.
    let side = ui.available_width().min((ui.available_height() - LABEL).max(SIDE));
    let seen = &state.image.seen;
    let columns = seen.width() as usize;
    ImageTile::new(tr("Current image"), "current image", state.image.revision, seen.as_raw(), columns)
        .ground(state.image.ground)
        .side(side)
        .ui(ui);
    ui.label(small(tr("Current image").to_owned()));
}

/// Where the image comes from.
pub fn source_text(source: &ImageSource) -> String {
    match source {
        ImageSource::Drawing => tr("Your drawing").to_owned(),
        ImageSource::Picture(name) => name.clone(),
        ImageSource::TrainingSample { set, index, label } => fill(
            tr("{set} training {index}, a {label}"),
            &[("set", set), ("index", &index.to_string()), ("label", &label.to_string())],
        ),
        ImageSource::Sample { set, index, label } => fill(
            tr("{set} test {index}, a {label}"),
            &[("set", set), ("index", &index.to_string()), ("label", &label.to_string())],
        ),
    }
}

fn verdict_text(state: &AppState) -> String {
    match state.verdict() {
        Some(Verdict::Sure { class, probability }) => fill(
            tr("reads {class}, {percent}"),
            &[("class", &class.to_string()), ("percent", &numbers::probability(probability))],
        ),
        Some(Verdict::NotSure { why: DoubtReason::Unlike | DoubtReason::Objection(_), .. }) => {
            tr("not sure").to_owned()
        }
        Some(Verdict::NotSure { first, second, why: DoubtReason::Between }) => fill(
            tr("not sure: {first} or {second}"),
            &[("first", &first.to_string()), ("second", &second.to_string())],
        ),
        None if state.image.is_blank() => tr("nothing drawn").to_owned(),
        None => "…".to_owned(),
    }
}

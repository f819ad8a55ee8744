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
        widgets::{ImageTile, icon_button, moment_badge, numbers},
    },
};
use egui::{Label, RichText, Ui};

/// The room of the label above the image, in points.
const LABEL: f32 = 26.0;

/// The smallest side of the image, in points.
const SIDE: f32 = 56.0;

/// Laid out from the bottom up; `is_icon` in a rail that has no room for words.
pub fn current_image_ui(ui: &mut Ui, state: &AppState, is_icon: bool, actions: &mut Actions) {
    if is_icon {
        brief_ui(ui, state, actions);
        return;
    }
    let t = Tokens::of(ui);
    let small = |text: String| RichText::new(text).size(size::SMALL).color(t.second);
    ui.add_space(space::XS);
    ui.horizontal(|ui| tools_ui(ui, actions));
    let verdict =
        ui.label(RichText::new(verdict_text(state)).font(fonts::semibold(size::SMALL)).color(t.text));
    if !state.what_if.is_empty() {
        verdict.on_hover_text(tr("The answer of the whole network, with all maps switched on."));
    }
    ui.label(small(source_text(state)));
    // In a low window the views above leave little room.
    let side = ui.available_width().min((ui.available_height() - LABEL).max(SIDE));
    let seen = &state.image.seen;
    let columns = seen.width() as usize;
    ImageTile::new(tr("Current image"), "current image", state.image.revision, seen.as_raw(), columns)
        .colors(state.image.colors.as_ref())
        .ground(state.image.ground)
        .side(side)
        .ui(ui);
    ui.horizontal(|ui| {
        ui.label(small(tr("Current image").to_owned()));
        moment_badge(ui, state.history_step());
    });
}

/// The buttons under the image.
fn tools_ui(ui: &mut Ui, actions: &mut Actions) {
    if icon_button(ui, icons::SHUFFLE, tr("Next sample")).clicked() {
        actions.send(Action::NextSample);
    }
    if icon_button(ui, icons::FOLDER_OPEN, tr("Open picture…")).clicked() {
        actions.send(Action::AskForFile(FileKind::Picture));
    }
    if icon_button(ui, icons::TRASH_2, tr("Clear the image")).clicked() {
        actions.send(Action::ClearDrawing);
    }
}

/// The image and the answer, without words beside them, in a rail of icons.
fn brief_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 1.0;
    ui.spacing_mut().interact_size.y = 26.0;
    tools_ui(ui, actions);
    let (answer, percent) = match state.verdict() {
        Some(Verdict::Sure { class, probability }) => {
            (state.class_name(class), numbers::percent_whole(probability))
        }
        Some(Verdict::NotSure { .. } | Verdict::NotANumber) => ("?".to_owned(), String::new()),
        None => ("–".to_owned(), String::new()),
    };
    let color = if state.history_step().is_some() { t.warn } else { t.second };
    ui.label(RichText::new(percent).size(size::SMALL).color(color));
    if let Some(step) = state.history_step() {
        let text = fill(tr("step {step}"), &[("step", &numbers::count(step))]);
        let label = RichText::new(&text).size(size::SMALL - 2.0).color(t.highlight_text);
        ui.add(Label::new(label).truncate()).on_hover_text(text);
    }
    // The name of a class is longer than a digit.
    let tall = if answer.chars().count() > 3 { size::SMALL } else { size::LARGE };
    let answer = RichText::new(answer).font(fonts::mono_bold(tall)).color(t.highlight_text);
    let said = format!("{}: {}", source_text(state), verdict_text(state));
    ui.add(Label::new(answer).truncate()).on_hover_text(said);
    let seen = &state.image.seen;
    let side = ui.available_width();
    ImageTile::new(
        tr("Current image"),
        "current image",
        state.image.revision,
        seen.as_raw(),
        seen.width() as usize,
    )
    .colors(state.image.colors.as_ref())
    .ground(state.image.ground)
    .side(side)
    .ui(ui);
}

/// Where the image comes from.
pub fn source_text(state: &AppState) -> String {
    match &state.image.source {
        ImageSource::Drawing => tr("Your drawing").to_owned(),
        ImageSource::Picture(name) => name.clone(),
        ImageSource::TrainingSample { set, index, label } => fill(
            tr("{set} training {index}, a {label}"),
            &[("set", set), ("index", &index.to_string()), ("label", &state.label_name(*label))],
        ),
        ImageSource::Sample { set, index, label } => fill(
            tr("{set} test {index}, a {label}"),
            &[("set", set), ("index", &index.to_string()), ("label", &state.label_name(*label))],
        ),
    }
}

fn verdict_text(state: &AppState) -> String {
    match state.verdict() {
        Some(Verdict::Sure { class, probability }) => fill(
            tr("reads {class}, {percent}"),
            &[("class", &state.class_name(class)), ("percent", &numbers::probability(probability))],
        ),
        Some(Verdict::NotSure { why: DoubtReason::Unlike | DoubtReason::Objection(_), .. }) => {
            tr("not sure").to_owned()
        }
        Some(Verdict::NotSure { first, second, why: DoubtReason::Between }) => fill(
            tr("not sure: {first} or {second}"),
            &[("first", &state.class_name(first)), ("second", &state.class_name(second))],
        ),
        Some(Verdict::NotANumber) => tr("not a number").to_owned(),
        None if state.image.is_blank() => tr("nothing drawn").to_owned(),
        None => "…".to_owned(),
    }
}

//! What the histograms mean for the run, in two sentences.

use super::ratio::ratio_text;
use crate::{
    text::{fill, tr},
    train::layers::{LayerLook, LayerStep, StepLook, UpdateSize},
    ui::{
        state::AppState,
        style::{
            icons,
            tokens::{Tokens, size},
        },
        widgets::numbers,
    },
};
use egui::{Align, Label, Layout, RichText, Ui, vec2};

/// The height of the sentences, in points: two lines, which are there whatever they say.
pub(super) const CAPTIONS: f32 = 38.0;

/// One sentence on dead units, one on the size of the step.
pub(super) fn captions_ui(
    ui: &mut Ui,
    state: &AppState,
    looks: &[LayerLook],
    step: Option<&StepLook>,
    images: usize,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    for (text, is_warning) in [dead(state, looks, images), update(state, step)] {
        line_ui(ui, &text, is_warning);
    }
}

fn line_ui(ui: &mut Ui, text: &str, is_warning: bool) {
    let t = Tokens::of(ui);
    let room = vec2(ui.available_width(), CAPTIONS / 2.0);
    ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(room);
        let ink = if is_warning { t.warn } else { t.second };
        if is_warning {
            ui.label(RichText::new(icons::TRIANGLE_ALERT).size(size::SMALL).color(ink));
        }
        let label = Label::new(RichText::new(text).size(size::SMALL - 1.0).color(ink)).truncate();
        ui.add(label).on_hover_text(text);
    });
}

/// The layer with the largest part of dead units, and which they are.
fn dead(state: &AppState, looks: &[LayerLook], images: usize) -> (String, bool) {
    let share = |look: &LayerLook| {
        look.dead.as_ref().map_or(0.0, |dead| dead.len() as f64 / look.units.max(1) as f64)
    };
    let images = numbers::count(images as u64);
    let worst = looks.iter().filter(|look| look.dead.is_some()).max_by(|a, b| share(a).total_cmp(&share(b)));
    let Some((look, dead)) = worst.and_then(|look| Some((look, look.dead.as_ref()?))) else {
        return (tr("No layer ends in a ReLU: no unit can die.").to_owned(), false);
    };
    if dead.is_empty() {
        let text = tr("No dead units: each one is above 0 for at least one of {images} images.");
        return (fill(text, &[("images", &images)]), false);
    }
    let units: Vec<String> = dead.iter().take(24).map(ToString::to_string).collect();
    let more = if dead.len() > units.len() { ", …" } else { "" };
    let text = fill(
        tr(
            "{layer}: {dead} of {units} units are 0 for all {images} images: dead, they learn nothing. Lower the learning rate. They are no. {which}.",
        ),
        &[
            ("layer", &state.network.network.spec().layer_name(look.layer)),
            ("dead", &dead.len().to_string()),
            ("units", &look.units.to_string()),
            ("images", &images),
            ("which", &format!("{}{more}", units.join(", "))),
        ],
    );
    (text, share(look) >= 0.25)
}

/// Whether the last step moved a layer too far, or hardly at all.
fn update(state: &AppState, step: Option<&StepLook>) -> (String, bool) {
    let usual = tr("A step usually moves the weights by about 0.001 of their size, a thousandth.");
    let Some(step) = step else { return (usual.to_owned(), false) };
    let ratio = |layer: &&LayerStep| layer.ratio().unwrap_or(0.0);
    let largest = step.layers.iter().max_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    let smallest = step
        .layers
        .iter()
        .filter(|layer| layer.size().is_some())
        .min_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    let of = |text: &str, layer: &LayerStep| {
        let name = state.network.network.spec().layer_name(layer.layer);
        fill(text, &[("layer", &name), ("ratio", &ratio_text(layer.ratio().unwrap_or(0.0)))])
    };
    match (largest, smallest) {
        (Some(layer), _) if layer.size() == Some(UpdateSize::Large) => {
            let text = tr(
                "{layer} moved by {ratio} of its size in one step; about 0.001 is usual. It may forget what it has learnt: lower the learning rate.",
            );
            (of(text, layer), true)
        }
        (_, Some(layer)) if layer.size() == Some(UpdateSize::Small) => {
            let text = tr(
                "{layer} moved by only {ratio} of its size in one step; about 0.001 is usual. It hardly learns now, as at the end of a schedule; if that is too early, raise the learning rate.",
            );
            (of(text, layer), true)
        }
        _ => (usual.to_owned(), false),
    }
}

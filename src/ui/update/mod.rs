//! What each action, and each piece of news from the threads, does to the state: the one place where it changes.

mod breakdown;
mod choices;
mod convolution;
mod drawing;
pub mod files;
mod fine_tune;
mod finished;
mod inference;
mod message;
mod network;
pub mod playback;
mod pooling;
mod run;
mod saliency;
mod settings;
mod top_activations;
mod training;
mod what_if;

#[cfg(test)]
mod tests;

use crate::{
    explain::WhatIf,
    ui::{
        action::Action,
        core::Core,
        model::{
            display::{WindowPlace, valid_zoom},
            view::ViewId,
        },
    },
};
use std::time::{Duration, Instant};

/// Starts the work that the settings ask for; with `reads_mnist`, the MNIST that is part of the program is read.
pub fn start(core: &mut Core, reads_mnist: bool) {
    if reads_mnist {
        files::load_embedded_data(core);
    }
    network::restore(core);
}

/// Takes in what the threads have computed since the last call, and asks them about what is shown now. Returns after how
/// long the settings have to be written, if they have to be.
pub fn take_news(core: &mut Core, now: Instant) -> Option<Duration> {
    training::take_news(core);
    finished::take_news(core);
    inference::ask(core);
    inference::take_news(core);
    saliency::keep_up(core);
    top_activations::take_news(core);
    core.state.is_busy = core.tasks.is_waited_for();
    match core.state.settings.view {
        ViewId::Pooling => pooling::make::keep_up(core),
        ViewId::Convolution => convolution::make::refresh(core),
        ViewId::Draw | ViewId::Network | ViewId::Train => {}
    }
    settings::keep(core, now)
}

/// Keeps where the window is, for the next start.
pub fn note_window(core: &mut Core, place: WindowPlace) {
    core.state.settings.window = Some(place);
}

/// The last chance to keep what was done.
pub fn close(core: &mut Core) {
    settings::close(core);
}

/// Carries out what was done in a frame, in order, and asks the network about what came of it.
pub fn apply_all(core: &mut Core, actions: impl IntoIterator<Item = Action>) {
    for action in actions {
        apply(core, action);
    }
    drawing::settle(core);
    inference::ask(core);
}

/// Carries out one act.
fn apply(core: &mut Core, action: Action) {
    if !matches!(action, Action::Draw(_)) {
        // Other acts find the image as it was left.
        drawing::settle(core);
    }
    choices::note(core, &action);
    let settings = &mut core.state.settings;
    match action {
        Action::ShowView(view) => settings.view = view,
        Action::ShowInspector(is_shown) => settings.shows_inspector = is_shown,
        Action::SetTheme(theme) => settings.theme = theme,
        Action::SetZoom(zoom) => settings.zoom = valid_zoom(zoom),
        Action::ShowKeys(is_shown) => core.state.shows_keys = is_shown,
        Action::SetBrush(brush) => settings.brush = brush,
        Action::SetMapScale(scale) => settings.map_scale = scale,
        Action::SetMapValues(values) => settings.map_values = values,
        Action::SetLossClass(class) => core.state.loss_class = class,
        Action::Select(selection) => core.state.selection = selection,
        Action::Draw(edit) => drawing::draw(core, &edit),
        Action::Undo => drawing::undo(core),
        Action::Redo => drawing::redo(core),
        Action::ClearDrawing => drawing::clear(core),
        Action::SetNormalise(is_normalised) => drawing::set_normalise(core, is_normalised),
        Action::NextSample => drawing::next_sample(core),
        Action::PlayBreakdown(act) => breakdown::play(core, act),
        Action::SwitchMap(map, is_on) => what_if::switch_map(core, map, is_on),
        Action::SwitchKernel(kernel, is_on) => what_if::switch_kernel(core, kernel, is_on),
        Action::SwitchAllOn => core.state.what_if = WhatIf::default(),
        Action::SetSaliency(choice) => settings.saliency = choice,
        Action::FindPatches(layer) => top_activations::find(core, layer),
        Action::StopPatches => top_activations::stop(core),
        Action::SetPatchImages(images) => settings.patch_images = images,
        Action::ShowSample(index) => drawing::show_sample(core, index),
        Action::AskForFile(kind) => core.state.question = Some(kind),
        Action::CancelFile => core.state.question = None,
        Action::Browse(kind) => files::browse(core, kind),
        Action::UseFile(kind, path) => files::use_file(core, kind, path),
        Action::Paste(picture) => files::paste(core, picture),
        Action::UseEmbeddedData => files::load_embedded_data(core),
        Action::ChooseNetwork(choice) => network::choose(core, choice),
        Action::Convolution(act) => convolution::act::apply(core, act),
        Action::OpenConvolution { layer, at } => convolution::open::open(core, layer, at),
        Action::EditSetup(config) => training::edit_setup(core, config),
        Action::EditPooling(choice) => pooling::act::edit(core, choice),
        Action::PlayPooling(act) => pooling::act::play(core, act),
        Action::OpenPooling { layer, map, at } => pooling::open::open(core, layer, map, at),
        Action::Train(transport) => training::transport(core, transport),
        Action::FineTune(act) => fine_tune::apply(core, act),
    }
}

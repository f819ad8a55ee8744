//! What each action does to the state: the one place where it changes.

pub mod choices;
pub mod convolution;
mod drawing;
pub mod exciting;
pub mod files;
pub mod network;
mod pooling;
mod teach;
pub mod training;
pub mod what_if;

use super::{action::Action, app::App};
use crate::explain::WhatIf;

/// Carries out one act.
pub fn apply(app: &mut App, action: Action) {
    choices::note(app, &action);
    let settings = &mut app.state.settings;
    match action {
        Action::ShowView(view) => settings.view = view,
        Action::ShowInspector(is_shown) => settings.shows_inspector = is_shown,
        Action::SetTheme(theme) => settings.theme = theme,
        Action::SetBrush(brush) => settings.brush = brush,
        Action::SetMapScale(scale) => settings.map_scale = scale,
        Action::SetMapValues(values) => settings.map_values = values,
        Action::SetLossClass(class) => app.state.loss_class = class,
        Action::Select(selection) => app.state.selection = selection,
        Action::Draw(edit) => drawing::draw(app, &edit),
        Action::Undo => drawing::undo(app),
        Action::Redo => drawing::redo(app),
        Action::ClearDrawing => drawing::clear(app),
        Action::SetNormalise(is_normalised) => drawing::set_normalise(app, is_normalised),
        Action::NextSample => drawing::next_sample(app),
        Action::SwitchMap(map, is_on) => what_if::switch_map(app, map, is_on),
        Action::SwitchKernel(kernel, is_on) => what_if::switch_kernel(app, kernel, is_on),
        Action::SwitchAllOn => app.state.what_if = WhatIf::default(),
        Action::SetSaliency(choice) => settings.saliency = choice,
        Action::FindPatches(layer) => exciting::find(app, layer),
        Action::StopPatches => exciting::stop(app),
        Action::SetPatchImages(images) => settings.patch_images = images,
        Action::ShowSample(index) => drawing::show_sample(app, index),
        Action::AskForFile(kind) => app.state.question = Some(kind),
        Action::CancelFile => app.state.question = None,
        Action::Browse(kind) => files::browse(app, kind),
        Action::UseFile(kind, path) => files::use_file(app, kind, path),
        Action::Paste(picture) => files::paste(app, picture),
        Action::UseEmbeddedData => files::load_embedded_data(app),
        Action::ChooseNetwork(choice) => network::choose(app, choice),
        Action::Convolution(act) => convolution::apply(app, act),
        Action::OpenConvolution { layer, at } => convolution::open(app, layer, at),
        Action::EditSetup(config) => training::edit_setup(app, config),
        Action::EditPooling(choice) => pooling::edit(app, choice),
        Action::PlayPooling(act) => pooling::play(app, act),
        Action::OpenPooling { layer, map, at } => pooling::open(app, layer, map, at),
        Action::Train(transport) => training::transport(app, transport),
        Action::Teach(act) => teach::apply(app, act),
    }
}

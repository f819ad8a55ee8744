//! The state of the window as data: taking it, putting it back, and *Start over*.

use super::{
    architecture, choose_as::choose_as, convolution, drawing::next_revision, files, kept_runs, network,
    taken_state::taken, training, what_if,
};
use crate::{
    data::mnist,
    explain::WhatIf,
    text::tr,
    ui::{
        core::Core,
        model::{
            architecture::KeptDraft,
            data::DataState,
            image::CurrentImage,
            network::{CurrentNetwork, NetworkChoice, Origin, recipe},
            saved::{
                Header, SavedNetwork, SavedPhoto, SavedState,
                stands::{ConvolutionStand, NetworkStand},
            },
            settings::Settings,
            starter,
        },
        widgets::{Offer, Tone},
    },
};
use std::sync::Arc;

/// The state at a first start. How large and how bright the window is stays.
pub(super) fn first(core: &Core) -> SavedState {
    let Settings { theme, zoom, data, .. } = core.state.settings.clone();
    SavedState {
        header: Header::default(),
        settings: Settings { theme, zoom, data, ..Settings::default() },
        training: recipe(&NetworkChoice::Shipped),
        network: SavedNetwork {
            choice: NetworkChoice::Shipped,
            origin: Origin::Shipped,
            weights: None,
            run: None,
        },
        network_view: NetworkStand::default(),
        convolution: ConvolutionStand::default(),
        pooling: None,
        drawing: starter::drawing(),
    }
}

/// Shows the state of a file. *Start over* comes back to it.
pub fn open(core: &mut Core, state: SavedState) {
    core.begun = Some(Box::new(state.clone()));
    put_back(core, state);
}

/// Comes back to the state of the file that was opened, or to that of a first start.
pub(super) fn start_over(core: &mut Core) {
    let now = taken(core);
    let state = core.begun.as_deref().cloned().unwrap_or_else(|| first(core));
    put_back(core, state);
    core.before = Some(Box::new(now));
    // The next class teaches its own digits.
    core.collection_before = std::mem::take(&mut core.state.collection);
    core.state.collection_revision += 1;
    let text = tr("Started over. A run that was training stays in the network menu.");
    core.state.toasts.offer(Tone::Info, text, Offer::UndoStartOver);
}

/// Comes back to the state before *Start over*.
pub(super) fn undo_start_over(core: &mut Core) {
    if let Some(state) = core.before.take() {
        if core.state.collection.is_empty() {
            core.state.collection = std::mem::take(&mut core.collection_before);
            core.state.collection_revision += 1;
        }
        let (run, typed) = (state.network.run, state.training);
        put_back(core, *state);
        if let Some(id) = run {
            kept_runs::open_with(core, id, typed);
        }
    }
}

/// Shows a state. What belongs to this computer stays: where the window is, its language, folders, opened files.
pub(super) fn put_back(core: &mut Core, state: SavedState) {
    let SavedState { settings, training, network, network_view, convolution, pooling, drawing, .. } = state;
    core.choices.images.now();
    core.choices.photographs.now();
    core.choices.networks.now();
    use_data(core, &settings);
    let mine = &core.state.settings;
    core.state.settings = Settings {
        window: mine.window,
        language: mine.language,
        folders: mine.folders.clone(),
        opened: mine.opened.clone(),
        my_lessons: mine.my_lessons.clone(),
        data: mine.data.clone(),
        network: mine.network.clone(),
        architecture: KeptDraft { trained: mine.architecture.trained.clone(), ..settings.architecture },
        run: mine.run,
        training: mine.training,
        ..settings
    };
    put_image(core, drawing);
    put_network(core, network, training);
    let state = &mut core.state;
    state.selection = network_view.selection;
    let first = network_view.first_column;
    state.first_column = if first.is_finite() { first.max(0.0) } else { 0.0 };
    state.shows_breakdown = network_view.shows_breakdown;
    state.loss_class = network_view.loss_class;
    state.breakdown = network_view.breakdown.at_rest();
    state.what_if = WhatIf::default();
    for map in network_view.what_if.maps() {
        what_if::switch_map(core, map, false);
    }
    for kernel in network_view.what_if.kernels() {
        what_if::switch_kernel(core, kernel, false);
    }
    put_convolution(core, &convolution);
    architecture::put_back(core);
    core.state.pooling.put_back(pooling);
    core.state.question = None;
}

/// Reads the data set if it is another one.
fn use_data(core: &mut Core, settings: &Settings) {
    if core.state.settings.data == settings.data {
        return;
    }
    core.state.settings.data_choices = settings.data_choices;
    match settings.data.clone() {
        Some(folder) => files::reopen_data(core, folder),
        None if core.reads_mnist => {
            let is_there = core.state.data.ready().is_some_and(|data| data.name == mnist::NAME);
            if !is_there && !matches!(core.state.data, DataState::Loading) {
                files::load_embedded_data(core);
            }
        }
        None => {}
    }
}

pub(super) fn put_image(core: &mut Core, drawing: crate::ui::widgets::Drawing) {
    core.is_image_stale = false;
    let revision = next_revision(core);
    let state = &mut core.state;
    let source = state.settings.image.clone();
    state.image = CurrentImage::restored(source, &drawing, state.settings.is_normalised, revision);
    state.drawing = drawing;
}

fn put_network(core: &mut Core, saved: SavedNetwork, training: crate::train::TrainConfig) {
    let SavedNetwork { choice, origin, weights, .. } = saved;
    match weights {
        Some(network) => {
            network::show(core, CurrentNetwork { network, origin });
            let is_opened =
                core.state.opened.iter().any(|opened| NetworkChoice::File(opened.path.clone()) == choice);
            core.state.settings.network = if is_opened { choice } else { NetworkChoice::LastRun };
            training::edit_setup(core, training);
        }
        None => choose_as(core, choice, training),
    }
}

pub(super) fn put_convolution(core: &mut Core, stand: &ConvolutionStand) {
    let photo = stand.photo.as_ref().and_then(SavedPhoto::photo).map(Arc::new);
    let mut lab = core.state.settings.convolution.clone().lab_with(photo);
    lab.playback = stand.playback.at_rest();
    lab.channel = stand.channel;
    (lab.grid, lab.result, lab.family_grid) = (stand.grid, stand.result, stand.family_grid);
    (lab.is_matrix, lab.first_kernel) = (stand.is_matrix, stand.first_kernel);
    lab.seeks_strongest = false;
    core.state.convolution = lab;
    core.convolved = None;
    convolution::make::refresh(core);
}

//! The choice of a network.

use super::{
    files::open_in_background,
    run::{build, give_up, pause, send},
};
use crate::{
    nn::{Init, LayerSpec, Network, NetworkSpec, presets},
    train::{Checkpoint, Command, RunSetup, TrainConfig},
    ui::{
        core::Core,
        model::{
            file_kind::FileKind,
            fine_tune::FineTuneState,
            network::{CurrentNetwork, LastRun, NetworkChoice, OpenedFile, Origin},
        },
        store::only_window::Claim,
        work::open_file::file_name,
    },
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// The most opened files in the network menu.
const MOST_OPENED: usize = 6;

/// Chooses the network of the settings, at the start.
pub(super) fn restore(core: &mut Core) {
    let settings = &core.state.settings;
    if settings.network != NetworkChoice::Shipped {
        choose_with(core, settings.network.clone(), settings.training);
    }
}

/// Chooses a network. An untrained one is built in the background, a file is read there.
pub fn choose(core: &mut Core, choice: NetworkChoice) {
    choose_with(core, choice, None);
}

/// The same; `training` replaces the training settings of an untrained network's preset.
pub(super) fn choose_with(core: &mut Core, choice: NetworkChoice, training: Option<TrainConfig>) {
    match &choice {
        NetworkChoice::Shipped => {
            show(core, CurrentNetwork { network: core.shipped.clone(), origin: Origin::Shipped });
        }
        NetworkChoice::Opened => return,
        NetworkChoice::File(path) => {
            let opened = core.state.opened.iter().find(|opened| opened.path == *path);
            let Some(network) = opened.and_then(|opened| opened.network.clone()) else {
                open_in_background(core, Some(FileKind::Model), path.clone());
                return;
            };
            show(core, CurrentNetwork { network, origin: Origin::Opened(file_name(path)) });
        }
        NetworkChoice::LastRun => {
            let Some(LastRun { network, step }) = core.state.last_run.clone() else { return };
            show(core, CurrentNetwork { network, origin: Origin::LastRun(step) });
        }
        NetworkChoice::Preset(name) => {
            let Some(preset) = presets::by_name(name) else { return };
            let recipe = TrainConfig::from_recipe(&preset.recipe, core.state.setup.seed);
            begin(core, preset.spec, training.unwrap_or(recipe));
            core.state.settings.training = training;
        }
        NetworkChoice::Draft => {
            let Some(spec) = core.state.settings.architecture.trained.clone() else { return };
            begin(core, spec, training.unwrap_or(core.state.setup));
        }
    }
    core.state.settings.network = choice;
}

/// Draws the weights of an untrained network, which becomes the current one. The current run ends, so its thread must
/// stop.
fn begin(core: &mut Core, spec: NetworkSpec, training: TrainConfig) {
    forget_fine_tuning(core);
    core.state.settings.run = None;
    pause(core);
    // The run that ends keeps its own settings.
    core.told = None;
    core.state.setup = training;
    core.state.settings.training = Some(training);
    core.run_spec = spec;
    core.is_build_shown = true;
    build(core);
}

/// Makes an untrained network the current one and trains it as a new run.
pub(super) fn train(core: &mut Core, spec: NetworkSpec, training: TrainConfig) {
    core.awaits_data = None;
    let preset = presets::by_name(&spec.name).filter(|preset| preset.spec == spec);
    let choice = preset.map_or(NetworkChoice::Draft, |preset| NetworkChoice::Preset(preset.spec.name));
    core.state.settings.network = choice;
    core.state.settings.architecture.trained = Some(spec.clone());
    begin(core, spec, training);
    core.trains_build = Some(core.builds);
}

/// Makes an untrained network the current one, with the present training settings.
pub(super) fn use_spec(core: &mut Core, spec: NetworkSpec) {
    core.awaits_data = None;
    core.state.settings.network = NetworkChoice::Draft;
    core.state.settings.architecture.trained = Some(spec.clone());
    let training = core.state.setup;
    begin(core, spec, training);
}

/// Shows a network that is not being trained. Training it starts a run from random weights.
pub(super) fn show(core: &mut Core, network: CurrentNetwork) {
    core.awaits_data = None;
    core.state.settings.run = None;
    pause(core);
    forget_fine_tuning(core);
    let spec = network.network.spec().clone();
    let preset = presets::by_name(&spec.name).filter(|preset| preset.spec == spec);
    let recipe = preset.unwrap_or_else(presets::lenet5_relu).recipe;
    core.state.setup = TrainConfig::from_recipe(&recipe, core.state.setup.seed);
    core.state.settings.training = None;
    core.state.network = network;
    // The weights of the next run are drawn, but not shown.
    core.is_build_shown = false;
    core.run_network = None;
    give_up(core);
    core.run_spec = spec;
    build(core);
}

/// Drops the result of fine-tuning, which belongs to another network. Fine-tuning that is running
/// notices by itself.
fn forget_fine_tuning(core: &mut Core) {
    if matches!(core.state.fine_tune, FineTuneState::Done { .. }) {
        core.state.fine_tune = FineTuneState::None;
    }
}

/// A model was opened: shows it.
pub(super) fn take_model(core: &mut Core, path: &Path, network: Network) {
    let network = Arc::new(network);
    remember(core, path, Some(network.clone()));
    show(core, CurrentNetwork { network, origin: Origin::Opened(file_name(path)) });
    core.state.settings.network = NetworkChoice::File(path.to_owned());
}

/// A spec was opened: builds its network, untrained.
pub(super) fn take_spec(core: &mut Core, path: &Path, spec: NetworkSpec) {
    core.awaits_data = None;
    core.state.settings.run = None;
    remember(core, path, None);
    forget_fine_tuning(core);
    pause(core);
    let recipe = presets::by_name(&spec.name).filter(|preset| preset.spec == spec);
    let recipe = recipe.unwrap_or_else(presets::lenet5_relu).recipe;
    core.state.setup = TrainConfig::from_recipe(&recipe, core.state.setup.seed);
    if spec.layers.iter().any(|layer| matches!(layer, LayerSpec::Sigmoid(_) | LayerSpec::Tanh(_))) {
        core.state.setup.init = Init::Xavier;
    }
    core.state.settings.training = None;
    core.state.settings.network = NetworkChoice::File(path.to_owned());
    core.run_spec = spec;
    core.is_build_shown = true;
    build(core);
}

/// Puts an opened file at the top of the list in the network menu.
pub(super) fn remember(core: &mut Core, path: &Path, network: Option<Arc<Network>>) {
    let opened = &mut core.state.opened;
    opened.retain(|other| other.path != path);
    opened.insert(0, OpenedFile { path: path.to_owned(), network });
    opened.truncate(MOST_OPENED);
    // The settings file can hold text only.
    let paths = opened.iter().filter(|opened| opened.path.to_str().is_some());
    core.state.settings.opened = paths.map(|opened| opened.path.clone()).collect::<Vec<PathBuf>>();
}

/// Resumes the run of a model that was opened, where it was saved, paused.
pub(super) fn resume_file(core: &mut Core, path: &Path, checkpoint: Checkpoint, initial: Network) {
    let network = checkpoint.state.network.clone();
    resume(core, checkpoint, initial, None);
    core.state.settings.network = NetworkChoice::File(path.to_owned());
    remember(core, path, Some(Arc::new(network)));
}

/// Resumes a kept run where it was kept, paused.
pub(super) fn resume_kept(core: &mut Core, id: u64, checkpoint: Checkpoint, initial: Network) {
    let spec = checkpoint.state.network.spec();
    if presets::by_name(&spec.name).is_some_and(|preset| preset.spec.layers == spec.layers) {
        core.state.settings.network = NetworkChoice::Preset(spec.name.clone());
    }
    // Another window may go on with it under its number.
    resume(core, checkpoint, initial, matches!(core.claim, Claim::First { .. }).then_some(id));
    core.state.settings.run = Some(id);
}

fn resume(core: &mut Core, checkpoint: Checkpoint, initial: Network, kept: Option<u64>) {
    let Some(data) = core.state.data.ready().cloned() else { return };
    pause(core);
    give_up(core);
    forget_fine_tuning(core);
    core.awaits_data = None;
    // A network that is being built is no longer needed.
    core.builds += 1;
    core.is_build_shown = false;
    let (network, initial) = (Arc::new(checkpoint.state.network.clone()), Arc::new(initial));
    let config = checkpoint.state.config;
    core.state.setup = config;
    core.state.settings.training = None;
    core.state.network = CurrentNetwork { network, origin: Origin::Live };
    core.run_spec = checkpoint.state.network.spec().clone();
    core.run_network = Some(initial.clone());
    let resumed = Box::new((RunSetup { config, network: initial, data }, checkpoint));
    let command = match kept {
        Some(id) => Command::ResumeKept(resumed, id),
        None => Command::Resume(resumed),
    };
    if send(core, command) {
        core.told = Some(config);
    }
}

//! The choice of a network.

use super::run::{build, give_up, pause, send};
use crate::{
    nn::{Network, presets},
    train::{Checkpoint, Command, RunSetup, TrainConfig},
    ui::{
        core::Core,
        model::{
            fine_tune::FineTuneState,
            network::{CurrentNetwork, LastRun, NetworkChoice, Origin},
        },
    },
};
use std::sync::Arc;

/// Turns to the network of the settings, at the start.
pub(super) fn restore(core: &mut Core) {
    let settings = &core.state.settings;
    if settings.network != NetworkChoice::Shipped {
        choose_with(core, settings.network.clone(), settings.training);
    }
}

/// Turns to a network. An untrained one is built in the background and shown when it is there.
pub fn choose(core: &mut Core, choice: NetworkChoice) {
    choose_with(core, choice, None);
}

/// The same; an untrained one is trained with these settings instead of its preset's.
fn choose_with(core: &mut Core, choice: NetworkChoice, training: Option<TrainConfig>) {
    let opened = core.state.opened.clone();
    match (&choice, opened) {
        (NetworkChoice::Shipped, _) => {
            show(core, CurrentNetwork { network: core.shipped.clone(), origin: Origin::Shipped });
        }
        (NetworkChoice::Opened, Some((name, network))) => {
            show(core, CurrentNetwork { network, origin: Origin::Opened(name) });
        }
        (NetworkChoice::Opened, None) => return,
        (NetworkChoice::LastRun, _) => {
            let Some(LastRun { network, step }) = core.state.last_run.clone() else { return };
            show(core, CurrentNetwork { network, origin: Origin::LastRun(step) });
        }
        (NetworkChoice::Preset(name), _) => {
            let Some(preset) = presets::by_name(name) else { return };
            forget_fine_tuning(core);
            // The run under way is given up: its thread must not go on for nothing.
            pause(core);
            let recipe = TrainConfig::from_recipe(&preset.recipe, core.state.setup.seed);
            core.state.setup = training.unwrap_or(recipe);
            core.state.settings.training = training;
            core.run_spec = preset.spec;
            core.is_build_shown = true;
            build(core);
        }
    }
    core.state.settings.network = choice;
}

/// A network that is not in training: a run of its own starts from random weights when training does.
pub(super) fn show(core: &mut Core, network: CurrentNetwork) {
    pause(core);
    forget_fine_tuning(core);
    let spec = network.network.spec().clone();
    let preset = presets::by_name(&spec.name).filter(|preset| preset.spec == spec);
    let recipe = preset.unwrap_or_else(presets::lenet5_relu).recipe;
    core.state.setup = TrainConfig::from_recipe(&recipe, core.state.setup.seed);
    core.state.settings.training = None;
    core.state.network = network;
    // The next run's weights are drawn all the same, but nobody asked to see them.
    core.is_build_shown = false;
    core.run_network = None;
    give_up(core);
    core.run_spec = spec;
    build(core);
}

/// What was learnt is of another network than the one to come; what is being learnt will find that out itself.
fn forget_fine_tuning(core: &mut Core) {
    if matches!(core.state.fine_tune, FineTuneState::Done { .. }) {
        core.state.fine_tune = FineTuneState::None;
    }
}

/// A run that was saved goes on where it stood, paused.
pub fn resume(core: &mut Core, name: String, checkpoint: Checkpoint, initial: Network) {
    let Some(data) = core.state.data.ready().cloned() else { return };
    pause(core);
    give_up(core);
    // What was being built is of no use any more.
    core.builds += 1;
    core.is_build_shown = false;
    let (network, initial) = (Arc::new(checkpoint.state.network.clone()), Arc::new(initial));
    core.state.setup = checkpoint.state.config;
    core.state.settings.training = None;
    core.state.settings.network = NetworkChoice::Opened;
    core.state.opened = Some((name, network.clone()));
    core.state.network = CurrentNetwork { network, origin: Origin::Live };
    core.run_spec = checkpoint.state.network.spec().clone();
    core.run_network = Some(initial.clone());
    let setup = RunSetup { config: checkpoint.state.config, network: initial, data };
    let config = setup.config;
    if send(core, Command::Resume(Box::new((setup, checkpoint)))) {
        core.told = Some(config);
    }
}

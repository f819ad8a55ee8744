//! What a training run needs, for the training thread: initial weights, data and settings.

use super::{
    message::{cured, problem},
    run_look,
};
use crate::{
    data::Split,
    nn::Network,
    text::{Say as _, tr},
    train::{
        Command, Featurewise, RunSetup, Snapshot, TrainConfig, check_images, evaluate::check_fit,
        images_to_learn_from, part_to_learn_from,
    },
    ui::{
        core::Core,
        model::{
            network::{CurrentNetwork, LastRun, Origin},
            setting_error::in_fields,
        },
        widgets::{Tone, Topic},
        work::tasks::Done,
    },
};
use std::sync::Arc;

/// The settings that decide the network of step 0.
pub fn beginning(config: &TrainConfig) -> impl PartialEq + use<> {
    let TrainConfig { seed, init, featurewise, validation, train_images, .. } = *config;
    // Which images are learnt from matters only if their mean and deviation are used.
    let kept = (featurewise != Featurewise::default()).then_some((validation.to_bits(), train_images));
    (seed, init, featurewise, kept)
}

/// Draws the initial weights of the next run in the background; see [`built`]. [`Core::is_build_shown`] says whether
/// they become the current network.
pub fn build(core: &mut Core) {
    let (config, mut spec) = (core.state.setup, core.run_spec.clone());
    if let Some(data) = core.state.data.ready().filter(|data| !data.classes.is_empty()) {
        spec.class_names = data.classes.clone();
    }
    let train = core.state.data.ready().map(|data| data.train.clone());
    core.builds += 1;
    let build = core.builds;
    core.tasks.run_quietly("initial weights", move || {
        let spec = match train {
            Some(train) if config.featurewise != Featurewise::default() => {
                let learnt = part_to_learn_from(&config, &train);
                config.featurewise.apply(spec, &learnt, images_to_learn_from(&config, &train))
            }
            _ => spec,
        };
        Done::Built(build, Network::new(spec, config.init, config.seed).map_err(|e| e.say()))
    });
}

/// Starts a run on another data set. The weights of step 0 are kept if they do not depend on the data.
pub fn build_or_load(core: &mut Core) {
    if core.state.setup.featurewise == Featurewise::default() {
        load_run(core);
    } else {
        build(core);
    }
}

/// The weights of step 0 were drawn: the training thread gets them with the settings.
pub fn built(core: &mut Core, network: Network) {
    let network = Arc::new(network);
    core.run_network = Some(network.clone());
    if std::mem::take(&mut core.is_build_shown) || core.state.network.origin == Origin::Live {
        core.state.network = CurrentNetwork { network, origin: Origin::Live };
    }
    load_run(core);
}

/// Gives the training thread the current settings, network and data as a new run, once all are ready.
///
/// The last run ends even if the new one is impossible, because it has other settings or data.
pub fn load_run(core: &mut Core) {
    let (Some(network), Some(data)) = (core.run_network.clone(), core.state.data.ready()) else { return };
    let setup = RunSetup { config: core.state.setup, network, data: data.clone() };
    give_up(core);
    if is_possible(core) {
        let config = setup.config;
        let is_awaited = core.trains_build.take() == Some(core.builds);
        if send(core, Command::Load(Box::new(setup))) {
            core.told = Some(config);
            send_filters(core);
            if is_awaited {
                send(core, Command::Run);
            }
        }
    } else {
        core.run_network = None;
    }
}

/// The filters that the network that was just loaded is trained with.
fn send_filters(core: &mut Core) {
    let Some((build, edits)) = core.filter_commands.for_build.take() else { return };
    if build == core.builds && send(core, Command::Filters(edits.clone())) {
        core.filter_commands.note(edits);
    }
}

/// Ends the current run. Its network stays in the network menu.
pub fn give_up(core: &mut Core) {
    core.told = None;
    run_look::leave(core);
    let Some(snapshot) = core.state.snapshot.take() else { return };
    core.state.settings.run = None;
    if snapshot.step > 0 && core.kept.is_none() {
        core.state.last_run = Some(last_run(&snapshot));
    }
}

/// The network of a run to come back to: of a ruined run, the last kept moment at which it was well.
fn last_run(snapshot: &Snapshot) -> LastRun {
    let well =
        snapshot.timeline.before(snapshot.good_step).filter(|well| snapshot.is_ruined && well.step > 0);
    match well {
        Some(well) => LastRun { network: Arc::new(well.network(&snapshot.network)), step: well.step },
        None => LastRun { network: snapshot.network.clone(), step: snapshot.step },
    }
}

/// Whether the settings, the network and the data allow a run. If not, a message says why.
pub fn is_possible(core: &mut Core) -> bool {
    let Some(data) = core.state.data.ready() else { return false };
    let network = &core.state.network.network;
    let fits = |split: &Split| check_fit(network, &data.name, split);
    let setup = &core.state.setup;
    let checked = setup
        .check()
        .and_then(|()| fits(&data.train))
        .and_then(|()| fits(&data.test))
        .and_then(|()| check_images(setup, &data.name, &data.train));
    match &checked {
        Ok(()) => cured(core, Topic::Training),
        Err(e) => problem(core, Topic::Training, &in_fields(e)),
    }
    checked.is_ok()
}

/// Pauses the current run, if there is one.
pub fn pause(core: &mut Core) {
    if core.state.is_training() {
        send(core, Command::Pause);
    }
}

/// Sends a command to the training thread. Returns whether it was taken; if not, a message says so.
pub fn send(core: &mut Core, command: Command) -> bool {
    let Some(trainer) = &core.trainer else { return false };
    let is_taken = trainer.send(command);
    if !is_taken {
        core.state.toasts.push(Tone::Warn, tr("The training thread is busy: try again."));
    }
    is_taken
}

//! What a training run needs: initial weights, data and settings, given to the training thread.

use super::message::capitalised;
use crate::{
    data::Split,
    nn::Network,
    text::tr,
    train::{Command, Featurewise, RunSetup, TrainConfig, evaluate::check_fit, images_to_learn_from},
    ui::{
        core::Core,
        model::network::{CurrentNetwork, LastRun, Origin},
        widgets::Tone,
        work::tasks::Done,
    },
};
use std::sync::Arc;

/// The settings that decide what the network of step 0 is.
pub fn beginning(config: &TrainConfig) -> impl PartialEq + use<> {
    let TrainConfig { seed, init, featurewise, validation, .. } = *config;
    // Which images are kept matters only where figures are taken from the others.
    let kept = (featurewise != Featurewise::default()).then_some(validation.to_bits());
    (seed, init, featurewise, kept)
}

/// Draws initial weights in the background, for the network that the next run is of; see [`built`]. Whether they are
/// shown was decided when they were ordered: [`Core::is_build_shown`].
pub fn build(core: &mut Core) {
    let (config, spec) = (core.state.setup, core.run_spec.clone());
    let train = core.state.data.ready().map(|data| data.train.clone());
    core.builds += 1;
    let build = core.builds;
    core.tasks.run_quietly("initial weights", move || {
        let spec = match train {
            Some(train) => config.featurewise.apply(spec, &train, images_to_learn_from(&config, &train)),
            None => spec,
        };
        Done::Built(build, Network::new(spec, config.init, config.seed).map_err(|e| e.to_string()))
    });
}

/// The data set is another: a run on it, from the weights of step 0 that there are, if it does not change them.
pub fn build_or_load(core: &mut Core) {
    if core.state.setup.featurewise == Featurewise::default() {
        load_run(core);
    } else {
        build(core);
    }
}

/// The weights of step 0 are there: the training thread gets them with the settings.
pub fn built(core: &mut Core, network: Network) {
    let network = Arc::new(network);
    core.run_network = Some(network.clone());
    if std::mem::take(&mut core.is_build_shown) || core.state.network.origin == Origin::Live {
        core.state.network = CurrentNetwork { network, origin: Origin::Live };
    }
    load_run(core);
}

/// Gives the training thread the present settings, network and data as a new run; nothing happens until all are there.
///
/// If there can be no such run, the one before it is given up all the same: it is of other settings or other data.
pub fn load_run(core: &mut Core) {
    let (Some(network), Some(data)) = (core.run_network.clone(), core.state.data.ready()) else { return };
    let setup = RunSetup { config: core.state.setup, network, data: data.clone() };
    give_up(core);
    if is_possible(core) {
        let config = setup.config;
        if send(core, Command::Load(Box::new(setup))) {
            core.told = Some(config);
        }
    } else {
        core.run_network = None;
    }
}

/// The run under way is over; what it learnt is kept, for there may be no file of it.
pub fn give_up(core: &mut Core) {
    core.told = None;
    if let Some(snapshot) = core.state.snapshot.take()
        && snapshot.step > 0
    {
        core.state.last_run = Some(LastRun { network: snapshot.network.clone(), step: snapshot.step });
    }
}

/// Whether the present settings, network and data make a run; if not, a message says why.
pub fn is_possible(core: &mut Core) -> bool {
    let Some(data) = core.state.data.ready() else { return false };
    let network = &core.state.network.network;
    let fits = |split: &Split| check_fit(network, &data.name, split);
    let checked = core.state.setup.check().and_then(|()| fits(&data.train)).and_then(|()| fits(&data.test));
    if let Err(e) = &checked {
        core.state.toasts.push(Tone::Bad, capitalised(&e.to_string()));
    }
    checked.is_ok()
}

/// Stops the run under way, if there is one.
pub fn pause(core: &mut Core) {
    if core.state.is_training() {
        send(core, Command::Pause);
    }
}

/// Says whether the training thread took the order; if there is one that did not, so does a message.
pub fn send(core: &mut Core, command: Command) -> bool {
    let Some(trainer) = &core.trainer else { return false };
    let is_taken = trainer.send(command);
    if !is_taken {
        core.state.toasts.push(Tone::Warn, tr("The training thread is busy and did not take the order."));
    }
    is_taken
}

//! The training thread: orders to it, news from it.

use super::{
    message::said_saved,
    run::{beginning, build, give_up, is_possible, load_run, pause, send},
};
use crate::{
    text::{fill, tr},
    train::{Command, Event, TrainConfig, written_loss},
    ui::{
        action::Transport,
        core::Core,
        model::network::{CurrentNetwork, NetworkChoice, Origin},
        widgets::{Tone, numbers},
    },
};

/// What the transport's buttons do.
pub fn transport(core: &mut Core, transport: Transport) {
    if core.state.data.ready().is_none() {
        core.state.toasts.push(Tone::Info, tr("Training can start when the data set is there."));
        return;
    }
    // What is loaded goes on, whatever the settings of the next run are.
    let is_new = transport == Transport::Reset || core.run_network.is_none();
    if is_new && transport != Transport::Pause && !is_possible(core) {
        return;
    }
    let command = match transport {
        Transport::Run => Command::Run,
        Transport::Pause => Command::Pause,
        Transport::OneBatch => Command::OneBatch,
        Transport::OneEpoch => Command::OneEpoch,
        Transport::Rewind => Command::Rewind,
        Transport::Reset => {
            follow(core);
            pause(core);
            build(core);
            return;
        }
    };
    if transport != Transport::Pause {
        follow(core);
    }
    send(core, command);
}

/// From now on the current network is the one in training.
fn follow(core: &mut Core) {
    if core.state.network.origin == Origin::Live {
        return;
    }
    let name = core.state.network.network.spec().name.clone();
    if let Some(network) = core.run_network.clone() {
        core.state.toasts.push(
            Tone::Info,
            fill(
                tr("Training {name} from random weights. The trained network stays in the network menu."),
                &[("name", &name)],
            ),
        );
        core.state.network = CurrentNetwork { network, origin: Origin::Live };
    } else {
        // Its weights are still being drawn.
        core.is_build_shown = true;
    }
    if crate::nn::presets::by_name(&name).is_some() {
        core.state.settings.network = NetworkChoice::Preset(name);
    }
}

/// Other settings: learning rate, momentum and epochs change the run under way, the rest waits for a reset; before the first
/// step everything applies at once.
pub fn edit_setup(core: &mut Core, config: TrainConfig) {
    core.state.setup = config;
    core.state.settings.training = Some(config);
    if config.check().is_err() {
        // The control says why; the run keeps what it has.
        return;
    }
    tell(core, &config);
    let is_fresh = core.state.snapshot.as_ref().is_none_or(|s| s.step == 0 && !s.is_active());
    let is_other = core.state.snapshot.as_ref().is_none_or(|s| beginning(&config) != beginning(&s.config));
    if is_fresh && is_other {
        build(core);
    } else if is_fresh {
        load_run(core);
    }
}

/// Tells the run under way what can change at once and is other than what it was told last. That is not what its snapshot
/// has: a snapshot may be older, and a run that goes on beyond its end has more epochs than anybody set.
fn tell(core: &mut Core, config: &TrainConfig) {
    let Some(mut told) = core.told else { return };
    for change in config.live_changes_from(&told) {
        if send(core, Command::Change(change)) {
            told.apply(change);
        }
    }
    core.told = Some(told);
}

/// The newest moment and what happened.
pub fn take_news(core: &mut Core) {
    let Some(trainer) = &core.trainer else { return };
    let events = trainer.poll();
    if let Some(snapshot) = trainer.latest()
        && core.run_network.as_ref().is_some_and(|network| std::sync::Arc::ptr_eq(network, &snapshot.initial))
    {
        if core.state.network.origin == Origin::Live {
            core.state.network.network = snapshot.network.clone();
        }
        core.state.snapshot = Some(snapshot);
    }
    for event in events {
        match event {
            Event::Finished { epochs, accuracy } => {
                let is_validation = core.state.snapshot.as_ref().is_some_and(|s| s.validation);
                let sentence = match (epochs, is_validation) {
                    (1, false) => tr("Trained for 1 epoch: test accuracy {accuracy}."),
                    (1, true) => tr("Trained for 1 epoch: validation accuracy {accuracy}."),
                    (_, false) => tr("Trained for {epochs} epochs: test accuracy {accuracy}."),
                    (_, true) => tr("Trained for {epochs} epochs: validation accuracy {accuracy}."),
                };
                let accuracy = numbers::percent(accuracy as f32);
                let text = fill(sentence, &[("epochs", &epochs.to_string()), ("accuracy", &accuracy)]);
                core.state.toasts.push(Tone::Good, text);
            }
            Event::StoppedEarly { epochs, best, loss } => core.state.toasts.push(
                Tone::Good,
                fill(
                    tr("Stopped after {epochs} epochs: the validation loss stopped falling. These are the weights of epoch {best}, with loss {loss}."),
                    &[
                        ("epochs", &epochs.to_string()),
                        ("best", &best.to_string()),
                        ("loss", &written_loss(loss)),
                    ],
                ),
            ),
            Event::Kept(_) => {}
            Event::Saved(path) => said_saved(core, &path),
            Event::Problem(message) => core.state.toasts.push(Tone::Bad, message.capitalised()),
            Event::Panicked(message) => {
                give_up(core);
                core.state.toasts.push(Tone::Bad, message.capitalised());
                load_run(core);
            }
        }
    }
}

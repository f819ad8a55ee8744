//! Commands to the training thread, and its results.

use super::{
    files::saved,
    kept_runs::{kept, say_kept},
    message::{cured, problem},
    run::{beginning, build, give_up, is_possible, load_run, pause, send},
    timeline,
};
use crate::{
    text::{fill, tr},
    train::{Command, Event, TrainConfig, written_loss},
    ui::{
        action::Transport,
        core::Core,
        model::{
            network::{CurrentNetwork, NetworkChoice, Origin},
            setting_error::in_fields,
        },
        widgets::{Tone, Topic, numbers},
    },
};

/// Carries out a button of the transport.
pub fn transport(core: &mut Core, transport: Transport) {
    if core.state.data.ready().is_none() {
        core.state.toasts.push(Tone::Info, tr("The data set is still being read."));
        return;
    }
    let is_stepping = matches!(transport, Transport::Run | Transport::OneBatch | Transport::OneEpoch);
    if is_stepping && let Err(error) = core.state.setup.check() {
        // The run would be trained with other values than the fields show.
        problem(core, Topic::Training, &in_fields(&error));
        return;
    }
    // A loaded run goes on, whatever the settings of the next one are.
    let is_new = transport == Transport::Reset || core.run_network.is_none();
    if is_new && transport != Transport::Pause && !is_possible(core) {
        return;
    }
    let command = match transport {
        Transport::Run => Command::Run,
        Transport::Pause => Command::Pause,
        Transport::OneBatch => Command::OneBatch,
        Transport::OneEpoch => Command::OneEpoch,
        Transport::Rewind => {
            timeline::before_rewind(core);
            follow(core);
            // The rate of that step, not the one that has ruined the run since.
            let good = core.state.snapshot.as_ref().map(|snapshot| snapshot.good_rate);
            if send(core, Command::Rewind)
                && let Some(lr) = good.filter(|good| *good < core.state.setup.lr)
            {
                edit_setup(core, TrainConfig { lr, ..core.state.setup });
            }
            return;
        }
        Transport::RewindSlower => {
            timeline::before_rewind(core);
            follow(core);
            let rate = core.state.slower_rate();
            // Back first: the mark of the new rate belongs to the step from which it counts.
            if send(core, Command::Rewind)
                && let Some(lr) = rate
            {
                edit_setup(core, TrainConfig { lr, ..core.state.setup });
            }
            return;
        }
        Transport::Reset => {
            timeline::live(core);
            follow(core);
            pause(core);
            say_kept(core);
            build(core);
            return;
        }
    };
    if transport != Transport::Pause {
        follow(core);
    }
    send(core, command);
}

/// Makes the network in training the current one.
fn follow(core: &mut Core) {
    // A moment of the run stays while the run goes on.
    if matches!(core.state.network.origin, Origin::Live | Origin::Moment(_)) {
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
        // Its weights are being drawn.
        core.is_build_shown = true;
    }
    if crate::nn::presets::by_name(&name).is_some() {
        core.state.settings.network = NetworkChoice::Preset(name);
    }
}

/// Changes the training settings. The learning rate, momentum and epochs change the current run, the rest waits for a
/// reset; before the first step, everything applies at once.
pub fn edit_setup(core: &mut Core, config: TrainConfig) {
    let was_wrong = core.state.setup.check().is_err();
    core.state.setup = config;
    core.state.settings.training = Some(config);
    // What is valid reaches the run, whatever is wrong beside it.
    tell(core, &config);
    if config.check().is_err() {
        // The control says why.
        return;
    }
    if was_wrong {
        cured(core, Topic::Training);
    }
    let is_fresh = core.state.snapshot.as_ref().is_none_or(|s| s.step == 0 && !s.is_active());
    let is_other = core.state.snapshot.as_ref().is_none_or(|s| beginning(&config) != beginning(&s.config));
    if is_fresh && matches!(core.state.network.origin, Origin::Live) {
        // The run is loaded anew with the settings; what was painted before its first step stays.
        let edits = super::filters::frozen_edits(core);
        if !edits.is_empty() {
            core.filter_commands.for_build = Some((core.builds + u64::from(is_other), edits));
        }
    }
    if is_fresh && is_other {
        build(core);
    } else if is_fresh {
        load_run(core);
    }
}

/// Sends the run the live settings that differ from those that were sent last. They are not compared
/// with the snapshot, which may be older, and which has more epochs after a run was continued beyond its end.
fn tell(core: &mut Core, config: &TrainConfig) {
    let Some(mut told) = core.told else { return };
    for change in config.live_changes_from(&told) {
        let mut with = told;
        with.apply(change);
        if with.check().is_ok() && send(core, Command::Change(change)) {
            told.apply(change);
        }
    }
    core.told = Some(told);
}

/// Applies the newest snapshot and the events.
pub fn take_news(core: &mut Core) {
    let Some(trainer) = &core.trainer else { return };
    let events = trainer.poll();
    if let Some(snapshot) = trainer.latest()
        && core.run_network.as_ref().is_some_and(|network| std::sync::Arc::ptr_eq(network, &snapshot.initial))
    {
        if core.state.network.origin == Origin::Live {
            core.state.network.network = snapshot.network.clone();
        }
        let before = core.state.snapshot.as_ref().map(|before| (before.run, before.step));
        let is_news = before.is_some_and(|before| before != (snapshot.run, snapshot.step));
        // What was said about a wrong setting holds until that is right, whatever the thread has to tell.
        if snapshot.trouble.is_none() && is_news && core.state.setup.check().is_ok() {
            // The run goes on, or another one has started.
            cured(core, Topic::Training);
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
            Event::Kept { run, id } => kept(core, run, id),
            Event::Saved(path) => saved(core, &path, Ok(())),
            Event::SaveFailed(path, sentence) => saved(core, &path, Err(sentence)),
            Event::Problem(sentence) => problem(core, Topic::Training, &sentence),
            Event::Panicked(message) => {
                give_up(core);
                problem(core, Topic::Training, &message);
                load_run(core);
            }
        }
    }
}

/// Ends the training thread, which keeps its run.
pub(super) fn close(core: &mut Core) {
    let Some(trainer) = core.trainer.take() else { return };
    for event in trainer.close() {
        if let Event::Kept { run, id } = event {
            kept(core, run, id);
        }
    }
}

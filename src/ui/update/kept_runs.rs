//! Runs that are kept in a folder while they are trained, and reopened: at the next start, or from the network menu.

use super::{
    message::problem,
    network::{resume_kept, show},
    run_look,
};
use crate::{
    text::{Say, Sentence, fill, tr},
    train::TrainConfig,
    ui::{
        core::Core,
        model::{
            data::DataState,
            network::{CurrentNetwork, NetworkChoice, Origin},
        },
        widgets::{Tone, Topic, numbers},
        work::tasks::{Done, Fit, ReadRun},
    },
};
use std::sync::Arc;

/// Lists the kept runs in the background.
pub(super) fn list(core: &mut Core) {
    if let Some(runs) = core.kept.clone() {
        let number = core.choices.runs.begin();
        core.tasks.run_quietly("list runs", move || Done::Runs(number, runs.survey(), None));
    }
}

/// The run of this number was kept under `id`. The next start goes on with it if it is the current one.
pub(super) fn kept(core: &mut Core, run: u64, id: u64) {
    let is_present = core.state.snapshot.as_ref().is_some_and(|snapshot| snapshot.run == run);
    // A moment of the run is shown while it goes on, or in place of its ruined end.
    if is_present && matches!(core.state.network.origin, Origin::Live | Origin::Moment(_)) {
        core.state.settings.run = Some(id);
    }
    run_look::kept(core, run, id);
    list(core);
}

/// Reads a kept run in the background.
pub(super) fn open(core: &mut Core, id: u64) {
    let Some(runs) = core.kept.clone() else { return };
    let (number, data) = (core.choices.networks.begin(), core.state.data.ready().cloned());
    core.tasks.run("open run", move || {
        let read = || {
            let checkpoint = runs.load(id).map_err(|e| e.say())?;
            let initial = checkpoint.initial_network().map_err(|e| e.say())?;
            let fit = match data.map(|data| checkpoint.check_data(&data)) {
                None => Fit::Unknown,
                Some(Ok(())) => Fit::Fits,
                Some(Err(e)) => Fit::Misfit(e.say()),
            };
            Ok(Box::new(ReadRun { checkpoint, initial, fit }))
        };
        Done::KeptRun(number, id, read())
    });
}

/// A kept run was read: it is resumed if its data set is there. Otherwise its network is shown.
pub(super) fn take(core: &mut Core, id: u64, run: ReadRun) {
    let ReadRun { checkpoint, initial, fit } = run;
    if matches!(fit, Fit::Fits) {
        resume_kept(core, id, checkpoint, initial);
        put_typed(core, id);
        core.typed = None;
        return;
    }
    let (network, step) = (Arc::new(checkpoint.state.network.clone()), checkpoint.state.step);
    show(core, CurrentNetwork { network, origin: Origin::LastRun(step) });
    core.state.setup = checkpoint.state.config;
    core.state.settings.run = Some(id);
    put_typed(core, id);
    match (fit, &core.state.data) {
        (Fit::Misfit(reason), _) => {
            let text = tr("This run can be shown, but not trained further: {reason}.");
            core.state.toasts.push(Tone::Info, fill(text, &[("reason", &reason.translated())]));
        }
        (_, DataState::Ready(_)) => open(core, id),
        _ => core.awaits_data = Some(id),
    }
}

/// Opens a kept run with the settings that were typed while it was the current one.
pub(super) fn open_with(core: &mut Core, id: u64, typed: TrainConfig) {
    core.typed = Some((id, typed));
    open(core, id);
}

/// What was typed for the next run comes back. What a run takes over at once is the run's own.
fn put_typed(core: &mut Core, id: u64) {
    let Some((_, typed)) = core.typed.filter(|(of, _)| *of == id) else { return };
    let mut setup = typed;
    core.state.setup.live_changes_from(&typed).into_iter().for_each(|change| setup.apply(change));
    core.state.setup = setup;
    core.state.settings.training = Some(setup);
}

/// A kept run could not be read.
pub(super) fn failed(core: &mut Core, sentence: &Sentence) {
    core.state.settings.run = None;
    if core.state.network.origin == Origin::Shipped {
        // At the start, the run would have been shown.
        core.state.settings.network = NetworkChoice::Shipped;
    }
    problem(core, Topic::Network, sentence);
}

/// Reports where the run is kept that a reset ends.
pub(super) fn say_kept(core: &mut Core) {
    let Some(snapshot) = &core.state.snapshot else { return };
    let (text, step) = match (core.kept.is_some(), snapshot.is_ruined) {
        (true, false) => {
            (tr("The run of {step} steps is kept: reopen it in the network menu."), snapshot.step)
        }
        (true, true) => (
            tr("The run is kept as it was at its last good step, {step}: reopen it in the network menu."),
            snapshot.good_step,
        ),
        (false, _) => (
            tr(
                "The run of {step} steps is the last run of the network menu, until another one ends: runs are not kept.",
            ),
            snapshot.step,
        ),
    };
    if step > 0 {
        core.state.toasts.push(Tone::Info, fill(text, &[("step", &numbers::count(step))]));
    }
}

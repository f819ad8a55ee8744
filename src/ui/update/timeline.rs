//! The timeline: going back to a kept moment, the film, branches, and the way back to the newest step.

use super::{kept_runs::say_kept, run::send, run_look};
use crate::{
    text::{fill, tr},
    train::{Command, Moment, Snapshot, Status},
    ui::{
        core::Core,
        model::{
            network::{CurrentNetwork, LastRun, Origin},
            timeline::{ChosenMoment, ShownRuin, TimelineAct},
        },
        widgets::{Tone, numbers},
        work::moments::MomentQuestion,
    },
};
use std::sync::Arc;

/// Carries out what a person does with the timeline.
pub(super) fn apply(core: &mut Core, act: TimelineAct) {
    let film = core.state.timeline.film.take();
    match act {
        TimelineAct::Show(step) => show_nearest(core, step),
        TimelineAct::Step(count) => step(core, count),
        TimelineAct::Live => live(core),
        TimelineAct::Film(is_on) => {
            if is_on && core.state.has_moments() {
                if core.state.timeline.chosen.is_none() {
                    show_nearest(core, 0);
                }
                core.state.timeline.film = Some(0.0);
            }
        }
        TimelineAct::Speed(speed) => {
            core.state.timeline.speed = speed;
            core.state.timeline.film = film;
        }
        TimelineAct::Branch => branch(core),
        TimelineAct::Flag(name) => {
            if let Some(ChosenMoment { step, .. }) = core.state.timeline.chosen {
                let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
                send(core, Command::Flag(step, name));
            }
        }
    }
}

/// The kept moment that is nearest to a step on the logarithmic axis; `None` if the newest step is nearer.
fn nearest(snapshot: &Snapshot, step: u64) -> Option<Arc<Moment>> {
    let place = |step: u64| ((1 + step) as f64).ln();
    let distance = |other: u64| (place(other) - place(step)).abs();
    let moments = snapshot.timeline.moments().iter();
    let nearest = moments.min_by(|a, b| distance(a.step).total_cmp(&distance(b.step)))?;
    (nearest.step == snapshot.step || distance(nearest.step) < distance(snapshot.step))
        .then(|| nearest.clone())
}

fn show_nearest(core: &mut Core, step: u64) {
    if !core.state.has_moments() {
        return;
    }
    let Some(snapshot) = core.state.snapshot.clone() else { return };
    match nearest(&snapshot, step) {
        Some(moment) => show(core, &snapshot, moment),
        None => live(core),
    }
}

fn show(core: &mut Core, snapshot: &Snapshot, moment: Arc<Moment>) {
    let of = ChosenMoment { run: snapshot.run, step: moment.step };
    if core.state.timeline.chosen == Some(of) {
        return;
    }
    core.state.timeline.chosen = Some(of);
    core.moments.ask(MomentQuestion { of, moment, like: snapshot.network.clone() });
    take(core);
}

/// Goes `count` moments on or back. From the newest step, the way back begins at the last moment before it.
fn step(core: &mut Core, count: i32) {
    if !core.state.has_moments() {
        return;
    }
    let Some(snapshot) = core.state.snapshot.clone() else { return };
    let moments = snapshot.timeline.moments();
    let at = match core.state.timeline.chosen {
        Some(chosen) => moments.partition_point(|moment| moment.step < chosen.step),
        None => moments.partition_point(|moment| moment.step < snapshot.step),
    };
    let Some(next) = at.checked_add_signed(count as isize) else {
        return show_nearest(core, 0);
    };
    match moments.get(next) {
        Some(moment) if moment.step < snapshot.step || count < 0 => show(core, &snapshot, moment.clone()),
        _ => live(core),
    }
}

/// Shows the newest step.
pub(super) fn live(core: &mut Core) {
    core.state.timeline.film = None;
    core.state.timeline.chosen = None;
    if let (Origin::Moment(_), Some(snapshot)) = (&core.state.network.origin, &core.state.snapshot) {
        core.state.network = CurrentNetwork { network: snapshot.network.clone(), origin: Origin::Live };
    }
}

/// Shows the newest step before the run goes back to a good one. The good moment that is shown in place of a ruined end
/// stays until the run is there.
pub(super) fn before_rewind(core: &mut Core) {
    let timeline = &core.state.timeline;
    let is_good = timeline.ruin.is_some_and(|ruin| ruin.good.is_some() && ruin.good == timeline.chosen);
    if !is_good {
        live(core);
    }
}

fn branch(core: &mut Core) {
    let Some(snapshot) = core.state.snapshot.clone() else { return };
    let Some(ChosenMoment { step, .. }) = core.state.timeline.chosen else { return };
    let Some(moment) = snapshot.timeline.at(step) else { return };
    if !send(core, Command::Branch(step)) {
        return;
    }
    run_look::leave(core);
    // The branch has no number yet; the run before it is one of those that were kept.
    core.state.settings.run = None;
    if core.kept.is_some() {
        say_kept(core);
    } else {
        core.state.last_run = Some(LastRun { network: snapshot.network.clone(), step: snapshot.step });
    }
    // The branch has the settings of its moment. Those that wait for the next run stay.
    core.told = Some(moment.config);
    let mut setup = core.state.setup;
    moment.config.live_changes_from(&setup).into_iter().for_each(|change| setup.apply(change));
    core.state.setup = setup;
    core.state.settings.training = Some(setup);
    core.state.timeline.chosen = None;
    if let Origin::Moment(_) = core.state.network.origin {
        core.state.network.origin = Origin::Live;
    }
}

/// Takes the network of a moment, and forgets a moment whose run is over.
pub(super) fn keep_up(core: &mut Core) {
    take(core);
    let run = core.state.snapshot.as_ref().map(|snapshot| snapshot.run);
    if core.state.timeline.chosen.is_some_and(|chosen| Some(chosen.run) != run) {
        live(core);
    }
    leave_ruin(core);
}

/// Shows the last good moment of a run that is found ruined, once: a person can look at its ruined end afterwards. A run
/// that goes on, or went back, is shown as it is again.
fn leave_ruin(core: &mut Core) {
    let Some(snapshot) = core.state.snapshot.clone() else { return };
    let ruin = core.state.timeline.ruin;
    if snapshot.status != Status::Diverged || !snapshot.is_ruined {
        core.state.timeline.ruin = None;
        if ruin.is_some_and(|ruin| ruin.good.is_some() && ruin.good == core.state.timeline.chosen) {
            live(core);
        }
        return;
    }
    let end = ChosenMoment { run: snapshot.run, step: snapshot.step };
    if ruin.is_some_and(|ruin| ruin.end == end) {
        return;
    }
    core.state.timeline.ruin = Some(ShownRuin { end, good: None });
    let moment = snapshot.timeline.before(snapshot.good_step).filter(|moment| moment.step < snapshot.step);
    // Who looks at another moment, or at another network, goes on looking at it.
    let (Some(moment), Origin::Live) = (moment, &core.state.network.origin) else { return };
    let good = ChosenMoment { run: snapshot.run, step: moment.step };
    core.state.timeline.ruin = Some(ShownRuin { end, good: Some(good) });
    show(core, &snapshot, moment.clone());
    let text = tr("The weights shown are those of step {step}. The timeline leads to the ruined end.");
    let step = numbers::count(good.step);
    core.state.toasts.push(Tone::Info, fill(text, &[("step", &step)]));
}

fn take(core: &mut Core) {
    let Some(answer) = core.moments.take() else { return };
    if core.state.timeline.chosen == Some(answer.of) {
        core.state.network =
            CurrentNetwork { network: answer.network, origin: Origin::Moment(answer.of.step) };
    }
}

/// Moves the film on by `seconds`. It ends at the newest step.
pub(super) fn pass(core: &mut Core, seconds: f32) {
    let timeline = &mut core.state.timeline;
    let Some(elapsed) = &mut timeline.film else { return };
    *elapsed += seconds;
    let each = 1.0 / f32::from(timeline.speed.per_second());
    if *elapsed >= each {
        // After a frame that took long, the film does not leap.
        *elapsed = (*elapsed - each).min(each);
        let kept = timeline.film;
        step(core, 1);
        if core.state.timeline.chosen.is_some() {
            core.state.timeline.film = kept;
        }
    }
}

//! Two networks side by side.

use super::run::{pause, send};
use crate::{
    text::tr,
    train::{Command, config::MAX_EPOCHS, shifted::MOST_SHIFT},
    ui::{
        core::Core,
        model::{
            compare::{CompareAct, CompareSetup, CompareStatus},
            view::ViewId,
        },
        widgets::Tone,
        work::{
            compare::{CompareQuestion, PlacesQuestion, PlacesSubject},
            throttled::Due,
        },
    },
};
use std::sync::Arc;

/// Carries out an action of the Compare view.
pub(super) fn apply(core: &mut Core, act: CompareAct) {
    match act {
        CompareAct::Edit(setup) => {
            let epochs = setup.epochs.clamp(1, MAX_EPOCHS);
            let train_images = setup.train_images.filter(|&images| images > 0);
            core.state.settings.compare = CompareSetup { epochs, train_images, ..setup };
        }
        CompareAct::Train => train(core),
        CompareAct::Stop => {
            if core.state.compare.status == CompareStatus::Running {
                core.comparisons.runs.call_off();
                core.state.compare.status = CompareStatus::Stopped;
                go_on(core);
            }
        }
        CompareAct::MoveTo(place) => {
            let most = MOST_SHIFT as isize;
            core.state.compare.moved = place.map(|by| by.clamp(-most, most));
        }
    }
}

/// Trains both networks in the background. The current run waits meanwhile, so that seconds can be compared.
fn train(core: &mut Core) {
    let Some(data) = core.state.data.ready().cloned() else {
        core.state.toasts.push(Tone::Info, tr("The data set is still loading."));
        return;
    };
    let setup = &core.state.settings.compare;
    let [a, b] = setup.nets.each_ref().map(|net| net.contestant(&core.run_spec, &core.state.setup));
    let (Some(a), Some(b)) = (a, b) else {
        core.state
            .toasts
            .push(Tone::Warn, tr("One of the two networks does not exist any more: choose another one."));
        return;
    };
    let conditions = setup.conditions();
    core.comparisons.runs.call_off();
    if core.state.compare.waits.is_none() && core.state.is_training() {
        core.state.compare.waits = core.state.snapshot.as_ref().map(|snapshot| snapshot.run);
    }
    pause(core);
    core.state.compare.status = CompareStatus::Running;
    core.comparisons.runs.ask(CompareQuestion { contestants: [a, b], conditions, data });
}

/// Lets the run of *Train* that waits go on.
fn go_on(core: &mut Core) {
    let Some(run) = core.state.compare.waits.take() else { return };
    if core.state.snapshot.as_ref().is_some_and(|snapshot| snapshot.run == run) {
        send(core, Command::Run);
    }
}

/// Shows the newest moment of both runs, and asks both networks about the drawing while the view is shown.
pub(super) fn keep_up(core: &mut Core) {
    take_runs(core);
    take_places(core);
    if core.state.settings.view != ViewId::Compare {
        return;
    }
    let Some(shown) = core.state.compare.shown.as_ref().filter(|_| !core.state.image.is_blank()) else {
        core.state.compare.answers = None;
        core.comparisons.places.forget();
        return;
    };
    let networks = shown.runs.each_ref().map(|run| run.network.clone());
    let image_revision = core.state.image.revision;
    let subject = PlacesSubject { networks: networks.clone(), image_revision };
    let is_training = core.state.compare.status == CompareStatus::Running || core.state.is_training();
    if core.comparisons.places.due(&(), &subject, is_training) == Due::No {
        return;
    }
    core.comparisons.places.note((), subject);
    let picture = core.state.image.seen.clone();
    core.comparisons.places.ask(PlacesQuestion { networks, picture, image_revision });
    take_places(core);
}

fn take_runs(core: &mut Core) {
    let Some(news) = core.comparisons.runs.take() else { return };
    match news {
        Ok(shown) => {
            if shown.is_over {
                core.state.compare.status = CompareStatus::Done;
                go_on(core);
            }
            core.state.compare.shown = Some(Arc::new(shown));
        }
        Err(sentence) => {
            core.state.compare.status = CompareStatus::Stopped;
            core.state.toasts.push(Tone::Bad, format!("{}.", sentence.capitalised()));
            go_on(core);
        }
    }
}

fn take_places(core: &mut Core) {
    if let Some((answers, took)) = core.comparisons.places.take() {
        core.comparisons.places.took(took);
        core.state.compare.answers = Some(answers);
    }
}

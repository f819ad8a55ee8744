//! Labelled drawings, and fine-tuning a network on them.

use super::{
    drawing::show_drawing,
    message::{cured, problem},
    network,
    run::pause,
};
use crate::{
    text::{Say, Sentence, fill, tr},
    train::{FineTuned, Pool, fine_tune},
    ui::{
        action::FineTuneAct,
        core::Core,
        model::{
            fine_tune::{FineTuneProgress, FineTuneState},
            network::{CurrentNetwork, Origin, SEED},
        },
        widgets::{Tone, Topic},
        work::tasks::Done,
    },
};
use std::sync::{Arc, atomic::Ordering};

/// Carries out one action.
pub(super) fn apply(core: &mut Core, act: FineTuneAct) {
    match act {
        FineTuneAct::Keep(label) => keep(core, label),
        FineTuneAct::Forget => {
            core.state.collection.pop();
            core.state.collection_revision += 1;
        }
        FineTuneAct::Learn => learn(core),
        FineTuneAct::Cancel => {
            if let FineTuneState::Running { progress, .. } = &core.state.fine_tune {
                progress.is_cancelled.store(true, Ordering::Relaxed);
            }
        }
        FineTuneAct::Undo => {
            if let FineTuneState::Done { before, .. } = std::mem::take(&mut core.state.fine_tune) {
                network::show(core, before);
            }
        }
    }
}

fn keep(core: &mut Core, label: u8) {
    if core.state.image.is_blank() {
        core.state.toasts.push(Tone::Info, tr("There is no drawing to keep."));
        return;
    }
    let label_text = label.to_string();
    if core.state.collection.push(core.state.image.seen.as_raw(), label) {
        core.state.collection_revision += 1;
        core.state.drawing.clear();
        show_drawing(core);
        core.state
            .toasts
            .push(Tone::Good, fill(tr("Kept as a {digit}. Draw the next one."), &[("digit", &label_text)]));
    } else {
        let most = crate::data::collection::MOST.to_string();
        let text = tr("This drawing cannot be kept: there are {most} already, or it is not 28×28 pixels.");
        core.state.toasts.push(Tone::Warn, fill(text, &[("most", &most)]));
    }
}

/// Fine-tunes the network in the background; until that is done, it stays as it is.
fn learn(core: &mut Core) {
    if matches!(core.state.fine_tune, FineTuneState::Running { .. }) {
        return;
    }
    if core.state.collection.is_empty() {
        core.state
            .toasts
            .push(Tone::Info, tr("Keep a drawing first: draw a digit and choose which one it is."));
        return;
    }
    let Some(data) = core.state.data.ready().cloned() else {
        core.state.toasts.push(Tone::Info, tr("The data set is still being read."));
        return;
    };
    pause(core);
    let (network, collection) = (core.state.network.network.clone(), core.state.collection.clone());
    let (seed, progress) = (SEED, Arc::new(FineTuneProgress::default()));
    core.state.fine_tune = FineTuneState::Running { progress: progress.clone(), of: network.clone() };
    core.tasks.run_quietly("learn drawings", move || {
        let learn = || -> Result<Option<Box<FineTuned>>, Sentence> {
            let drawings = collection.split().map_err(|e| e.say())?;
            let no_threads = |e| Sentence::new("threads could not be started: {reason}").with("reason", e);
            let pool = Pool::new(Pool::default_threads()).map_err(no_threads)?;
            let go_on = |share: f32| {
                progress.done.store((share * 1000.0) as u32, Ordering::Relaxed);
                !progress.is_cancelled.load(Ordering::Relaxed)
            };
            let lesson = fine_tune(&network, &drawings, &data, seed, &pool, go_on);
            lesson.map(|lesson| lesson.map(Box::new)).map_err(|e| e.say())
        };
        let lesson = learn();
        Done::FineTuned(progress, lesson)
    });
}

/// Fine-tuning is over: the fine-tuned network becomes the current one, unless another one was chosen meanwhile.
pub(super) fn take(
    core: &mut Core,
    progress: &Arc<FineTuneProgress>,
    lesson: Result<Option<Box<FineTuned>>, Sentence>,
) {
    let of = match &core.state.fine_tune {
        FineTuneState::Running { progress: mine, of } if Arc::ptr_eq(mine, progress) => of.clone(),
        _ => return,
    };
    core.state.fine_tune = FineTuneState::None;
    if !Arc::ptr_eq(&of, &core.state.network.network) {
        let text = tr("Another network was chosen meanwhile: the fine-tuned one is not used.");
        core.state.toasts.push(Tone::Info, text);
        return;
    }
    match lesson {
        Err(sentence) => problem(core, Topic::FineTuning, &sentence),
        Ok(None) => core.state.toasts.push(Tone::Info, tr("Cancelled: the network is as it was.")),
        Ok(Some(lesson)) => {
            cured(core, Topic::FineTuning);
            let FineTuned { network, accuracy, read, drawings } = *lesson;
            let mut before = core.state.network.clone();
            if before.origin == Origin::Live {
                // Its run ends here.
                before.origin = Origin::LastRun(core.state.snapshot.as_ref().map_or(0, |s| s.step));
            }
            network::show(
                core,
                CurrentNetwork { network: Arc::new(network), origin: Origin::FineTuned(drawings) },
            );
            core.state.fine_tune = FineTuneState::Done { accuracy, read, drawings, before };
        }
    }
}

//! Drawings that a person names, and the network that learns them.

use super::{drawing::show_drawing, message::problem, network, run::pause};
use crate::{
    text::{fill, tr},
    train::{FineTuned, Pool, fine_tune},
    ui::{
        action::FineTuneAct,
        core::Core,
        model::{
            fine_tune::{FineTuneProgress, FineTuneState},
            network::{CurrentNetwork, Origin, SEED},
        },
        widgets::Tone,
        work::tasks::Done,
    },
};
use std::sync::{Arc, atomic::Ordering};

/// Carries out one act.
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
        core.state.toasts.push(Tone::Info, tr("There is nothing on the canvas to keep."));
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
        let text = tr("This cannot be kept: there are {most} drawings already, or it is not 28×28 pixels.");
        core.state.toasts.push(Tone::Warn, fill(text, &[("most", &most)]));
    }
}

/// The network learns in the background; it stays as it is until it has learnt.
fn learn(core: &mut Core) {
    if matches!(core.state.fine_tune, FineTuneState::Running { .. }) {
        return;
    }
    if core.state.collection.is_empty() {
        core.state.toasts.push(Tone::Info, tr("Keep a drawing first: draw a digit and say what it is."));
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
        let learn = || -> Result<Option<Box<FineTuned>>, String> {
            let drawings = collection.split().map_err(|e| e.to_string())?;
            let pool = Pool::new(Pool::default_threads()).map_err(|e| e.to_string())?;
            let go_on = |share: f32| {
                progress.done.store((share * 1000.0) as u32, Ordering::Relaxed);
                !progress.is_cancelled.load(Ordering::Relaxed)
            };
            let lesson = fine_tune(&network, &drawings, &data, seed, &pool, go_on);
            lesson.map(|lesson| lesson.map(Box::new)).map_err(|e| e.to_string())
        };
        let lesson = learn();
        Done::FineTuned(progress, lesson)
    });
}

/// The network has learnt: from now on it is the current one. What was ordered before something else is left aside.
pub(super) fn take(
    core: &mut Core,
    progress: &Arc<FineTuneProgress>,
    lesson: Result<Option<Box<FineTuned>>, String>,
) {
    let of = match &core.state.fine_tune {
        FineTuneState::Running { progress: mine, of } if Arc::ptr_eq(mine, progress) => of.clone(),
        _ => return,
    };
    core.state.fine_tune = FineTuneState::None;
    if !Arc::ptr_eq(&of, &core.state.network.network) {
        let text = tr("Another network was chosen meanwhile: what was learnt is not used.");
        core.state.toasts.push(Tone::Info, text);
        return;
    }
    match lesson {
        Err(message) => problem(core, &message),
        Ok(None) => core.state.toasts.push(Tone::Info, tr("Stopped: the network is as it was.")),
        Ok(Some(lesson)) => {
            let FineTuned { network, accuracy, read, drawings } = *lesson;
            let mut before = core.state.network.clone();
            if before.origin == Origin::Live {
                // The run that it came from ends here.
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

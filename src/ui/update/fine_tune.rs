//! Fine-tuning the current network on a person's labelled drawings.

use super::{
    drawing::show_drawing,
    message::{cured, problem},
    network,
    run::pause,
};
use crate::{
    data::Split,
    explain::Verdict,
    model_file::{self, ModelError},
    nn::Network,
    text::{Say, Sentence, fill, tr},
    train::{FineTuned, Pool, evaluate::network_input, fine_tune},
    ui::{
        action::FineTuneAct,
        core::Core,
        model::{
            fine_tune::{FineTuneProgress, FineTuneState},
            network::{CurrentNetwork, NetworkChoice, Origin, SEED},
        },
        store::only_window::Claim,
        widgets::{Tone, Topic},
        work::tasks::Done,
    },
};
use image::GrayImage;
use std::{
    fs,
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};

/// Carries out an action of the *Teach it my digit* section.
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
            if let FineTuneState::Done { before, choice, .. } = std::mem::take(&mut core.state.fine_tune) {
                network::show(core, before);
                // What was taught before it was taught again has the same file.
                if kept_file(core).is_some_and(|file| choice == NetworkChoice::File(file)) {
                    keep_taught(core);
                }
                core.state.settings.network = choice;
            }
        }
    }
}

/// Adds the drawing to the collection under this label. Warns if it does not look like a single digit.
fn keep(core: &mut Core, label: u8) {
    if core.state.image.is_blank() {
        core.state.toasts.push(Tone::Info, tr("There is no drawing to keep."));
        return;
    }
    let label_text = label.to_string();
    let objection = core.state.image.objection();
    if core.state.collection.push(core.state.image.seen.as_raw(), label) {
        core.state.collection_revision += 1;
        core.state.drawing.clear();
        show_drawing(core);
        if let Some(objection) = objection {
            let reason = Sentence::new("kept as a {digit}, but {reason}; the arrow forgets it")
                .with("digit", label)
                .part("reason", objection.say());
            core.state.toasts.push(Tone::Warn, format!("{}.", reason.capitalised()));
        } else {
            let text = fill(tr("Kept as a {digit}. Draw the next one."), &[("digit", &label_text)]);
            core.state.toasts.push(Tone::Good, text);
        }
    } else {
        let most = crate::data::collection::MOST.to_string();
        let text = tr("This drawing cannot be kept: there are {most} already, or it is not 28×28 pixels.");
        core.state.toasts.push(Tone::Warn, fill(text, &[("most", &most)]));
    }
}

/// Fine-tunes a copy of the network in a background task. The current network is unchanged until the task is done.
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
        core.state.toasts.push(Tone::Info, tr("The data set is still loading."));
        return;
    };
    pause(core);
    let (network, collection) = (core.state.network.network.clone(), core.state.collection.clone());
    let hand = core.state.filters.hand.clone();
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
            let fine_tuned =
                fine_tune((&network, &hand), &drawings, &data, seed, &pool, go_on).map_err(|e| e.say())?;
            Ok(fine_tuned.map(|fine_tuned| {
                let read = [read_of(&network, &drawings), read_of(&fine_tuned.network, &drawings)];
                Box::new(FineTuned { read, ..fine_tuned })
            }))
        };
        let result = learn();
        Done::FineTuned(progress, result)
    });
}

/// The drawings to which a network gives the right answer. One that it refuses is not read, whatever class is likeliest.
fn read_of(network: &Network, drawings: &Split) -> usize {
    let (width, height) = (drawings.width() as u32, drawings.height() as u32);
    let is_read = |i: &usize| {
        let picture = GrayImage::from_raw(width, height, drawings.image(*i).to_vec()).unwrap_or_default();
        let trace = network.trace(&network_input(network, &picture));
        let answer = Verdict::of(trace.first_probabilities(), None);
        matches!(answer, Some(Verdict::Sure { class, .. }) if class == usize::from(drawings.label(*i)))
    };
    (0..drawings.len()).filter(is_read).count()
}

/// Makes the fine-tuned network the current one. Ignores the result of a task that is no longer wanted.
pub(super) fn take(
    core: &mut Core,
    progress: &Arc<FineTuneProgress>,
    result: Result<Option<Box<FineTuned>>, Sentence>,
) {
    let of = match &core.state.fine_tune {
        FineTuneState::Running { progress: mine, of } if Arc::ptr_eq(mine, progress) => of.clone(),
        _ => return,
    };
    core.state.fine_tune = FineTuneState::None;
    if !Arc::ptr_eq(&of, &core.state.network.network) {
        let text = tr("You chose another network in the meantime, so the fine-tuned one is discarded.");
        core.state.toasts.push(Tone::Info, text);
        return;
    }
    match result {
        Err(sentence) => problem(core, Topic::FineTuning, &sentence),
        Ok(None) => core.state.toasts.push(Tone::Info, tr("Stopped. The network is unchanged.")),
        Ok(Some(fine_tuned)) => {
            cured(core, Topic::FineTuning);
            let FineTuned { network, accuracy, read, drawings } = *fine_tuned;
            let mut before = core.state.network.clone();
            if matches!(before.origin, Origin::Live | Origin::Moment(_)) {
                // The run that trained it ends here.
                before.origin = Origin::LastRun(core.state.snapshot.as_ref().map_or(0, |s| s.step));
            }
            network::show(
                core,
                CurrentNetwork { network: Arc::new(network), origin: Origin::FineTuned(drawings) },
            );
            let choice = core.state.settings.network.clone();
            core.state.fine_tune = FineTuneState::Done { accuracy, read, drawings, before, choice };
            keep_taught(core);
        }
    }
}

/// The file of the network that was taught last.
fn kept_file(core: &Core) -> Option<PathBuf> {
    let kept = core.kept.as_ref().filter(|_| matches!(core.claim, Claim::First { .. }));
    kept.map(|kept| kept.folder.join("taught.safetensors"))
}

/// Writes the current network, which was taught, to its file: the next start opens it.
fn keep_taught(core: &mut Core) {
    let Some(path) = kept_file(core) else { return };
    let network = core.state.network.network.clone();
    core.tasks.run_quietly("keep the taught network", move || {
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let failed = |reason| ModelError::Io { name: path.display().to_string(), reason };
        let written = folder.map_err(failed).and_then(|()| model_file::save(&path, &network));
        Done::TaughtKept(path.clone(), network, written.map_err(|e| e.say()))
    });
}

/// The taught network was written, or could not be: if it still is the current one, the settings name its file.
pub(super) fn kept(core: &mut Core, path: PathBuf, network: Arc<Network>, result: Result<(), Sentence>) {
    if let Err(sentence) = result {
        problem(core, Topic::FineTuning, &sentence);
    } else if Arc::ptr_eq(&network, &core.state.network.network) {
        network::remember(core, &path, Some(network));
        core.state.settings.network = NetworkChoice::File(path);
    }
}

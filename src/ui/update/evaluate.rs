//! Measurements, made while the Evaluate view is shown.

use super::drawing::{show_sample, show_training_image};
use crate::{
    text::{Say, Sentence},
    train::evaluate::check_fit,
    ui::{
        core::Core,
        model::{
            evaluate::{EvaluateAct, EvaluateProgress, EvaluateSet, Measured},
            network::Origin,
            view::ViewId,
        },
        state::AppState,
        work::{
            evaluate::{EvaluateChoice, EvaluateNews, EvaluateQuestion, EvaluateSubject, SameSplit},
            throttled::Due,
        },
    },
};
use std::sync::Arc;

/// Does something in the Evaluate view.
pub(super) fn apply(core: &mut Core, act: EvaluateAct) {
    let evaluate = &mut core.state.evaluate;
    match act {
        EvaluateAct::UseSet(set) => {
            evaluate.is_asked |= evaluate.set != set;
            evaluate.set = set;
        }
        EvaluateAct::Follow(follows) => evaluate.is_frozen = !follows,
        EvaluateAct::Measure => evaluate.is_asked = evaluate.progress.is_none(),
        EvaluateAct::Cancel => {
            call_off(core);
            core.state.evaluate.is_frozen = true;
            core.state.evaluate.is_asked = false;
        }
        EvaluateAct::ShowCell(cell) => evaluate.cell = cell,
        EvaluateAct::ShowChanges(kind) => {
            evaluate.is_asked |= evaluate.kind != kind;
            evaluate.kind = kind;
        }
        EvaluateAct::ShowImage(index) => match evaluate.measured.as_ref().map(|measured| measured.of.set) {
            Some(EvaluateSet::Validation | EvaluateSet::Training) => show_training_image(core, index),
            Some(EvaluateSet::Test) => show_sample(core, index),
            None => {}
        },
    }
}

/// Calls off what is being measured; it would be measured anew.
fn call_off(core: &mut Core) {
    core.evaluations.call_off();
    core.evaluations.forget();
    core.state.evaluate.progress = None;
}

/// Puts results into the state, and measures again what has changed.
pub(super) fn keep_up(core: &mut Core) {
    take(core);
    if core.state.settings.view != ViewId::Evaluate {
        if core.state.evaluate.progress.is_some() {
            call_off(core);
        }
        return;
    }
    let (of, problem) = match measurable(&core.state) {
        Ok(of) => (of, None),
        Err(problem) => (None, Some(problem)),
    };
    let is_other = core.state.evaluate.measured.as_ref().is_some_and(|measured| {
        of.as_ref().is_none_or(|of| {
            !Arc::ptr_eq(&of.split, &measured.of.split)
                || (&of.range, of.run) != (&measured.of.range, measured.of.run)
                || of.network.spec() != measured.of.network.spec()
        })
    });
    if is_other {
        // It says nothing about what is shown now.
        core.state.evaluate.measured = None;
    }
    core.state.evaluate.problem = problem.or_else(|| core.state.evaluate.failed.clone());
    let Some(of) = of else {
        if core.state.evaluate.progress.is_some() {
            call_off(core);
        }
        return;
    };
    let is_training = core.state.is_training() && core.state.network.origin == Origin::Live;
    let kind = core.state.evaluate.kind;
    let choice = EvaluateChoice {
        set: of.set,
        range: of.range.clone(),
        kind,
        spec: of.network.spec().clone(),
        run: of.run,
        split: SameSplit(of.split.clone()),
    };
    if core.state.evaluate.progress.is_some() && core.evaluations.is_asked(&choice) {
        return;
    }
    let is_asked = std::mem::take(&mut core.state.evaluate.is_asked);
    if is_asked {
        core.evaluations.forget();
    } else if core.state.evaluate.is_frozen {
        return;
    }
    let subject = EvaluateSubject { network: of.network.clone(), is_training };
    if core.evaluations.due(&choice, &subject, is_training) == Due::No {
        return;
    }
    let known =
        core.state.evaluate.measured.clone().filter(|measured| {
            Arc::ptr_eq(&measured.of.network, &of.network) && measured.of.range == of.range
        });
    let progress = EvaluateProgress { step: of.step, done: 0, of: of.range.len() };
    core.state.evaluate.progress = Some(progress);
    core.state.evaluate.failed = None;
    core.evaluations.note(choice, subject);
    core.evaluations.ask(EvaluateQuestion { of, kind, is_training, known });
    take(core);
}

fn take(core: &mut Core) {
    let Some(news) = core.evaluations.take() else { return };
    let EvaluateNews { progress, measurement, curve, problem, took } = news;
    let evaluate = &mut core.state.evaluate;
    evaluate.progress = progress;
    let has_measured = measurement.is_some();
    if has_measured {
        evaluate.measured = measurement;
    }
    if let Some(curve) = curve {
        evaluate.take_curve(curve);
    }
    if problem.is_some() {
        if !has_measured {
            evaluate.measured = None;
        }
        evaluate.problem.clone_from(&problem);
        evaluate.failed = problem;
    }
    if let Some(took) = took {
        core.evaluations.took(took);
    }
}

/// What is to be measured; `None` while the data set is being read, and a sentence if it cannot be.
fn measurable(state: &AppState) -> Result<Option<Measured>, Sentence> {
    let Some(data) = state.data.ready() else { return Ok(None) };
    let network = state.network.network.clone();
    let set = state.evaluate.set;
    let is_live = state.network.origin == Origin::Live;
    let run = state.snapshot.as_ref().filter(|_| is_live);
    let config = run.map_or(state.setup, |run| run.config);
    let (split, range) = set.images(data, &config);
    check_fit(&network, &data.name, &split).map_err(|e| e.say())?;
    if range.is_empty() {
        return Err(match set {
            EvaluateSet::Validation => {
                Sentence::new("no images are kept for validation: Validation in Train is 0")
            }
            _ => Sentence::new("{data} has no images for this").with("data", &data.name),
        });
    }
    let live = run.filter(|run| Arc::ptr_eq(&run.network, &network)).map(|run| run.step);
    let step = state.history_step().or(live);
    let run = run.map(|run| run.run);
    Ok(Some(Measured { network, step, run, data: data.name.clone(), set, split, range }))
}

//! Drawings that a person names, and the network that learns them.

use super::network;
use crate::{
    text::{fill, tr},
    train::{Lesson, Pool, teach::teach},
    ui::{
        action::Teach,
        app::App,
        state::{CurrentNetwork, LessonProgress, LessonState, Origin},
        tasks::Done,
        widgets::Tone,
    },
};
use std::sync::{Arc, atomic::Ordering};

/// Carries out one act.
pub(super) fn apply(app: &mut App, act: Teach) {
    match act {
        Teach::Keep(label) => keep(app, label),
        Teach::Forget => {
            app.state.collection.pop();
            app.state.collection_revision += 1;
        }
        Teach::Learn => learn(app),
        Teach::Cancel => {
            if let LessonState::Learning { progress, .. } = &app.state.lesson {
                progress.is_cancelled.store(true, Ordering::Relaxed);
            }
        }
        Teach::Undo => {
            if let LessonState::Learnt { before, .. } = std::mem::take(&mut app.state.lesson) {
                network::show(app, before);
            }
        }
    }
}

fn keep(app: &mut App, label: u8) {
    if app.state.image.is_blank() {
        app.state.toasts.push(Tone::Info, tr("There is nothing on the canvas to keep."));
        return;
    }
    let label_text = label.to_string();
    if app.state.collection.push(app.state.image.seen.as_raw(), label) {
        app.state.collection_revision += 1;
        app.state.drawing.clear();
        app.show_drawing();
        app.state
            .toasts
            .push(Tone::Good, fill(tr("Kept as a {digit}. Draw the next one."), &[("digit", &label_text)]));
    } else {
        let most = crate::data::collection::MOST.to_string();
        let text = tr("This cannot be kept: there are {most} drawings already, or it is not 28×28 pixels.");
        app.state.toasts.push(Tone::Warn, fill(text, &[("most", &most)]));
    }
}

/// The network learns in the background; it stays as it is until it has learnt.
fn learn(app: &mut App) {
    if matches!(app.state.lesson, LessonState::Learning { .. }) {
        return;
    }
    if app.state.collection.is_empty() {
        app.state.toasts.push(Tone::Info, tr("Keep a drawing first: draw a digit and say what it is."));
        return;
    }
    let Some(data) = app.state.data.ready().cloned() else {
        app.state.toasts.push(Tone::Info, tr("The data set is still being read."));
        return;
    };
    super::training::pause(app);
    let (network, collection) = (app.state.network.network.clone(), app.state.collection.clone());
    let (seed, progress) = (network::SEED, Arc::new(LessonProgress::default()));
    app.state.lesson = LessonState::Learning { progress: progress.clone(), of: network.clone() };
    app.tasks.run_quietly("learn drawings", move || {
        let learn = || -> Result<Option<Box<Lesson>>, String> {
            let drawings = collection.split().map_err(|e| e.to_string())?;
            let pool = Pool::new(Pool::default_threads()).map_err(|e| e.to_string())?;
            let go_on = |share: f32| {
                progress.done.store((share * 1000.0) as u32, Ordering::Relaxed);
                !progress.is_cancelled.load(Ordering::Relaxed)
            };
            let lesson = teach(&network, &drawings, &data, seed, &pool, go_on);
            lesson.map(|lesson| lesson.map(Box::new)).map_err(|e| e.to_string())
        };
        let lesson = learn();
        Done::Taught(progress, lesson)
    });
}

/// The network has learnt: from now on it is the current one. What was ordered before something else is left aside.
pub(super) fn take(
    app: &mut App,
    progress: &Arc<LessonProgress>,
    lesson: Result<Option<Box<Lesson>>, String>,
) {
    let of = match &app.state.lesson {
        LessonState::Learning { progress: mine, of } if Arc::ptr_eq(mine, progress) => of.clone(),
        _ => return,
    };
    app.state.lesson = LessonState::None;
    if !Arc::ptr_eq(&of, &app.state.network.network) {
        let text = tr("Another network was chosen meanwhile: what was learnt is not used.");
        app.state.toasts.push(Tone::Info, text);
        return;
    }
    match lesson {
        Err(message) => super::files::problem(app, &message),
        Ok(None) => app.state.toasts.push(Tone::Info, tr("Stopped: the network is as it was.")),
        Ok(Some(lesson)) => {
            let Lesson { network, accuracy, read, drawings } = *lesson;
            let mut before = app.state.network.clone();
            if before.origin == Origin::Live {
                // The run that it came from ends here.
                before.origin = Origin::LastRun(app.state.snapshot.as_ref().map_or(0, |s| s.step));
            }
            network::show(
                app,
                CurrentNetwork { network: Arc::new(network), origin: Origin::Taught(drawings) },
            );
            app.state.lesson = LessonState::Learnt { accuracy, read, drawings, before };
        }
    }
}

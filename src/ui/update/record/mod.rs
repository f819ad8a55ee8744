//! Recording a lesson: the window as it is becomes a step, and the text beside it a file.

mod convolution;
mod files;
mod lost;
mod pooling;
mod step;
mod window;

pub use files::{closed, kept, list, opened_text, remember, saved};
pub use step::keep_up;

use self::step::with;
use super::lesson;
use crate::{
    lesson::{Lesson, Part},
    ui::{
        core::Core,
        model::recording::{Change, PointFor, RecordAct, Recording},
    },
};
use std::time::{Duration, Instant};

/// Carries out what a person does while recording.
pub fn apply(core: &mut Core, act: RecordAct) {
    match act {
        RecordAct::New => files::begin(core),
        RecordAct::Edit(path) => files::edit(core, path),
        RecordAct::Change(change) => with(core, |recording| recording.change(*change)),
        RecordAct::GoTo(step) => with(core, |recording| {
            recording.at = step.min(recording.draft.steps.len().saturating_sub(1));
            recording.left_out.clear();
        }),
        RecordAct::Take => step::take(core),
        RecordAct::TakeNew => step::take_new(core),
        RecordAct::TakeSolution => step::take_solution(core),
        RecordAct::ShowStep => step::show_step(core),
        RecordAct::Point(target) => with(core, |recording| recording.pointing = target),
        RecordAct::Pointed(name) => with(core, |recording| pointed(recording, name)),
        RecordAct::Written => with(core, |recording| recording.pointed = None),
        RecordAct::Undo => with(core, Recording::undo),
        RecordAct::Redo => with(core, Recording::redo),
        RecordAct::Preview => preview(core),
        RecordAct::Save => files::save(core),
        RecordAct::Close(keeps) => files::close(core, keeps),
        RecordAct::Forget(path) => {
            core.state.settings.my_lessons.retain(|other| *other != path);
            list(core);
        }
    }
}

/// A place was clicked.
fn pointed(recording: &mut Recording, name: String) {
    let Some(target) = recording.pointing.take() else { return };
    let Some(mut step) = recording.step().cloned() else { return };
    match target {
        // The panel knows where in the text it belongs.
        PointFor::Text => {
            recording.pointed = Some(name);
            return;
        }
        PointFor::Cell => {
            let Some(Part::Read(task)) = &mut step.task else { return };
            if !task.cells.contains(&name) {
                task.cells.retain(|cell| !cell.trim().is_empty());
                task.cells.push(name);
            }
        }
        PointFor::Also => {
            let mut show = step.show.as_ref().and_then(|show| show.read()).cloned().unwrap_or_default();
            if !show.also.contains(&name) {
                show.also.push(name);
            }
            step.show = Some(Part::Read(show));
        }
    }
    recording.change(Change::Step(recording.at, String::new(), Box::new(step)));
}

/// Plays the lesson from the step on.
fn preview(core: &mut Core) {
    let Some(recording) = &core.state.recording else { return };
    if let Ok(read) = Lesson::read(&recording.draft.to_text()) {
        let at = recording.at;
        lesson::preview(core, read, at);
    }
}

/// Writes changes when it is time. Returns the time until then, if there are some.
pub fn keep(core: &mut Core, now: Instant) -> Option<Duration> {
    core.recordings.keep(core.state.recording.as_deref(), &mut core.tasks, now)
}

/// The last chance to keep what was written.
pub fn close(core: &mut Core) {
    core.recordings.close(core.state.recording.as_deref());
}

//! Steps that are taken from the window, and shown in it.

use super::{super::lesson, convolution, pooling, window};
use crate::{
    lesson::{DraftStep, DraftTask, Part, Show},
    text::{fill, tr},
    ui::{
        core::Core,
        model::{
            recording::{Change, Recording},
            view::ViewId,
        },
    },
};

/// Changes the lesson that is being recorded, if there is one.
pub(super) fn with(core: &mut Core, act: impl FnOnce(&mut Recording)) {
    if let Some(recording) = &mut core.state.recording {
        act(recording);
    }
}

/// The state of the window, with what a step has besides.
fn taken(core: &mut Core) -> Option<Show> {
    if core.state.settings.view == ViewId::Lessons {
        return None;
    }
    let (show, lost) = window::shown(core);
    with(core, |recording| recording.left_out = lost);
    Some(show)
}

/// The window as it is becomes the state of the step.
pub(super) fn take(core: &mut Core) {
    if core.state.recording.as_ref().is_some_and(|recording| recording.step().is_none()) {
        take_new(core);
        return;
    }
    let Some(show) = taken(core) else { return };
    with(core, |recording| {
        let Some(step) = recording.step() else { return };
        let also = step.show.as_ref().and_then(|show| show.read()).map(|show| show.also.clone());
        let show = Show { also: also.unwrap_or_default(), ..show };
        let step = DraftStep { show: Some(Part::Read(show)), ..step.clone() };
        recording.change(Change::Step(recording.at, String::new(), Box::new(step)));
    });
}

/// The window as it is becomes a new step.
pub(super) fn take_new(core: &mut Core) {
    let Some(show) = taken(core) else { return };
    with(core, |recording| {
        let number = (recording.draft.steps.len() + 1).to_string();
        let title = fill(tr("Step {number}"), &[("number", &number)]);
        let step = DraftStep { title, show: Some(Part::Read(show)), ..DraftStep::default() };
        recording.change(Change::Add(Box::new(step)));
    });
}

/// The window as it is becomes the state that a task asks for: whatever a student has set before, the solution sets it.
pub(super) fn take_solution(core: &mut Core) {
    let Some(mut show) = taken(core) else { return };
    show.view = None;
    if let Some(shown) = &mut show.convolution {
        convolution::name_sizes(core, shown);
    }
    if let Some(shown) = &mut show.pooling {
        pooling::name_sizes(core, shown);
    }
    with(core, |recording| {
        let Some(step) = recording.step() else { return };
        let Some(Part::Read(task)) = &step.task else { return };
        let task = DraftTask { solution: Some(show), ..task.clone() };
        let step = DraftStep { task: Some(Part::Read(task)), ..step.clone() };
        recording.change(Change::Step(recording.at, String::new(), Box::new(step)));
    });
}

/// The window shows the state of the step.
pub(super) fn show_step(core: &mut Core) {
    let Some(recording) = &core.state.recording else { return };
    let Some(show) = recording.draft.shown_at(recording.at).cloned() else { return };
    lesson::show(core, &show, false);
    core.record_shown = Some(show);
}

/// Compares the window with the step, and notes how the window writes a state that it was told to show.
pub fn keep_up(core: &mut Core) {
    if core.state.recording.is_none() {
        core.state.window_show = None;
        return;
    }
    let show = window::shown(core).0;
    let is_moving = core.state.settings.view == ViewId::Pooling && core.state.pooling.is_on_its_way();
    if !is_moving
        && core.lesson_sample.is_none()
        && core.lesson_layer.is_none()
        && let Some(written) = core.record_shown.take()
    {
        let canonical = Show { also: written.also.clone(), ..show.clone() };
        with(core, |recording| recording.canonical = Some((written, canonical)));
    }
    core.state.window_show = (core.state.settings.view != ViewId::Lessons).then_some(show);
}

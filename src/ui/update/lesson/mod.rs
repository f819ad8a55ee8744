//! Lessons: opening and leaving them, their steps, their answers.

mod answer;
mod convolution;
mod enter;
mod evidence;
mod pooling;
mod progress;
mod slip;
#[cfg(test)]
mod tests;

use self::progress::keep_progress;
use super::{files, kept_runs, run::send, saved_state, taken_state, training};
use crate::{
    lesson::{Lesson, Show, TaskKind, shipped},
    text::{fill, tr},
    train::Command,
    ui::{
        action::Transport,
        core::Core,
        model::{
            file_kind::FileKind,
            lesson::{
                LessonAct, OpenLesson,
                hand_in::{MAX_NAME, file_name},
            },
            view::ViewId,
        },
        widgets::{Offer, Tone},
    },
};
use std::sync::Arc;

/// Does something in a lesson.
pub(super) fn apply(core: &mut Core, act: LessonAct) {
    match act {
        LessonAct::Open(id) => {
            if let Some(lesson) = shipped().iter().find(|lesson| lesson.id == id) {
                open(core, lesson.clone());
            }
        }
        LessonAct::GoTo(step) => go_to(core, step),
        LessonAct::Next => {
            if let Some(open) = &core.state.lesson {
                go_to(core, open.at + 1);
            }
        }
        LessonAct::Back => {
            if let Some(at) = core.state.lesson.as_ref().and_then(|open| open.at.checked_sub(1)) {
                go_to(core, at);
            }
        }
        LessonAct::Answer(given) => answer::give(core, &given),
        LessonAct::Hint => answer::hint(core),
        LessonAct::Solve => answer::solve(core),
        LessonAct::Spotlight(is_on) => {
            if let Some(open) = &mut core.state.lesson {
                open.has_spotlight = is_on;
            }
        }
        LessonAct::Restore => enter::enter(core),
        LessonAct::Leave => leave(core),
        LessonAct::StartOver(id) => {
            core.state.settings.lessons.remove(&id);
            // One that is open begins again.
            if let Some(open) = core.state.lesson.take_if(|open| open.lesson.id == id) {
                open_again(core, open);
            }
        }
        LessonAct::HandIn(id) => hand_in(core, id),
        LessonAct::Sign(name) => core.state.settings.student = name.chars().take(MAX_NAME).collect(),
        LessonAct::Keep => {
            if let Some(left) = core.lesson_left.take() {
                saved_state::put_back(core, *left);
            }
        }
    }
}

/// Asks where to save the work on a lesson.
fn hand_in(core: &mut Core, id: String) {
    keep_progress(core);
    if !core.state.settings.lessons.contains_key(&id) {
        return;
    }
    files::ask(core, FileKind::SaveHandIn);
    if let Some(question) = &mut core.state.question {
        question.typed = file_name(&id, &core.state.settings.student);
        question.lesson = Some(id);
    }
}

/// Answers the card of a first start.
pub(super) fn welcome(core: &mut Core, is_wanted: bool) {
    core.state.settings.is_welcomed = true;
    if is_wanted && let Some(first) = shipped().first() {
        open(core, first.clone());
    }
}

/// Whether the run of the last time is still being read, which would take the place of what a lesson shows.
fn awaits_run(core: &Core) -> bool {
    core.state.settings.run.is_some() && core.run_network.is_none() && core.tasks.is_waited_for()
}

/// Opens a lesson where it was left. The state before it comes back when it is left.
pub(super) fn open(core: &mut Core, lesson: Lesson) {
    if awaits_run(core) {
        core.lesson_waits = Some(Box::new(lesson));
        return;
    }
    if core.state.lesson.is_none() {
        core.before_lesson = Some(Box::new(taken_state::taken(core)));
    }
    core.state.settings.is_welcomed = true;
    // What the lesson before has left is not for this one.
    core.lesson_left = None;
    core.state.toasts.withdraw(Offer::KeepLesson);
    let progress = core.state.settings.lessons.get(&lesson.id).cloned();
    // No two steps that are entered have the same number, or one would open where the other was scrolled to.
    let before = core.state.lesson.take().map_or(core.lesson_entered, |open| open.entered);
    core.state.lesson =
        Some(OpenLesson { entered: before, ..OpenLesson::new(Arc::new(lesson), progress.as_ref()) });
    // A finished one begins again, with all its steps open.
    if let Some(open) = core.state.lesson.as_mut().filter(|open| open.is_done()) {
        open.at = 0;
    }
    keep_progress(core);
    enter::enter(core);
}

/// Opens a lesson at a step, as if the steps before it were done.
pub(super) fn open_at(core: &mut Core, lesson: Lesson, step: usize) {
    open(core, lesson);
    if let Some(open) = &mut core.state.lesson {
        for work in open.work.iter_mut().take(step) {
            work.is_shown = true;
        }
    }
    go_to(core, step);
}

/// Plays a lesson that is being recorded, from this step on. Nothing of it is kept.
pub(super) fn preview(core: &mut Core, lesson: Lesson, at: usize) {
    if core.state.lesson.is_none() {
        core.before_lesson = Some(Box::new(taken_state::taken(core)));
    }
    let mut preview = OpenLesson::new(Arc::new(lesson), None);
    preview.is_preview = true;
    preview.at = at.min(preview.work.len().saturating_sub(1));
    for work in preview.work.iter_mut().take(preview.at) {
        work.is_shown = true;
    }
    core.state.lesson = Some(preview);
    enter::enter(core);
}

/// Shows a state of a lesson as entering its step does; `is_change`: what it does not name stays.
pub(super) fn show(core: &mut Core, show: &Show, is_change: bool) {
    enter::show(core, show, is_change);
}

/// Begins the lesson that is open again.
fn open_again(core: &mut Core, open: OpenLesson) {
    core.state.lesson = Some(OpenLesson::new(open.lesson, None));
    keep_progress(core);
    enter::enter(core);
}

fn go_to(core: &mut Core, step: usize) {
    let Some(open) = &mut core.state.lesson else { return };
    if step >= open.lesson.steps.len() || !open.is_open(step) {
        return;
    }
    open.at = step;
    keep_progress(core);
    enter::enter(core);
}

/// While presenting: reveals the answer, then shows the next step; back is the step before.
pub(super) fn step(core: &mut Core, steps: isize) {
    let Some(open) = &core.state.lesson else { return };
    let is_asking = open.step().is_some_and(|step| step.task.is_some());
    let act = match (steps > 0, is_asking && open.work().is_some_and(|work| !work.is_done())) {
        (true, true) => LessonAct::Solve,
        (true, false) => LessonAct::Next,
        (false, _) => LessonAct::Back,
    };
    let is_revealed = act == LessonAct::Solve;
    apply(core, act);
    if is_revealed && let Some(open) = &mut core.state.lesson {
        if let Some(work) = open.work.get_mut(open.at) {
            work.is_revealed = work.is_shown;
        }
        keep_progress(core);
    }
}

/// Closes the lesson and shows what was there before.
pub(super) fn leave(core: &mut Core) {
    let Some(open) = &core.state.lesson else { return };
    let is_preview = open.is_preview;
    keep_progress(core);
    let left = taken_state::taken(core);
    let Some(open) = core.state.lesson.take() else { return };
    core.lesson_entered = open.entered;
    core.lesson_steps = 0;
    // A run of the lesson stays among the earlier runs.
    let Some(before) = core.before_lesson.take() else { return };
    let (run, typed) = (before.network.run, before.training);
    let settings = &mut core.state.settings;
    let (lessons, student) = (std::mem::take(&mut settings.lessons), std::mem::take(&mut settings.student));
    saved_state::put_back(core, *before);
    core.state.settings.lessons = lessons;
    core.state.settings.student = student;
    core.state.settings.is_welcomed = true;
    if let Some(id) = run {
        kept_runs::open_with(core, id, typed);
    }
    if is_preview {
        return;
    }
    core.lesson_left = Some(Box::new(left));
    let text = if open.is_done() {
        let sentence = tr("Lesson {number} is done. Your own settings, numbers and network are back.");
        fill(sentence, &[("number", &open.lesson.number.to_string())])
    } else {
        tr("You have left the lesson. Your own settings, numbers and network are back.").to_owned()
    };
    core.state.toasts.offer(Tone::Info, text, Offer::KeepLesson);
}

/// Notices when a task's state is reached, and trains what a solution asks for.
pub(super) fn keep_up(core: &mut Core) {
    if !awaits_run(core)
        && let Some(lesson) = core.lesson_waits.take()
    {
        open(core, *lesson);
    }
    train_steps(core);
    enter::show_awaited_sample(core);
    enter::show_awaited_layer(core);
    enter::remember(core);
    let Some(open) = &core.state.lesson else { return };
    let task = open.step().and_then(|step| step.task.as_ref());
    let is_open = open.work().is_some_and(|work| !work.is_solved && !work.is_shown);
    let Some(TaskKind::Reach { when, .. }) = task.map(|task| &task.kind).filter(|_| is_open) else { return };
    let state = &core.state;
    // A slider that is dragged through the right value has not reached it.
    if state.settings.view != ViewId::Lessons
        && !state.is_held
        && when.iter().all(|condition| condition.holds(|quantity| state.quantity(quantity)))
    {
        answer::reached(core);
        keep_progress(core);
    }
}

/// Runs the steps that a solution asks for, once its network is loaded, and pauses behind them.
fn train_steps(core: &mut Core) {
    if core.lesson_steps == 0 {
        return;
    }
    let Some(snapshot) = core.state.snapshot.clone().filter(|_| !core.state.is_busy) else { return };
    if snapshot.step >= core.lesson_steps {
        core.lesson_steps = 0;
        send(core, Command::Pause);
    } else if !snapshot.is_active() {
        training::transport(core, Transport::Run);
    }
}

/// The number of the window that a step of a lesson asks for. `compute` lets the window compute what it shows.
pub(super) fn asked_number(
    core: &mut Core,
    lesson: &Lesson,
    step: usize,
    compute: impl Fn(&mut Core),
) -> Option<f64> {
    let mut open = OpenLesson::new(Arc::new(lesson.clone()), None);
    (open.at, open.is_preview) = (step, true);
    core.state.lesson = Some(open);
    enter::enter(core);
    compute(core);
    let task = lesson.steps.get(step)?.task.as_ref()?;
    match &task.kind {
        TaskKind::Number { answer, .. } => answer::right_number(core, answer),
        _ => None,
    }
}

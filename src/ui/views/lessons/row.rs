//! A row of the list: a lesson that ships, or one of a person's own.

use super::thumbnail;
use crate::{
    lesson::Lesson,
    text::{fill, plural, tr},
    ui::{
        action::{Action, Actions},
        model::{
            file_kind::FileKind,
            lesson::{LessonAct, LessonProgress},
            recording::{MyLesson, RecordAct},
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{icon_button, tool_button},
        work::open_file::file_name,
    },
};
use egui::{Align, Label, Layout, ProgressBar, Rect, RichText, Ui, UiBuilder, vec2};

/// The width of the bar that shows the progress, in points.
const BAR: f32 = 64.0;

/// The width of "step 10 of 12" with the space before it, in points.
const WORDS: f32 = 110.0;

/// The height of a row, in points.
pub(super) const ROW: f32 = 90.0;

/// Whether all tasks are solved and the last step was shown. It stays so when the lesson is opened again.
pub(super) fn is_done(lesson: &Lesson, progress: &LessonProgress) -> bool {
    let tasks = lesson.steps.iter().enumerate().filter(|(_, step)| step.task.is_some());
    let asks_last = lesson.steps.last().is_some_and(|step| step.task.is_some());
    tasks.map(|(i, _)| i).all(|i| progress.is_done(i)) && (asks_last || progress.at + 1 >= lesson.steps.len())
}

/// A row with the drawing at its left; `show` fills the rest.
fn row(ui: &mut Ui, id: &str, is_next: bool, show: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
    if is_next {
        ui.painter().rect_filled(rect, radius::L, t.accent_ground);
    }
    let inner = rect.shrink2(vec2(space::S, 6.0));
    let picture = Rect::from_min_size(inner.min, vec2(thumbnail::SIDE, thumbnail::SIDE));
    thumbnail::draw(ui, picture.translate(vec2(0.0, (inner.height() - thumbnail::SIDE) / 2.0)), id);
    let words = inner.with_min_x(picture.right() + space::M);
    let mut child = ui.new_child(UiBuilder::new().max_rect(words).layout(Layout::top_down(Align::Min)));
    child.spacing_mut().item_spacing.y = 2.0;
    show(&mut child);
}

/// Number, title and minutes in a line.
fn title_ui(ui: &mut Ui, number: Option<u32>, title: &str, minutes: u32) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        if let Some(number) = number {
            ui.label(RichText::new(number.to_string()).font(fonts::mono(size::BODY)).color(t.second));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if minutes > 0 {
                let minutes = fill(tr("{minutes} min"), &[("minutes", &minutes.to_string())]);
                ui.label(RichText::new(minutes).font(fonts::mono(size::SMALL)).color(t.second));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let title = RichText::new(title).font(fonts::semibold(size::BODY)).color(t.text);
                ui.add(Label::new(title).truncate());
            });
        });
    });
}

/// A lesson that ships: what it is about, how far one has come, and the buttons that open it.
pub(super) fn lesson_ui(
    ui: &mut Ui,
    state: &AppState,
    lesson: &Lesson,
    is_next: bool,
    actions: &mut Actions,
) {
    let t = Tokens::of(ui);
    let progress = state.settings.lessons.get(&lesson.id);
    let is_done = progress.is_some_and(|progress| is_done(lesson, progress));
    row(ui, &lesson.id, is_next, |ui| {
        title_ui(ui, Some(lesson.number), lesson.title.shown(), lesson.minutes);
        let about = RichText::new(lesson.about.shown()).size(size::SMALL).color(t.second);
        ui.add(Label::new(about).truncate());
        ui.horizontal(|ui| {
            let name = match (progress, is_done) {
                (None, _) => tr("Start"),
                (Some(_), true) => tr("Again"),
                (Some(_), false) => tr("Continue"),
            };
            let number = lesson.number.to_string();
            let accessible = fill(tr("Open lesson {number}"), &[("number", &number)]);
            if tool_button(ui, icons::PLAY, name, "").accessible_name(accessible).clicked() {
                if is_done {
                    actions.send(Action::Lesson(LessonAct::StartOver(lesson.id.clone())));
                }
                actions.send(Action::Lesson(LessonAct::Open(lesson.id.clone())));
            }
            // The buttons have their room first; what is left is for the progress.
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if progress.is_some() {
                    let over = fill(tr("Start lesson {number} over"), &[("number", &number)]);
                    let hand_in = fill(tr("Hand in lesson {number}…"), &[("number", &number)]);
                    begun_ui(ui, &lesson.id, (&over, &hand_in), actions);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    progress_ui(ui, lesson.steps.len(), progress, is_done);
                });
            });
        });
    });
}

/// What can be done with a lesson that was begun, from the right: start it over, hand it in.
fn begun_ui(ui: &mut Ui, id: &str, (over, hand_in): (&str, &str), actions: &mut Actions) {
    if icon_button(ui, icons::ROTATE_CCW, over).clicked() {
        actions.send(Action::Lesson(LessonAct::StartOver(id.to_owned())));
    }
    if icon_button(ui, icons::UPLOAD, hand_in).clicked() {
        actions.send(Action::Lesson(LessonAct::HandIn(id.to_owned())));
    }
}

/// How far one has come. The bar is left out where there is room for words alone.
fn progress_ui(ui: &mut Ui, steps: usize, progress: Option<&LessonProgress>, is_done: bool) {
    let t = Tokens::of(ui);
    match progress {
        Some(_) if is_done => {
            let text = format!("{}  {}", icons::CIRCLE_CHECK, tr("done"));
            ui.label(RichText::new(text).size(size::SMALL).color(t.good));
        }
        Some(progress) => {
            let share = progress.at as f32 / steps.max(1) as f32;
            if ui.available_width() > BAR + WORDS {
                ui.add(ProgressBar::new(share).desired_width(BAR).desired_height(6.0));
            }
            let [at, of] = [progress.at + 1, steps].map(|n| n.to_string());
            let text = fill(tr("step {at} of {of}"), &[("at", &at), ("of", &of)]);
            ui.add(Label::new(RichText::new(text).size(size::SMALL).color(t.second)).truncate());
        }
        None => {
            let text = plural(steps, "{count} step", "{count} steps");
            ui.label(RichText::new(text).size(size::SMALL).color(t.second));
        }
    }
}

/// A lesson of one's own: its file, what is wrong with it, and the buttons that play and change it.
pub(super) fn my_lesson_ui(ui: &mut Ui, state: &AppState, lesson: &MyLesson, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let name = [("title", lesson.title.as_str())];
    row(ui, "", false, |ui| {
        title_ui(ui, None, &lesson.title, lesson.minutes);
        let (text, color) = if let Some(problem) = &lesson.problem {
            (format!("{}  {problem}", icons::TRIANGLE_ALERT), t.warn)
        } else {
            let steps = plural(lesson.steps, "{count} step", "{count} steps");
            (format!("{} · {steps}", file_name(&lesson.path)), t.second)
        };
        ui.add(Label::new(RichText::new(&text).size(size::SMALL).color(color)).truncate())
            .on_hover_text(lesson.path.display().to_string());
        ui.horizontal(|ui| {
            ui.add_enabled_ui(lesson.problem.is_none(), |ui| {
                let play = tool_button(ui, icons::PLAY, tr("Play"), "");
                if play.accessible_name(fill(tr("Play {title}"), &name)).clicked() {
                    actions.send(Action::UseFile(FileKind::Lesson, lesson.path.clone()));
                }
            });
            let edit = tool_button(ui, icons::PENCIL, tr("Edit"), "");
            if edit.accessible_name(fill(tr("Edit {title}"), &name)).clicked() {
                actions.send(Action::Record(RecordAct::Edit(lesson.path.clone())));
            }
            if !lesson.is_own && icon_button(ui, icons::X, &fill(tr("Forget {title}"), &name)).clicked() {
                actions.send(Action::Record(RecordAct::Forget(lesson.path.clone())));
            }
            let progress = state.settings.lessons.get(&lesson.id).filter(|_| !lesson.id.is_empty());
            if progress.is_some() {
                let [over, hand_in] =
                    [tr("Start {title} over"), tr("Hand in {title}…")].map(|key| fill(key, &name));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    begun_ui(ui, &lesson.id, (&over, &hand_in), actions);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        progress_ui(ui, lesson.steps, progress, false);
                    });
                });
            }
        });
    });
}

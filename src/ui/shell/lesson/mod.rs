//! The lesson that is open: its panel, its task, and the spotlight on what it speaks of.

mod places;
mod prose;
mod seek;
mod spotlight;
mod strip;
mod task;
mod welcome;

pub use places::Places;
pub use seek::Seek;
pub use spotlight::spotlight_ui;
pub use strip::LessonStrip;
pub use welcome::welcome_ui;

use crate::{
    lesson::shipped,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{
            lesson::{LessonAct, OpenLesson, Work},
            view::ViewId,
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{icon_button, primary_button, tool_button},
    },
};
use egui::{
    Align, Button, Label, Layout, Rect, RichText, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo,
    style::ScrollAnimation, vec2,
};
pub use task::number_field;
use task::{TaskForm, said_ui};

/// The height of the line with Back and Next, and the words below it.
const FOOT: f32 = 60.0;

/// The panel, with what is typed in it.
#[derive(Default)]
pub struct LessonPanel {
    form: TaskForm,
    /// The height of the task when it was last shown.
    task: f32,
    /// The entering of a step, its tries, its hints, and whether it is done: when they change, something new is said.
    said: (u64, u32, usize, bool),
}

/// The least height of the text, in points: a reply of three lines.
const LEAST_TEXT: f32 = 62.0;

/// A panel narrower than this, in points, is that of a small window.
const TIGHT: f32 = 270.0;

impl LessonPanel {
    /// The panel, in all the room there is. `in_settings` is the place that the text points at, if that is in the settings,
    /// which are not shown. Returns whether they are to be shown.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        in_settings: Option<&str>,
        actions: &mut Actions,
    ) -> bool {
        let Some(open) = &state.lesson else { return false };
        let Some(step) = open.step() else { return false };
        let t = Tokens::of(ui);
        let room = ui.available_rect_before_wrap();
        head_ui(ui, open, actions);
        let rest = ui.available_rect_before_wrap().with_max_y(room.bottom());
        let foot = Rect::from_min_max(egui::pos2(rest.left(), rest.bottom() - FOOT), rest.max);
        let body = rest.with_max_y(foot.top() - space::S);
        let text = step.shown().1;
        // The task keeps its place at the foot; text, hints and replies scroll above it.
        let most = (body.height() - LEAST_TEXT).max(120.0);
        let task_height = if step.task.is_some() { self.task.min(most) } else { 0.0 };
        let (words, tasks) = body.split_top_bottom_at_y(body.bottom() - task_height);
        let words = words.with_max_y((words.bottom() - space::XS).max(words.top()));
        let mut child = ui.new_child(UiBuilder::new().max_rect(words));
        let said = open.work().map_or((open.entered, 0, 0, false), |work| {
            (open.entered, work.tries, work.hints, work.is_done())
        });
        let mut is_wanted = false;
        let is_news = self.said.0 == said.0 && self.said != said;
        self.said = said;
        ScrollArea::vertical().id_salt(("text of the lesson", open.entered)).auto_shrink(false).show(
            &mut child,
            |ui| {
                if let Some(name) = in_settings {
                    let text = fill(tr("{name} is in Settings"), &[("name", name)]);
                    let text = format!("{}  {text}", icons::SLIDERS_HORIZONTAL);
                    is_wanted = ui.add(Button::new(text).wrap()).clicked();
                    ui.add_space(space::XS);
                }
                prose::prose_ui(ui, state, text, size::BODY + 1.0, t.text);
                if let (Some(task), Some(work)) = (&step.task, open.work())
                    && let Some(newest) = said_ui(ui, task, work)
                    && is_news
                {
                    // Its beginning, if it is longer than the room.
                    let align = if newest.height() > words.height() { Align::Min } else { Align::Max };
                    ui.scroll_to_rect_animation(newest, Some(align), ScrollAnimation::none());
                }
            },
        );
        if let (Some(task), Some(work)) = (&step.task, open.work()) {
            let mut child = ui.new_child(UiBuilder::new().max_rect(tasks));
            let shown = ScrollArea::vertical()
                .id_salt(("task of the lesson", open.entered))
                .auto_shrink(false)
                .show(&mut child, |ui| {
                    self.form.ui(ui, task, work, open.entered, actions);
                });
            let wanted = shown.content_size.y;
            if (wanted - self.task).abs() > 0.5 {
                self.task = wanted;
                ui.ctx().request_discard("the task of the lesson has another height");
            }
        }
        let mut child = ui.new_child(UiBuilder::new().max_rect(foot));
        foot_ui(&mut child, state, open, actions);
        ui.advance_cursor_after_rect(room);
        is_wanted
    }
}

/// Above the settings, where they take the lesson's place: the question in one line, and whether it is answered.
pub fn question_line_ui(ui: &mut Ui, open: &OpenLesson) {
    let t = Tokens::of(ui);
    let Some(step) = open.step() else { return };
    let (title, _) = step.shown();
    let text = step.task.as_ref().map_or(title, |task| task.ask.shown());
    let (sign, color) = if open.work().is_some_and(Work::is_done) {
        (icons::CIRCLE_CHECK, t.good)
    } else {
        (icons::GRADUATION_CAP, t.text)
    };
    let line = RichText::new(format!("{sign}  {text}")).font(fonts::semibold(size::BODY)).color(color);
    ui.add(Label::new(line).truncate()).on_hover_text(text);
    ui.add_space(space::S);
}

/// From more steps than this on, the dots are narrower.
const MANY: usize = 11;

/// Number, title, steps.
fn head_ui(ui: &mut Ui, open: &OpenLesson, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let is_tight = ui.available_width() < TIGHT;
    let title = open.lesson.title.shown();
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let leave = if open.is_preview { tr("End the preview") } else { tr("Leave the lesson") };
            if icon_button(ui, icons::X, leave).clicked() {
                actions.send(Action::Lesson(LessonAct::Leave));
            }
            if icon_button(ui, icons::LIST, tr("All lessons")).clicked() {
                actions.send(Action::ShowView(ViewId::Lessons));
            }
            if !open.is_preview && icon_button(ui, icons::UPLOAD, tr("Hand in…")).clicked() {
                actions.send(Action::Lesson(LessonAct::HandIn(open.lesson.id.clone())));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let number = match open.lesson.number {
                    _ if open.is_preview => tr("Preview").to_owned(),
                    0 => tr("My lesson").to_owned(),
                    number => fill(tr("Lesson {number}"), &[("number", &number.to_string())]),
                };
                // In a low window the title has no line of its own.
                let name = if is_tight { format!("{number} · {title}") } else { number };
                let text = format!("{}  {name}", icons::GRADUATION_CAP);
                ui.add(Label::new(RichText::new(text).size(size::SMALL).color(t.second)).truncate());
            });
        });
    });
    if !is_tight {
        ui.label(RichText::new(title).font(fonts::semibold(size::HEADING)).color(t.text));
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing = vec2(2.0, 2.0);
        for i in 0..open.lesson.steps.len() {
            dot_ui(ui, open, i, is_tight, actions);
        }
        let [at, of] = [open.at + 1, open.lesson.steps.len()].map(|n| n.to_string());
        let place = fill(tr("{at} of {of}"), &[("at", &at), ("of", &of)]);
        ui.add_space(space::S);
        ui.label(RichText::new(place).font(fonts::mono(size::SMALL)).color(t.second));
    });
    ui.add_space(space::S);
    if let Some(step) = open.step() {
        let title = step.shown().0;
        ui.label(RichText::new(title).font(fonts::semibold(size::LARGE)).color(t.text));
    }
    ui.add_space(space::XS);
}

/// A step: a filled dot to read, a ring for a question.
fn dot_ui(ui: &mut Ui, open: &OpenLesson, i: usize, is_tight: bool, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let is_here = i == open.at;
    let (there, here) = match (is_tight, open.lesson.steps.len() > MANY) {
        (true, true) => (7.0, 13.0),
        (true, false) | (false, true) => (12.0, 20.0),
        (false, false) => (16.0, 26.0),
    };
    let width = if is_here { here } else { there };
    let (rect, response) = ui.allocate_exact_size(vec2(width, 16.0), Sense::click());
    let is_open = open.is_open(i);
    let title = open.lesson.steps[i].shown().0;
    let name = fill(tr("Step {number}: {title}"), &[("number", &(i + 1).to_string()), ("title", title)]);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, is_open, &name));
    let is_asking = open.lesson.steps[i].task.is_some();
    let is_done = !is_asking || open.work.get(i).is_some_and(Work::is_done);
    let color = if is_here || is_open && is_done { t.accent } else { t.line_strong };
    if is_here {
        let pill = Rect::from_center_size(rect.center(), vec2(here - 6.0, 8.0));
        ui.painter().rect_filled(pill, 4, color);
    } else if is_asking && !is_done {
        ui.painter().circle_stroke(rect.center(), 3.5, egui::Stroke::new(1.5, color));
    } else {
        ui.painter().circle_filled(rect.center(), 4.0, color);
    }
    let response = response.on_hover_text(title);
    if response.clicked() && is_open {
        actions.send(Action::Lesson(LessonAct::GoTo(i)));
    }
}

/// Back and Next, which keep their places; below them the way back to what the step is about.
fn foot_ui(ui: &mut Ui, state: &AppState, open: &OpenLesson, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let is_last = open.at + 1 >= open.lesson.steps.len();
    let is_open = open.is_open(open.at + 1);
    ui.horizontal(|ui| {
        ui.add_enabled_ui(open.at > 0, |ui| {
            if tool_button(ui, icons::ARROW_LEFT, tr("Back"), "PageUp").clicked() {
                actions.send(Action::Lesson(LessonAct::Back));
            }
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_enabled_ui(is_open, |ui| {
                let (icon, text) =
                    if is_last { (icons::CHECK, tr("Finish")) } else { (icons::ARROW_RIGHT, tr("Next")) };
                let button = primary_button(ui, icon, text);
                if button.clicked() {
                    let act = if is_last { LessonAct::Leave } else { LessonAct::Next };
                    actions.send(Action::Lesson(act));
                }
            });
        });
    });
    if state.is_off_step() {
        ui.spacing_mut().interact_size.y = 22.0;
        if tool_button(ui, icons::UNDO_2, tr("Back to the step"), "").clicked() {
            actions.send(Action::Lesson(LessonAct::Restore));
        }
        return;
    }
    if open.is_done() && !open.is_preview {
        ui.spacing_mut().interact_size.y = 22.0;
        ui.horizontal(|ui| {
            let button = tool_button(ui, icons::UPLOAD, tr("Hand in…"), "");
            if button.accessible_name(tr("Hand in your work…")).clicked() {
                actions.send(Action::Lesson(LessonAct::HandIn(open.lesson.id.clone())));
            }
            let number = open.lesson.number;
            let next = shipped().iter().find(|lesson| number > 0 && lesson.number == number + 1);
            if let Some(next) = next {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let button = tool_button(ui, icons::GRADUATION_CAP, tr("Next lesson"), "");
                    if button.on_hover_text(next.title.shown()).clicked() {
                        actions.send(Action::Lesson(LessonAct::Open(next.id.clone())));
                    }
                });
            }
        });
        return;
    }
    let text = match (is_open, is_last) {
        (true, _) => "",
        (false, false) => tr("Next opens with the right answer or the solution."),
        (false, true) => tr("Finish opens with the right answer or the solution."),
    };
    ui.label(RichText::new(text).size(size::SMALL).color(t.second));
}

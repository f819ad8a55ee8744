//! *Lessons*: the list of lessons, and how far one has come.

use crate::{
    lesson::{Language, Lesson, shipped},
    text::{fill, plural, tr},
    ui::{
        action::{Action, Actions},
        model::{
            file_kind::FileKind,
            lesson::{LessonAct, LessonProgress},
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        view::View,
        widgets::{key_value, section, tool_button, view_header},
    },
};
use egui::{Align, Frame, Label, Layout, Margin, ProgressBar, RichText, ScrollArea, Ui, vec2};

/// A room narrower than this, in points, has one column of lessons.
const TWO_COLUMNS: f32 = 760.0;

/// The height of a lesson's card, in points.
const CARD: f32 = 84.0;

/// The view, with the lessons that ship.
pub struct LessonsView {
    lessons: &'static [Lesson],
}

impl Default for LessonsView {
    fn default() -> Self {
        Self { lessons: shipped() }
    }
}

impl View for LessonsView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let minutes: u32 = self.lessons.iter().map(|lesson| lesson.minutes).sum();
        let [count, minutes] = [self.lessons.len(), minutes as usize].map(|n| n.to_string());
        let sentence = fill(
            tr("{count} lessons, {minutes} minutes in all. Predict first, then see."),
            &[("count", &count), ("minutes", &minutes)],
        );
        view_header(ui, tr("Lessons"), &sentence, |ui| {
            if tool_button(ui, icons::FOLDER_OPEN, tr("Open lesson…"), "").clicked() {
                actions.send(Action::AskForFile(FileKind::Lesson));
            }
        });
        ui.add_space(space::S);
        let next = self.next(state);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let columns = if ui.available_width() >= TWO_COLUMNS { 2 } else { 1 };
            let width = (ui.available_width() - (columns - 1) as f32 * space::L - space::S) / columns as f32;
            let rows = self.lessons.len().div_ceil(columns);
            for row in 0..rows {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = space::L;
                    for column in 0..columns {
                        // Down the first column, then down the second.
                        if let Some(lesson) = self.lessons.get(column * rows + row) {
                            let is_next = next == Some(lesson.id.as_str());
                            card_ui(ui, state, lesson, is_next, width, actions);
                        }
                    }
                });
            }
        });
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, _: &mut Actions) {
        let t = Tokens::of(ui);
        section(ui, tr("Your progress"));
        let all = || {
            self.lessons.iter().filter_map(|lesson| Some((lesson, state.settings.lessons.get(&lesson.id)?)))
        };
        let done = all().filter(|(lesson, progress)| is_done(lesson, progress)).count();
        let count = |steps: fn(&LessonProgress) -> usize| -> usize {
            all().map(|(_, progress)| steps(progress)).sum()
        };
        let solved = count(|progress| progress.solved.len());
        let (shown, revealed) =
            (count(|progress| progress.shown.len()), count(|progress| progress.revealed.len()));
        let [done, of, solved] = [done, self.lessons.len(), solved].map(|n| n.to_string());
        key_value(ui, tr("lessons done"), &fill(tr("{done} of {of}"), &[("done", &done), ("of", &of)]));
        key_value(ui, tr("tasks solved"), &solved);
        key_value(ui, tr("solutions shown"), &shown.to_string());
        if revealed > 0 {
            key_value(ui, tr("revealed while presenting"), &revealed.to_string());
        }
        ui.add_space(space::L);
        section(ui, tr("Your own lessons"));
        let text = tr(
            "A lesson is one text file. Drop it on the window, or open it. README has a chapter on writing one.",
        );
        ui.add(Label::new(RichText::new(text).color(t.second)).wrap());
    }
}

impl LessonsView {
    /// The lesson to go on with: the first that is not done.
    fn next(&self, state: &AppState) -> Option<&str> {
        let is_open = |lesson: &&Lesson| {
            state.settings.lessons.get(&lesson.id).is_none_or(|progress| !is_done(lesson, progress))
        };
        self.lessons.iter().find(is_open).map(|lesson| lesson.id.as_str())
    }
}

/// Whether all tasks are solved and the last step was shown.
fn is_done(lesson: &Lesson, progress: &LessonProgress) -> bool {
    let tasks = lesson.steps.iter().enumerate().filter(|(_, step)| step.task.is_some());
    tasks.map(|(i, _)| i).all(|i| progress.is_done(i)) && progress.at + 1 >= lesson.steps.len()
}

/// A lesson: number, title, what it is about, how far one has come, and the button that opens it.
fn card_ui(ui: &mut Ui, state: &AppState, lesson: &Lesson, is_next: bool, width: f32, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let progress = state.settings.lessons.get(&lesson.id);
    let is_done = progress.is_some_and(|progress| is_done(lesson, progress));
    let fill_color = if is_next { t.accent_ground } else { t.raised };
    let margin = Margin::symmetric(space::M as i8, space::S as i8);
    let frame =
        Frame::new().fill(fill_color).stroke(t.line_stroke()).corner_radius(radius::L).inner_margin(margin);
    frame.show(ui, |ui| {
        let room = vec2(width - 2.0 * space::M, CARD - 2.0 * space::S);
        ui.allocate_ui_with_layout(room, Layout::top_down(Align::Min), |ui| {
            ui.set_min_size(room);
            ui.set_max_width(room.x);
            ui.spacing_mut().item_spacing.y = 3.0;
            ui.horizontal(|ui| {
                let number =
                    RichText::new(lesson.number.to_string()).font(fonts::mono(size::BODY)).color(t.second);
                ui.label(number);
                let minutes = fill(tr("{minutes} min"), &[("minutes", &lesson.minutes.to_string())]);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.label(RichText::new(minutes).font(fonts::mono(size::SMALL)).color(t.second));
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let title = lesson.title.get(Language::English);
                        let title = RichText::new(title).font(fonts::semibold(size::BODY)).color(t.text);
                        ui.add(Label::new(title).truncate());
                    });
                });
            });
            let about = RichText::new(lesson.about.get(Language::English)).size(size::SMALL).color(t.second);
            ui.add(Label::new(about).truncate());
            ui.horizontal(|ui| {
                let name = match (progress, is_done) {
                    (None, _) => tr("Start"),
                    (Some(_), true) => tr("Again"),
                    (Some(_), false) => tr("Continue"),
                };
                let button = tool_button(ui, icons::PLAY, name, "");
                let accessible = fill(tr("Open lesson {number}"), &[("number", &lesson.number.to_string())]);
                let button = button.accessible_name(accessible);
                if button.clicked() {
                    actions.send(Action::Lesson(LessonAct::Open(lesson.id.clone())));
                }
                match progress {
                    Some(_) if is_done => {
                        let text = format!("{}  {}", icons::CIRCLE_CHECK, tr("done"));
                        ui.label(RichText::new(text).size(size::SMALL).color(t.good));
                    }
                    Some(progress) => {
                        let share = progress.at as f32 / lesson.steps.len().max(1) as f32;
                        ui.add(ProgressBar::new(share).desired_width(90.0).desired_height(6.0));
                        let [at, of] = [progress.at + 1, lesson.steps.len()].map(|n| n.to_string());
                        let text = fill(tr("step {at} of {of}"), &[("at", &at), ("of", &of)]);
                        ui.label(RichText::new(text).size(size::SMALL).color(t.second));
                    }
                    None => {
                        let text = plural(lesson.steps.len(), "{count} step", "{count} steps");
                        ui.label(RichText::new(text).size(size::SMALL).color(t.second));
                    }
                }
            });
        });
    });
}

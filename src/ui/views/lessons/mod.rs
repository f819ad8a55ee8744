//! *Lessons*: the lessons by topic, a person's own, and how far one has come.

mod glossary;
mod row;
mod thumbnail;

use crate::{
    lesson::{Lesson, Topic, shipped},
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{file_kind::FileKind, lesson::LessonProgress, recording::RecordAct, view::ViewId},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        view::View,
        widgets::{key_value, language_menu, section, segmented, tool_button, view_header},
    },
};
use egui::{Align, Frame, Label, Layout, Margin, RichText, ScrollArea, Ui, vec2};
use glossary::Glossary;
use row::{is_done, lesson_ui, my_lesson_ui};

/// A room narrower than this, in points, has one column of lessons.
const TWO_COLUMNS: f32 = 760.0;

/// The view, with the lessons that ship.
pub struct LessonsView {
    lessons: &'static [Lesson],
    page: Page,
    glossary: Glossary,
}

/// What the view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    Lessons,
    Glossary,
}

impl Default for LessonsView {
    fn default() -> Self {
        Self { lessons: shipped(), page: Page::Lessons, glossary: Glossary::default() }
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
        let words = fill(
            tr("{count} words, each with the view that shows it."),
            &[("count", &Glossary::count().to_string())],
        );
        let (title, sentence) = match self.page {
            Page::Lessons => (tr("Lessons"), sentence),
            Page::Glossary => (tr("Glossary"), words),
        };
        view_header(ui, title, &sentence, |ui| {
            let pages = [(Page::Lessons, tr("Lessons")), (Page::Glossary, tr("Glossary"))];
            if let Some(language) = language_menu(ui) {
                actions.send(Action::SetLanguage(language));
            }
            if self.page == Page::Lessons {
                lesson_tools_ui(ui, state, actions);
            }
            // At the right edge on both pages.
            segmented(ui, tr("Page"), &mut self.page, &pages);
        });
        ui.add_space(space::S);
        if self.page == Page::Glossary {
            self.glossary.ui(ui, actions);
            return;
        }
        let next = self.next(state);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            if ui.available_width() < TWO_COLUMNS {
                // The scroll bar lies at the right of the rows.
                ui.set_max_width(ui.available_width() - space::S);
                for topic in Topic::ALL {
                    self.topic_ui(ui, state, topic, next, actions);
                }
                my_lessons_ui(ui, state, actions);
                return;
            }
            let width = (ui.available_width() - space::L - space::S) / 2.0;
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space::L;
                let column = Layout::top_down(Align::Min);
                ui.allocate_ui_with_layout(vec2(width, 0.0), column, |ui| {
                    ui.set_width(width);
                    self.topic_ui(ui, state, Topic::FirstSteps, next, actions);
                    self.topic_ui(ui, state, Topic::Networks, next, actions);
                    my_lessons_ui(ui, state, actions);
                });
                ui.allocate_ui_with_layout(vec2(width, 0.0), column, |ui| {
                    ui.set_width(width);
                    self.topic_ui(ui, state, Topic::Convolution, next, actions);
                    self.topic_ui(ui, state, Topic::Learning, next, actions);
                });
            });
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
            "New lesson records one: set the window up, take it as a step, write the text beside it. A lesson is one text file; drop it on the window, or open it. README has a chapter on it.",
        );
        ui.add(Label::new(RichText::new(text).color(t.second)).wrap());
    }
}

/// What is done with lessons besides playing them.
fn lesson_tools_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    if tool_button(ui, icons::FOLDER_OPEN, tr("Open lesson…"), "").clicked() {
        actions.send(Action::AskForFile(FileKind::Lesson));
    }
    if state.recording.is_some() {
        if tool_button(ui, icons::PENCIL, tr("Back to the recording"), "").clicked() {
            actions.send(Action::ShowView(ViewId::Convolution));
        }
    } else if tool_button(ui, icons::PLUS, tr("New lesson"), "").clicked() {
        actions.send(Action::Record(RecordAct::New));
    }
}

impl LessonsView {
    /// The lesson to go on with: the first that is not done.
    fn next(&self, state: &AppState) -> Option<&'static str> {
        let is_open = |lesson: &&Lesson| {
            state.settings.lessons.get(&lesson.id).is_none_or(|progress| !is_done(lesson, progress))
        };
        self.lessons.iter().find(is_open).map(|lesson| lesson.id.as_str())
    }

    /// The lessons of a topic.
    fn topic_ui(
        &self,
        ui: &mut Ui,
        state: &AppState,
        topic: Topic,
        next: Option<&str>,
        actions: &mut Actions,
    ) {
        // A lesson without a topic is one of the first steps.
        let is_of = |lesson: &&Lesson| lesson.topic.unwrap_or(Topic::FirstSteps) == topic;
        let minutes: u32 = self.lessons.iter().filter(is_of).map(|lesson| lesson.minutes).sum();
        let title = match topic {
            Topic::FirstSteps => tr("First steps"),
            Topic::Convolution => tr("Convolution"),
            Topic::Networks => tr("Networks"),
            Topic::Learning => tr("Learning"),
        };
        group_ui(ui, title, minutes, |ui| {
            for (i, lesson) in self.lessons.iter().filter(is_of).enumerate() {
                rule(ui, i);
                lesson_ui(ui, state, lesson, next == Some(lesson.id.as_str()), actions);
            }
        });
    }
}

/// A person's own lessons.
fn my_lessons_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let t = Tokens::of(ui);
    group_ui(ui, tr("My lessons"), 0, |ui| {
        if state.my_lessons.is_empty() {
            let text = tr("None yet. New lesson records one; a file that you open stays here.");
            ui.add(Label::new(RichText::new(text).color(t.second)).wrap());
        }
        for (i, lesson) in state.my_lessons.iter().enumerate() {
            rule(ui, i);
            ui.push_id(&lesson.path, |ui| my_lesson_ui(ui, state, lesson, actions));
        }
    });
}

/// A line between two rows.
fn rule(ui: &mut Ui, i: usize) {
    if i > 0 {
        let t = Tokens::of(ui);
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 1.0));
        ui.painter().hline(rect.x_range(), rect.center().y, t.line_stroke());
    }
}

/// A heading with the minutes of all, and rows in a frame.
fn group_ui(ui: &mut Ui, title: &str, minutes: u32, rows: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new(title).font(fonts::semibold(size::SECTION)).color(t.text));
        if minutes > 0 {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(space::S);
                let minutes = fill(tr("{minutes} min"), &[("minutes", &minutes.to_string())]);
                ui.label(RichText::new(minutes).font(fonts::mono(size::SMALL)).color(t.second));
            });
        }
    });
    let frame = Frame::new()
        .fill(t.raised)
        .stroke(t.line_stroke())
        .corner_radius(radius::L)
        .inner_margin(Margin::same(space::XS as i8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        rows(ui);
    });
    ui.add_space(space::M);
}

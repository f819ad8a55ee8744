//! The question for a file: a path to type, the file dialog of the system, and the error of an answer.

use crate::{
    export::companion,
    text::{Sentence, fill, harmless, tr, written},
    ui::{
        action::{Action, Actions},
        model::{
            file_kind::FileKind,
            file_question::{FileQuestion as Question, FileStep},
            lesson::{LessonAct, hand_in},
            runs::ReportProgress,
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{modal, primary_button, tool_button},
    },
};
use egui::{Event, Key, RichText, TextEdit, Ui, vec2};
use std::{path::Path, sync::atomic::Ordering};

/// The width of the question, in points.
const WIDTH: f32 = 520.0;

/// The height of the text below the field, in points: three lines, so that the buttons do not move.
const SAID_HEIGHT: f32 = 58.0;

/// What the question keeps between frames.
#[derive(Default)]
pub struct FileQuestion {
    /// The text of the field.
    typed: String,
    /// The name that a hand-in is signed with.
    name: String,
    /// The number of its question.
    number: u64,
    /// Whether a task was running, and what was wrong, in the last frame.
    was: (bool, Option<Sentence>),
}

impl FileQuestion {
    /// Shows the question if one is open.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let Some(question) = &state.question else { return };
        let is_new = self.number != question.number;
        if is_new {
            let (typed, name) = (question.typed.clone(), state.settings.student.clone());
            *self = Self { typed, name, number: question.number, was: (false, None) };
        }
        let modal = modal(ui.ctx(), "file question").show(ui.ctx(), |ui| {
            ui.set_width(WIDTH);
            match &question.step {
                FileStep::Overwriting(path) => overwrite_ui(ui, question.kind, path, actions),
                _ => self.path_ui(ui, state, question, is_new, actions),
            }
        });
        if modal.should_close() {
            actions.send(match question.step {
                FileStep::Overwriting(_) => Action::Overwrite(false),
                _ => Action::CancelFile,
            });
        }
    }

    fn path_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        question: &Question,
        is_new: bool,
        actions: &mut Actions,
    ) {
        let t = Tokens::of(ui);
        let kind = question.kind;
        let (title, hint) = words(kind);
        ui.label(RichText::new(title).font(fonts::semibold(size::LARGE)).color(t.text));
        ui.label(RichText::new(hint).size(size::SMALL).color(t.second));
        ui.add_space(space::M);
        if let Some(lesson) = &question.lesson {
            self.name_ui(ui, question, lesson, actions);
        }
        let field = TextEdit::singleline(&mut self.typed).hint_text(tr("Path")).desired_width(f32::INFINITY);
        let field = ui.add_enabled(!question.is_busy(), field);
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, tr("Path")));
        let is_entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        let (was_busy, was_wrong) =
            std::mem::replace(&mut self.was, (question.is_busy(), question.problem.clone()));
        // A task that fails at once is never seen running: then the new sentence tells.
        let is_answered = was_busy || question.problem.is_some() && was_wrong != question.problem;
        if is_new || is_answered && !question.is_busy() {
            field.request_focus();
        }
        let is_given = !self.typed.trim().is_empty();
        ui.allocate_ui(vec2(WIDTH, SAID_HEIGHT), |ui| {
            ui.set_min_height(SAID_HEIGHT);
            self.said_ui(ui, question, is_given, state.run_table.report.as_deref());
        });
        ui.horizontal(|ui| {
            let verb = if kind.is_saved() { tr("Save") } else { tr("Open") };
            let can_use = is_given && !question.is_busy();
            let use_it = ui.add_enabled_ui(can_use, |ui| primary_button(ui, icons::CHECK, verb)).inner;
            if can_use && (use_it.clicked() || is_entered) {
                actions.send(Action::AnswerFile(self.typed.clone()));
            }
            let browse = ui.add_enabled_ui(!question.is_busy(), |ui| {
                tool_button(ui, icons::FOLDER_OPEN, tr("Browse…"), "")
            });
            if browse.inner.clicked() {
                actions.send(Action::Browse(kind));
            }
            if tool_button(ui, icons::X, tr("Cancel"), "Esc").clicked() {
                actions.send(Action::CancelFile);
            }
        });
    }

    /// The name that a hand-in is signed with. The file is named after it until another path is typed.
    fn name_ui(&mut self, ui: &mut Ui, question: &Question, lesson: &str, actions: &mut Actions) {
        let label = tr("Your name (optional)");
        let is_named = self.typed == hand_in::file_name(lesson, &self.name);
        let field = TextEdit::singleline(&mut self.name)
            .hint_text(label)
            .char_limit(hand_in::MAX_NAME)
            .desired_width(f32::INFINITY);
        let field = ui.add_enabled(!question.is_busy(), field);
        field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, label));
        if field.changed() {
            actions.send(Action::Lesson(LessonAct::Sign(self.name.clone())));
            if is_named {
                self.typed = hand_in::file_name(lesson, &self.name);
            }
        }
        ui.add_space(space::S);
    }

    /// The full path, the running task, or why the last answer cannot be used.
    fn said_ui(&self, ui: &mut Ui, question: &Question, is_given: bool, report: Option<&ReportProgress>) {
        let t = Tokens::of(ui);
        let is_as_it_was = self.typed == question.typed;
        let (text, ink) = match (&question.step, &question.problem) {
            (FileStep::Browsing, _) => (tr("Choose in the file dialog.").to_owned(), t.second),
            (FileStep::Opening(_), _) => (tr("Reading…").to_owned(), t.second),
            (FileStep::Checking | FileStep::Saving(_), _) => {
                (report.map_or_else(|| tr("Saving…").to_owned(), measuring), t.second)
            }
            (_, Some(problem)) if is_as_it_was || !is_given => (format!("{}.", problem.capitalised()), t.bad),
            _ if is_given => {
                let path = harmless(&question.path_of(&self.typed).display().to_string());
                let text = if question.kind.is_saved() { tr("Saves to {path}") } else { tr("Opens {path}") };
                (fill(text, &[("path", &path)]), t.second)
            }
            _ if question.kind.is_saved() => (tr("A path, ~/… or file://…").to_owned(), t.faint),
            _ => (tr("A path, ~/… or file://…, or drop a file on the window.").to_owned(), t.faint),
        };
        ui.add(egui::Label::new(RichText::new(text).size(size::SMALL).color(ink)).wrap());
    }
}

/// How far a report's measurement is.
fn measuring(report: &ReportProgress) -> String {
    let share = report.done.load(Ordering::Relaxed) as f32 / 1000.0;
    fill(tr("Reading the test images: {share}"), &[("share", &written::percent(share))])
}

fn overwrite_ui(ui: &mut Ui, kind: FileKind, path: &Path, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let (title, text) = match kind {
        FileKind::Drawings => (
            tr("Replace the data set?"),
            tr("{path} has files of a data set already. They would be replaced."),
        ),
        FileKind::Worksheets => {
            (tr("Replace the worksheets?"), tr("{path} has worksheets already. They would be replaced."))
        }
        FileKind::SaveModel | FileKind::SaveRun if companion(path).is_some() => (
            tr("Replace the files?"),
            tr("{path}, or the file of its weights beside it, exists already. Its content would be lost."),
        ),
        _ => (tr("Replace the file?"), tr("{path} exists already. Its content would be lost.")),
    };
    ui.label(RichText::new(title).font(fonts::semibold(size::LARGE)).color(t.text));
    ui.add_space(space::S);
    let path = harmless(&path.display().to_string());
    ui.add(egui::Label::new(RichText::new(fill(text, &[("path", &path)])).color(t.text)).wrap());
    ui.add_space(space::M);
    ui.horizontal(|ui| {
        // Enter is the careful answer: a second one after the path loses nothing. One that is still held down from the
        // question before is none.
        let is_entered = ui.input(|input| {
            let is_enter = |event: &Event| {
                matches!(event, Event::Key { key: Key::Enter, pressed: true, repeat: false, .. })
            };
            input.events.iter().any(is_enter)
        });
        let has_focus = ui.ctx().memory(|memory| memory.focused().is_some());
        let another = primary_button(ui, icons::ARROW_LEFT, tr("Another name"));
        if another.on_hover_text("Esc").clicked() || is_entered && !has_focus {
            actions.send(Action::Overwrite(false));
        }
        if tool_button(ui, icons::CHECK, tr("Replace"), "").clicked() {
            actions.send(Action::Overwrite(true));
        }
    });
}

/// The title, and the files that can be opened or saved.
fn words(kind: FileKind) -> (&'static str, &'static str) {
    match kind {
        FileKind::SaveNumbers(_) => (tr("Save the numbers"), tr("A file for spreadsheets or for NumPy")),
        FileKind::SavePicture(format) if format.is_film() => {
            (tr("Save the film"), tr("A file that web pages and slides play"))
        }
        FileKind::SavePicture(_) => (tr("Save the picture"), tr("The view’s content, without its controls")),
        FileKind::Picture => {
            (tr("Open a picture"), tr("PNG, JPEG, BMP, GIF, WebP, TIFF or SVG with one digit, dark or light"))
        }
        FileKind::Photograph => (
            tr("Open a photograph"),
            tr("PNG, JPEG, BMP, GIF, WebP, TIFF or SVG, grey or in colour, to slide a kernel over"),
        ),
        FileKind::DataSet => (
            tr("Open a data set"),
            tr(
                "A folder: class folders of pictures, IDX files as of MNIST or EMNIST, CIFAR’s binary files. Or a .csv or .npz file",
            ),
        ),
        FileKind::Model => (
            tr("Open a model"),
            tr("A model: .safetensors, .pt, .pth, .onnx, .keras or .h5. Or a .json spec"),
        ),
        FileKind::Spec => {
            (tr("Open a spec"), tr("A .json file with the layers of a network, whether they fit or not"))
        }
        FileKind::SaveSpec => (
            tr("Save the spec"),
            tr(
                "A .json file with the layers, for --net and for others; or code: .py for PyTorch, .keras.py for Keras",
            ),
        ),
        FileKind::Screenshot => (tr("Save a picture of the window"), tr("A PNG file, for handouts")),
        FileKind::Drawings => (
            tr("Export your drawings"),
            tr("A folder for the four files of an IDX data set, which can be opened here and elsewhere"),
        ),
        FileKind::Worksheets => (
            tr("Write the worksheets"),
            tr("A folder for sheet-01.pdf and so on, and for answers.pdf; it is made if there is none"),
        ),
        FileKind::Lesson => (tr("Open a lesson"), tr("A .md file with the steps of a lesson")),
        FileKind::SaveLesson => {
            (tr("Save the lesson"), tr("A .md file with the steps of the lesson, to play and to hand on"))
        }
        FileKind::SaveHandIn => (
            tr("Hand in your work"),
            tr("A .handin file with your answers, for your teacher; nothing is sent anywhere"),
        ),
        FileKind::State => (
            tr("Open a state"),
            tr("A .convlens file: view, settings, numbers, image and network as they were"),
        ),
        FileKind::SaveState => (
            tr("Save the state"),
            tr("A .convlens file that brings view, settings, numbers, image and network back"),
        ),
        FileKind::SaveRun => (tr("Save the network of this run"), model_endings()),
        FileKind::SaveReport => (
            tr("Save a report on this run"),
            tr(
                "A .html file for any browser, which prints well: layers, settings, curves, results, mistakes",
            ),
        ),
        FileKind::SaveCurves => (
            tr("Save the curves of this run"),
            tr(
                "A .csv file for spreadsheets: step, epoch, loss, accuracy, set, images; a row per measurement",
            ),
        ),
        FileKind::SaveModel => (tr("Save the current network"), model_endings()),
    }
}

/// The files that a network can be saved to.
fn model_endings() -> &'static str {
    tr(
        "A .safetensors file, which PyTorch can read; or by its ending .onnx, .py (PyTorch), .keras.py, .json (spec) or .h (C)",
    )
}

//! Asks for a path: typed, or through the system's dialog, which some systems do not have.

use crate::{
    text::tr,
    ui::{
        action::{Action, Actions},
        model::file_kind::FileKind,
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{primary_button, tool_button},
    },
};
use egui::{Id, Key, Modal, RichText, TextEdit, Ui};
use std::path::PathBuf;

/// The path typed so far.
#[derive(Default)]
pub struct FileQuestion {
    path: String,
    /// What the path is asked for.
    kind: Option<FileKind>,
}

impl FileQuestion {
    /// Shows the question if one is open.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let is_new = self.kind != state.question;
        if is_new {
            // What was typed for one question is no answer to the next.
            *self = Self { path: String::new(), kind: state.question };
        }
        let Some(kind) = state.question else { return };
        let t = Tokens::of(ui);
        let (title, hint, verb) = match kind {
            FileKind::Picture => (
                tr("Open a picture"),
                tr("PNG, JPEG, BMP, GIF or WebP with one digit, dark or light"),
                tr("Open"),
            ),
            FileKind::Photograph => (
                tr("Open a photograph"),
                tr("PNG, JPEG, BMP, GIF or WebP, grey or in colours, to slide a kernel over"),
                tr("Open"),
            ),
            FileKind::DataSet => (
                tr("Open a data set"),
                tr(
                    "A folder with the four IDX files of MNIST, Fashion-MNIST, KMNIST or EMNIST, plain or .gz",
                ),
                tr("Open"),
            ),
            FileKind::Model => {
                (tr("Open a model"), tr("A .safetensors file that ConvLens saved"), tr("Open"))
            }
            FileKind::Screenshot => {
                (tr("Save a picture of the window"), tr("A PNG file, for handouts"), tr("Save"))
            }
            FileKind::Drawings => (
                tr("Export your drawings"),
                tr("A folder for the four files of an IDX data set, which can be opened here and elsewhere"),
                tr("Save"),
            ),
            FileKind::SaveModel => (
                tr("Save the current network"),
                tr("A .safetensors file that PyTorch reads, too"),
                tr("Save"),
            ),
        };
        let modal = Modal::new(Id::unique("file question")).show(ui.ctx(), |ui| {
            ui.set_width(460.0);
            ui.label(RichText::new(title).font(fonts::semibold(size::LARGE)).color(t.text));
            ui.label(RichText::new(hint).size(size::SMALL).color(t.second));
            ui.add_space(space::M);
            let field =
                TextEdit::singleline(&mut self.path).hint_text(tr("Path")).desired_width(f32::INFINITY);
            let field = ui.add(field);
            field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, tr("Path")));
            if is_new {
                field.request_focus();
            }
            let is_entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                let is_given = !self.path.trim().is_empty();
                let use_it = ui.add_enabled_ui(is_given, |ui| primary_button(ui, icons::CHECK, verb)).inner;
                if is_given && (use_it.clicked() || is_entered) {
                    actions.send(Action::UseFile(kind, PathBuf::from(self.path.trim())));
                    self.path.clear();
                }
                if tool_button(ui, icons::FOLDER_OPEN, tr("Browse…"), "").clicked() {
                    actions.send(Action::Browse(kind));
                }
                if tool_button(ui, icons::X, tr("Cancel"), "Esc").clicked() {
                    actions.send(Action::CancelFile);
                }
            });
        });
        if modal.should_close() {
            actions.send(Action::CancelFile);
        }
    }
}

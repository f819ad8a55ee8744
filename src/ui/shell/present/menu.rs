//! What the menu *Display* has for a class.

use crate::{
    text::tr,
    ui::{
        action::{Action, Actions},
        model::{file_kind::FileKind, numbers::NumbersAct, picture::PictureAct, presenting::PresentAct},
        style::icons,
    },
};
use egui::{Button, Ui};

/// Presenting, hiding, the state as a file, and starting over.
pub fn menu_ui(ui: &mut Ui, actions: &mut Actions) {
    let mut item = |ui: &mut Ui, icon: &str, name: &str, key: &str, hint: &str, action: Action| {
        let button = Button::new((icon, name)).shortcut_text(key);
        if ui.add(button).on_hover_text(hint).clicked() {
            actions.send(action);
            ui.close();
        }
    };
    let hint = tr("The view fills the screen, without bars and panels.");
    item(ui, icons::MAXIMIZE, tr("Present"), "F11", hint, Action::Present(PresentAct::Fill(true)));
    let hint = tr("Hides controls, each by a click. Their values stay as text.");
    item(ui, icons::EYE_OFF, tr("Hide…"), "", hint, Action::Present(PresentAct::Hiding(true)));
    ui.separator();
    let hint = tr("View, settings, numbers, image and network as one file.");
    item(ui, icons::SAVE, tr("Save state…"), "Ctrl+Shift+S", hint, Action::AskForFile(FileKind::SaveState));
    let hint = tr("Brings back what was saved.");
    item(
        ui,
        icons::FOLDER_OPEN,
        tr("Open state…"),
        "Ctrl+Shift+O",
        hint,
        Action::AskForFile(FileKind::State),
    );
    let hint =
        tr("Between two classes: everything as in the state that was opened, or as at the first start.");
    item(ui, icons::ROTATE_CCW, tr("Start over"), "", hint, Action::StartOver);
    ui.separator();
    let hint = tr("What the view shows, without its controls: PNG, SVG, PDF, or a film of what plays.");
    let open = Action::Picture(PictureAct::Open);
    item(ui, icons::DOWNLOAD, tr("Export picture…"), "", hint, open);
    let hint = tr("Maps, kernels, outputs and tables for spreadsheets and for NumPy.");
    item(ui, icons::TABLE, tr("Export numbers…"), "", hint, Action::Numbers(NumbersAct::Open));
    ui.separator();
}

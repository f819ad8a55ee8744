//! What can be done with a run: by a right click, and by the button at the end of its row.

use super::wish::Wish;
use crate::{
    text::tr,
    ui::{
        action::{Action, Actions},
        model::runs::{RunRef, RunRow, RunsAct},
        style::icons,
    },
};
use egui::{Button, Role, Ui, WidgetInfo};

/// The entries. Returns what the row itself does.
pub(super) fn menu_ui(ui: &mut Ui, row: &RunRow, actions: &mut Actions) -> Option<Wish> {
    let mut wish = None;
    ui.set_min_width(200.0);
    let item = |ui: &mut Ui, icon: &str, text: &str, is_enabled: bool| {
        let response = ui.add_enabled(is_enabled, Button::new((icon, text)));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, is_enabled, text));
        let is_clicked = response.clicked();
        if is_clicked {
            ui.close();
        }
        is_clicked
    };
    if item(ui, icons::PENCIL, tr("Rename"), true) {
        wish = Some(Wish::Rename);
    }
    let (icon, text) =
        if row.is_shown { (icons::EYE_OFF, tr("Hide curves")) } else { (icons::EYE, tr("Show curves")) };
    if item(ui, icon, text, true) {
        actions.send(Action::Runs(RunsAct::Show(row.run, !row.is_shown)));
    }
    if let RunRef::Kept(id) = row.run
        && item(ui, icons::FOLDER_OPEN, tr("Open as the current network"), true)
    {
        actions.send(Action::OpenRun(id));
    }
    ui.separator();
    let has_steps = row.step > 0;
    if item(ui, icons::DOWNLOAD, tr("Save curves…"), has_steps) {
        actions.send(Action::Runs(RunsAct::SaveCurves(row.run)));
    }
    if item(ui, icons::SAVE, tr("Save network…"), true) {
        actions.send(Action::Runs(RunsAct::SaveModel(row.run)));
    }
    if item(ui, icons::LIST, tr("Report…"), true) {
        actions.send(Action::Runs(RunsAct::Report(row.run)));
    }
    if let RunRef::Kept(id) = row.run {
        ui.separator();
        if item(ui, icons::TRASH_2, tr("Delete"), true) {
            actions.send(Action::DeleteRun(id));
        }
    }
    wish
}

//! The view's name, its tools, and below them why the draft cannot be trained yet.

use super::{columns::Line, send::send, sheets::Sheets};
use crate::{
    nn::presets,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{
            architecture::{ArchitectureAct, DraftStart},
            file_kind::FileKind,
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size},
        },
        widgets::{icon_button, icon_button_with_shortcut, tool_button, view_header},
    },
};
use egui::{Align2, Button, Popup, Role, Sense, Ui, ViewportCommand, WidgetInfo, vec2};

/// The height of the line below the tools, in points.
const LINE: f32 = 20.0;

/// Below this width, in points, the menu has no words on its button.
const NARROW: f32 = 640.0;

/// The header.
pub fn header_ui(ui: &mut Ui, state: &AppState, sheets: &Sheets, actions: &mut Actions) {
    let is_narrow = ui.available_width() < NARROW;
    let name = &sheets.base_name;
    let sentence = fill(tr("A draft, begun from {name}. The run keeps its own network."), &[("name", name)]);
    view_header(ui, tr("Architecture"), &sentence, |ui| tools_ui(ui, state, sheets, is_narrow, actions));
    let t = Tokens::of(ui);
    let (line, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let Some(text) = obstacle(sheets) else { return };
    let text = format!("{}  {text}", icons::TRIANGLE_ALERT);
    let said = Line { text: &text, font: fonts::words(size::SMALL), color: t.bad, room: line.width() };
    said.paint(ui, Align2::RIGHT_CENTER, line.right(), line.center().y);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
    response.on_hover_text(text);
}

/// Why the draft cannot be trained.
fn obstacle(sheets: &Sheets) -> Option<String> {
    if let Some(number) = sheets.sheet.first_fault() {
        return Some(fill(tr("Layer {number} must fit first."), &[("number", &number.to_string())]));
    }
    let whole = sheets.sheet.input.as_ref().or(sheets.sheet.outputs.as_ref()).map(|fault| &fault.sentence);
    whole.or(sheets.misfit.as_ref()).map(|sentence| format!("{}.", sentence.capitalised()))
}

fn tools_ui(ui: &mut Ui, state: &AppState, sheets: &Sheets, is_narrow: bool, actions: &mut Actions) {
    let lab = &state.architecture;
    ui.spacing_mut().item_spacing.x = 4.0;
    for (icon, name, key, can, act) in [
        (icons::UNDO_2, tr("Undo the change"), "Ctrl+Z", lab.can_undo(), ArchitectureAct::Undo),
        (icons::REDO_2, tr("Redo the change"), "Ctrl+Shift+Z", lab.can_redo(), ArchitectureAct::Redo),
    ] {
        let button = ui.add_enabled_ui(can, |ui| icon_button_with_shortcut(ui, icon, name, key)).inner;
        if button.clicked() {
            send(actions, act);
        }
    }
    begin_ui(ui, state, is_narrow, actions);
    if icon_button(ui, icons::FOLDER_OPEN, tr("Open spec…")).clicked() {
        actions.send(Action::AskForFile(FileKind::Spec));
    }
    if icon_button(ui, icons::SAVE, tr("Save spec…")).clicked() {
        actions.send(Action::AskForFile(FileKind::SaveSpec));
    }
    if icon_button_with_shortcut(ui, icons::COPY, tr("Copy spec"), "").clicked() {
        ui.ctx().copy_text(lab.draft.named_spec().to_json_lines());
    }
    if icon_button_with_shortcut(ui, icons::CLIPBOARD_PASTE, tr("Paste spec"), "Ctrl+V").clicked() {
        ui.ctx().send_viewport_cmd(ViewportCommand::RequestPaste);
    }
    let can_train = obstacle(sheets).is_none();
    let train = ui.add_enabled_ui(can_train, |ui| tool_button(ui, icons::PLAY, tr("Train as a new run"), ""));
    let about = tr("The draft becomes the current network, with random weights. The run before is kept.");
    if train.inner.on_hover_text(about).clicked() {
        send(actions, ArchitectureAct::Train);
    }
}

fn begin_ui(ui: &mut Ui, state: &AppState, is_narrow: bool, actions: &mut Actions) {
    let button = if is_narrow {
        icon_button(ui, icons::CHEVRON_DOWN, tr("Begin from…"))
    } else {
        tool_button(ui, icons::CHEVRON_DOWN, tr("Begin from…"), "")
    };
    Popup::menu(&button).show(|ui| {
        ui.set_min_width(240.0);
        let current =
            fill(tr("the current network: {name}"), &[("name", &state.network.network.spec().name)]);
        if ui.button(current).clicked() {
            send(actions, ArchitectureAct::Begin(DraftStart::Current));
        }
        ui.separator();
        for preset in presets::all() {
            let name = preset.spec.name;
            let is_it = state.architecture.base.name == name;
            let item = ui.add(Button::selectable(is_it, name.as_str()));
            if item.on_hover_text(preset.summary).clicked() {
                send(actions, ArchitectureAct::Begin(DraftStart::Preset(name)));
            }
        }
    });
}

//! Keys that work everywhere, and files dropped on the window.

use crate::ui::{
    action::{Action, Actions, Transport},
    model::{file_kind::FileKind, pasted::Pasted},
    state::AppState,
    views::VIEWS,
    widgets::{BRUSHES, Brush},
};
use egui::{Event, Key, KeyboardShortcut, Modifiers, Ui};

/// Views have Ctrl+1 and so on.
const NUMBERS: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// How many times as wide the brush becomes by a key.
const BRUSH_STEP: f32 = 1.25;

/// Turns the frame's keys and dropped files into actions. The space bar is left to a view that plays something.
pub fn read(ui: &mut Ui, state: &AppState, has_playback: bool, actions: &mut Actions) {
    for file in ui.input(|i| i.raw.dropped_files.clone()) {
        actions.send(Action::OpenFile(file.path().to_path_buf()));
    }
    if state.question.is_some() {
        // The question takes all keys.
        return;
    }
    // Text belongs to the widget that has the keyboard.
    let takes_text = !ui.ctx().egui_wants_keyboard_input();
    ui.input(|i| {
        for event in &i.events {
            match event {
                Event::PasteImage(picture) => actions.send(Action::Paste(Pasted::new(picture.clone()))),
                Event::Paste(text) if takes_text => actions.send(Action::PasteText(text.clone())),
                _ => {}
            }
        }
    });
    let with_command = |key| KeyboardShortcut::new(Modifiers::COMMAND, key);
    let with_shift = |key| KeyboardShortcut::new(Modifiers::COMMAND | Modifiers::SHIFT, key);
    let mut on = |ui: &mut Ui, shortcut: KeyboardShortcut, action: Action| {
        if ui.input_mut(|i| i.consume_shortcut(&shortcut)) {
            actions.send(action);
        }
    };
    for (entry, key) in VIEWS.iter().zip(NUMBERS) {
        on(ui, with_command(key), Action::ShowView(entry.id));
    }
    // What is typed is taken back in its field, not on the canvas.
    if !ui.ctx().text_edit_focused() {
        on(ui, with_shift(Key::Z), Action::Redo);
        on(ui, with_command(Key::Z), Action::Undo);
        on(ui, with_command(Key::Y), Action::Redo);
    }
    on(ui, with_command(Key::O), Action::AskForFile(FileKind::Picture));
    on(ui, with_command(Key::S), Action::AskForFile(FileKind::SaveModel));
    on(ui, KeyboardShortcut::new(Modifiers::NONE, Key::F12), Action::AskForFile(FileKind::Screenshot));
    // Single keys belong to a widget that has the keyboard, such as a text field or a slider.
    if ui.ctx().egui_wants_keyboard_input() {
        return;
    }
    let plain = |key| KeyboardShortcut::new(Modifiers::NONE, key);
    let run = if state.is_training() { Transport::Pause } else { Transport::Run };
    let brush = state.settings.brush;
    if !has_playback {
        on(ui, plain(Key::Space), Action::Train(run));
    }
    on(ui, plain(Key::N), Action::NextSample);
    on(ui, plain(Key::Delete), Action::ClearDrawing);
    let radius = |factor: f32| (brush.radius * factor).clamp(*BRUSHES.start(), *BRUSHES.end());
    on(ui, plain(Key::OpenBracket), Action::SetBrush(Brush { radius: radius(1.0 / BRUSH_STEP), ..brush }));
    on(ui, plain(Key::CloseBracket), Action::SetBrush(Brush { radius: radius(BRUSH_STEP), ..brush }));
    on(ui, plain(Key::B), Action::SetBrush(Brush { eraser: false, ..brush }));
    on(ui, plain(Key::E), Action::SetBrush(Brush { eraser: true, ..brush }));
}

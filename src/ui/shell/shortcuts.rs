//! Keys, pasted pictures and dropped files.

use super::{
    keys::{KeyPlace, acts, table},
    lesson::number_field,
};
use crate::ui::{
    action::{Action, Actions},
    model::{pasted::Pasted, presenting::PresentAct},
    state::AppState,
    widgets::DrawCanvas,
};
use egui::{Event, Key, Modifiers, Ui};

/// Turns the frame's keys and dropped files into actions, by the table in [`super::keys`].
pub fn read(ui: &mut Ui, state: &AppState, has_playback: bool, actions: &mut Actions) {
    for file in ui.input(|i| i.raw.dropped_files.clone()) {
        actions.send(Action::OpenFile(file.path().to_path_buf()));
    }
    if state.presenting.is_dark {
        light_again(ui, actions);
        return;
    }
    if state.question.is_some() || state.preview.is_some() || state.crop.is_some() {
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
    if state.shows_keys {
        // The list takes all keys except the one that closes it.
        if ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::F1)) {
            actions.send(Action::ShowKeys(false));
        }
        return;
    }
    let is_typing = ui.ctx().text_edit_focused();
    let has_popup = ui.ctx().any_popup_open() || ui.memory(|memory| memory.top_modal_layer().is_some());
    let focus = ui.ctx().memory(egui::Memory::focused);
    for entry in table(state) {
        let Some(action) = entry.action else { continue };
        // Single keys belong to the widget that has the focus, such as a text field or a slider.
        let is_free = match entry.place {
            // A button that has the keyboard takes Enter itself.
            KeyPlace::Lesson if entry.keys.iter().any(|key| key.logical_key == Key::Enter) => focus.is_none(),
            // No letter is part of a number.
            KeyPlace::Lesson => !is_typing || focus == Some(number_field()),
            KeyPlace::Undo | KeyPlace::Presenting => !is_typing,
            KeyPlace::Leaving => !is_typing && !has_popup,
            KeyPlace::Image | KeyPlace::Training | KeyPlace::Compare => focus.is_none(),
            KeyPlace::Draw => focus.is_none_or(|id| id == DrawCanvas::id()),
            KeyPlace::Window
            | KeyPlace::Animation
            | KeyPlace::Network
            | KeyPlace::Timeline
            | KeyPlace::Architecture
            | KeyPlace::Filters => true,
        };
        if !is_free || !acts(entry.place, state, has_playback) {
            continue;
        }
        // All keys of an entry are consumed, or the second would act in the next entry.
        let pressed = entry.keys.iter().filter(|key| ui.input_mut(|i| i.consume_shortcut(key))).count();
        if pressed > 0 {
            if entry.place == KeyPlace::Lesson && is_typing {
                // The letter is not typed, too.
                ui.input_mut(|i| i.events.retain(|event| !matches!(event, Event::Text(_))));
            }
            actions.send(action);
        }
    }
}

/// On a dark screen, a key or a click lights it again and does nothing else.
fn light_again(ui: &Ui, actions: &mut Actions) {
    let is_called = ui.input_mut(|i| {
        let calls = |event: &Event| {
            matches!(
                event,
                Event::Key { pressed: true, repeat: false, .. } | Event::PointerButton { pressed: true, .. }
            )
        };
        let is_called = i.events.iter().any(calls);
        i.events.retain(|event| {
            !matches!(event, Event::Key { .. } | Event::Text(_) | Event::PointerButton { .. })
        });
        is_called
    });
    if is_called {
        actions.send(Action::Present(PresentAct::Dark(false)));
    }
}

//! The keys of the view. They belong to the widget that has the focus, if one has.

use super::send::send;
use crate::{
    nn::SpecEdit,
    ui::{action::Actions, model::architecture::ArchitectureAct, state::AppState},
};
use egui::{Key, Modifiers, Ui};

/// Reads the keys.
pub fn read(ui: &Ui, state: &AppState, actions: &mut Actions) {
    let is_covered = ui.ctx().any_popup_open()
        || ui.memory(|memory| memory.focused().is_some() || memory.top_modal_layer().is_some());
    if is_covered || state.question.is_some() || state.shows_keys {
        return;
    }
    let lab = &state.architecture;
    let last = lab.draft.layers.len().checked_sub(1);
    let pressed = |modifiers, key| ui.input_mut(|input| input.count_and_consume_key(modifiers, key)) > 0;
    let up = |place: usize| place.checked_sub(1);
    let down = |place: usize| Some(place + 1).filter(|place| last.is_some_and(|last| *place <= last));
    if let Some(place) = lab.selected {
        let mut edit = |edit, to| {
            send(actions, ArchitectureAct::Edit(vec![edit]));
            send(actions, ArchitectureAct::Select(Some(to)));
        };
        // With Alt first: without modifiers, a key counts whatever modifiers are held.
        for (key, to) in [(Key::ArrowUp, up(place)), (Key::ArrowDown, down(place))] {
            if pressed(Modifiers::ALT, key)
                && let Some(to) = to
            {
                edit(SpecEdit::Move(place, to), to);
            }
        }
        if pressed(Modifiers::COMMAND, Key::D)
            && let Some(layer) = lab.draft.layers.get(place)
        {
            edit(SpecEdit::Insert(place + 1, layer.spec.clone()), place + 1);
        }
        if pressed(Modifiers::NONE, Key::Delete) {
            edit(SpecEdit::Remove(place), place);
        }
    }
    if pressed(Modifiers::NONE, Key::ArrowUp) {
        send(actions, ArchitectureAct::Select(lab.selected.and_then(up)));
    }
    if pressed(Modifiers::NONE, Key::ArrowDown) {
        let below = match lab.selected {
            Some(place) => down(place).or(Some(place)),
            None => last.map(|_| 0),
        };
        send(actions, ArchitectureAct::Select(below));
    }
}

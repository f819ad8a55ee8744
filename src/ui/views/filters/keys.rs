//! Keys: the arrows go from filter to filter, and from kernel to kernel; Home and End to the first and the last filter.

use super::{board::FilterBoard, kernel_button::has_other_focus, shown::Shown};
use crate::ui::{
    action::{Action, Actions},
    model::filters::FiltersAct,
};
use egui::{Key, Modifiers, Ui};

/// Sends the kernel that the keys of this frame lead to.
pub fn read(ui: &Ui, shown: &Shown<'_>, board: &FilterBoard, actions: &mut Actions) {
    let is_asked = ui.memory(|memory| memory.top_modal_layer().is_some());
    if is_asked || ui.ctx().text_edit_focused() || has_other_focus(ui) {
        return;
    }
    let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)) as isize;
    let down = pressed(Key::ArrowDown) - pressed(Key::ArrowUp);
    let right = pressed(Key::ArrowRight) - pressed(Key::ArrowLeft);
    let (first, last) = (pressed(Key::Home) > 0, pressed(Key::End) > 0);
    let order = &board.pictures.order;
    if let Some(&end) = (if first { order.first() } else { order.last() }).filter(|_| first || last) {
        if end != shown.filter {
            actions.send(Action::Filters(FiltersAct::Select(end, shown.input)));
        }
        return;
    }
    if (down, right) == (0, 0) {
        return;
    }
    let at = order.iter().position(|filter| *filter == shown.filter).unwrap_or(0);
    let to = |steps: isize| {
        let at = at.saturating_add_signed(steps).min(order.len().saturating_sub(1));
        order.get(at).copied().unwrap_or(shown.filter)
    };
    let (filter, input) = if shown.layout.inputs > 1 {
        (to(down), shown.input.saturating_add_signed(right).min(shown.layout.inputs - 1))
    } else {
        (to(down * board.columns.max(1) as isize + right), 0)
    };
    if (filter, input) != (shown.filter, shown.input) {
        actions.send(Action::Filters(FiltersAct::Select(filter, input)));
    }
}

//! A number that applies when typing ends.

use super::numbers;
use egui::{DragValue, Key, Response, Ui, emath::Numeric};

/// A number as people type it; what is not a finite number changes nothing. egui's own parser takes "nan".
pub fn typed_number<N: Numeric>(value: &mut N) -> DragValue<'_> {
    DragValue::new(value).custom_parser(numbers::typed)
}

/// Shows a number to drag or type. A typed number applies when typing ends, since the first digit of 12 is 1.
/// Escape ends the typing without a change.
///
/// egui's `DragValue` drops the text in the frame of the Escape key, and applies it in the next.
pub fn typed_number_ui(ui: &mut Ui, field: DragValue<'_>) -> Response {
    let id = ui.next_auto_id().with("called off");
    let is_called_off = ui.data_mut(|data| data.remove_temp::<bool>(id)).is_some();
    let field = field.update_while_editing(false);
    let response = ui.add(if is_called_off { field.custom_parser(|_| None) } else { field });
    if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
        ui.data_mut(|data| data.insert_temp(id, true));
    }
    response
}

//! A kernel among all filters as a button.

use super::shown::Shown;
use crate::ui::{
    action::{Action, Actions},
    model::filters::FiltersAct,
};
use egui::{EventFilter, Role, Ui, WidgetInfo};

/// The key of the mark that tells kernels from other widgets.
const KERNEL: &str = "a kernel";

/// What a kernel says and does.
pub(super) fn respond(
    ui: &Ui,
    shown: &Shown<'_>,
    response: &egui::Response,
    (name, marks, change): (String, String, String),
    (filter, input): (usize, usize),
    actions: &mut Actions,
) {
    let is_selected = (filter, input) == (shown.filter, shown.input);
    let text = [marks, change].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    response.widget_info(|| {
        let mut info = WidgetInfo::selected(Role::Button, ui.is_enabled(), is_selected, &name);
        info.current_text_value = Some(text.clone());
        info
    });
    ui.data_mut(|data| data.insert_temp(response.id.with(KERNEL), true));
    if response.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    }
    if response.clicked() {
        actions.send(Action::Filters(FiltersAct::Select(filter, input)));
    }
}

/// Whether a widget other than a kernel has the keyboard, and uses the arrows itself.
pub fn has_other_focus(ui: &Ui) -> bool {
    let Some(id) = ui.memory(egui::Memory::focused) else { return false };
    !ui.data(|data| data.get_temp::<bool>(id.with(KERNEL))).unwrap_or(false)
}

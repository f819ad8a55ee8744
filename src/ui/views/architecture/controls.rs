//! The controls of a row: the grip, the switch, and the buttons of the selected one.

use super::{
    columns::{BUTTONS, GRIP, SWITCH, part},
    row::Row,
    send::send,
};
use crate::{
    nn::SpecEdit,
    text::{fill, tr},
    ui::{
        action::Actions,
        model::architecture::{ArchitectureAct, DraftLayer},
        state::AppState,
        style::{
            icons,
            tokens::{Tokens, space},
        },
        widgets::{icon_button, switch},
    },
};
use egui::{Align, CursorIcon, Layout, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

impl Row<'_> {
    /// The grip, the switch, and the buttons of the selected row.
    pub fn controls_ui(
        &self,
        ui: &mut Ui,
        place: usize,
        layer: &DraftLayer,
        is_selected: bool,
        dragged: &mut Option<usize>,
        actions: &mut Actions,
    ) {
        let t = Tokens::of(ui);
        let name = self.name();
        let grip = part(self.place, 0.0, GRIP).shrink2(vec2(1.0, 8.0));
        let handle = ui.interact(grip, ui.scope_id().with(("grip", place)), Sense::drag());
        let text = fill(tr("Drag {layer}"), &[("layer", &name)]);
        handle.widget_info(|| WidgetInfo::labeled(Role::Button, true, &text));
        if handle.drag_started() {
            *dragged = Some(place);
        }
        let color = if handle.hovered() || *dragged == Some(place) { t.text } else { t.faint };
        for row in -1..=1 {
            for column in [-1.0, 1.0] {
                let dot = grip.center() + vec2(column * 2.5, row as f32 * 5.0);
                ui.painter().circle_filled(dot, 1.2, color);
            }
        }
        handle.on_hover_cursor(CursorIcon::Grab).on_hover_text(tr("Drag to move it"));
        let room = part(self.place, GRIP, SWITCH).shrink2(vec2(2.0, 4.5));
        let mut child = ui.new_child(UiBuilder::new().max_rect(room));
        let text = fill(tr("Use {layer}"), &[("layer", &name)]);
        let toggle = switch(&mut child, &text, "", layer.is_on);
        if toggle.on_hover_text(tr("Switched off, its input passes through")).clicked() {
            send(actions, ArchitectureAct::Switch(place, !layer.is_on));
        }
        if let Some(from) = self.columns.buttons.filter(|_| is_selected) {
            let room = part(self.place, from + space::XS, BUTTONS).shrink2(vec2(0.0, 4.5));
            let layout = Layout::left_to_right(Align::Center);
            let mut child = ui.new_child(UiBuilder::new().max_rect(room).layout(layout));
            buttons_ui(&mut child, self.state, place, &name, actions);
        }
    }
}

/// Moves, duplicates and removes the layer at a place.
pub fn buttons_ui(ui: &mut Ui, state: &AppState, place: usize, name: &str, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.x = 0.0;
    let layers = &state.architecture.draft.layers;
    let button = |ui: &mut Ui, icon, text: &'static str, can: bool| {
        let text = fill(text, &[("layer", name)]);
        ui.add_enabled_ui(can, |ui| icon_button(ui, icon, &text)).inner.clicked()
    };
    let mut edit = |edit: SpecEdit, to: usize| {
        send(actions, ArchitectureAct::Edit(vec![edit]));
        send(actions, ArchitectureAct::Select(Some(to)));
    };
    if button(ui, icons::CHEVRON_UP, tr("Move {layer} up"), place > 0) {
        edit(SpecEdit::Move(place, place.saturating_sub(1)), place.saturating_sub(1));
    }
    if button(ui, icons::CHEVRON_DOWN, tr("Move {layer} down"), place + 1 < layers.len()) {
        edit(SpecEdit::Move(place, place + 1), place + 1);
    }
    if button(ui, icons::COPY, tr("Duplicate {layer}"), true)
        && let Some(layer) = layers.get(place)
    {
        edit(SpecEdit::Insert(place + 1, layer.spec.clone()), place + 1);
    }
    if button(ui, icons::TRASH_2, tr("Remove {layer}"), true) {
        edit(SpecEdit::Remove(place), place);
    }
}

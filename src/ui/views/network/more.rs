//! What brings hidden columns, and the switch between columns and computation in a low window.

use super::viewport::Viewport;
use crate::{
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::selection::Selection,
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{icon_button, segmented},
    },
};
use egui::{Align2, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

/// The width of the buttons that bring hidden columns, in points.
pub(super) const MORE: f32 = 52.0;

/// How many columns are hidden on each side; a click brings them.
pub(super) fn more_ui(ui: &mut Ui, viewport: &Viewport, offset: f32, height: f32, actions: &mut Actions) {
    let (left, right) = viewport.hidden(offset);
    let (all, _) = ui.allocate_exact_size(vec2(MORE, height), Sense::hover());
    let half = (height - space::S) / 2.0;
    let buttons = [
        (all.with_max_y(all.top() + half), right, icons::ARROW_RIGHT, viewport.next(offset)),
        (all.with_min_y(all.bottom() - half), left, icons::ARROW_LEFT, viewport.previous(offset)),
    ];
    for (number, (rect, count, icon, position)) in buttons.into_iter().enumerate() {
        // At the ends there may be a part of a column only.
        let is_at_end = if number == 0 { offset >= viewport.most() - 0.5 } else { offset <= 0.5 };
        if is_at_end {
            continue;
        }
        let t = Tokens::of(ui);
        let response = ui.interact(rect, ui.scope_id().with(("more", number)), Sense::click());
        let count = count.max(1).to_string();
        let name = fill(
            if number == 0 {
                tr("Show {count} more layers to the right")
            } else {
                tr("Show {count} more layers to the left")
            },
            &[("count", &count)],
        );
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &name));
        let ground = if response.hovered() { t.hover } else { t.raised };
        let stroke = if response.has_focus() { t.focus_stroke() } else { t.control_stroke() };
        ui.painter().rect(rect, radius::M, ground, stroke, StrokeKind::Inside);
        let center = rect.center();
        let line = |y: f32, text: &str, font, ink| {
            ui.painter().text(center + vec2(0.0, y), Align2::CENTER_CENTER, text, font, ink);
        };
        line(-20.0, icon, fonts::icons(size::LARGE), t.accent);
        line(2.0, &count, fonts::mono_bold(size::LARGE), t.text);
        line(20.0, tr("more"), fonts::words(size::SMALL), t.second);
        if response.on_hover_text(name).clicked() {
            actions.send(Action::ScrollNetwork(position));
        }
    }
}

/// In a low window: the columns, or how the selected map is computed.
pub(super) fn breakdown_switch_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let mut shows = state.shows_breakdown;
    let options = [(false, tr("All layers")), (true, tr("Its computation"))];
    ui.horizontal(|ui| {
        if segmented(ui, tr("Left of this panel"), &mut shows, &options).changed() {
            actions.send(Action::ShowBreakdown(shows));
        }
        if icon_button(ui, icons::X, tr("Close the map")).on_hover_text(tr("Esc")).clicked() {
            actions.send(Action::Select(Selection::default()));
        }
    });
    ui.add_space(space::S);
}

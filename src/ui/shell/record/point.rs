//! Pointing at a place while recording: the one under the pointer is outlined, a click takes its name.

use crate::{
    text::{english_name, fill, tr},
    ui::{
        action::{Action, Actions},
        model::recording::RecordAct,
        shell::{lesson::Places, present::sheet},
        state::AppState,
        style::tokens::{Tokens, radius, size},
    },
};
use egui::{Align2, CursorIcon, FontId, Key, Order, Rect, Role, StrokeKind, Ui, WidgetInfo, vec2};

/// Lets a person click on a place. `panel` is the lesson's own, where a click acts as usual.
pub fn point_ui(ui: &Ui, state: &AppState, panel: Option<Rect>, actions: &mut Actions) {
    let Some(recording) = &state.recording else { return };
    if recording.pointing.is_none() || state.question.is_some() {
        return;
    }
    if ui.input(|input| input.key_pressed(Key::Escape)) {
        actions.send(Action::Record(RecordAct::Point(None)));
        return;
    }
    let t = Tokens::of(ui);
    let pointer = ui.input(|input| input.pointer.hover_pos());
    if pointer.is_some_and(|at| panel.is_some_and(|panel| panel.contains(at))) {
        return;
    }
    // The cells of a grid lie over it.
    let is_whole = ui.input(|input| input.modifiers.shift);
    let name = tr("Click the place to point at");
    sheet(ui, Order::Tooltip, "sheet of pointing", |over, paper| {
        paper.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, name));
        let Some((place, rect, role)) =
            pointer.and_then(|at| Places::at_with_rect(ui.ctx(), at, name, is_whole))
        else {
            return;
        };
        over.painter().rect_filled(rect.expand(2.0), radius::S, t.highlight.gamma_multiply(0.2));
        over.painter().rect_stroke(rect.expand(2.0), radius::S, t.highlight_stroke(), StrokeKind::Inside);
        let text = if is_whole {
            place.clone()
        } else {
            fill(tr("{place} · Shift: the whole grid"), &[("place", &place)])
        };
        let font = FontId::proportional(size::SMALL);
        let galley = over.painter().layout_no_wrap(text, font, t.text);
        let below = rect.left_bottom() + vec2(0.0, 6.0);
        let screen = over.ctx().content_rect();
        let mut ground = Align2::LEFT_TOP.anchor_size(below, galley.size()).expand(4.0);
        ground = ground.translate(vec2(
            (screen.right() - ground.right()).min(0.0),
            if ground.bottom() > screen.bottom() {
                rect.top() - ground.height() - 12.0 - below.y
            } else {
                0.0
            },
        ));
        over.painter().rect(ground, radius::S, t.raised, t.line_stroke(), StrokeKind::Inside);
        over.painter().galley(ground.min + vec2(4.0, 4.0), galley, t.text);
        if paper.on_hover_cursor(CursorIcon::PointingHand).clicked() {
            // Grids and their cells have names in small letters.
            let is_control = matches!(
                role,
                Role::Button
                    | Role::ComboBox
                    | Role::SpinButton
                    | Role::CheckBox
                    | Role::Switch
                    | Role::TextInput
            );
            actions.send(Action::Record(RecordAct::Pointed(english_name(&place, is_control))));
        }
    });
}

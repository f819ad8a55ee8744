//! Choosing what to hide: a click on a control hides it, a second one shows it again.

use super::{
    grounds::Grounds,
    layers::{layer, sheet},
    seen::Seen,
};
use crate::{
    text::tr,
    ui::{
        action::{Action, Actions},
        model::presenting::PresentAct,
        state::AppState,
        style::{
            icons,
            tokens::{Tokens, radius},
        },
    },
};
use egui::{CursorIcon, Order, Pos2, Rect, StrokeKind, Ui, WidgetInfo};

/// The English names of the controls that end the choice or count what is hidden: they act as usual.
fn is_own(name: &str) -> bool {
    name == "Done" || name.starts_with(icons::EYE_OFF) || name.ends_with(" hidden")
}

/// Outlines the control or the panel under the pointer and those that are hidden.
pub fn choose_ui(ui: &Ui, state: &AppState, grounds: &Grounds, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let over = layer(ui, Order::Tooltip, "choice of what to hide");
    let controls = Seen::controls(ui.ctx());
    let place = |id| {
        let response = ui.ctx().read_response(id)?;
        let rect = response.interact_rect;
        rect.is_positive().then_some(rect)
    };
    let own: Vec<Rect> =
        controls.iter().filter(|seen| is_own(&seen.control.name)).filter_map(|seen| place(seen.id)).collect();
    for seen in controls.iter().filter(|seen| state.settings.hidden.contains(&seen.control)) {
        if let Some(rect) = place(seen.id) {
            over.painter().rect_stroke(rect.expand(2.0), radius::S, t.focus_stroke(), StrokeKind::Inside);
        }
    }
    let pointer = ui.input(|input| input.pointer.hover_pos());
    if pointer.is_some_and(|at| own.iter().any(|rect| rect.contains(at))) {
        return;
    }
    sheet(ui, Order::Tooltip, "sheet of what to hide", |over, paper| {
        paper.widget_info(|| WidgetInfo::labeled(egui::Role::Canvas, true, tr("Choose what to hide")));
        let screen = over.ctx().content_rect();
        let under = |at: Pos2| {
            let named = controls.iter().filter(|seen| !seen.control.name.is_empty() && seen.id != paper.id);
            let placed = named.filter_map(|seen| Some((seen, place(seen.id)?)));
            let hit = placed.filter(|(_, rect)| rect.contains(at) && rect.area() < LARGEST * screen.area());
            let hit = hit.min_by(|(_, a), (_, b)| a.area().total_cmp(&b.area()));
            hit.map(|(seen, rect)| (&seen.control, rect)).or_else(|| grounds.panel_at(at))
        };
        let Some((control, rect)) = pointer.and_then(under) else { return };
        over.painter().rect_filled(rect.expand(2.0), radius::S, t.highlight.gamma_multiply(0.2));
        over.painter().rect_stroke(rect.expand(2.0), radius::S, t.highlight_stroke(), StrokeKind::Inside);
        if paper.on_hover_cursor(CursorIcon::PointingHand).clicked() {
            let control = control.clone();
            let is_hidden = state.settings.hidden.contains(&control);
            let act = if is_hidden { PresentAct::Show(control) } else { PresentAct::Hide(control) };
            actions.send(Action::Present(act));
        }
    });
}

/// What takes a larger part of the window than this is no control.
const LARGEST: f32 = 0.8;

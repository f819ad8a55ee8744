//! Presenting: the view alone, with a line at its foot; over it the pen, the dark screen and what covers hidden controls.

mod cover;
mod foot;
mod grounds;
mod hide;
mod layers;
mod menu;
mod pen;
mod seen;

pub use foot::hidden_ui;
pub use grounds::{Grounds, INSPECTOR, RAIL, panel};
pub use layers::sheet;
pub use menu::menu_ui;
pub use seen::Seen;

use super::lesson::LessonStrip;
use crate::ui::{
    action::Actions,
    model::{presenting::Presenting, view::ViewId},
    state::AppState,
    style::tokens::{DARK_SCREEN, Tokens, space},
    view::View,
    widgets::has_room,
};
use egui::{CentralPanel, Frame, Id, LayerId, Margin, Order, Panel, Rect, Ui};

/// The height of the line at the foot, in points.
pub const FOOT_HEIGHT: f32 = 26.0;

/// The margin around the view, in points.
const MARGIN: i8 = 16;

/// The whole window while presenting. Returns where the view is.
pub fn frame_ui(
    ui: &mut Ui,
    state: &AppState,
    view: &mut dyn View,
    strip: &mut LessonStrip,
    grounds: &mut Grounds,
    actions: &mut Actions,
) -> Rect {
    let t = Tokens::of(ui);
    let margin = Margin::symmetric(MARGIN, 0);
    let foot = Frame::new().fill(t.ground).inner_margin(margin);
    Panel::bottom("foot")
        .exact_size(FOOT_HEIGHT)
        .show_separator_line(false)
        .frame(foot)
        .show(ui, |ui| foot::foot_ui(ui, state, actions));
    if let Some(open) = state.lesson.as_ref().filter(|_| state.settings.view != ViewId::Lessons) {
        let words = Frame::new().fill(t.panel).inner_margin(Margin::symmetric(MARGIN, 10));
        let height = LessonStrip::height(ui.ctx().content_rect().height());
        let shown = Panel::bottom("words of the lesson")
            .exact_size(height)
            .frame(words)
            .show(ui, |ui| strip.ui(ui, state, open));
        grounds.add(shown.response.rect, t.panel);
    }
    let bottom = if has_room(ui) { space::M } else { space::XS };
    let margin = Margin { top: MARGIN, bottom: bottom as i8, ..margin };
    let ground = Frame::new().fill(t.ground).inner_margin(margin);
    let shown = CentralPanel::default().frame(ground).show(ui, |ui| {
        ui.push_id(state.settings.view, |ui| view.ui(ui, state, actions));
    });
    grounds.add(shown.response.rect, t.ground);
    shown.response.rect
}

/// What lies over the window: covers of hidden controls, what the pen has drawn, the choice of what to hide, the dark
/// screen.
pub fn over_ui(ui: &mut Ui, state: &AppState, grounds: &Grounds, actions: &mut Actions) {
    Seen::watch(ui.ctx(), !state.settings.hidden.is_empty() || state.presenting.is_hiding);
    cover::covers_ui(ui, state, grounds);
    pen::pen_ui(ui, &state.presenting, actions);
    if state.presenting.is_hiding {
        hide::choose_ui(ui, state, grounds, actions);
    }
    dark_ui(ui, &state.presenting);
}

fn dark_ui(ui: &Ui, presenting: &Presenting) {
    if presenting.is_dark {
        let layer = LayerId::new(Order::Debug, Id::unique("dark screen"));
        ui.ctx().layer_painter(layer).rect_filled(ui.ctx().content_rect(), 0, DARK_SCREEN);
    }
}

//! Presenting: the view alone, with a line at its foot; over it the pen, the dark screen and what covers hidden controls.

mod cover;
mod foot;
mod hide;
mod menu;
mod pen;
mod seen;

pub use foot::hidden_ui;
pub use menu::menu_ui;
pub use seen::Seen;

use crate::ui::{
    action::Actions,
    model::presenting::Presenting,
    state::AppState,
    style::tokens::{DARK_SCREEN, Tokens, space},
    view::View,
};
use egui::{
    Area, CentralPanel, Frame, Id, LayerId, Margin, Order, Panel, Rect, Response, Sense, Ui, UiBuilder,
};

/// The height of the line at the foot, in points.
pub const FOOT_HEIGHT: f32 = 26.0;

/// The margin around the view, in points.
const MARGIN: i8 = 14;

/// The grounds of the window's panels, to cover a control with: what a place is on.
#[derive(Clone, Debug, Default)]
pub struct Grounds(Vec<(Rect, egui::Color32)>);

impl Grounds {
    /// Adds a panel.
    pub fn add(&mut self, rect: Rect, color: egui::Color32) {
        self.0.push((rect, color));
    }

    /// The ground at the middle of `rect`.
    fn under(&self, rect: Rect, otherwise: egui::Color32) -> egui::Color32 {
        let found = self.0.iter().find(|(panel, _)| panel.contains(rect.center()));
        found.map_or(otherwise, |(_, color)| *color)
    }
}

/// The whole window while presenting.
pub fn frame_ui(
    ui: &mut Ui,
    state: &AppState,
    view: &mut dyn View,
    grounds: &mut Grounds,
    actions: &mut Actions,
) {
    let t = Tokens::of(ui);
    let margin = Margin::symmetric(MARGIN, 0);
    let foot = Frame::new().fill(t.ground).inner_margin(margin);
    Panel::bottom("foot")
        .exact_size(FOOT_HEIGHT)
        .show_separator_line(false)
        .frame(foot)
        .show(ui, |ui| foot::foot_ui(ui, state, actions));
    let margin = Margin { top: MARGIN, bottom: space::XS as i8, ..margin };
    let ground = Frame::new().fill(t.ground).inner_margin(margin);
    let shown = CentralPanel::default().frame(ground).show(ui, |ui| {
        ui.push_id(state.settings.view, |ui| view.ui(ui, state, actions));
    });
    grounds.add(shown.response.rect, t.ground);
}

/// What lies over the window: covers of hidden controls, what the pen has drawn, the choice of what to hide, the dark
/// screen.
pub fn over_ui(ui: &mut Ui, state: &AppState, grounds: &Grounds, actions: &mut Actions) {
    Seen::watch(ui.ctx(), !state.settings.hidden.is_empty() || state.presenting.is_hiding);
    cover::covers_ui(ui, state, grounds);
    pen::pen_ui(ui, &state.presenting, actions);
    if state.presenting.is_hiding {
        hide::choose_ui(ui, state, actions);
    }
    dark_ui(ui, &state.presenting);
}

fn dark_ui(ui: &Ui, presenting: &Presenting) {
    if presenting.is_dark {
        let layer = LayerId::new(Order::Debug, Id::unique("dark screen"));
        ui.ctx().layer_painter(layer).rect_filled(ui.ctx().content_rect(), 0, DARK_SCREEN);
    }
}

/// A `Ui` over the whole window, in a layer of its own. What is below still knows that the pointer is over it.
fn layer(ui: &Ui, order: Order, name: &'static str) -> Ui {
    let id = Id::unique(name);
    let screen = ui.ctx().content_rect();
    let builder = UiBuilder::new().layer_id(LayerId::new(order, id)).max_rect(screen);
    let mut layer = Ui::new(ui.ctx().clone(), id, builder);
    layer.set_clip_rect(screen);
    layer
}

/// A sheet over the whole window that takes the pointer: what is below knows nothing of it.
fn sheet<R>(ui: &Ui, order: Order, name: &'static str, show: impl FnOnce(&mut Ui, Response) -> R) -> R {
    let screen = ui.ctx().content_rect();
    let area = Area::new(Id::unique(name)).order(order).fixed_pos(screen.min).constrain(false).fade_in(false);
    area.show(ui.ctx(), |ui| {
        let (_, paper) = ui.allocate_exact_size(screen.size(), Sense::click_and_drag());
        show(ui, paper)
    })
    .inner
}

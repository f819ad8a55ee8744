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
    model::{hidden::HiddenControl, presenting::Presenting},
    state::AppState,
    style::tokens::{DARK_SCREEN, Tokens, space},
    view::View,
    widgets::has_header,
};
use egui::{
    Area, CentralPanel, Color32, Frame, Id, LayerId, Margin, Order, Panel, Pos2, Rect, Response, Sense, Ui,
    UiBuilder,
};

/// The height of the line at the foot, in points.
pub const FOOT_HEIGHT: f32 = 26.0;

/// The margin around the view, in points.
const MARGIN: i8 = 16;

/// The panels of the window: what a control is covered with, and which of them can be hidden.
#[derive(Clone, Debug, Default)]
pub struct Grounds(Vec<Ground>);

#[derive(Clone, Debug)]
struct Ground {
    rect: Rect,
    color: Color32,
    /// The panel, if it can be hidden.
    panel: Option<HiddenControl>,
}

/// The name under which the panel of a view's settings is hidden.
pub const INSPECTOR: &str = "settings";
/// The same of the list of views with the current image.
pub const RAIL: &str = "views";

/// A panel of this name as something that is hidden.
pub fn panel(name: &str) -> HiddenControl {
    HiddenControl { role: "Panel".to_owned(), name: name.to_owned(), number: 0 }
}

impl Grounds {
    /// Adds a panel.
    pub fn add(&mut self, rect: Rect, color: Color32) {
        self.0.push(Ground { rect, color, panel: None });
    }

    /// Adds a panel that can be hidden under this name.
    pub fn add_panel(&mut self, rect: Rect, color: Color32, name: &str) {
        self.0.push(Ground { rect, color, panel: Some(panel(name)) });
    }

    /// The ground at the middle of `rect`.
    fn under(&self, rect: Rect, otherwise: Color32) -> Color32 {
        let found = self.0.iter().find(|ground| ground.rect.contains(rect.center()));
        found.map_or(otherwise, |ground| ground.color)
    }

    /// The panel at a place that can be hidden.
    fn panel_at(&self, at: Pos2) -> Option<(&HiddenControl, Rect)> {
        let ground = self.0.iter().find(|ground| ground.rect.contains(at))?;
        ground.panel.as_ref().map(|panel| (panel, ground.rect))
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
    let bottom = if has_header(ui) { space::M } else { space::XS };
    let margin = Margin { top: MARGIN, bottom: bottom as i8, ..margin };
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

//! The panels of the window: what hidden controls are covered with, and which panels can be hidden whole.

use crate::ui::model::hidden::HiddenControl;
use egui::{Color32, Pos2, Rect};

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
    pub(super) fn under(&self, rect: Rect, otherwise: Color32) -> Color32 {
        let found = self.0.iter().find(|ground| ground.rect.contains(rect.center()));
        found.map_or(otherwise, |ground| ground.color)
    }

    /// The panel at a place that can be hidden.
    pub(super) fn panel_at(&self, at: Pos2) -> Option<(&HiddenControl, Rect)> {
        let ground = self.0.iter().find(|ground| ground.rect.contains(at))?;
        ground.panel.as_ref().map(|panel| (panel, ground.rect))
    }
}

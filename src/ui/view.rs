//! What a view is.

use crate::ui::{action::Actions, model::view::ViewId, state::AppState};
use egui::Ui;

/// One of the window's views. It reads the state and changes it only by sending actions.
pub trait View {
    /// The view itself.
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions);

    /// The panel on the right: its settings and details.
    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions);

    /// Whether the view needs its inspector, so that it is shown in narrow windows, too.
    fn needs_inspector(&self) -> bool {
        false
    }

    /// Whether the view has an animation, which Space plays.
    fn has_playback(&self) -> bool {
        false
    }
}

/// An entry of the list of views.
pub struct ViewEntry {
    /// Its identifier.
    pub id: ViewId,
    /// Its name in the window, before `tr`.
    pub name: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Makes it.
    pub make: fn() -> Box<dyn View>,
}

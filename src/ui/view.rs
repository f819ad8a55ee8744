//! What a view is.

use crate::ui::{action::Actions, model::view::ViewId, state::AppState};
use egui::Ui;

/// One of the window's pages. It reads the state and changes it only by sending actions.
pub trait View {
    /// The page itself.
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions);

    /// What stands beside it, where the window is wide enough or the view needs it.
    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions);

    /// Whether the page is of no use without what stands beside it.
    fn needs_inspector(&self) -> bool {
        false
    }

    /// Whether the page has an animation that the space bar plays, which elsewhere trains.
    fn has_playback(&self) -> bool {
        false
    }
}

/// A view's line in the list at the left.
pub struct ViewEntry {
    /// Its name for actions.
    pub id: ViewId,
    /// Its name for people; goes through `tr`.
    pub name: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Makes it.
    pub make: fn() -> Box<dyn View>,
}

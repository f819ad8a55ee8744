//! placeholder

use crate::ui::state::AppState;
use egui::Ui;

/// The panel.
#[derive(Default)]
pub struct LayersPanel {}

impl LayersPanel {
    /// Shows it.
    pub fn ui(&mut self, _ui: &mut Ui, _state: &AppState) {}
}

//! The explanation of a term, as a tooltip of its label.

use crate::text::{Term, tr};
use egui::{Response, RichText};

/// Adds a tooltip: what the term means, and PyTorch's name for it.
pub fn explain(response: Response, term: Term) -> Response {
    response.on_hover_ui(|ui| {
        ui.label(term.about());
        if let Some(name) = term.pytorch() {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.weak(format!("{}: ", tr("PyTorch")));
                ui.weak(RichText::new(name).monospace());
            });
        }
    })
}

//! The colours of the two runs.

use crate::ui::style::tokens::Tokens;
use egui::Color32;

/// The colour of a run.
pub fn color(t: &Tokens, run: usize) -> Color32 {
    t.runs[[1, 3][run]]
}

//! A raised ground with an outline, for things that belong together.

use crate::ui::style::tokens::{Tokens, radius, space};
use egui::{Frame, InnerResponse, Margin, Ui};

/// Shows `add_contents` on a card.
pub fn card<R>(ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let t = Tokens::of(ui);
    Frame::new()
        .fill(t.raised)
        .stroke(t.line_stroke())
        .corner_radius(radius::L)
        .inner_margin(Margin::same(space::M as i8))
        .show(ui, add_contents)
}

//! Headings: of a view and of a section in it.

use crate::ui::style::{
    fonts,
    tokens::{Tokens, size, space},
};
use egui::{Response, RichText, Ui};

/// The heading of a section.
pub fn section(ui: &mut Ui, text: &str) -> Response {
    section_with_detail(ui, text, "")
}

/// The heading of a section, followed by a detail, such as `Patch` and `rows 9 to 13`.
pub fn section_with_detail(ui: &mut Ui, text: &str, detail: &str) -> Response {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.spacing_mut().interact_size.y = 20.0;
        let heading = ui.label(RichText::new(text).font(fonts::semibold(size::SECTION)).color(t.text));
        if !detail.is_empty() {
            ui.label(RichText::new(detail).font(fonts::words(size::SECTION)).color(t.second));
        }
        heading
    })
    .inner
}

/// The name of a view and one sentence about its purpose.
pub fn view_heading(ui: &mut Ui, title: &str, sentence: &str) -> Response {
    let t = Tokens::of(ui);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = space::XS / 2.0;
        let heading = ui.heading(title);
        if !sentence.is_empty() {
            ui.label(RichText::new(sentence).color(t.second));
        }
        heading
    })
    .inner
}

//! A note beside a setting: what is wrong with its value.

use crate::ui::style::{
    icons,
    tokens::{Tokens, space},
};
use egui::{Rect, RectAlign, RichText, Tooltip, Ui};
use std::{fmt::Debug, hash::Hash};

/// The width of a note, in points.
const WIDTH: f32 = 300.0;

/// A note on the left of a row, over the view: no row moves for it. `name` tells it from the others of this panel.
pub fn wrong_note(ui: &Ui, row: Rect, name: impl Hash + Debug, text: &str) {
    if !ui.clip_rect().intersects(row) {
        return;
    }
    let t = Tokens::of(ui);
    let mut note =
        Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), ui.scope_id().with(("note", name)), row);
    note.popup = note.popup.align(RectAlign::LEFT).align_alternatives(&[RectAlign::BOTTOM]);
    note.gap(space::L).width(WIDTH).show(|ui| {
        ui.label(RichText::new(format!("{}  {text}", icons::TRIANGLE_ALERT)).color(t.bad));
    });
}

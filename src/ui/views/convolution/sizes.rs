//! Sizes of grids, their titles, and the signs between them.

use crate::ui::{
    style::{
        fonts,
        tokens::{Tokens, size},
    },
    widgets::number_grid::legible_side,
};
use egui::{Align2, Color32, FontId, Rect, RichText, Ui, UiBuilder, pos2, vec2};

/// The height of a grid's title, in points.
pub const TITLE: f32 = 22.0;

/// Below this, in points, cells have no legible digits.
pub const LEGIBLE: f32 = 20.0;
/// The least side of a cell with a number such as −0.52, in points.
pub const WIDEST: f32 = 28.0;

/// With less room than this, in points, a long detail of a title is left out.
pub(super) const SENTENCE: f32 = 120.0;

/// The largest absolute value, for a colour scale that both signs share.
pub fn limit(values: &[f32]) -> f32 {
    values.iter().copied().filter(|value| value.is_finite()).fold(0.0, |limit, value| value.abs().max(limit))
}

/// The least side of a cell in which inputs, weights, their products and results are legible, in points.
pub fn legible(x: &[f32], weights: &[f32], results: &[f32]) -> f32 {
    // The first few hundred numbers are enough.
    let some = |values: &[f32]| values[..values.len().min(400)].to_vec();
    let product = limit(x) * limit(weights);
    let is_negative = x.iter().chain(weights).any(|value| *value < 0.0);
    let product = if is_negative { -product } else { product };
    let all = some(x).into_iter().chain(some(weights)).chain(some(results)).chain([product]);
    // No number needs a wider cell.
    legible_side(all).clamp(LEGIBLE, WIDEST)
}

/// Shows `add` under a title, in `rect`. A short detail after the title is never cut.
pub fn titled<R>(ui: &mut Ui, rect: Rect, title: &str, detail: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let t = Tokens::of(ui);
    let (top, rest) = rect.split_top_bottom_at_y(rect.top() + TITLE);
    let mut head =
        ui.new_child(UiBuilder::new().max_rect(top).layout(egui::Layout::left_to_right(egui::Align::Min)));
    head.spacing_mut().item_spacing.x = 6.0;
    let heading = RichText::new(title).font(fonts::semibold(size::SECTION)).color(t.text);
    head.add(egui::Label::new(heading).truncate());
    let font = fonts::words(size::SECTION);
    let left = head.available_width();
    if !detail.is_empty() && (left > SENTENCE || left >= text_width(&head, detail, font.clone())) {
        head.add(egui::Label::new(RichText::new(detail).font(font).color(t.second)).truncate());
    }
    add(&mut ui.new_child(UiBuilder::new().max_rect(rest)))
}

/// How wide a line of text is, in points.
pub fn text_width(ui: &Ui, text: &str, font: FontId) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER).size().x
}

/// The gap between two columns of grids, in points, with room for a sign.
pub const GAP: f32 = 34.0;
/// The least width of a grid with its title, in points.
pub const NARROWEST: f32 = 72.0;
/// The largest cell, in points.
pub const LARGEST: f32 = 92.0;

/// The grids' sizes in cells.
#[derive(Clone, Debug)]
pub struct Sizes {
    /// The input with its padding.
    pub input: (usize, usize),
    /// The kernel.
    pub kernel: (usize, usize),
    /// The output, then the outputs of the following layers.
    pub results: Vec<(usize, usize)>,
}

/// A size as text: `3×3`.
pub fn at_sizes(size: (usize, usize)) -> String {
    format!("{}×{}", size.0, size.1)
}

/// A sign between two grids side by side.
pub fn between(ui: &Ui, left: Rect, right: Rect, sign: &str) {
    let t = Tokens::of(ui);
    let x = f32::midpoint(left.right(), right.left());
    let y = right.top() + TITLE + (right.height() - TITLE) / 2.0;
    let font = fonts::words(size::HEADING);
    ui.painter().text(pos2(x, y), Align2::CENTER_CENTER, sign, font, t.second);
}

/// A sign before a grid that is below another.
pub fn sign(ui: &Ui, rect: Rect, sign: &str) {
    let t = Tokens::of(ui);
    let place = pos2(rect.left() - GAP / 2.0, rect.top() + TITLE + (rect.height() - TITLE) / 2.0);
    let font = fonts::words(size::HEADING);
    ui.painter().text(place, Align2::CENTER_CENTER, sign, font, t.second);
}

/// A rectangle as large as a grid of this many cells, under its title.
pub fn place(left: f32, top: f32, (rows, columns): (usize, usize), cell: egui::Vec2, room: Rect) -> Rect {
    let size = vec2((columns as f32 * cell.x).max(NARROWEST), rows as f32 * cell.y + TITLE);
    Rect::from_min_size(pos2(left, top), size).intersect(room)
}

//! The content of a button: an icon and text, centred.

use crate::ui::style::{
    fonts,
    tokens::{Tokens, control_corners, space},
};
use egui::{
    Align2, Color32, FontId, Galley, Pos2, Rect, Response, StrokeKind, Ui, Vec2,
    emath::GuiRounding as _,
    text::{LayoutJob, TextWrapping},
    vec2,
};
use std::sync::Arc;

/// The side of an icon on a button, in points.
pub(super) const ICON_SIDE: f32 = 16.0;

/// The laid-out icon and text of one button.
pub(super) struct Face {
    icon: Option<Arc<Galley>>,
    text: Option<Arc<Galley>>,
    gap: f32,
}

impl Face {
    /// Lays out an icon and text; either may be empty.
    pub(super) fn new(ui: &Ui, icon: &str, text: &str, font: FontId) -> Self {
        let lay_out = |text: &str, font: FontId| {
            (!text.is_empty())
                .then(|| ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER))
        };
        Self { icon: lay_out(icon, fonts::icons(ICON_SIDE)), text: lay_out(text, font), gap: space::S }
    }

    /// Sets the distance between icon and text, in points.
    pub(super) fn with_gap(mut self, gap: f32) -> Self {
        self.gap = gap;
        self
    }

    /// The size, in points.
    pub(super) fn size(&self) -> Vec2 {
        let width = |galley: &Option<Arc<Galley>>| galley.as_ref().map_or(0.0, |g| g.size().x);
        let height = |galley: &Option<Arc<Galley>>| galley.as_ref().map_or(0.0, |g| g.size().y);
        let gap = if self.icon.is_some() && self.text.is_some() { self.gap } else { 0.0 };
        vec2(width(&self.icon) + gap + width(&self.text), height(&self.icon).max(height(&self.text)))
    }

    /// Paints it with its left end at `left`, centred on the height of `rect`.
    pub(super) fn paint(&self, ui: &Ui, rect: Rect, left: f32, icon_color: Color32, text_color: Color32) {
        let mut x = left;
        for (galley, color) in [(&self.icon, icon_color), (&self.text, text_color)] {
            if let Some(galley) = galley {
                let place = Align2::LEFT_CENTER.anchor_size(Pos2::new(x, rect.center().y), galley.size());
                let corner = place.min.round_to_pixels(ui.pixels_per_point());
                ui.painter().galley(corner, Arc::clone(galley), color);
                x += galley.size().x + self.gap;
            }
        }
    }

    /// Paints it in the middle of `rect`.
    pub(super) fn paint_centred(&self, ui: &Ui, rect: Rect, color: Color32) {
        self.paint(ui, rect, rect.center().x - self.size().x / 2.0, color, color);
    }
}

/// Outlines the widget that has the keyboard focus.
pub(super) fn focus_ring_ui(ui: &Ui, response: &Response, t: &Tokens) {
    if response.has_focus() {
        let rect = response.rect.expand(1.0);
        ui.painter().rect_stroke(rect, control_corners(), t.focus_stroke(), StrokeKind::Middle);
    }
}

/// Text on one line, cut with an ellipsis if it is wider than `room`.
pub fn elided(ui: &Ui, text: &str, font: FontId, color: Color32, room: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(room.max(0.0));
    ui.painter().layout_job(job)
}

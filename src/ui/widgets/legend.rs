//! The scale of a colour map, with the numbers of its ends.

use super::numbers;
use crate::{
    text::{fill, tr},
    ui::style::{
        colormap::ColorMapLut,
        fonts,
        tokens::{Tokens, radius, size, space},
    },
};
use egui::{
    Align2, Color32, ColorImage, Id, Image, Rect, Response, Role, Sense, TextureOptions, Ui, WidgetInfo,
    pos2, vec2,
};

/// The height of the scale, in points.
const HEIGHT: f32 = 9.0;

/// A horizontal scale of colours between two numbers or words.
#[must_use = "show it with `ui`"]
pub struct Legend<'a> {
    map: &'a ColorMapLut,
    low: String,
    high: String,
    width: f32,
}

impl<'a> Legend<'a> {
    /// From −`limit` to `limit` for a diverging map, from 0 for another.
    pub fn new(map: &'a ColorMapLut, limit: f32) -> Self {
        let limit = limit.abs();
        if map.is_signed() {
            Self::with_words(map, &numbers::signed(-limit), &numbers::signed(limit))
        } else {
            Self::with_words(map, "0", &numbers::plain(limit))
        }
    }

    /// With words at the ends, such as `lower` and `higher`.
    pub fn with_words(map: &'a ColorMapLut, low: &str, high: &str) -> Self {
        Self { map, low: low.to_owned(), high: high.to_owned(), width: 120.0 }
    }

    /// The length of the scale without its numbers, in points.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width.max(HEIGHT);
        self
    }

    /// Shows it on one line.
    pub fn ui(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let lay_out =
            |text: &str| ui.painter().layout_no_wrap(text.to_owned(), fonts::mono(size::SMALL), t.second);
        let (low, high) = (lay_out(&self.low), lay_out(&self.high));
        let width = low.size().x + high.size().x + self.width + 2.0 * space::S;
        let (rect, response) = ui.allocate_exact_size(vec2(width, low.size().y.max(HEIGHT)), Sense::hover());
        let name = fill(tr("Colours from {low} to {high}"), &[("low", &self.low), ("high", &self.high)]);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
        let bar = Rect::from_center_size(
            pos2(rect.left() + low.size().x + space::S + self.width / 2.0, rect.center().y),
            vec2(self.width, HEIGHT),
        );
        self.bar_ui(ui, bar, &t);
        let left = Align2::LEFT_CENTER.anchor_size(rect.left_center(), low.size());
        let right = Align2::RIGHT_CENTER.anchor_size(rect.right_center(), high.size());
        ui.painter().galley(left.min, low, t.second);
        ui.painter().galley(right.min, high, t.second);
        response
    }

    fn bar_ui(&self, ui: &Ui, bar: Rect, t: &Tokens) {
        let colors: Vec<Color32> = self.map.colors().to_vec();
        // One texture a map, shared by all legends that show it.
        let quarters = [0, 1, 2, 3, 4].map(|quarter| colors.get(quarter * (colors.len() - 1) / 4).copied());
        let id = Id::unique(("legend", quarters));
        let image = ColorImage::new([colors.len(), 1], colors);
        let texture = ui.ctx().load_texture_cached("legend", id, image, TextureOptions::LINEAR);
        Image::from_texture((texture.id(), bar.size())).corner_radius(radius::S).paint_at(ui, bar);
        let is_faint =
            self.map.colors().iter().any(|color| crate::ui::style::tokens::contrast(*color, t.panel) < 1.1);
        if is_faint && !self.map.is_signed() {
            ui.painter().rect_stroke(bar, radius::S, t.line_stroke(), egui::StrokeKind::Outside);
        }
    }
}

#[cfg(test)]
mod tests {
    use egui::Theme;
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::ui::widgets::testing::harness;

    #[test]
    fn it_names_its_ends() {
        let mut harness = harness(|ui, (): &mut ()| {
            Legend::new(ColorMapLut::diverging(Theme::Dark), 3.1).ui(ui);
            Legend::new(ColorMapLut::sequential(Theme::Dark), 0.5).ui(ui);
            Legend::with_words(ColorMapLut::diverging(Theme::Light), "lower", "higher").width(0.0).ui(ui);
        });
        harness.run();
        harness.get_by_label("Colours from −3.1 to +3.1");
        harness.get_by_label("Colours from 0 to 0.50");
        harness.get_by_label("Colours from lower to higher");
    }
}

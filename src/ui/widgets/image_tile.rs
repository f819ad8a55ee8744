//! A small grey picture, such as a 28×28 digit, in sharp pixels.

use super::face::elided;
use crate::ui::style::{
    colormap::photo_color,
    fonts,
    picture::PictureGround,
    tokens::{Tokens, radius, size, space},
};
use egui::{
    Align2, ColorImage, Context, CornerRadius, CursorIcon, Id, Image, Rect, Response, Role, Sense,
    StrokeKind, TextureFilter, TextureHandle, TextureOptions, Theme, Ui, Vec2, WidgetInfo,
    cache::FramePublisher, vec2,
};
use image::RgbImage;
use std::hash::Hash;

/// The room of a caption under a picture, in points.
const CAPTION_HEIGHT: f32 = 22.0;

/// Sharp pixels where a picture is enlarged, even ones where it is reduced.
const SHARP: TextureOptions =
    TextureOptions { minification: TextureFilter::Linear, ..TextureOptions::NEAREST };

/// Textures by tile. A texture that is not shown for a frame is dropped.
type Textures = FramePublisher<Id, ((u64, Theme, PictureGround), TextureHandle)>;

/// A grey picture as a tile.
#[must_use = "show it with `ui`"]
pub struct ImageTile<'a> {
    name: &'a str,
    id: Id,
    revision: u64,
    pixels: &'a [u8],
    colors: Option<&'a [u8]>,
    width: usize,
    ground: PictureGround,
    side: f32,
    caption: &'a str,
    is_highlighted: bool,
    sense: Sense,
}

impl<'a> ImageTile<'a> {
    /// A picture of `pixels` in rows of `width`, 0 no ink to 255 full ink.
    ///
    /// `key` is unique on the screen. The texture is made again when `revision` changes.
    /// Screen readers read `name`.
    pub fn new(
        name: &'a str,
        key: impl Hash + std::fmt::Debug,
        revision: u64,
        pixels: &'a [u8],
        width: usize,
    ) -> Self {
        Self {
            name,
            id: Id::unique(("image tile", key)),
            revision,
            pixels,
            colors: None,
            width: width.max(1),
            ground: PictureGround::Paper,
            side: 96.0,
            caption: "",
            is_highlighted: false,
            sense: Sense::hover(),
        }
    }

    /// Sets the background of its ink; the default is the theme's paper.
    pub fn ground(mut self, ground: PictureGround) -> Self {
        self.ground = ground;
        self
    }

    /// The picture in colour: red, green and blue of each pixel, in the same rows.
    pub fn colors(mut self, colors: Option<&'a RgbImage>) -> Self {
        self.colors = colors.map(|colors| colors.as_raw().as_slice());
        self
    }

    /// The longer side of the picture on the screen, in points.
    pub fn side(mut self, side: f32) -> Self {
        self.side = side;
        self
    }

    /// A caption under the picture.
    pub fn caption(mut self, caption: &'a str) -> Self {
        self.caption = caption;
        self
    }

    /// Highlights its outline.
    pub fn highlighted(mut self, is_highlighted: bool) -> Self {
        self.is_highlighted = is_highlighted;
        self
    }

    /// Makes it clickable.
    pub fn clickable(mut self) -> Self {
        self.sense = Sense::click();
        self
    }

    /// Lets it be dragged, by a hand that takes hold of it.
    pub fn draggable(mut self) -> Self {
        self.sense = Sense::drag();
        self
    }

    /// Shows the tile.
    pub fn ui(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let height = (self.pixels.len() / self.width).max(1);
        let longest = self.width.max(height) as f32;
        let picture_size = vec2(self.width as f32, height as f32) * (self.side / longest);
        let caption = if self.caption.is_empty() { 0.0 } else { CAPTION_HEIGHT };
        let response = ui.allocate_response(picture_size + vec2(0.0, caption), self.sense);
        let role = if self.sense.senses_click() { Role::Button } else { Role::Image };
        response.widget_info(|| WidgetInfo::labeled(role, ui.is_enabled(), self.name));
        if !ui.is_rect_visible(response.rect) {
            return response;
        }
        let picture = Rect::from_min_size(response.rect.min, picture_size);
        let corners = CornerRadius::same(radius::M);
        let texture = self.texture(ui.ctx(), t.theme, height);
        Image::from_texture((texture.id(), picture.size())).corner_radius(corners).paint_at(ui, picture);
        let is_over = self.sense != Sense::hover() && response.hovered();
        let response = match (self.sense.senses_drag(), response.dragged()) {
            (true, true) => response.on_hover_and_drag_cursor(CursorIcon::Grabbing),
            (true, false) => response.on_hover_cursor(CursorIcon::Grab),
            (false, _) => response,
        };
        let (outline, kind) = match (self.is_highlighted, response.has_focus(), is_over) {
            (true, ..) => (t.highlight_stroke(), StrokeKind::Middle),
            (_, true, _) => (t.focus_stroke(), StrokeKind::Middle),
            (.., true) => (egui::Stroke::new(1.0, t.second), StrokeKind::Inside),
            _ => (t.control_stroke(), StrokeKind::Inside),
        };
        ui.painter().rect_stroke(picture, corners, outline, kind);
        if !self.caption.is_empty() {
            let ink = if self.is_highlighted { t.text } else { t.second };
            let galley = elided(ui, self.caption, fonts::words(size::SMALL), ink, picture.width() + space::S);
            let place =
                Align2::CENTER_TOP.anchor_size(picture.center_bottom() + Vec2::Y * space::XS, galley.size());
            ui.painter().galley(place.min, galley, ink);
        }
        response
    }

    fn texture(&self, ctx: &Context, theme: Theme, height: usize) -> TextureHandle {
        let cached = ctx.memory_mut(|memory| memory.caches.cache::<Textures>().get(&self.id).cloned());
        let key = (self.revision, theme, self.ground);
        let texture = match cached {
            Some((of, texture)) if of == key => texture,
            Some((_, mut texture)) => {
                texture.set(self.image(theme, height), SHARP);
                texture
            }
            None => ctx.load_texture("image tile", self.image(theme, height), SHARP),
        };
        let entry = (key, texture.clone());
        ctx.memory_mut(|memory| memory.caches.cache::<Textures>().set(self.id, entry));
        texture
    }

    fn image(&self, theme: Theme, height: usize) -> ColorImage {
        let map = self.ground.colors(theme);
        let mut pixels: Vec<_> = match self.colors {
            Some(colors) => colors.as_chunks::<3>().0.iter().map(|pixel| photo_color(*pixel)).collect(),
            None => self.pixels.iter().map(|p| map.unsigned(f32::from(*p), 255.0)).collect(),
        };
        pixels.resize(self.width * height, map.unsigned(0.0, 1.0));
        ColorImage::new([self.width, height], pixels)
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::ui::widgets::testing::harness;

    #[test]
    fn a_tile_is_named_and_clicked() {
        let mut harness = harness(|ui, clicks: &mut u32| {
            let pixels = vec![128; 28 * 28];
            ImageTile::new("The input", "input", 1, &pixels, 28).side(90.0).caption("28×28 input").ui(ui);
            let tile = ImageTile::new("Test digit 3", 3, 1, &pixels, 28).highlighted(true).clickable();
            *clicks += u32::from(tile.ui(ui).clicked());
        });
        harness.get_by_role_and_label(Role::Button, "Test digit 3").click();
        harness.run();
        assert_eq!(*harness.state(), 1);
        let rect = harness.get_by_role_and_label(Role::Image, "The input").rect();
        assert_eq!(rect.size(), vec2(90.0, 90.0 + CAPTION_HEIGHT));
    }

    #[test]
    fn odd_sizes_do_no_harm() {
        let mut harness = harness(|ui, revision: &mut u64| {
            *revision += 1;
            for (i, (count, width)) in [(0, 0), (0, 28), (5, 28), (30, 28), (7, 1)].into_iter().enumerate() {
                ImageTile::new("odd", i, *revision, &vec![9; count], width).ui(ui);
            }
        });
        harness.run_steps(3);
    }
}

//! Many small heat maps in few textures.
//!
//! The places of the maps are set once per network ([`HeatAtlas::set_sizes`]). Filling them with the values of a new trace
//! writes pixels only, and showing them costs one draw call per page.

use super::atlas_layout::{AtlasLayout, Slot};
use crate::ui::style::colormap::{ColorMapLut, photo_color};
use egui::{Color32, ColorImage, Context, Painter, Rect, TextureHandle, TextureOptions, pos2};
use std::sync::Arc;

/// Textures keep to this side even where larger ones are allowed.
const MAX_SIDE: usize = 2048;
/// Maps are sampled this far inside their border, in texels, so that no neighbour bleeds in.
const INSET: f32 = 0.02;

struct Page {
    image: Arc<ColorImage>,
    texture: Option<TextureHandle>,
    is_changed: bool,
}

/// A set of heat maps, identified by their place in the list of sizes.
#[derive(Default)]
pub struct HeatAtlas {
    sizes: Vec<(usize, usize)>,
    max_side: usize,
    slots: Vec<Slot>,
    stale: Vec<bool>,
    pages: Vec<Page>,
}

impl HeatAtlas {
    /// Without maps.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for maps of these sizes, (width, height); does nothing if the sizes have not changed.
    pub fn set_sizes(&mut self, ctx: &Context, sizes: &[(usize, usize)]) {
        let max_side = ctx.input(|input| input.max_texture_side).clamp(64, MAX_SIDE);
        if self.sizes == sizes && self.max_side == max_side {
            return;
        }
        let layout = AtlasLayout::new(sizes, max_side);
        self.sizes = sizes.to_vec();
        self.max_side = max_side;
        self.slots = layout.slots;
        self.stale = vec![true; self.slots.len()];
        let blank = |size| Arc::new(ColorImage::filled(size, Color32::TRANSPARENT));
        self.pages = layout
            .pages
            .into_iter()
            .map(|size| Page { image: blank(size), texture: None, is_changed: true })
            .collect();
    }

    /// Marks all maps as changed: each is filled again before it is shown.
    pub fn forget(&mut self) {
        self.stale.fill(true);
    }

    /// Whether a map has to be filled before it is shown.
    pub fn is_stale(&self, map: usize) -> bool {
        self.stale.get(map).copied().unwrap_or(false)
    }

    /// Fills a map with the colours of a picture, row by row. A map that is too large for a texture shows some of its
    /// pixels; one that does not exist is ignored.
    pub fn fill_colors(&mut self, map: usize, pixels: &[[u8; 3]]) {
        let Some(slot) = self.slots.get(map).copied() else {
            return;
        };
        self.stale[map] = false;
        let (width, height) = self.sizes[map];
        let page = &mut self.pages[slot.page];
        page.is_changed = true;
        let image = Arc::make_mut(&mut page.image);
        let stride = image.size[0];
        for y in 0..slot.height {
            let first = (slot.y + y) * stride + slot.x;
            for (x, pixel) in image.pixels[first..first + slot.width].iter_mut().enumerate() {
                let (row, column) = (y * height / slot.height, x * width / slot.width);
                *pixel = photo_color(pixels.get(row * width + column).copied().unwrap_or_default());
            }
        }
    }

    /// The number of maps.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are no maps.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The (width, height) of a map.
    pub fn size(&self, map: usize) -> Option<(usize, usize)> {
        self.sizes.get(map).copied()
    }

    /// Colours a map with its values, row by row, where `limit` is the value at full colour.
    ///
    /// A map that is too large for a texture shows, of the values that share a pixel, the one furthest from zero.
    /// Values that are missing show as not a number; a map that does not exist is ignored.
    pub fn fill(&mut self, map: usize, values: &[f32], colors: &ColorMapLut, limit: f32) {
        let Some(slot) = self.slots.get(map).copied() else {
            return;
        };
        self.stale[map] = false;
        let (width, height) = self.sizes[map];
        let page = &mut self.pages[slot.page];
        page.is_changed = true;
        let image = Arc::make_mut(&mut page.image);
        let stride = image.size[0];
        for y in 0..slot.height {
            let first = (slot.y + y) * stride + slot.x;
            let row = &mut image.pixels[first..first + slot.width];
            if (slot.width, slot.height) == (width, height) {
                let source = values.get(y * width..(y + 1) * width).unwrap_or_default();
                for (x, pixel) in row.iter_mut().enumerate() {
                    *pixel = colors.color(source.get(x).copied().unwrap_or(f32::NAN), limit);
                }
            } else {
                for (x, pixel) in row.iter_mut().enumerate() {
                    *pixel = colors.color(extreme(values, (width, height), &slot, x, y), limit);
                }
            }
        }
    }

    /// Uploads the pages that changed: once a frame, after filling. Returns whether any page had changed.
    pub fn upload(&mut self, ctx: &Context) -> bool {
        let mut is_any = false;
        for page in self.pages.iter_mut().filter(|page| page.is_changed) {
            let image = Arc::clone(&page.image);
            if let Some(texture) = &mut page.texture {
                texture.set(image, TextureOptions::NEAREST);
            } else {
                page.texture = Some(ctx.load_texture("heat maps", image, TextureOptions::NEAREST));
            }
            page.is_changed = false;
            is_any = true;
        }
        is_any
    }

    /// Paints a map over `rect`. A map that was not uploaded is not shown.
    pub fn paint(&self, painter: &Painter, map: usize, rect: Rect) {
        let Some(slot) = self.slots.get(map) else {
            return;
        };
        let page = &self.pages[slot.page];
        if let Some(texture) = &page.texture {
            painter.image(texture.id(), rect, uv(slot, page.image.size), Color32::WHITE);
        }
    }

    /// The same with an opacity of 0 to 1.
    pub fn paint_faded(&self, painter: &Painter, map: usize, rect: Rect, opacity: f32) {
        let mut painter = painter.clone();
        painter.multiply_opacity(opacity.clamp(0.0, 1.0));
        self.paint(&painter, map, rect);
    }

    /// The number of textures.
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }
}

/// The value furthest from zero of those that share a pixel of a reduced map.
fn extreme(values: &[f32], (width, height): (usize, usize), slot: &Slot, x: usize, y: usize) -> f32 {
    let columns = x * width / slot.width..((x + 1) * width / slot.width).max(x * width / slot.width + 1);
    let rows = y * height / slot.height..((y + 1) * height / slot.height).max(y * height / slot.height + 1);
    let mut found = 0.0_f32;
    for row in rows {
        for column in columns.clone() {
            let value = values.get(row * width + column).copied().unwrap_or(f32::NAN);
            if value.is_nan() {
                return value;
            }
            if value.abs() > found.abs() {
                found = value;
            }
        }
    }
    found
}

fn uv(slot: &Slot, [page_width, page_height]: [usize; 2]) -> Rect {
    let (w, h) = (page_width as f32, page_height as f32);
    let (x, y) = (slot.x as f32, slot.y as f32);
    Rect::from_min_max(
        pos2((x + INSET) / w, (y + INSET) / h),
        pos2((x + slot.width as f32 - INSET) / w, (y + slot.height as f32 - INSET) / h),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use egui::Theme;

    use super::*;

    fn pixel(atlas: &HeatAtlas, map: usize, x: usize, y: usize) -> Color32 {
        let slot = atlas.slots[map];
        let image = &atlas.pages[slot.page].image;
        image.pixels[(slot.y + y) * image.size[0] + slot.x + x]
    }

    #[test]
    fn maps_hold_their_own_values() {
        let ctx = Context::default();
        let colors = ColorMapLut::diverging(Theme::Dark);
        let mut atlas = HeatAtlas::new();
        atlas.set_sizes(&ctx, &[(3, 2), (28, 28), (1, 120)]);
        let values: Vec<f32> = (0..784).map(|i| i as f32 / 392.0 - 1.0).collect();
        for (map, count) in [(0, 6), (1, 784), (2, 120)] {
            atlas.fill(map, &values[..count], colors, 1.0);
        }
        assert_eq!(pixel(&atlas, 0, 2, 1), colors.signed(values[5], 1.0));
        assert_eq!(pixel(&atlas, 1, 7, 20), colors.signed(values[20 * 28 + 7], 1.0));
        assert_eq!(pixel(&atlas, 2, 0, 119), colors.signed(values[119], 1.0));
    }

    #[test]
    fn nothing_is_uploaded_twice_and_nothing_laid_out_twice() {
        let ctx = Context::default();
        let mut atlas = HeatAtlas::new();
        let sizes = [(4, 4); 5];
        atlas.set_sizes(&ctx, &sizes);
        assert!(atlas.upload(&ctx) && !atlas.upload(&ctx));
        atlas.set_sizes(&ctx, &sizes);
        assert!(!atlas.upload(&ctx));
        atlas.fill(2, &[0.0; 16], ColorMapLut::sequential(Theme::Dark), 1.0);
        assert!(atlas.upload(&ctx));
        ctx.run_ui(egui::RawInput::default(), |_| {}).drop_without_applying_deltas();
    }

    #[test]
    fn what_is_forgotten_is_stale_until_it_is_filled() {
        let ctx = Context::default();
        let mut atlas = HeatAtlas::new();
        atlas.set_sizes(&ctx, &[(2, 2); 3]);
        assert!(atlas.is_stale(0) && atlas.is_stale(2) && !atlas.is_stale(3));
        atlas.fill(2, &[0.0; 4], ColorMapLut::sequential(Theme::Dark), 1.0);
        assert!(atlas.is_stale(0) && !atlas.is_stale(2));
        atlas.set_sizes(&ctx, &[(2, 2); 3]);
        assert!(!atlas.is_stale(2));
        atlas.forget();
        assert!(atlas.is_stale(2));
    }

    #[test]
    fn wrong_counts_and_strangers_do_no_harm() {
        let ctx = Context::default();
        let colors = ColorMapLut::diverging(Theme::Dark);
        let mut atlas = HeatAtlas::new();
        atlas.set_sizes(&ctx, &[(4, 4), (0, 7), (3, 0)]);
        atlas.fill(0, &[1.0; 6], colors, 1.0);
        atlas.fill(1, &[1.0; 6], colors, 1.0);
        atlas.fill(2, &[], colors, 1.0);
        atlas.fill(99, &[], colors, 1.0);
        assert_eq!(pixel(&atlas, 0, 3, 3), ColorMapLut::bad());
        assert_eq!(atlas.size(1), Some((0, 7)));
        assert_eq!(atlas.size(99), None);
    }

    #[test]
    fn what_is_larger_than_a_texture_keeps_its_extremes() {
        let ctx = Context::default();
        let colors = ColorMapLut::diverging(Theme::Dark);
        let mut atlas = HeatAtlas::new();
        atlas.set_sizes(&ctx, &[(1, 10_000), (10_000, 1)]);
        let mut values = vec![0.0; 10_000];
        values[7777] = -1.0;
        for map in 0..2 {
            atlas.fill(map, &values, colors, 1.0);
        }
        let count = |map: usize, color| {
            let slot = atlas.slots[map];
            (0..slot.height)
                .flat_map(|y| (0..slot.width).map(move |x| (x, y)))
                .filter(|(x, y)| pixel(&atlas, map, *x, *y) == color)
                .count()
        };
        for map in 0..2 {
            assert_eq!(count(map, colors.signed(-1.0, 1.0)), 1);
            assert_eq!(count(map, ColorMapLut::bad()), 0);
        }
    }

    #[test]
    fn a_large_layer_is_filled_in_no_time() {
        let ctx = Context::default();
        let mut atlas = HeatAtlas::new();
        atlas.set_sizes(&ctx, &[(26, 26); 512]);
        assert_eq!(atlas.page_count(), 1);
        let values: Vec<f32> = (0..676).map(|i| (i as f32).sin()).collect();
        let start = Instant::now();
        for map in 0..512 {
            atlas.fill(map, &values, ColorMapLut::diverging(Theme::Dark), 1.0);
        }
        let millis = start.elapsed().as_secs_f64() * 1e3;
        assert!(millis < 200.0, "{millis} ms");
    }
}

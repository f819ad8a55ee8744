//! Filters as tiles of signed weights, as wide as there is room.

use super::heat_atlas::HeatAtlas;
use crate::{
    text::{fill, tr},
    ui::style::{
        colormap::ColorMapLut,
        tokens::{Tokens, radius},
    },
};
use egui::{Painter, Rect, Response, Role, Sense, StrokeKind, Theme, Ui, WidgetInfo, vec2};

/// Between two tiles, in points.
pub const GAP: f32 = 6.0;

/// A grid of small signed pictures of one size, drawn from one texture.
#[derive(Default)]
pub struct FilterGrid {
    atlas: HeatAtlas,
    shown: Option<PaintedFilters>,
}

/// What the texture was made from.
struct PaintedFilters {
    values: Vec<f32>,
    limit: f32,
    theme: Theme,
}

/// What a grid shows.
#[derive(Clone, Copy, Debug)]
pub struct FilterTiles<'a> {
    /// The accessible name of the grid, such as `filters now`.
    pub name: &'a str,
    /// Tiles.
    pub count: usize,
    /// Columns and rows of a tile.
    pub size: (usize, usize),
    /// The value of full colour.
    pub limit: f32,
    /// The widest a tile may be, in points.
    pub max_side: f32,
}

impl FilterGrid {
    /// Shows `tiles` with their values `values(number)`, row by row. Returns the number of the tile under the pointer.
    pub fn ui<'v>(
        &mut self,
        ui: &mut Ui,
        tiles: FilterTiles<'_>,
        values: impl Fn(usize) -> &'v [f32],
    ) -> Option<usize> {
        let t = Tokens::of(ui);
        self.fill(ui, tiles, &values);
        let (response, tile) = lay_out(ui, tiles);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Image, true, tiles.name);
            info.current_text_value = Some(fill(tr("{count} tiles"), &[("count", &tiles.count.to_string())]));
            info
        });
        for number in 0..tiles.count {
            self.atlas.paint(ui.painter(), number, tile(number));
        }
        let pointer = response.hover_pos()?;
        let number = (0..tiles.count).find(|&number| tile(number).contains(pointer))?;
        ui.painter().rect_stroke(tile(number), radius::S, t.highlight_stroke(), StrokeKind::Outside);
        response.on_hover_ui_at_pointer(|ui| {
            ui.label(fill(tr("filter {number}"), &[("number", &number.to_string())]));
            let (rect, _) = ui.allocate_exact_size(vec2(180.0, 180.0), Sense::hover());
            self.atlas.paint(ui.painter(), number, rect);
        });
        Some(number)
    }

    /// Shows `tiles` as switches, crossed out if they are off. Returns the one that was clicked. `name(number)` is
    /// the accessible name of a switch.
    pub fn switches_ui<'v>(
        &mut self,
        ui: &mut Ui,
        tiles: FilterTiles<'_>,
        values: impl Fn(usize) -> &'v [f32],
        name: impl Fn(usize) -> String,
        is_on: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let t = Tokens::of(ui);
        self.fill(ui, tiles, &values);
        let (all, tile) = lay_out(ui, tiles);
        let mut clicked = None;
        for number in (0..tiles.count).filter(|&number| ui.is_rect_visible(tile(number))) {
            let (rect, is_on) = (tile(number), is_on(number));
            let response = ui.interact(rect, all.id.with(number), Sense::click());
            response.widget_info(|| WidgetInfo::selected(Role::Switch, ui.is_enabled(), is_on, name(number)));
            self.atlas.paint(ui.painter(), number, rect);
            if !is_on {
                cross_out(ui.painter(), rect);
            }
            let stroke = if response.has_focus() { Some(t.focus_stroke()) } else { None };
            let stroke = if response.hovered() { Some(t.highlight_stroke()) } else { stroke };
            if let Some(stroke) = stroke {
                ui.painter().rect_stroke(rect, radius::S, stroke, StrokeKind::Outside);
            }
            clicked = clicked.or(response.clicked().then_some(number));
            response.on_hover_ui_at_pointer(|ui| {
                ui.label(name(number));
                let (wide, tall) = (tiles.size.0 as f32, tiles.size.1 as f32);
                let size = vec2(wide, tall) * (180.0 / wide.max(tall).max(1.0));
                let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
                self.atlas.paint(ui.painter(), number, rect);
            });
        }
        clicked
    }

    /// New colours where the values, their limit or the theme are new.
    fn fill<'v>(&mut self, ui: &Ui, tiles: FilterTiles<'_>, values: &impl Fn(usize) -> &'v [f32]) {
        let t = Tokens::of(ui);
        let sizes = vec![tiles.size; tiles.count];
        let is_new = self.atlas.len() != tiles.count || self.atlas.size(0) != Some(tiles.size);
        self.atlas.set_sizes(ui.ctx(), &sizes);
        let all = || (0..tiles.count).flat_map(values).copied();
        let is_shown = self.shown.as_ref().is_some_and(|shown| {
            let is_same = (shown.limit, shown.theme) == (tiles.limit, t.theme);
            is_same && all().eq(shown.values.iter().copied())
        });
        if is_new || !is_shown {
            let colors = ColorMapLut::diverging(t.theme);
            for number in 0..tiles.count {
                self.atlas.fill(number, values(number), colors, tiles.limit);
            }
            self.atlas.upload(ui.ctx());
            self.shown = Some(PaintedFilters { values: all().collect(), limit: tiles.limit, theme: t.theme });
        }
    }
}

/// The room of all tiles, and where each is.
fn lay_out(ui: &mut Ui, tiles: FilterTiles<'_>) -> (Response, impl Fn(usize) -> Rect + use<>) {
    let (columns, side) = columns(ui.available_width(), tiles.count, tiles.max_side);
    let rows = tiles.count.div_ceil(columns);
    let wide = vec2(columns as f32 * (side + GAP) - GAP, rows as f32 * (side + GAP) - GAP);
    let (rect, response) = ui.allocate_exact_size(wide, Sense::hover());
    let tile = move |number: usize| {
        let at = vec2((number % columns) as f32, (number / columns) as f32) * (side + GAP);
        Rect::from_min_size(rect.min + at, vec2(side, side))
    };
    (response, tile)
}

/// Crosses out the picture of a map that is switched off.
pub fn cross_out(painter: &Painter, rect: Rect) {
    let t = Tokens::of(painter.ctx());
    let inner = rect.shrink(1.0);
    // Visible on light and dark pictures: a dark line under a light one, or the reverse.
    for (width, color) in [(4.0, t.ground), (1.8, t.warn)] {
        painter.line_segment([inner.left_top(), inner.right_bottom()], (width, color));
        painter.line_segment([inner.right_top(), inner.left_bottom()], (width, color));
    }
    painter.rect_stroke(rect, 0, (1.0, t.warn), StrokeKind::Inside);
}

/// The number of columns with the largest tiles up to `max_side`, and the side of the tiles.
fn columns(width: f32, count: usize, max_side: f32) -> (usize, f32) {
    let fitting = ((width + GAP) / (max_side + GAP)).ceil().max(1.0) as usize;
    let columns = fitting.min(count.max(1));
    (columns, ((width + GAP) / columns as f32 - GAP).min(max_side).max(4.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::testing::harness;

    #[test]
    fn new_values_are_shown_and_old_ones_not_made_anew() {
        let mut harness = harness(|ui, (grid, weights): &mut (FilterGrid, [f32; 8])| {
            let tiles = FilterTiles { name: "filters", count: 2, size: (2, 2), limit: 1.0, max_side: 40.0 };
            grid.ui(ui, tiles, |number| &weights[number * 4..][..4]);
        });
        let made = |grid: &FilterGrid| grid.shown.as_ref().map(|shown| shown.values.as_ptr());
        harness.run();
        let first = made(&harness.state().0);
        harness.run();
        assert_eq!(made(&harness.state().0), first);
        harness.state_mut().1[7] = 0.5;
        harness.run();
        assert_eq!(harness.state().0.shown.as_ref().unwrap().values, harness.state().1);
    }

    #[test]
    fn tiles_fill_the_width_and_no_more() {
        for (width, count) in [(300.0, 6), (300.0, 100), (90.0, 3), (10.0, 4)] {
            let (columns, side) = columns(width, count, 84.0);
            assert!(columns >= 1 && columns <= count);
            assert!(side <= 84.0);
            assert!(columns as f32 * (side + GAP) - GAP <= width.max(4.0) + 0.01);
        }
    }
}

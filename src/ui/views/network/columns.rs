//! The layers side by side, painted from one texture.

use super::{
    edges::{self, LitEdges},
    keys,
    layout::{self, COLUMN_GAP, Content, GAP, Grid},
    maps::Maps,
    tips,
    values::{self, Values},
    what_if,
};
use crate::{
    explain::ReceptiveField,
    nn::{ActivationGradients, Network, Trace},
    text::tr,
    ui::{
        model::{display::MapScale, selection::MapId},
        state::AppState,
        style::{
            fonts,
            picture::PictureGround,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{cross_out, numbers},
    },
};
use egui::{
    Align2, Color32, Painter, Pos2, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};
use std::{ops::Range, sync::Arc};

/// The room of a column's name, shape and scale, in points.
pub const HEADER: f32 = 58.0;

/// What the columns keep between frames.
#[derive(Default)]
pub struct Columns {
    /// What they are painted from.
    pub maps: Maps,
    fitted: Option<((f32, f32), Vec<Grid>)>,
    /// Where each column's maps stand in this frame.
    bodies: Vec<Rect>,
    lit_edges: LitEdges,
}

/// A place that is marked: rows and columns of a map.
pub struct Mark {
    /// In which map.
    pub map: MapId,
    /// From the top.
    pub rows: Range<usize>,
    /// From the left.
    pub columns: Range<usize>,
}

/// What is lit in the columns.
pub struct Lit<'a> {
    /// The map that is looked at.
    pub selected: Option<MapId>,
    /// Places in maps.
    pub marks: Vec<Mark>,
    /// Whether the map that is looked at is to be brought into sight.
    pub shows_selected: bool,
    /// What the cells of each layer see of the input.
    pub fields: &'a [ReceptiveField],
}

impl Columns {
    /// Takes in a trace, or gradients by it; a map gets its colours when it is painted.
    pub fn update(
        &mut self,
        ui: &Ui,
        network: &Network,
        trace: &Arc<Trace>,
        gradients: Option<&Arc<ActivationGradients>>,
        scale: MapScale,
        ground: PictureGround,
    ) {
        if self.maps.update(ui, network, trace, gradients, scale, ground) {
            self.fitted = None;
        }
    }

    /// Where a map, or a value of a vector, stands in this frame.
    fn place(&self, map: MapId) -> Option<Rect> {
        let (_, grids) = self.fitted.as_ref()?;
        let (body, grid) = (self.bodies.get(map.column)?, grids.get(map.column)?);
        Some(match self.maps.contents().get(map.column)? {
            Content::Maps { .. } => {
                let at = vec2(
                    (map.map % grid.columns) as f32 * (grid.cell.0 + GAP),
                    (map.map / grid.columns) as f32 * (grid.cell.1 + GAP),
                );
                Rect::from_min_size(body.min + at, vec2(grid.cell.0, grid.cell.1))
            }
            Content::Strip { len, .. } => {
                let tall = body.height() / (*len).max(1) as f32;
                let top = body.top() + map.map as f32 * tall;
                body.with_min_y(top).with_max_y(top + tall)
            }
        })
    }

    /// Shows all columns in this height; the map that was clicked comes back.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        values: Values<'_>,
        height: f32,
        lit: &Lit<'_>,
    ) -> Option<MapId> {
        let body = (height - HEADER).max(60.0);
        let room = (ui.available_width(), body);
        if self.fitted.as_ref().is_none_or(|(fitted, _)| *fitted != room) {
            self.fitted = Some((room, layout::fit(self.maps.contents(), room.0, room.1)));
        }
        let network = &state.network.network;
        let grids = self.fitted.as_ref().map(|(_, grids)| grids.clone()).unwrap_or_default();
        let mut clicked = None;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = COLUMN_GAP;
            let rects: Vec<Rect> = grids
                .iter()
                .map(|grid| ui.allocate_exact_size(vec2(grid.width, height), Sense::hover()).0)
                .collect();
            self.bodies = rects
                .iter()
                .zip(&grids)
                .zip(self.maps.contents())
                .map(|((rect, grid), content)| body_of(*rect, grid, *content))
                .collect();
            for column in 1..rects.len() {
                let gap = rects[column - 1].union(rects[column]);
                if ui.is_rect_visible(gap) {
                    let count = values::count(network, column);
                    edges::paint_faint(ui.painter(), network, column, count, |map| self.place(map));
                }
            }
            for (column, (rect, grid)) in rects.iter().zip(&grids).enumerate() {
                if ui.is_rect_visible(*rect) {
                    self.header_ui(ui, network, column, *rect, lit.fields);
                    clicked = self.column_ui(ui, state, values, column, grid, lit.selected).or(clicked);
                }
            }
        });
        if let Some(selected) = lit.selected {
            self.light(ui.painter(), network, selected);
            if let Some(rect) = self.place(selected).filter(|_| lit.shows_selected) {
                ui.scroll_to_rect(rect.expand(space::XL), None);
            }
        }
        for mark in &lit.marks {
            self.mark_ui(ui, network, mark);
        }
        clicked
    }

    /// Lights the edges into a map.
    fn light(&mut self, painter: &Painter, network: &Arc<Network>, map: MapId) {
        let mut lit = std::mem::take(&mut self.lit_edges);
        lit.paint(painter, network, map, |map| self.place(map));
        self.lit_edges = lit;
    }

    fn mark_ui(&self, ui: &Ui, network: &Network, mark: &Mark) {
        let Some(rect) = self.place(mark.map) else { return };
        let (_, height, width) = values::shape(network, mark.map.column).as_maps();
        let cell = vec2(rect.width() / width as f32, rect.height() / height as f32);
        let at = |y: usize, x: usize| rect.min + vec2(x as f32, y as f32) * cell;
        let marked =
            Rect::from_min_max(at(mark.rows.start, mark.columns.start), at(mark.rows.end, mark.columns.end));
        ui.painter().rect_stroke(marked, 0, Tokens::of(ui).highlight_stroke(), StrokeKind::Inside);
    }

    fn header_ui(&self, ui: &Ui, network: &Network, column: usize, rect: Rect, fields: &[ReceptiveField]) {
        let t = Tokens::of(ui);
        let header = rect.with_max_y(rect.top() + HEADER - space::S);
        let response = ui.interact(header, ui.scope_id().with(("header", column)), Sense::hover());
        if let Some(layer) = column.checked_sub(1) {
            tips::layer_ui(&response, network, layer, fields.get(layer));
        }
        let summary = match column.checked_sub(1) {
            None => tr("input").to_owned(),
            Some(layer) => values::short_name(&network.spec().layers[layer], self.maps.is_strip(column)),
        };
        // A long name may use a part of the gap as well.
        let painter =
            ui.painter().with_clip_rect(rect.expand2(vec2(COLUMN_GAP * 0.4, 0.0)).intersect(ui.clip_rect()));
        let line = |y: f32, text: String, font, color: Color32| {
            painter.text(rect.min + vec2(0.0, y), Align2::LEFT_TOP, text, font, color)
        };
        line(0.0, summary, fonts::semibold(size::SMALL), t.text);
        line(18.0, values::shape(network, column).to_string(), fonts::mono(11.5), t.second);
        let parameters: usize = match column.checked_sub(1) {
            None => 0,
            Some(layer) => network.parameters()[layer].iter().map(crate::nn::Tensor::len).sum(),
        };
        let limit = format!("±{}", numbers::plain(self.maps.limit(column)));
        let wide = rect.width() > 104.0 && parameters > 0;
        let limit = if wide { format!("{limit} · {}", numbers::count(parameters as u64)) } else { limit };
        line(34.0, limit, fonts::mono(if self.maps.is_strip(column) { 10.5 } else { 11.5 }), t.second);
    }

    fn column_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        values: Values<'_>,
        column: usize,
        grid: &Grid,
        selected: Option<MapId>,
    ) -> Option<MapId> {
        let network = &state.network.network;
        let body = self.bodies[column];
        let count = values::count(network, column);
        let response = ui.interact(body, ui.scope_id().with(("column", column)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, values::title(network, column)));
        if self.maps.is_strip(column) {
            self.maps.paint(ui.painter(), MapId { column, map: 0 }, body);
            for off in state.what_if.maps().filter(|off| off.layer + 1 == column && off.map < count) {
                if let Some(rect) = self.place(MapId { column, map: off.map }) {
                    // Too low for a cross: a bar through it.
                    ui.painter().rect_filled(
                        rect.with_max_y(rect.max.y.max(rect.min.y + 2.0)),
                        0,
                        Tokens::of(ui).warn,
                    );
                }
            }
        } else {
            for map in (0..count).map(|map| MapId { column, map }) {
                if let Some(rect) = self.place(map).filter(|rect| ui.is_rect_visible(*rect)) {
                    self.maps.paint(ui.painter(), map, rect);
                    if what_if::is_off(state, map) {
                        cross_out(ui.painter(), rect);
                    }
                }
            }
        }
        let t = Tokens::of(ui);
        let outline =
            |rect: Rect| ui.painter().rect_stroke(rect, radius::S, t.highlight_stroke(), StrokeKind::Outside);
        if let Some(rect) = selected.filter(|map| map.column == column).and_then(|map| self.place(map)) {
            outline(rect);
        }
        keys::leave_arrows(ui, &response, body.expand(3.0));
        if response.clicked() && response.hover_pos().is_none() {
            return Some(MapId { column, map: 0 });
        }
        let pointer = response.hover_pos()?;
        let map = self.under(pointer, column, grid, count)?;
        let place = self.place(map)?;
        outline(place);
        self.light(ui.painter(), network, map);
        self.tip_ui(&response, state, values, map, place, pointer);
        response.clicked().then_some(map)
    }

    /// The map at a place of its column.
    fn under(&self, pointer: Pos2, column: usize, grid: &Grid, count: usize) -> Option<MapId> {
        let body = self.bodies[column];
        let at = pointer - body.min;
        let map = if self.maps.is_strip(column) {
            ((at.y / body.height() * count as f32) as usize).min(count.checked_sub(1)?)
        } else {
            let (x, y) = (at.x / (grid.cell.0 + GAP), at.y / (grid.cell.1 + GAP));
            (x.max(0.0) as usize).min(grid.columns - 1) + y.max(0.0) as usize * grid.columns
        };
        (map < count).then_some(MapId { column, map })
    }

    fn tip_ui(
        &mut self,
        response: &Response,
        state: &AppState,
        values: Values<'_>,
        map: MapId,
        place: Rect,
        pointer: Pos2,
    ) {
        if self.maps.is_strip(map.column) {
            return tips::value_ui(response, &state.network.network, values, map);
        }
        let share = (pointer - place.min) / place.size();
        tips::map_ui(response, &state.network.network, values, map, pos2(share.x, share.y), |ui, rect| {
            self.maps.paint(ui.painter(), map, rect);
        });
    }
}

/// Where the maps of a column stand.
fn body_of(rect: Rect, grid: &Grid, content: Content) -> Rect {
    let body = rect.with_min_y(rect.top() + HEADER);
    let size = match content {
        Content::Maps { count, .. } => {
            let rows = count.div_ceil(grid.columns) as f32;
            vec2(grid.columns as f32 * (grid.cell.0 + GAP) - GAP, rows * (grid.cell.1 + GAP) - GAP)
        }
        // A value is at most as tall as a small map.
        Content::Strip { len, .. } => vec2(grid.cell.0, body.height().min(len as f32 * 14.0)),
    };
    Rect::from_min_size(body.min, size)
}

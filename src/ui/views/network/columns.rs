//! The layers side by side, painted from one texture.

use super::{
    edges::{self, LitEdges},
    keys,
    layout::{self, COLUMN_GAP, Content, GAP, Grid},
    tips,
    values::{self, INPUT, Values},
    what_if,
};
use crate::{
    explain::ReceptiveField,
    nn::{ActivationGradients, Network, Shape, Trace},
    ui::{
        colormap::ColorMapLut,
        fonts,
        selection::MapId,
        settings::MapScale,
        state::AppState,
        tokens::{Tokens, radius, size, space},
        tr::tr,
        widgets::{HeatAtlas, cross_out, numbers},
    },
};
use egui::{
    Align2, Color32, Painter, Pos2, Rect, Response, Role, Sense, StrokeKind, Theme, Ui, WidgetInfo, pos2,
    vec2,
};
use std::{ops::Range, sync::Arc};

/// The room of a column's name, shape and scale, in points.
pub const HEADER: f32 = 58.0;

/// What a texture was coloured with.
type Shown = (Arc<Trace>, Option<Arc<ActivationGradients>>, MapScale, Theme);

/// What the columns keep between frames.
#[derive(Default)]
pub struct Columns {
    atlas: HeatAtlas,
    contents: Vec<Content>,
    /// The first map's place in the atlas, a column each.
    first: Vec<usize>,
    limits: Vec<f32>,
    shown: Option<Shown>,
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
    ) {
        let same = |a: Option<&Arc<ActivationGradients>>, b: Option<&Arc<ActivationGradients>>| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let is_shown = self.shown.as_ref().is_some_and(|(t, g, s, theme)| {
            Arc::ptr_eq(t, trace) && same(g.as_ref(), gradients) && *s == scale && *theme == ui.theme()
        });
        if is_shown {
            return;
        }
        let columns = network.layers().len() + 1;
        let contents: Vec<Content> = (0..columns).map(|column| content(network, column)).collect();
        if contents != self.contents {
            self.contents = contents;
            self.fitted = None;
        }
        let mut sizes = Vec::new();
        self.first.clear();
        for column in 0..columns {
            self.first.push(sizes.len());
            match self.contents[column] {
                Content::Maps { count, height, width, .. } => {
                    sizes.extend(std::iter::repeat_n((width, height), count));
                }
                Content::Strip { .. } => sizes.push((1, values::shape(network, column).len())),
            }
        }
        self.atlas.set_sizes(ui.ctx(), &sizes);
        self.atlas.forget();
        let shown = Values { trace, gradients: gradients.map(Arc::as_ref) };
        self.limits = (0..columns).map(|column| limit(shown.column(column))).collect();
        self.shown = Some((trace.clone(), gradients.cloned(), scale, ui.theme()));
    }

    /// Hands the colours of all maps that were painted for the first time to the graphics card.
    pub fn upload(&mut self, ui: &Ui) {
        self.atlas.upload(ui.ctx());
    }

    /// The largest absolute value of all layers.
    pub fn network_limit(&self) -> f32 {
        self.limits.iter().skip(1).copied().fold(0.0, f32::max)
    }

    /// Paints one map as large as `rect`; of a vector, all of it.
    pub fn paint(&mut self, painter: &Painter, map: MapId, rect: Rect) {
        let Some(&first) = self.first.get(map.column) else { return };
        let place = if self.is_strip(map.column) { first } else { first + map.map };
        if self.atlas.is_stale(place) {
            self.fill(map, place);
        }
        self.atlas.paint(painter, place, rect);
    }

    /// Colours one map.
    fn fill(&mut self, map: MapId, place: usize) {
        let Some((trace, gradients, scale, theme)) = &self.shown else { return };
        let shown = Values { trace, gradients: gradients.as_deref() };
        let all = shown.column(map.column);
        let values = if self.is_strip(map.column) { all } else { shown.map(map) };
        let of_column = self.limits[map.column];
        let limit = match scale {
            _ if map.column == INPUT => of_column,
            MapScale::Map => limit(values),
            MapScale::Layer => of_column,
            MapScale::Network => self.network_limit(),
        };
        // An input without negative values is a grey picture.
        let is_grey = map.column == INPUT && gradients.is_none() && all.iter().all(|v| *v >= 0.0);
        let colors = if is_grey { ColorMapLut::grey(*theme) } else { ColorMapLut::diverging(*theme) };
        self.atlas.fill(place, values, colors, limit.max(f32::MIN_POSITIVE));
    }

    fn is_strip(&self, column: usize) -> bool {
        matches!(self.contents.get(column), Some(Content::Strip { .. }))
    }

    /// Where a map, or a value of a vector, stands in this frame.
    fn place(&self, map: MapId) -> Option<Rect> {
        let (_, grids) = self.fitted.as_ref()?;
        let (body, grid) = (self.bodies.get(map.column)?, grids.get(map.column)?);
        Some(match self.contents.get(map.column)? {
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
            self.fitted = Some((room, layout::fit(&self.contents, room.0, room.1)));
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
                .zip(&self.contents)
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
            Some(layer) => values::short_name(&network.spec().layers[layer], self.is_strip(column)),
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
        let limit = format!("±{}", numbers::plain(self.limits[column]));
        let wide = rect.width() > 104.0 && parameters > 0;
        let limit = if wide { format!("{limit} · {}", numbers::count(parameters as u64)) } else { limit };
        line(34.0, limit, fonts::mono(if self.is_strip(column) { 10.5 } else { 11.5 }), t.second);
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
        if self.is_strip(column) {
            self.paint(ui.painter(), MapId { column, map: 0 }, body);
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
                    self.paint(ui.painter(), map, rect);
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
        let map = if self.is_strip(column) {
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
        if self.is_strip(map.column) {
            return tips::value_ui(response, &state.network.network, values, map);
        }
        let share = (pointer - place.min) / place.size();
        tips::map_ui(response, &state.network.network, values, map, pos2(share.x, share.y), |ui, rect| {
            self.paint(ui.painter(), map, rect);
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

fn content(network: &Network, column: usize) -> Content {
    let shape = values::shape(network, column);
    // The faces' widest digits and letters at the header's sizes.
    let header =
        |name: &str| (name.chars().count() as f32 * 7.4).max(shape.to_string().chars().count() as f32 * 7.0);
    let spec = column.checked_sub(1).map(|layer| &network.spec().layers[layer]);
    let name = |is_vector| spec.map_or_else(String::new, |spec| values::short_name(spec, is_vector));
    match shape {
        Shape::Maps { channels, height, width } if height * width > 1 => {
            Content::Maps { count: channels, height, width, header: header(&name(false)) }
        }
        // Below the name stands a number such as ±2.9e-6.
        _ => Content::Strip { len: shape.len(), header: header(&name(true)).max(38.0) },
    }
}

fn limit(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |limit, v| limit.max(v.abs()))
}

//! The layers side by side, painted from one texture.

use super::layout::{self, COLUMN_GAP, Content, GAP, Grid};
use crate::{
    explain::Verdict,
    nn::{LayerSpec, Network, Shape, Trace},
    ui::{
        colormap::ColorMapLut,
        fonts,
        settings::MapScale,
        state::AppState,
        tokens::{Tokens, radius, size, space},
        tr::{fill, tr},
        widgets::{HeatAtlas, ProbabilityBars, numbers},
    },
};
use egui::{
    Align2, Painter, Pos2, Rect, Response, Role, Sense, StrokeKind, Theme, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};
use std::{ops::Range, sync::Arc};

/// The room of a column's name, shape and scale, in points.
const HEADER: f32 = 58.0;

/// The width of the last column, the softmax, in points.
const SOFTMAX_WIDTH: f32 = 118.0;

/// The first column.
const INPUT: usize = 0;

/// A map in the view: column 0 is the input, column i + 1 layer i.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapId {
    /// Which column.
    pub column: usize,
    /// Which map in it; of a vector, which value.
    pub map: usize,
}

/// What the columns keep between frames.
#[derive(Default)]
pub struct Columns {
    atlas: HeatAtlas,
    contents: Vec<Content>,
    /// The first map's place in the atlas, a column each.
    first: Vec<usize>,
    limits: Vec<f32>,
    shown: Option<(Arc<Trace>, MapScale, Theme)>,
    fitted: Option<((f32, f32), Vec<Grid>)>,
}

impl Columns {
    /// Takes in a trace: new colours only where the trace, the scale or the theme is new.
    pub fn update(&mut self, ui: &Ui, network: &Network, trace: &Arc<Trace>, scale: MapScale) {
        let is_shown = self
            .shown
            .as_ref()
            .is_some_and(|(t, s, theme)| Arc::ptr_eq(t, trace) && *s == scale && *theme == ui.theme());
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
                Content::Strip { .. } => sizes.push((1, shape(network, column).len())),
            }
        }
        self.atlas.set_sizes(ui.ctx(), &sizes);
        self.limits = (0..columns).map(|column| limit(column_values(trace, column))).collect();
        let of_network = self.network_limit();
        let (signed, grey) = (ColorMapLut::diverging(ui.theme()), ColorMapLut::grey(ui.theme()));
        for column in 0..columns {
            let values = column_values(trace, column);
            let (maps, size) = match self.contents[column] {
                Content::Maps { count, height, width, .. } => (count, height * width),
                Content::Strip { .. } => (1, values.len()),
            };
            for (map, values) in values.chunks_exact(size.max(1)).take(maps).enumerate() {
                let limit = match scale {
                    _ if column == INPUT => self.limits[INPUT],
                    MapScale::Map => limit(values),
                    MapScale::Layer => self.limits[column],
                    MapScale::Network => of_network,
                };
                // An input without negative values is a grey picture.
                let is_grey = column == INPUT && values.iter().all(|v| *v >= 0.0);
                let colors = if is_grey { grey } else { signed };
                self.atlas.fill(self.first[column] + map, values, colors, limit.max(f32::MIN_POSITIVE));
            }
        }
        self.atlas.upload(ui.ctx());
        self.shown = Some((trace.clone(), scale, ui.theme()));
    }

    /// The largest absolute activation of all layers.
    pub fn network_limit(&self) -> f32 {
        self.limits.iter().skip(1).copied().fold(0.0, f32::max)
    }

    /// Whether there is such a map.
    pub fn has(&self, map: MapId) -> bool {
        match self.contents.get(map.column) {
            Some(Content::Maps { count, .. }) => map.map < *count,
            Some(Content::Strip { .. }) => {
                let shown = self.shown.as_ref().map(|(trace, ..)| column_values(trace, map.column));
                shown.is_some_and(|values| map.map < values.len())
            }
            None => false,
        }
    }

    /// Paints one map as large as `rect`.
    pub fn paint(&self, painter: &Painter, map: MapId, rect: Rect) {
        if let Some(first) = self.first.get(map.column) {
            self.atlas.paint(painter, first + map.map, rect);
        }
    }

    /// Shows all columns in this height, and what a value has `seen` of the input; the map that was clicked comes back.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        height: f32,
        selected: Option<MapId>,
        seen: Option<&(Range<usize>, Range<usize>)>,
    ) -> Option<MapId> {
        let body = (height - HEADER).max(60.0);
        let room = (ui.available_width() - SOFTMAX_WIDTH - COLUMN_GAP, body);
        if self.fitted.as_ref().is_none_or(|(fitted, _)| *fitted != room) {
            self.fitted = Some((room, layout::fit(&self.contents, room.0, room.1)));
        }
        let network = &state.network.network;
        let grids = self.fitted.as_ref().map(|(_, grids)| grids.clone()).unwrap_or_default();
        let mut clicked = None;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = COLUMN_GAP;
            for (column, grid) in grids.iter().enumerate() {
                let (rect, _) = ui.allocate_exact_size(vec2(grid.width, height), Sense::hover());
                if ui.is_rect_visible(rect) {
                    self.header_ui(ui, state, column, rect);
                    let body = rect.with_min_y(rect.top() + HEADER);
                    if let Some(map) = self.column_ui(ui, state, column, grid, body, selected) {
                        clicked = Some(map);
                    }
                    if let Some((rows, columns)) = seen.filter(|_| column == INPUT) {
                        let (_, height, width) = shape(network, INPUT).as_maps();
                        let cell = vec2(grid.cell.0 / width as f32, grid.cell.1 / height as f32);
                        let at = |y: usize, x: usize| body.min + vec2(x as f32, y as f32) * cell;
                        let field =
                            Rect::from_min_max(at(rows.start, columns.start), at(rows.end, columns.end));
                        let stroke = Tokens::of(ui).highlight_stroke();
                        ui.painter().rect_stroke(field, 0, stroke, StrokeKind::Inside);
                    }
                }
            }
            softmax_ui(ui, state, height);
        });
        clicked
    }

    fn header_ui(&self, ui: &Ui, state: &AppState, column: usize, rect: Rect) {
        let t = Tokens::of(ui);
        let network = &state.network.network;
        let summary = if column == INPUT {
            tr("input").to_owned()
        } else {
            let is_vector = matches!(self.contents[column], Content::Strip { .. });
            short_name(&network.spec().layers[column - 1], is_vector)
        };
        // A long name may use the gap as well.
        let painter =
            ui.painter().with_clip_rect(rect.expand2(vec2(COLUMN_GAP * 0.7, 0.0)).intersect(ui.clip_rect()));
        let line = |y: f32, text: String, font, color| {
            painter.text(rect.min + vec2(0.0, y), Align2::LEFT_TOP, text, font, color)
        };
        line(0.0, summary, fonts::semibold(size::SMALL), t.text);
        line(18.0, shape(network, column).to_string(), fonts::mono(11.5), t.second);
        line(34.0, format!("±{}", numbers::plain(self.limits[column])), fonts::mono(11.5), t.second);
    }

    fn column_ui(
        &self,
        ui: &mut Ui,
        state: &AppState,
        column: usize,
        grid: &Grid,
        body: Rect,
        selected: Option<MapId>,
    ) -> Option<MapId> {
        let network = &state.network.network;
        let id = ui.scope_id().with(("column", column));
        let (count, used) = match self.contents[column] {
            Content::Maps { count, .. } => {
                let rows = count.div_ceil(grid.columns) as f32;
                let width = grid.columns as f32 * (grid.cell.0 + GAP) - GAP;
                (count, Rect::from_min_size(body.min, vec2(width, rows * (grid.cell.1 + GAP) - GAP)))
            }
            Content::Strip { .. } => {
                let len = shape(network, column).len();
                // A value is at most as tall as a small map.
                let tall = body.height().min(len as f32 * 14.0);
                (len, Rect::from_min_size(body.min, vec2(grid.cell.0, tall)))
            }
        };
        let response = ui.interact(used, id, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, title(network, column)));
        let is_strip = !matches!(self.contents[column], Content::Maps { .. });
        if is_strip {
            self.atlas.paint(ui.painter(), self.first[column], used);
        }
        let cell = |map: usize| {
            let at = vec2(
                (map % grid.columns) as f32 * (grid.cell.0 + GAP),
                (map / grid.columns) as f32 * (grid.cell.1 + GAP),
            );
            Rect::from_min_size(body.min + at, vec2(grid.cell.0, grid.cell.1))
        };
        if !is_strip {
            for map in 0..count {
                let rect = cell(map);
                if ui.is_rect_visible(rect) {
                    self.atlas.paint(ui.painter(), self.first[column] + map, rect);
                }
            }
        }
        let t = Tokens::of(ui);
        let outline =
            |rect: Rect| ui.painter().rect_stroke(rect, radius::S, t.highlight_stroke(), StrokeKind::Outside);
        if let Some(chosen) = selected.filter(|chosen| chosen.column == column && chosen.map < count) {
            outline(if is_strip {
                let tall = used.height() / count as f32;
                let top = used.top() + chosen.map as f32 * tall;
                used.with_min_y(top).with_max_y(top + tall)
            } else {
                cell(chosen.map)
            });
        }
        let pointer = response.hover_pos()?;
        if is_strip {
            let len = shape(network, column).len();
            let map = (((pointer.y - used.top()) / used.height() * len as f32) as usize).min(len - 1);
            let is_clicked = response.clicked();
            value_tip_ui(response, state, MapId { column, map });
            return is_clicked.then_some(MapId { column, map });
        }
        let map = (0..count).find(|&map| cell(map).expand(GAP / 2.0).contains(pointer))?;
        outline(cell(map));
        let is_clicked = response.clicked();
        let id = MapId { column, map };
        self.map_tip_ui(response, state, id, cell(map), pointer);
        is_clicked.then_some(id)
    }

    /// The map under the pointer, enlarged, with the value under the pointer.
    fn map_tip_ui(&self, response: Response, state: &AppState, map: MapId, rect: Rect, pointer: Pos2) {
        let network = &state.network.network;
        let (_, height, width) = shape(network, map.column).as_maps();
        let at = (pointer - rect.min) / rect.size();
        let cell = |share: f32, n: usize| ((share * n as f32) as usize).min(n.saturating_sub(1));
        let (y, x) = (cell(at.y, height), cell(at.x, width));
        let value = state.trace().and_then(|trace| values(trace, map).get(y * width + x).copied());
        response.on_hover_ui_at_pointer(|ui| {
            let number = map.map.to_string();
            ui.label(fill(
                tr("{layer} · map {number}"),
                &[("layer", &title(network, map.column)), ("number", &number)],
            ));
            let side = 220.0;
            let size = vec2(side, side * height as f32 / width.max(1) as f32);
            let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
            self.paint(ui.painter(), map, rect);
            let pixel = vec2(rect.width() / width as f32, rect.height() / height as f32);
            let corner = rect.min + vec2(x as f32 * pixel.x, y as f32 * pixel.y);
            let t = Tokens::of(ui);
            ui.painter().rect_stroke(
                Rect::from_min_size(corner, pixel),
                0,
                t.highlight_stroke(),
                StrokeKind::Outside,
            );
            if let Some(value) = value {
                ui.monospace(format!("({y}, {x}) = {}", numbers::precise(value)));
            }
        });
    }
}

/// The value of a vector under the pointer.
fn value_tip_ui(response: Response, state: &AppState, at: MapId) {
    let network = &state.network.network;
    let values = state.trace().map(|trace| column_values(trace, at.column));
    let Some(value) = values.and_then(|values| values.get(at.map).copied()) else { return };
    response.on_hover_ui_at_pointer(|ui| {
        ui.label(title(network, at.column));
        ui.monospace(format!("[{}] = {}", at.map, numbers::precise(value)));
    });
}

/// The probabilities, as a last column of its own.
fn softmax_ui(ui: &mut Ui, state: &AppState, height: f32) {
    let t = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(SOFTMAX_WIDTH, height), Sense::hover());
    let shares = state.probabilities();
    let painter = ui.painter();
    painter.text(rect.min, Align2::LEFT_TOP, "softmax", fonts::semibold(size::SMALL), t.text);
    let below = pos2(rect.left(), rect.top() + 18.0);
    painter.text(below, Align2::LEFT_TOP, shares.len().to_string(), fonts::mono(11.5), t.second);
    let names: Vec<String> = (0..shares.len()).map(|class| class.to_string()).collect();
    let winner = match state.verdict() {
        Some(Verdict::Sure { class, .. }) => Some(class),
        _ => None,
    };
    let body = rect.with_min_y(rect.top() + HEADER - space::XS);
    let body = body.with_max_y(body.top() + body.height().min(names.len() as f32 * 34.0));
    ui.scope_builder(UiBuilder::new().max_rect(body), |ui| {
        ProbabilityBars::new(&names, &shares).winner(winner).height(body.height()).compact().ui(ui);
    });
}

/// What a header has room for: the whole summary over maps, the first word of it over a vector.
fn short_name(layer: &LayerSpec, is_vector: bool) -> String {
    let summary = layer.summary();
    if is_vector { summary.split(' ').next().unwrap_or_default().to_owned() } else { summary }
}

/// The shape that a column shows.
pub fn shape(network: &Network, column: usize) -> Shape {
    match column {
        INPUT => network.input(),
        _ => network.layers()[column - 1].output(),
    }
}

/// `conv2d 0` and so on, numbered as in a `torch.nn.Sequential`.
pub fn title(network: &Network, column: usize) -> String {
    match column {
        INPUT => tr("input").to_owned(),
        _ => format!("{} {}", network.spec().layers[column - 1].type_name(), column - 1),
    }
}

/// The values of one map.
pub fn values(trace: &Trace, map: MapId) -> &[f32] {
    let shape = match map.column {
        INPUT => trace.input.shape(),
        column => trace.activations[column - 1].shape(),
    };
    let size: usize = shape.iter().skip(2).product();
    column_values(trace, map.column).get(map.map * size..(map.map + 1) * size).unwrap_or_default()
}

fn column_values(trace: &Trace, column: usize) -> &[f32] {
    match column {
        INPUT => trace.input.values(),
        _ => trace.activation(column - 1),
    }
}

fn content(network: &Network, column: usize) -> Content {
    let shape = shape(network, column);
    // The faces' widest digits and letters at the header's sizes.
    let header =
        |name: &str| (name.chars().count() as f32 * 7.4).max(shape.to_string().chars().count() as f32 * 7.0);
    let spec = column.checked_sub(1).map(|layer| &network.spec().layers[layer]);
    let name = |is_vector| spec.map_or_else(String::new, |spec| short_name(spec, is_vector));
    match shape {
        Shape::Maps { channels, height, width } if height * width > 1 => {
            Content::Maps { count: channels, height, width, header: header(&name(false)) }
        }
        _ => Content::Strip { header: header(&name(true)) },
    }
}

fn limit(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |limit, v| limit.max(v.abs()))
}

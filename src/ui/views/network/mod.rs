//! *Network*: every layer's feature maps for the current image, from input to softmax.

mod columns;
mod layout;
mod pixel;

use super::View;
use crate::{
    explain::{Cell, ReceptiveField},
    nn::{LayerCost, NetworkSpec, Trace},
    ui::{
        action::{Action, Actions},
        colormap::ColorMapLut,
        fonts,
        settings::MapScale,
        state::AppState,
        tokens::{Tokens, size, space},
        tr::{fill, tr},
        widgets::{Legend, key_value, numbers, section, section_with_detail, segmented, view_header},
    },
};
use columns::{Columns, MapId};
use egui::{Rect, RichText, Role, ScrollArea, Sense, StrokeKind, Ui, WidgetInfo, vec2};
use std::{ops::Range, sync::Arc};

/// The view's width below which there is no room for a sentence in its header, in points.
const TIGHT: f32 = 760.0;

/// The view with its textures.
#[derive(Default)]
pub struct NetworkView {
    columns: Columns,
    selected: Option<MapId>,
    /// The (row, column) of the value that is explained, and the input channel that is looked at.
    pixel: Option<(usize, usize)>,
    channel: Option<usize>,
    explained: Option<Explained>,
    /// The receptive fields of a network's layers.
    fields: Option<(NetworkSpec, Vec<ReceptiveField>)>,
}

/// A value taken apart: of which trace, the (layer, element), and its parts. It may have hundreds of thousands.
type Explained = (Arc<Trace>, (usize, usize), Cell);

impl View for NetworkView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let network = &state.network.network;
        let parameters = numbers::count(network.parameter_count() as u64);
        let products = numbers::count(network.multiply_adds());
        let sentence = fill(
            tr("{parameters} parameters · {products} multiply-adds"),
            &[("parameters", &parameters), ("products", &products)],
        );
        let Some(trace) = state.trace().cloned() else {
            view_header(ui, tr("Network"), &sentence, |_| {});
            ui.centered_and_justified(Ui::spinner);
            return;
        };
        self.columns.update(ui, network, &trace, state.settings.map_scale);
        let limit = self.columns.network_limit();
        // Beside an inspector in a narrow window, the legend does without words.
        let is_tight = ui.available_width() < TIGHT;
        view_header(ui, tr("Network"), &sentence, |ui| {
            let mut scale = state.settings.map_scale;
            let options = [
                (MapScale::Map, tr("per map")),
                (MapScale::Layer, tr("per layer")),
                (MapScale::Network, tr("network")),
            ];
            if segmented(ui, tr("Colour scale"), &mut scale, &options).changed() {
                actions.send(Action::SetMapScale(scale));
            }
            ui.add_space(space::S);
            let colors = ColorMapLut::diverging(ui.theme());
            match scale {
                MapScale::Network => Legend::new(colors, limit),
                _ if is_tight => Legend::with_words(colors, tr("−max"), tr("+max")),
                MapScale::Layer => Legend::with_words(colors, tr("−max"), tr("+max of its layer")),
                MapScale::Map => Legend::with_words(colors, tr("−max"), tr("+max of each map")),
            }
            .width(64.0)
            .ui(ui);
        });
        ui.add_space(space::M);
        let height = ui.available_height() - 12.0;
        ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
            let seen = self.field(state);
            let clicked = self.columns.ui(ui, state, height, self.selected, seen.as_ref());
            if let Some(map) = clicked {
                self.channel = None;
                self.selected = if self.selected == Some(map) { None } else { Some(map) };
            }
        });
    }

    /// A map that was clicked is shown in a narrow window too, until it is clicked again.
    fn needs_inspector(&self) -> bool {
        self.selected.is_some()
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, _: &mut Actions) {
        let network = &state.network.network;
        let selected = self.selected.filter(|map| self.columns.has(*map));
        let Some(map) = selected else {
            section(ui, &network.spec().name);
            ui.add_space(space::XS);
            let t = Tokens::of(ui);
            ui.label(RichText::new(tr("Click a map to see it large, with its numbers.")).color(t.second));
            ui.add_space(space::M);
            layers_ui(ui, state);
            return;
        };
        self.map_ui(ui, state, map);
    }
}

/// The layers as a table: what comes out of each, and what it costs.
fn layers_ui(ui: &mut Ui, state: &AppState) {
    let network = &state.network.network;
    section_with_detail(ui, tr("Layers"), tr("output · parameters"));
    for (number, (layer, spec)) in network.layers().iter().zip(&network.spec().layers).enumerate() {
        let cost = LayerCost::of(layer.as_ref());
        let parameters = if cost.parameters > 0 { numbers::count(cost.parameters) } else { "–".to_owned() };
        key_value(ui, &format!("{number}  {}", spec.summary()), &format!("{} · {parameters}", cost.output));
    }
}

impl NetworkView {
    /// The (rows, columns) of the input that the value that is explained can see.
    fn field(&mut self, state: &AppState) -> Option<(Range<usize>, Range<usize>)> {
        let network = &state.network.network;
        let map = self.selected.filter(|map| self.columns.has(*map))?;
        let layer = map.column.checked_sub(1)?;
        let (_, height, width) = columns::shape(network, map.column).as_maps();
        let pixel = if height * width == 1 { Some((0, 0)) } else { self.pixel };
        let (y, x) = pixel.filter(|&(y, x)| y < height && x < width)?;
        if self.fields.as_ref().is_none_or(|(spec, _)| spec != network.spec()) {
            let fields = ReceptiveField::of_layers(network.spec()).ok()?;
            self.fields = Some((network.spec().clone(), fields));
        }
        Some(self.fields.as_ref()?.1.get(layer)?.region(y, x))
    }

    /// How one value of a map came about.
    fn explain_ui(&mut self, ui: &mut Ui, state: &AppState, map: MapId, at: usize) {
        let Some((answer, layer)) = state.current_answer().zip(map.column.checked_sub(1)) else { return };
        let at = map.map * columns::values(&answer.trace, map).len() + at;
        let is_explained =
            |(trace, place, _): &Explained| Arc::ptr_eq(trace, &answer.trace) && *place == (layer, at);
        if !self.explained.as_ref().is_some_and(is_explained) {
            let cell = answer.explain(layer, at);
            self.explained = cell.map(|cell| (answer.trace.clone(), (layer, at), cell));
        }
        let Some((_, _, cell)) = &self.explained else { return };
        let Some(&value) = answer.trace.activation(layer).get(at) else { return };
        pixel::cell_ui(ui, &answer.network.spec().layers[layer], cell, value, &mut self.channel);
        if let Some((rows, columns)) = self.field(state) {
            let range = |range: &Range<usize>| format!("{}–{}", range.start, range.end.saturating_sub(1));
            let seen = fill(
                tr("rows {rows}, columns {columns}"),
                &[("rows", &range(&rows)), ("columns", &range(&columns))],
            );
            key_value(ui, tr("sees of the input"), &seen);
        }
    }

    /// One map, large, with what is in it.
    fn map_ui(&mut self, ui: &mut Ui, state: &AppState, map: MapId) {
        let t = Tokens::of(ui);
        let network = &state.network.network;
        let Some(trace) = state.trace() else { return };
        let values = columns::values(trace, map);
        let (_, height, width) = columns::shape(network, map.column).as_maps();
        ui.label(RichText::new(columns::title(network, map.column)).color(t.second));
        let name = if height * width > 1 { tr("Map {number}") } else { tr("Value {number}") };
        let name = fill(name, &[("number", &map.map.to_string())]);
        ui.label(RichText::new(name).font(fonts::semibold(size::HEADING)).color(t.text));
        ui.add_space(space::S);
        if height * width == 1 {
            return self.explain_ui(ui, state, map, 0);
        }
        let side = ui.available_width();
        let tall = if width > 1 { side * height as f32 / width as f32 } else { 16.0 };
        let (rect, response) = ui.allocate_exact_size(vec2(side, tall.min(side)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, tr("Map, enlarged")));
        if width > 1 {
            self.columns.paint(ui.painter(), map, rect);
        }
        let pointed = response.hover_pos().filter(|_| width > 1).map(|pos| {
            let at = (pos - rect.min) / rect.size();
            ((at.y * height as f32) as usize, (at.x * width as f32) as usize)
        });
        if response.clicked() {
            self.pixel = if self.pixel == pointed { None } else { pointed };
        }
        let chosen = self.pixel.filter(|&(y, x)| y < height && x < width);
        if let Some((y, x)) = chosen {
            let pixel = vec2(rect.width() / width as f32, rect.height() / height as f32);
            let corner = rect.min + vec2(x as f32, y as f32) * pixel;
            let cell = Rect::from_min_size(corner, pixel);
            ui.painter().rect_stroke(cell, 0, t.highlight_stroke(), StrokeKind::Outside);
        }
        let pointed = pointed.or(chosen);
        let text = match pointed.and_then(|(y, x)| values.get(y * width + x).map(|v| (y, x, *v))) {
            Some((y, x, value)) => fill(
                tr("row {row}, column {column}: {value}"),
                &[("row", &y.to_string()), ("column", &x.to_string()), ("value", &numbers::precise(value))],
            ),
            None if map.column > 0 => tr("Click a pixel to see how it came about.").to_owned(),
            None => tr("Point at a pixel to read its value.").to_owned(),
        };
        ui.label(RichText::new(text).font(fonts::mono(size::MONO)).color(t.second));
        ui.add_space(space::M);
        if let Some((y, x)) = chosen
            && map.column > 0
        {
            self.explain_ui(ui, state, map, y * width + x);
            ui.add_space(space::L);
        }
        section(ui, tr("This map"));
        let max = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let min = values.iter().copied().fold(f32::INFINITY, f32::min);
        let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
        let zeros = values.iter().filter(|v| **v == 0.0).count() as f32 / values.len().max(1) as f32;
        key_value(ui, tr("size"), &format!("{height}×{width}"));
        key_value(ui, tr("largest"), &numbers::precise(max));
        key_value(ui, tr("smallest"), &numbers::precise(min));
        key_value(ui, tr("mean"), &numbers::precise(mean));
        key_value(ui, tr("exactly zero"), &numbers::percent(zeros));
    }
}

//! *Network*: every layer's feature maps for the current image, from input to softmax.

mod columns;
mod layout;

use super::View;
use crate::{
    nn::LayerCost,
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
use egui::{RichText, ScrollArea, Sense, Ui, vec2};

/// The view with its textures.
#[derive(Default)]
pub struct NetworkView {
    columns: Columns,
    selected: Option<MapId>,
}

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
                MapScale::Layer => Legend::with_words(colors, tr("−max"), tr("+max of its layer")),
                MapScale::Map => Legend::with_words(colors, tr("−max"), tr("+max of each map")),
            }
            .width(90.0)
            .ui(ui);
        });
        ui.add_space(space::M);
        let height = ui.available_height() - 12.0;
        ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
            let clicked = self.columns.ui(ui, state, height, self.selected);
            if let Some(map) = clicked {
                self.selected = if self.selected == Some(map) { None } else { Some(map) };
            }
        });
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
    /// One map, large, with what is in it.
    fn map_ui(&mut self, ui: &mut Ui, state: &AppState, map: MapId) {
        let t = Tokens::of(ui);
        let network = &state.network.network;
        let Some(trace) = state.trace() else { return };
        let values = columns::values(trace, map);
        let (_, height, width) = columns::shape(network, map.column).as_maps();
        ui.label(RichText::new(columns::title(network, map.column)).color(t.second));
        let name = fill(tr("Map {number}"), &[("number", &map.map.to_string())]);
        ui.label(RichText::new(name).font(fonts::semibold(size::HEADING)).color(t.text));
        ui.add_space(space::S);
        let side = ui.available_width();
        let tall = if width > 1 { side * height as f32 / width as f32 } else { 16.0 };
        let (rect, response) = ui.allocate_exact_size(vec2(side, tall.min(side)), Sense::hover());
        if width > 1 {
            self.columns.paint(ui.painter(), map, rect);
        }
        let pointed = response.hover_pos().filter(|_| width > 1).map(|pos| {
            let at = (pos - rect.min) / rect.size();
            ((at.y * height as f32) as usize, (at.x * width as f32) as usize)
        });
        let text = match pointed.and_then(|(y, x)| values.get(y * width + x).map(|v| (y, x, *v))) {
            Some((y, x, value)) => fill(
                tr("row {row}, column {column}: {value}"),
                &[("row", &y.to_string()), ("column", &x.to_string()), ("value", &numbers::precise(value))],
            ),
            None => tr("Point at a pixel to read its value.").to_owned(),
        };
        ui.label(RichText::new(text).font(fonts::mono(size::MONO)).color(t.second));
        ui.add_space(space::M);
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

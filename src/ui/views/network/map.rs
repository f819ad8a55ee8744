//! The inspector of a map: the map enlarged, the value under the pointer, how it is computed, and statistics of the map.

use super::{
    keys, lines,
    maps::Maps,
    pixel::{self, CellResponse},
    pointed::Pointed,
    top_activations::StrongestPatches,
    values::{self, Values},
    what_if,
};
use crate::{
    explain::Cell,
    nn::{LayerSpec, Network, Trace},
    text::{Term, fill, indices, tr, written::Number},
    ui::{
        action::{Action, Actions},
        model::{
            display::MapValues,
            selection::{MapId, Selection},
        },
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{cross_out, explain, key_value, numbers, section, tool_button},
    },
};
use egui::{Rect, RichText, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};
use std::{ops::Range, sync::Arc};

/// The computation of a value: its trace, (layer, element) and terms, of which there may be hundreds of thousands.
type Explained = (Arc<Trace>, (usize, usize), Cell);

/// What the inspector keeps between frames.
#[derive(Default)]
pub struct MapInspector {
    explained: Option<Explained>,
    kernels: what_if::Kernels,
    patches: StrongestPatches,
    /// The input cell of the product under the pointer.
    pub pointed: Option<Pointed>,
}

/// A receptive field: the (rows, columns) of the input.
pub type Field = (Range<usize>, Range<usize>);

impl MapInspector {
    /// One map, enlarged, with its statistics; `field` is the receptive field of the selected value.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        maps: &mut Maps,
        map: MapId,
        field: Option<&Field>,
        actions: &mut Actions,
    ) {
        let t = Tokens::of(ui);
        let Some(answer) = state.current_answer() else { return };
        let network = &answer.network;
        let gradients = values::gradients(state);
        let shown = Values { trace: &answer.trace, gradients: gradients.map(|g| g.by.as_ref()) };
        let map_values = shown.map(map);
        let (_, height, width) = values::shape(network, map.column).as_maps();
        ui.label(RichText::new(values::title(network, map.column)).color(t.second));
        let name = if height * width > 1 { tr("Map {number}") } else { tr("Value {number}") };
        let name = fill(name, &[("number", &map.map.to_string())]);
        ui.label(RichText::new(name).font(fonts::semibold(size::HEADING)).color(t.text));
        ui.add_space(space::S);
        if height * width == 1 {
            self.value_ui(ui, state, map, 0, field, actions);
            ui.add_space(space::L);
            what_if::switch_ui(ui, state, map, actions);
            self.patches.ui(ui, state, map, actions);
            return;
        }
        let chosen = enlarged_ui(ui, state, maps, map, map_values, (height, width), actions);
        ui.add_space(space::M);
        if let Some((y, x)) = chosen.filter(|_| map.column > 0) {
            self.value_ui(ui, state, map, y * width + x, field, actions);
            ui.add_space(space::L);
        }
        what_if::switch_ui(ui, state, map, actions);
        self.patches.ui(ui, state, map, actions);
        self.kernels.ui(ui, state, map, actions);
        let what = match state.settings.map_values {
            MapValues::Activations => tr("Values of this map"),
            MapValues::Gradients => tr("Gradients of this map"),
        };
        section(ui, what);
        let max = map_values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let min = map_values.iter().copied().fold(f32::INFINITY, f32::min);
        let len = map_values.len().max(1) as f32;
        let mean = map_values.iter().sum::<f32>() / len;
        let zeros = map_values.iter().filter(|v| **v == 0.0).count() as f32 / len;
        key_value(ui, tr("Size"), &format!("{height}×{width}"));
        key_value(ui, tr("Largest"), &numbers::precise(max));
        key_value(ui, tr("Smallest"), &numbers::precise(min));
        key_value(ui, tr("Mean"), &numbers::precise(mean));
        key_value(ui, tr("Exactly zero"), &numbers::percent(zeros));
    }

    /// How one value is computed, the values of the layers that follow, and its gradient if gradients are shown.
    fn value_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        map: MapId,
        at: usize,
        field: Option<&Field>,
        actions: &mut Actions,
    ) {
        let Some((answer, layer)) = state.current_answer().zip(map.column.checked_sub(1)) else { return };
        let size: usize =
            answer.trace.activations.get(layer).map_or(1, |t| t.shape().iter().skip(2).product());
        let at = map.map * size + at;
        let is_explained =
            |(trace, place, _): &Explained| Arc::ptr_eq(trace, &answer.trace) && *place == (layer, at);
        if !self.explained.as_ref().is_some_and(is_explained) {
            let cell = answer.explain(layer, at);
            self.explained = cell.map(|cell| (answer.trace.clone(), (layer, at), cell));
        }
        let Some((_, _, cell)) = &self.explained else { return };
        let Some(&value) = answer.trace.activation(layer).get(at) else { return };
        let mut channel = state.selection.channel;
        let spec = &answer.network.spec().layers[layer];
        if matches!(spec, LayerSpec::Conv2d(_)) {
            if tool_button(ui, icons::ARROW_RIGHT, tr("Open in Convolution"), "").clicked() {
                actions.send(Action::OpenConvolution { layer, at });
            }
            ui.add_space(space::S);
        }
        let CellResponse { pointed, decimals } = pixel::cell_ui(ui, spec, cell, value, &mut channel);
        self.pointed = pointed;
        if channel != state.selection.channel {
            actions.send(Action::Select(Selection { channel, ..state.selection }));
        }
        next_ui(ui, &answer.network, &answer.trace, (layer, at), decimals);
        if let Some(gradients) = values::gradients(state) {
            let name = fill(tr("∂loss/∂value, class {class}"), &[("class", &gradients.class.to_string())]);
            let gradient = gradients.by.activation(layer).get(at).copied().unwrap_or_default();
            key_value(ui, &name, &numbers::precise(gradient));
        }
        if let Some((rows, columns)) = field {
            let range = |range: &Range<usize>| indices(range.start, range.end.saturating_sub(1));
            let seen = fill(
                tr("rows {rows}, columns {columns}"),
                &[("rows", &range(rows)), ("columns", &range(columns))],
            );
            explain(key_value(ui, Term::ReceptiveField.label(), &seen), Term::ReceptiveField);
        }
        let at = at % size.max(1);
        if matches!(spec, LayerSpec::MaxPool2d(_) | LayerSpec::AvgPool2d(_)) {
            ui.add_space(space::S);
            if tool_button(ui, icons::ARROW_RIGHT, tr("Open in Pooling"), "").clicked() {
                actions.send(Action::OpenPooling { layer, map: map.map, at });
            }
        }
    }
}

/// The map as large as the inspector is wide; returns the selected pixel.
fn enlarged_ui(
    ui: &mut Ui,
    state: &AppState,
    maps: &mut Maps,
    map: MapId,
    map_values: &[f32],
    (height, width): (usize, usize),
    actions: &mut Actions,
) -> Option<(usize, usize)> {
    let t = Tokens::of(ui);
    let side = ui.available_width();
    let tall = if width > 1 { side * height as f32 / width as f32 } else { 16.0 };
    let (rect, response) = ui.allocate_exact_size(vec2(side, tall.min(side)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, tr("Map, enlarged")));
    maps.paint(ui.painter(), map, rect);
    if what_if::is_off(state, map) {
        cross_out(ui.painter(), rect);
    }
    let pointed = response.hover_pos().map(|pos| {
        let at = (pos - rect.min) / rect.size();
        let place = |share: f32, len: usize| ((share * len as f32) as usize).min(len.saturating_sub(1));
        (place(at.y, height), place(at.x, width))
    });
    let chosen = state.selection.pixel.filter(|&(y, x)| y < height && x < width);
    keys::leave_arrows(ui, &response, rect);
    if response.clicked() {
        let pixel = match pointed {
            Some(_) if chosen == pointed => None,
            Some(_) => pointed,
            // A click by a key or a screen reader selects a pixel if there is none.
            None => chosen.or(Some((height / 2, width / 2))),
        };
        actions.send(Action::Select(Selection { pixel, ..state.selection }));
    }
    if let Some((y, x)) = chosen {
        let pixel = vec2(rect.width() / width as f32, rect.height() / height as f32);
        let corner = rect.min + vec2(x as f32, y as f32) * pixel;
        let cell = Rect::from_min_size(corner, pixel);
        ui.painter().rect_stroke(cell, 0, t.highlight_stroke(), StrokeKind::Outside);
    }
    let told = pointed.or(chosen);
    let text = match told.and_then(|(y, x)| map_values.get(y * width + x).map(|v| (y, x, *v))) {
        Some((y, x, value)) => fill(
            tr("row {row}, column {column}: {value}"),
            &[("row", &y.to_string()), ("column", &x.to_string()), ("value", &numbers::precise(value))],
        ),
        None if map.column > 0 => tr("Click a pixel to see how it is computed.").to_owned(),
        None => tr("Point at a pixel to read its value.").to_owned(),
    };
    ui.label(RichText::new(text).font(fonts::mono(size::MONO)).color(t.second));
    chosen
}

/// The outputs of the layers that follow, as long as each depends on this value alone, with as many decimals.
fn next_ui(ui: &mut Ui, network: &Network, trace: &Trace, (layer, at): (usize, usize), decimals: usize) {
    let mut x = trace.activation(layer).get(at).copied();
    for next in layer + 1..network.layers().len() {
        let Some(Cell::Function { from, x: read } | Cell::Sloped { from, x: read, .. }) =
            Cell::of(network, trace, next, at)
        else {
            return;
        };
        if x != Some(read) || from.index(network.layers()[next].input()) != at {
            return;
        }
        x = trace.activation(next).get(at).copied();
        let Some(value) = x else { return };
        let name = fill(tr("after {layer}"), &[("layer", &values::title(network, next + 1))]);
        lines::number_ui(ui, &name, &Number::new(value.into(), decimals));
    }
}

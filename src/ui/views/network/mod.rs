//! *Network*: every layer's feature maps for the current image, from input to softmax, and how each came about.

mod breakdown;
mod columns;
mod edges;
mod keys;
mod layout;
mod map;
mod maps;
mod matrices;
mod pixel;
mod pointed;
mod saliency;
mod softmax;
mod tips;
mod top_activations;
mod values;
mod what_if;

use crate::{
    explain::{ReceptiveField, cell_of_value},
    nn::{LayerCost, NetworkSpec},
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{
            display::{MapScale, MapValues},
            selection::{MapId, Selection},
        },
        state::AppState,
        style::{
            colormap::ColorMapLut,
            tokens::{Tokens, space},
        },
        view::View,
        widgets::{Legend, key_value, numbers, section, section_with_detail, segmented, view_header},
    },
};
use breakdown::BreakdownPanel;
use columns::{Columns, Lit, Mark};
use egui::{ComboBox, RichText, ScrollArea, Ui};
use layout::COLUMN_GAP;
use map::{Field, MapInspector};
use std::sync::Arc;
use values::{Values, gradients};

/// The view's width below which there is no room for a sentence in its header, in points.
const TIGHT: f32 = 760.0;

/// The part of the room that the breakdown of a map takes.
const MAKING: f32 = 0.52;

/// In less height than this, in points, the breakdown of a map takes all the room.
const LOW: f32 = 560.0;

/// The view with its textures.
#[derive(Default)]
pub struct NetworkView {
    columns: Columns,
    breakdown: BreakdownPanel,
    inspector: MapInspector,
    /// Whether there is a map that is looked at.
    is_looking: bool,
    /// The receptive fields of a network's layers.
    fields: Option<(NetworkSpec, Vec<ReceptiveField>)>,
    convinced: saliency::Convinced,
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
        let Some(trace) = state.current_answer().map(|answer| answer.trace.clone()) else {
            view_header(ui, tr("Network"), &sentence, |_| {});
            ui.centered_and_justified(Ui::spinner);
            return;
        };
        let gradients = gradients(state).cloned();
        let by = gradients.as_ref().map(|gradients| &gradients.by);
        let scale = state.settings.map_scale;
        self.columns.update(ui, network, &trace, by, scale, state.image.ground);
        let values = Values { trace: &trace, gradients: by.map(Arc::as_ref) };
        let mut selection = selection(state);
        let by_keys = keys::read(ui, network, values, selection);
        if let Some(moved) = by_keys {
            selection = moved;
            actions.send(Action::Select(moved));
        }
        self.is_looking = selection.map.is_some();
        if self.fields.as_ref().is_none_or(|(spec, _)| spec != network.spec()) {
            let fields = ReceptiveField::of_layers(network.spec()).unwrap_or_default();
            self.fields = Some((network.spec().clone(), fields));
        }
        self.header_ui(ui, state, &sentence, actions);
        ui.add_space(space::M);
        let breakdown = state.current_answer().and_then(|answer| answer.breakdown.clone());
        let room = ui.available_height();
        if room < LOW
            && let Some(breakdown) = breakdown.as_ref().filter(|_| self.is_looking)
        {
            self.breakdown.ui(ui, state, breakdown, selection, actions);
            return;
        }
        let below = if self.is_looking { room * MAKING } else { 0.0 };
        let height = room - below - if self.is_looking { space::L } else { 0.0 } - 12.0;
        let lit = Lit {
            selected: selection.map,
            marks: self.marks(state, selection),
            shows_selected: by_keys.is_some(),
            fields: self.fields.as_ref().map_or(&[], |(_, fields)| fields),
        };
        // However many maps there are, the probabilities stay in sight beside them.
        let clicked = ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = COLUMN_GAP;
            let width = (ui.available_width() - softmax::WIDTH - COLUMN_GAP).max(120.0);
            let maps = ScrollArea::horizontal().max_width(width).auto_shrink(true);
            let map = maps.show(ui, |ui| self.columns.ui(ui, state, values, height, &lit)).inner;
            softmax::column_ui(ui, state, height, lit.selected).or(map)
        });
        if let Some(map) = clicked.inner.filter(|map| selection.map != Some(*map)) {
            actions.send(Action::Select(Selection::of(map)));
        }
        if self.is_looking {
            ui.add_space(space::S);
            match breakdown {
                Some(breakdown) => self.breakdown.ui(ui, state, &breakdown, selection, actions),
                None => BreakdownPanel::nothing_ui(ui, state, selection, actions),
            }
        }
        self.columns.maps.upload(ui);
    }

    fn has_playback(&self) -> bool {
        self.is_looking
    }

    /// A map that was clicked is shown in a narrow window too, until it is closed.
    fn needs_inspector(&self) -> bool {
        self.is_looking
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let network = &state.network.network;
        let selection = selection(state);
        self.inspector.pointed = None;
        match selection.map {
            Some(map) if map.column == values::softmax_column(network) => {
                softmax::explain_ui(ui, state, map.map);
            }
            Some(map) => {
                let field = self.field(state, selection);
                self.inspector.ui(ui, state, &mut self.columns.maps, map, field.as_ref(), actions);
                self.columns.maps.upload(ui);
            }
            None => {
                section(ui, &network.spec().name);
                ui.add_space(space::XS);
                let t = Tokens::of(ui);
                let hint =
                    tr("Click a map to see how it is made. Arrow keys go from map to map, Escape goes back.");
                ui.label(RichText::new(hint).color(t.second));
                ui.add_space(space::M);
                what_if::list_ui(ui, state, actions);
                self.convinced.ui(ui, state, actions);
                ui.add_space(space::L);
                layers_ui(ui, state);
            }
        }
    }
}

/// What is looked at, as far as the current network has it.
fn selection(state: &AppState) -> Selection {
    let network = &state.network.network;
    let is_there = |map: &MapId| {
        map.column <= values::softmax_column(network) && map.map < values::count(network, map.column)
    };
    match state.selection.map.filter(is_there) {
        Some(_) => state.selection,
        None => Selection::default(),
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
    fn header_ui(&self, ui: &mut Ui, state: &AppState, sentence: &str, actions: &mut Actions) {
        let is_tight = ui.available_width() < TIGHT;
        // Beside an inspector in a narrow window, or beside the choice of a loss, the legend does without words.
        let is_short = is_tight || state.settings.map_values == MapValues::Gradients;
        let limit = self.columns.maps.network_limit();
        view_header(ui, tr("Network"), sentence, |ui| {
            what_if::reset_ui(ui, state, actions, is_tight);
            values_ui(ui, state, is_tight, actions);
            ui.add_space(space::S);
            let mut scale = state.settings.map_scale;
            let options = [
                (MapScale::Map, if is_tight { tr("map") } else { tr("per map") }),
                (MapScale::Layer, if is_tight { tr("layer") } else { tr("per layer") }),
                (MapScale::Network, tr("network")),
            ];
            if segmented(ui, tr("Colour scale"), &mut scale, &options).changed() {
                actions.send(Action::SetMapScale(scale));
            }
            ui.add_space(space::S);
            if is_tight && !state.what_if.is_empty() {
                // The way back needs the room.
                return;
            }
            let colors = ColorMapLut::diverging(ui.theme());
            match scale {
                MapScale::Network => Legend::new(colors, limit),
                // What full colour stands for is said above each layer.
                _ if is_short => Legend::with_words(colors, "−", "+"),
                MapScale::Layer => Legend::with_words(colors, tr("−max"), tr("+max of its layer")),
                MapScale::Map => Legend::with_words(colors, tr("−max"), tr("+max of each map")),
            }
            .width(if is_short { 40.0 } else { 64.0 })
            .ui(ui);
        });
    }

    /// The (rows, columns) of the input that the value that is explained can see.
    fn field(&self, state: &AppState, selection: Selection) -> Option<Field> {
        let network = &state.network.network;
        let map = selection.map.filter(|map| map.column < values::softmax_column(network))?;
        let layer = map.column.checked_sub(1)?;
        let (_, height, width) = values::shape(network, map.column).as_maps();
        let pixel = if height * width == 1 { Some((0, 0)) } else { selection.pixel };
        let (y, x) = pixel.filter(|&(y, x)| y < height && x < width)?;
        let (y, x) = cell_of_value(network, layer, (map.map * height + y) * width + x);
        Some(self.fields.as_ref()?.1.get(layer)?.region(y, x))
    }

    /// What is marked in the columns: the chosen pixel and what it sees of the input; and of the product that the pointer
    /// is on, the input cell and what that one sees.
    fn marks(&self, state: &AppState, selection: Selection) -> Vec<Mark> {
        let mut marks = Vec::new();
        let Some(map) = selection.map else { return marks };
        let input = |rows, columns| Mark { map: MapId { column: values::INPUT, map: 0 }, rows, columns };
        if let (Some((y, x)), true) = (selection.pixel, map.column > 0) {
            let (_, height, width) = values::shape(&state.network.network, map.column).as_maps();
            if y < height && x < width {
                marks.push(Mark { map, rows: y..y + 1, columns: x..x + 1 });
            }
        }
        if let Some(pointed) = self.inspector.pointed {
            let from = MapId { column: map.column.saturating_sub(1), map: pointed.channel };
            let at = Selection { map: Some(from), pixel: Some((pointed.row, pointed.column)), channel: None };
            marks.push(Mark {
                map: from,
                rows: pointed.row..pointed.row + 1,
                columns: pointed.column..pointed.column + 1,
            });
            if let Some((rows, columns)) = self.field(state, at) {
                marks.push(input(rows, columns));
            }
        } else if let Some((rows, columns)) = self.field(state, selection) {
            marks.push(input(rows, columns));
        }
        marks
    }
}

/// Activations or gradients, and by which loss.
fn values_ui(ui: &mut Ui, state: &AppState, is_tight: bool, actions: &mut Actions) {
    let mut values = state.settings.map_values;
    let options = [
        (MapValues::Activations, if is_tight { tr("values") } else { tr("Activations") }),
        (MapValues::Gradients, if is_tight { tr("grads") } else { tr("Gradients") }),
    ];
    if segmented(ui, tr("Values"), &mut values, &options).changed() {
        actions.send(Action::SetMapValues(values));
    }
    if values != MapValues::Gradients {
        return;
    }
    let shown = gradients(state).map_or(String::new(), |gradients| gradients.class.to_string());
    let name = |class: Option<usize>| match class {
        None => fill(tr("loss of {class} (auto)"), &[("class", &shown)]),
        Some(class) => fill(tr("loss of {class}"), &[("class", &class.to_string())]),
    };
    let combo = ComboBox::from_id_salt("loss class").width(if is_tight { 92.0 } else { 128.0 });
    let response = combo.selected_text(name(state.loss_class)).show_ui(ui, |ui| {
        for class in std::iter::once(None).chain((0..state.network.network.classes()).map(Some)) {
            if ui.selectable_label(state.loss_class == class, name(class)).clicked() {
                actions.send(Action::SetLossClass(class));
            }
        }
    });
    response.response.on_hover_text(tr(
        "The loss is the cross-entropy with this class; by itself it is the image's label, or else the answer.",
    ));
}

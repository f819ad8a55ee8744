//! *Network*: the feature maps of every layer for the current image, from input to softmax, and how each is computed.

mod breakdown;
mod columns;
mod edges;
mod gradcheck;
mod keys;
mod layout;
mod lines;
mod logits;
mod map;
mod maps;
mod matrices;
mod more;
mod overview;
mod pixel;
mod pointed;
mod saliency;
mod softmax;
mod tips;
mod tools;
mod top_activations;
mod values;
mod viewport;
mod what_if;

use crate::{
    explain::{Breakdown, ReceptiveField, cell_of_value},
    nn::{LayerCost, NetworkSpec},
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::selection::{MapId, Selection},
        state::AppState,
        style::tokens::{Tokens, space},
        view::View,
        widgets::{has_header, key_value, numbers, section, section_with_detail, view_header},
    },
};
use breakdown::BreakdownPanel;
use columns::{Columns, Lit, Mark};
use egui::{RichText, ScrollArea, Sense, Ui, UiBuilder, Vec2, vec2};
use layout::COLUMN_GAP;
use map::{Field, MapInspector};
use more::{MORE, breakdown_switch_ui, more_ui};
use std::sync::Arc;
use values::{MapLook, Values, gradients};
use viewport::Viewport;

/// The room of the scroll bar below the columns, in points.
const SCROLL_BAR: f32 = 12.0;

/// The fraction of the height for the columns; the rest is for the breakdown of a map, whether one is shown or not.
const COLUMNS: f32 = 0.52;

/// In a window lower than this, in points, the columns and the breakdown take turns.
const LOW: f32 = 760.0;

/// In a window narrower than this, in points, the inspector opens over a part of the columns when a map is selected.
const NARROW: f32 = 1160.0;

/// The view with its textures.
#[derive(Default)]
pub struct NetworkView {
    columns: Columns,
    breakdown: BreakdownPanel,
    inspector: MapInspector,
    /// Whether a map is selected.
    is_looking: bool,
    /// The receptive fields of a network's layers.
    fields: Option<(NetworkSpec, Vec<ReceptiveField>)>,
    convinced: saliency::Convinced,
    check: gradcheck::GradientCheckPage,
    /// Whether the gradient check takes the place of the maps.
    is_checking: bool,
}

impl View for NetworkView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        self.is_checking = state.gradcheck.is_open;
        if self.is_checking {
            self.is_looking = false;
            self.check.ui(ui, state, actions);
            return;
        }
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
        self.columns.update(ui, network, &trace, by, MapLook::of(ui.theme(), state));
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
        let window = ui.ctx().content_rect().size();
        let (is_low, is_narrow) = (window.y < LOW, window.x < NARROW);
        if !has_header(ui) {
            // Presented to the back row, the maps need the room.
        } else if is_narrow {
            tools::narrow_header_ui(ui, state, &self.columns.maps, actions);
        } else {
            tools::header_ui(ui, state, &self.columns.maps, &sentence, actions);
        }
        if has_header(ui) {
            ui.add_space(space::S);
        }
        // The overview comes first, but needs the columns' places.
        let overview =
            ui.available_rect_before_wrap().with_max_y(ui.cursor().top() + overview::height(is_low));
        ui.allocate_rect(overview, Sense::hover());
        ui.add_space(space::S);
        let room = ui.available_size();
        let height = if is_low { room.y } else { (room.y * COLUMNS).floor() };
        let column_room = vec2(room.x - softmax::WIDTH - COLUMN_GAP, height - SCROLL_BAR);
        self.columns.fit(window, column_room, self.is_looking);
        // In a narrow window an inspector may cover a part of the columns: then the softmax scrolls with them.
        let is_covered = room.x < self.columns.room().x + softmax::WIDTH;
        let frame = Frame { room, is_covered };
        let (viewport, is_scrolled) = self.viewport(frame);
        let offset = viewport.offset(state.first_column);
        let shown = overview::Shown {
            viewport: (&viewport, offset),
            selected: selection.map,
            fields: self.fields.as_ref().map_or(&[], |(_, fields)| fields),
            is_low,
        };
        let mut child = ui.new_child(UiBuilder::new().max_rect(overview));
        if let Some(position) = overview::overview_ui(&mut child, state, &mut self.columns.maps, &shown) {
            if is_low && state.shows_breakdown {
                actions.send(Action::ShowBreakdown(false));
            }
            actions.send(Action::ScrollNetwork(viewport.centred(position)));
        }
        let breakdown = state.current_answer().and_then(|answer| answer.breakdown.clone());
        if is_low && self.is_looking && state.shows_breakdown {
            self.breakdown_ui(ui, state, breakdown.as_ref(), selection, actions);
            self.columns.maps.upload(ui);
            return;
        }
        let lit = Lit {
            selected: selection.map,
            marks: self.marks(state, selection),
            fields: self.fields.as_ref().map_or(&[], |(_, fields)| fields),
        };
        if let Some(map) = by_keys.and_then(|selection| selection.map)
            && let Some(extent) = self.columns.extent(map)
            && let Some(position) = viewport.bringing(map.column, &extent, offset)
        {
            actions.send(Action::ScrollNetwork(position));
        }
        let clicked = ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = COLUMN_GAP;
            let maps = ScrollArea::horizontal().max_width(viewport.room()).auto_shrink(true);
            let maps = maps.horizontal_scroll_offset(offset).show(ui, |ui| {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = COLUMN_GAP;
                    let map = self.columns.ui(ui, state, values, height - SCROLL_BAR, &lit);
                    if !is_covered {
                        return map;
                    }
                    let used = self.columns.total();
                    ui.add_space((self.columns.room().x - used).max(0.0));
                    softmax::column_ui(ui, state, height - SCROLL_BAR, lit.selected).or(map)
                })
                .inner
            });
            let moved = maps.state.clamped_offset().x;
            if (moved - offset).abs() > 0.5 {
                actions.send(Action::ScrollNetwork(viewport.position(moved)));
            }
            if is_scrolled {
                more_ui(ui, &viewport, offset, height - SCROLL_BAR, actions);
            }
            if is_covered {
                return maps.inner;
            }
            softmax::column_ui(ui, state, height - SCROLL_BAR, lit.selected).or(maps.inner)
        });
        if let Some(map) = clicked.inner.filter(|map| selection.map != Some(*map)) {
            actions.send(Action::Select(Selection::of(map)));
        }
        if !is_low {
            self.breakdown_ui(ui, state, breakdown.as_ref(), selection, actions);
        }
        self.columns.maps.upload(ui);
    }

    fn has_playback(&self) -> bool {
        self.is_looking
    }

    /// A selected map is shown in a narrow window, too.
    fn needs_inspector(&self) -> bool {
        self.is_looking
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        if state.gradcheck.is_open {
            gradcheck::inspector_ui(ui, state);
            return;
        }
        let network = &state.network.network;
        let selection = selection(state);
        self.inspector.pointed = None;
        match selection.map {
            Some(map) if map.column == values::softmax_column(network) => {
                softmax::explain_ui(ui, state, map.map);
            }
            Some(map) => {
                if ui.ctx().content_rect().height() < LOW {
                    breakdown_switch_ui(ui, state, actions);
                }
                let field = self.field(state, selection);
                self.inspector.ui(ui, state, &mut self.columns.maps, map, field.as_ref(), actions);
                self.columns.maps.upload(ui);
            }
            None => {
                section(ui, &network.spec().name);
                ui.add_space(space::XS);
                let t = Tokens::of(ui);
                let hint = tr(
                    "Click a map to see how it is computed. Arrow keys go from map to map, Escape goes back.",
                );
                ui.label(RichText::new(hint).color(t.second));
                ui.add_space(space::S);
                gradcheck::open_ui(ui, actions);
                ui.add_space(space::M);
                what_if::list_ui(ui, state, actions);
                self.convinced.ui(ui, state, actions);
                ui.add_space(space::L);
                layers_ui(ui, state);
            }
        }
    }
}

/// The selection, as far as the current network has it.
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

/// The layers as a table: output shape and number of parameters.
fn layers_ui(ui: &mut Ui, state: &AppState) {
    let network = &state.network.network;
    section_with_detail(ui, tr("Layers"), tr("output · parameters"));
    for (number, (layer, spec)) in network.layers().iter().zip(&network.spec().layers).enumerate() {
        let cost = LayerCost::of(layer.as_ref());
        let parameters = if cost.parameters > 0 { numbers::count(cost.parameters) } else { "–".to_owned() };
        let line =
            key_value(ui, &network.spec().layer_name(number), &format!("{} · {parameters}", cost.output));
        line.on_hover_text(spec.summary());
    }
}

impl NetworkView {
    /// The room of the columns, and whether some of it needs scrolling.
    fn viewport(&self, frame: Frame) -> (Viewport, bool) {
        let Frame { room, is_covered, .. } = frame;
        // The softmax counts as a column where it scrolls with them.
        let gap = (self.columns.room().x - self.columns.total()).max(0.0);
        let last = is_covered.then_some(gap + softmax::WIDTH);
        let widths: Vec<f32> = self.columns.widths().chain(last).collect();
        let width = if is_covered { room.x } else { room.x - softmax::WIDTH - COLUMN_GAP };
        let whole = Viewport::new(widths.iter().copied(), width);
        if !whole.is_scrolled() {
            return (whole, false);
        }
        (Viewport::new(widths, (width - MORE - COLUMN_GAP).max(60.0)), true)
    }

    /// The breakdown of the selected map, or of an example while none is selected.
    fn breakdown_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        breakdown: Option<&Arc<Breakdown>>,
        selection: Selection,
        actions: &mut Actions,
    ) {
        ui.add_space(space::S);
        match breakdown {
            Some(breakdown) => self.breakdown.ui(ui, state, breakdown, selection, actions),
            None => BreakdownPanel::nothing_ui(ui, state, selection, actions),
        }
    }

    /// The (rows, columns) of the input in the receptive field of the explained value.
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

    /// The marked cells: the selected pixel with its receptive field; of the product under the pointer, the input cell with
    /// its own.
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

/// The sizes of the view in this frame.
#[derive(Clone, Copy)]
struct Frame {
    /// The room below the overview.
    room: Vec2,
    /// Whether the inspector of a narrow window covers a part of the columns.
    is_covered: bool,
}

//! Ablation: switches of maps and kernels, and the change of the probabilities.

use super::lines;
use crate::{
    explain::what_if::{LayerKernel, LayerMap, can_switch_off, kernel_size, kernel_values, kernels_of},
    text::{fill, tr, written::percent_change},
    ui::{
        action::{Action, Actions},
        model::selection::MapId,
        state::AppState,
        style::{
            colormap::ColorMapLut,
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{
            FilterGrid, FilterTiles, Legend, icon_button, key_value, numbers, section, section_with_detail,
            switch, tool_button,
        },
    },
};
use egui::{Align, Layout, RichText, Ui, vec2};

/// The number of classes whose change is shown.
const TOLD: usize = 3;

/// The map by its layer; `None` for the input.
pub fn map_of(map: MapId) -> Option<LayerMap> {
    map.column.checked_sub(1).map(|layer| LayerMap { layer, map: map.map })
}

/// Whether this map is switched off.
pub fn is_off(state: &AppState, map: MapId) -> bool {
    map_of(map).is_some_and(|map| !state.what_if.has_map(map))
}

/// In the view's header, while something is off: how much, and a button that switches everything on.
pub fn reset_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions, is_tight: bool) {
    let (maps, kernels) = (state.what_if.maps().len(), state.what_if.kernels().len());
    if maps + kernels == 0 {
        return;
    }
    let text = if is_tight {
        fill(tr("{count} off · reset"), &[("count", &(maps + kernels).to_string())])
    } else {
        fill(tr("{what} off · reset"), &[("what", &counted(maps, kernels))])
    };
    let hint =
        tr("The view shows the network without these maps and kernels. Click to switch everything on.");
    // Visible from far away, since the view does not show the whole network.
    let t = Tokens::of(ui);
    let button = tool_button(ui, icons::ROTATE_CCW, &text, "");
    ui.painter().rect_stroke(
        button.rect,
        crate::ui::style::tokens::control_corners(),
        (1.0, t.warn),
        egui::StrokeKind::Inside,
    );
    if button.on_hover_text(hint).clicked() {
        actions.send(Action::SwitchAllOn);
    }
    ui.add_space(space::S);
}

/// `2 maps, 1 kernel`.
fn counted(maps: usize, kernels: usize) -> String {
    let one_or_more = |count: usize, one, more| match count {
        0 => None,
        1 => Some(tr(one).to_owned()),
        _ => Some(fill(tr(more), &[("count", &count.to_string())])),
    };
    let parts =
        [one_or_more(maps, "1 map", "{count} maps"), one_or_more(kernels, "1 kernel", "{count} kernels")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// In the inspector while no map is selected: all maps and kernels that are off, each with a button to switch it on.
pub fn list_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    if state.what_if.is_empty() {
        return;
    }
    let (maps, kernels) = (state.what_if.maps(), state.what_if.kernels());
    section_with_detail(ui, tr("Switched off"), &counted(maps.len(), kernels.len()));
    ui.add_space(space::XS);
    let spec = state.network.network.spec();
    let layer = |number: usize| spec.layer_name(number);
    let is_there = |number: usize| number < spec.layers.len();
    for map in maps.filter(|map| is_there(map.layer)) {
        let name = fill(
            tr("{layer} · map {number}"),
            &[("layer", &layer(map.layer)), ("number", &map.map.to_string())],
        );
        if line_ui(ui, &name) {
            actions.send(Action::SwitchMap(map, true));
        }
    }
    for kernel in kernels.filter(|kernel| is_there(kernel.layer)) {
        let name = fill(
            tr("{layer} · kernel {input} → {output}"),
            &[
                ("layer", &layer(kernel.layer)),
                ("input", &kernel.input.to_string()),
                ("output", &kernel.output.to_string()),
            ],
        );
        if line_ui(ui, &name) {
            actions.send(Action::SwitchKernel(kernel, true));
        }
    }
    ui.add_space(space::S);
    changes_ui(ui, state);
    ui.add_space(space::L);
}

/// A map or kernel that is off. Returns whether to switch it on.
fn line_ui(ui: &mut Ui, name: &str) -> bool {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 24.0;
        ui.label(RichText::new(name).color(t.text));
        let room = vec2(ui.available_width(), 24.0);
        let layout = Layout::right_to_left(Align::Center);
        let button = ui.allocate_ui_with_layout(room, layout, |ui| {
            icon_button(ui, icons::X, &fill(tr("Switch on {name}"), &[("name", name)]))
        });
        button.inner.clicked()
    })
    .inner
}

/// The classes whose probability changed most, before and after.
fn changes_ui(ui: &mut Ui, state: &AppState) {
    let Some(mut changes) = state.changes() else { return };
    changes.sort_by(|a, b| b.points().abs().total_cmp(&a.points().abs()));
    for change in changes.iter().take(TOLD) {
        let name = fill(tr("class {class}"), &[("class", &change.class.to_string())]);
        let [before, after, points] = percent_change(change.before, change.after);
        let hover = format!("{} → {}", lines::exact(change.before), lines::exact(change.after));
        key_value(ui, &name, &format!("{before} → {after}  {points}")).on_hover_text(hover);
    }
    // The probabilities of a network that is sure hardly change, but its logits do.
    if let Some(most) = changes.iter().max_by(|a, b| a.before.total_cmp(&b.before)) {
        let name = fill(tr("logit of class {class}"), &[("class", &most.class.to_string())]);
        let (before, after) = (numbers::precise(most.logits.0), numbers::precise(most.logits.1));
        key_value(ui, &name, &format!("{before} → {after}"));
    }
    let t = Tokens::of(ui);
    let sentence = tr("Probability with everything on → now, and the change in percentage points.");
    ui.label(RichText::new(sentence).font(fonts::words(size::SMALL)).color(t.second));
}

/// The switch of the selected map, and the changes of the probabilities; nothing for the input and the logits.
pub fn switch_ui(ui: &mut Ui, state: &AppState, map: MapId, actions: &mut Actions) {
    let network = &state.network.network;
    let Some(of) = map_of(map) else { return };
    if can_switch_off(network, of) {
        section(ui, tr("What if"));
        let is_on = state.what_if.has_map(of);
        let text = if is_on { tr("on") } else { tr("off: all values are 0") };
        if switch(ui, tr("This map"), text, is_on).clicked() {
            actions.send(Action::SwitchMap(of, !is_on));
        }
        if state.what_if.is_empty() {
            let t = Tokens::of(ui);
            let sentence = tr("Switch it off to see how the probabilities change.");
            ui.label(RichText::new(sentence).font(fonts::words(size::SMALL)).color(t.second));
        } else {
            changes_ui(ui, state);
        }
        ui.add_space(space::L);
    }
}

/// The kernels of the selected map, with their texture.
#[derive(Default)]
pub struct Kernels {
    grid: FilterGrid,
}

impl Kernels {
    /// The kernels of this map as switches; nothing if the layer is not a convolution.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, map: MapId, actions: &mut Actions) {
        let network = &state.network.network;
        let Some(of) = map_of(map) else { return };
        let Some(inputs) = kernels_of(network, of.layer, of.map) else { return };
        let Some((height, width)) = kernel_size(network, of.layer) else { return };
        let kernel =
            |number: usize| LayerKernel { layer: of.layer, output: of.map, input: inputs.start + number };
        let values = |number: usize| kernel_values(network, kernel(number)).unwrap_or_default();
        let limit = (0..inputs.len()).flat_map(values).fold(0.0_f32, |limit, w| limit.max(w.abs()));
        let detail = fill(
            if inputs.len() == 1 {
                tr("of its one input map, {height}×{width}")
            } else {
                tr("one for each of {count} input maps, {height}×{width}")
            },
            &[
                ("count", &inputs.len().to_string()),
                ("height", &height.to_string()),
                ("width", &width.to_string()),
            ],
        );
        section(ui, tr("Its kernels"));
        let t = Tokens::of(ui);
        let small = |text: &str| RichText::new(text).font(fonts::words(size::SMALL)).color(t.second);
        ui.label(small(&detail));
        let tiles = FilterTiles {
            name: tr("Kernels"),
            count: inputs.len(),
            size: (width, height),
            limit,
            max_side: if inputs.len() > 32 { 22.0 } else { 44.0 },
        };
        let name = |number: usize| {
            fill(tr("Kernel of input map {number}"), &[("number", &(inputs.start + number).to_string())])
        };
        let is_on = |number: usize| state.what_if.has_kernel(kernel(number));
        if let Some(number) = self.grid.switches_ui(ui, tiles, values, name, is_on) {
            actions.send(Action::SwitchKernel(kernel(number), !is_on(number)));
        }
        ui.add_space(space::XS);
        ui.horizontal(|ui| {
            Legend::new(ColorMapLut::diverging(ui.theme()), limit).width(90.0).ui(ui);
        });
        ui.label(small(tr("Click a kernel to switch it off: its weights become 0.")));
        ui.add_space(space::L);
    }
}

//! One filter closely: its numbers, its map, its frequency response, and the patches that excite it most.

use super::{brush::BrushSetup, numbers_grid, patches::Patches, shown::Shown};
use crate::{
    nn::{LayerSpec, Pair, lab::frequency_response},
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::filters::FiltersAct,
        state::AppState,
        style::{
            colormap::ColorMapLut,
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{
            GridCell, Legend, NumberGrid, Tone, badge, icon_button_with_shortcut, numbers, section,
            section_with_detail, side_for, tool_button, tool_toggle,
        },
    },
};
use egui::{Align, Label, Layout, Rect, RichText, Sense, Ui, UiBuilder, Vec2, vec2};

/// Frequencies along a side: an odd number, so that frequency 0 is in the middle.
const SIDE: usize = 33;

/// The height of a heading.
const HEADING: f32 = 26.0;

/// The height of the line under a picture.
const FOOT: f32 = 30.0;

/// A part narrower than this has a short heading.
const NARROW: f32 = 140.0;

/// The parts of the width: numbers, map, response; the patches have the rest.
const PARTS: [f32; 3] = [0.27, 0.25, 0.17];

/// The filter that is looked at, with its textures.
#[derive(Default)]
pub struct Detail {
    patches: Patches,
    /// The frequency response of these numbers.
    response: Option<(Vec<f32>, Pair, Vec<f32>)>,
}

impl Detail {
    /// The filter in the room that there is.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        shown: &Shown<'_>,
        brush: &mut BrushSetup,
        actions: &mut Actions,
    ) {
        title_ui(ui, shown, actions);
        ui.add_space(space::XS);
        let room = ui.available_rect_before_wrap();
        let gap = space::L;
        let wide = room.width() - 3.0 * gap;
        let mut left = room.left();
        let mut part = |share: f32| {
            let rect = Rect::from_min_size(egui::pos2(left, room.top()), vec2(wide * share, room.height()));
            left = rect.right() + gap;
            rect
        };
        let places = PARTS.map(&mut part);
        let last = part(1.0 - PARTS.iter().sum::<f32>());
        let child = |ui: &mut Ui, number: usize, rect: Rect| {
            let mut child = ui.new_child(UiBuilder::new().id_salt(("part", number)).max_rect(rect));
            child.set_clip_rect(rect.expand(2.0).intersect(ui.clip_rect()));
            child
        };
        let mut one = child(ui, 0, places[0]);
        let detail = if shown.layout.inputs > 1 {
            let values = [("input", shown.input.to_string()), ("count", shown.layout.inputs.to_string())];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            fill(tr("input {input} of {count}"), &values)
        } else {
            String::new()
        };
        section_with_detail(&mut one, tr("Numbers"), &detail);
        let size = vec2(places[0].width(), places[0].height() - HEADING);
        numbers_grid::numbers_ui(&mut one, shown, brush, size, actions);
        map_ui(&mut child(ui, 1, places[1]), state, shown, places[1].size());
        self.response_ui(&mut child(ui, 2, places[2]), shown, places[2].size());
        self.patches.ui(&mut child(ui, 3, last), state, shown, last.size(), actions);
        ui.allocate_exact_size(room.size(), Sense::hover());
    }

    /// Which frequencies the kernel keeps.
    fn response_ui(&mut self, ui: &mut Ui, shown: &Shown<'_>, room: Vec2) {
        let t = Tokens::of(ui);
        let is_narrow = room.x < NARROW;
        section(ui, if is_narrow { tr("Frequencies") } else { tr("Frequency response") });
        let kernel = shown.kernel();
        let dilation = match shown.network.spec().layers.get(shown.layer) {
            Some(LayerSpec::Conv2d(conv)) => conv.dilation,
            Some(LayerSpec::ConvTranspose2d(conv)) => conv.dilation,
            _ => Pair::square(1),
        };
        let is_known = self.response.as_ref().is_some_and(|(of, with, _)| of == kernel && *with == dilation);
        if !is_known {
            let response = frequency_response(kernel, shown.layout.size, dilation, SIDE);
            self.response = response.ok().map(|response| (kernel.to_vec(), dilation, response));
        }
        let Some((.., response)) = &self.response else { return };
        let largest = response.iter().copied().fold(0.0, f32::max);
        let colors = ColorMapLut::sequential(ui.theme());
        let content = |row: usize, column: usize| GridCell::of(response[row * SIDE + column]);
        let pixel = side_for(room - vec2(0.0, HEADING + FOOT + 62.0), (SIDE, SIDE), 8.0);
        let name = tr("frequency response");
        NumberGrid::new(name, (SIDE, SIDE), pixel, colors, largest, &content).without_digits().ui(ui);
        Legend::new(colors, largest).width((room.x.min(pixel * SIDE as f32) - 66.0).max(12.0)).ui(ui);
        let mean = response.get(SIDE * SIDE / 2).copied().unwrap_or_default();
        if is_narrow {
            return;
        }
        let text = fill(
            tr("Middle: even areas, ×{mean}. Edge: stripes two pixels wide."),
            &[("mean", &numbers::plain(mean))],
        );
        ui.label(RichText::new(text).font(fonts::words(size::SMALL)).color(t.second));
    }
}

/// The name of the filter, what was done to it, and what can be done.
fn title_ui(ui: &mut Ui, shown: &Shown<'_>, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let room = vec2(ui.available_width(), ui.spacing().interact_size.y);
    let id = shown.id(shown.filter);
    let hand = &shown.filters.hand;
    let mut send = |act| actions.send(Action::Filters(act));
    ui.allocate_ui_with_layout(room, Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_size(room);
        if shown.filters.waits.is_some() {
            if tool_button(ui, "", tr("Leave it"), "").clicked() {
                send(FiltersAct::Stay);
            }
            if tool_button(ui, icons::GIT_BRANCH, tr("Branch and change"), "").clicked() {
                send(FiltersAct::Branch);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let text = tr("This is a moment of the past: a change begins a new run from here.");
                ui.add(Label::new(RichText::new(text).color(t.warn)).truncate());
            });
            return;
        }
        let is_frozen = hand.is_frozen(id);
        let text = if is_frozen { tr("Frozen") } else { tr("Freeze") };
        let freeze = tool_toggle(ui, "", text, "", is_frozen);
        if freeze.on_hover_text(tr("Training leaves a frozen filter exactly as it is.")).clicked() {
            send(FiltersAct::Freeze(vec![id], !is_frozen));
        }
        let is_painted = hand.is_painted(id);
        let learned =
            ui.add_enabled_ui(is_painted, |ui| tool_button(ui, icons::ROTATE_CCW, tr("Learned numbers"), ""));
        if learned.inner.clicked() {
            send(FiltersAct::Learned(vec![id]));
        }
        let can_redo = !shown.filters.redo.is_empty();
        let redo = ui.add_enabled_ui(can_redo, |ui| {
            icon_button_with_shortcut(ui, icons::REDO_2, tr("Redo the filter"), "Ctrl+Y")
        });
        if redo.inner.clicked() {
            send(FiltersAct::Redo);
        }
        let can_undo = !shown.filters.undo.is_empty();
        let undo = ui.add_enabled_ui(can_undo, |ui| {
            icon_button_with_shortcut(ui, icons::UNDO_2, tr("Undo the filter"), "Ctrl+Z")
        });
        if undo.inner.clicked() {
            send(FiltersAct::Undo);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let name = fill(tr("Filter {filter}"), &[("filter", &shown.filter.to_string())]);
            ui.label(RichText::new(name).font(fonts::semibold(size::LARGE)).color(t.text));
            let text = match (is_painted, is_frozen) {
                (true, true) => tr("All views use it, training leaves it alone. What was learned is kept."),
                (true, false) => tr("All views use it, training goes on from it. What was learned is kept."),
                (false, true) => tr("Training leaves it alone until it is released."),
                (false, false) => "",
            };
            if is_painted {
                badge(ui, Tone::Warn, tr("painted, not learned"));
            } else if is_frozen {
                badge(ui, Tone::Info, tr("frozen"));
            }
            let text = RichText::new(text).font(fonts::words(size::SMALL)).color(t.second);
            ui.add(Label::new(text).truncate());
        });
    });
}

/// The map that the filter makes of the current image.
fn map_ui(ui: &mut Ui, state: &AppState, shown: &Shown<'_>, room: Vec2) {
    let t = Tokens::of(ui);
    let (_, height, width) = shown.network.layers()[shown.layer].output().as_maps();
    section_with_detail(ui, tr("Its map"), &format!("{height}×{width}"));
    let Some(trace) = state.trace().filter(|_| !state.image.is_blank()) else {
        ui.label(RichText::new(tr("Draw a digit: its map appears here.")).color(t.second));
        return;
    };
    let cells = height * width;
    let map = trace.activation(shown.layer).get(shown.filter * cells..(shown.filter + 1) * cells);
    let map = map.unwrap_or_default();
    let limit = map.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    let colors = ColorMapLut::diverging(ui.theme());
    let content =
        |row: usize, column: usize| GridCell::of(map.get(row * width + column).copied().unwrap_or_default());
    let pixel = side_for(room - vec2(0.0, HEADING + FOOT), (height, width), 20.0);
    let grid = NumberGrid::new(tr("map of the filter"), (height, width), pixel, colors, limit, &content);
    grid.without_digits().ui(ui);
    Legend::new(colors, limit).width((room.x - 100.0).clamp(20.0, 70.0)).ui(ui);
}

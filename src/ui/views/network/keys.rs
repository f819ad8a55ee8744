//! Keys: arrows go from map to map and from layer to layer, with Shift from pixel to pixel; Enter selects the pixel with
//! the largest absolute value, Escape goes back.

use super::values::{self, INPUT, Values};
use crate::{
    nn::Network,
    ui::{
        model::selection::{MapId, Selection},
        style::tokens::{Tokens, radius},
    },
};
use egui::{EventFilter, Key, Modifiers, Rect, Response, StrokeKind, Ui};

/// The selection after the keys of this frame, if they change it.
pub fn read(ui: &Ui, network: &Network, values: Values<'_>, selection: Selection) -> Option<Selection> {
    let is_asked = ui.memory(|memory| memory.top_modal_layer().is_some());
    let is_typing = ui.ctx().text_edit_focused();
    if is_asked || is_typing || has_slider_focus(ui) {
        return None;
    }
    let mut now = selection;
    let pressed = |modifiers, key| ui.input_mut(|input| input.count_and_consume_key(modifiers, key)) as isize;
    // With Shift first: without modifiers, a key counts whatever modifiers are held.
    let down = pressed(Modifiers::SHIFT, Key::ArrowDown) - pressed(Modifiers::SHIFT, Key::ArrowUp);
    let right = pressed(Modifiers::SHIFT, Key::ArrowRight) - pressed(Modifiers::SHIFT, Key::ArrowLeft);
    now = by_pixel(network, values, now, (down, right));
    let down = pressed(Modifiers::NONE, Key::ArrowDown) - pressed(Modifiers::NONE, Key::ArrowUp);
    let right = pressed(Modifiers::NONE, Key::ArrowRight) - pressed(Modifiers::NONE, Key::ArrowLeft);
    now = by_map(network, now, (down, right));
    if pressed(Modifiers::NONE, Key::Enter) > 0 {
        now.pixel = now.map.and_then(|map| strongest(network, values, map));
    }
    if pressed(Modifiers::NONE, Key::Escape) > 0 {
        now = up(now);
    }
    (now != selection).then_some(now)
}

/// Whether a widget other than a map has the keyboard, such as a slider, which uses the arrows itself.
fn has_slider_focus(ui: &Ui) -> bool {
    let Some(id) = ui.memory(egui::Memory::focused) else { return false };
    !ui.data(|data| data.get_temp::<bool>(id.with(MAP))).unwrap_or(false)
}

/// The key of the mark that tells maps from other widgets.
const MAP: &str = "a map";

/// While this widget has the keyboard, the arrows go through the maps instead of the widgets. A ring shows the focus.
pub fn leave_arrows(ui: &Ui, response: &Response, ring: Rect) {
    ui.data_mut(|data| data.insert_temp(response.id.with(MAP), true));
    if response.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        let stroke = Tokens::of(ui).focus_stroke();
        ui.painter().rect_stroke(ring, radius::S, stroke, StrokeKind::Outside);
    }
}

fn moved(at: usize, by: isize, count: usize) -> usize {
    at.saturating_add_signed(by).min(count.saturating_sub(1))
}

fn by_map(network: &Network, selection: Selection, (down, right): (isize, isize)) -> Selection {
    if (down, right) == (0, 0) {
        return selection;
    }
    let Some(map) = selection.map else { return Selection::of(MapId { column: INPUT + 1, map: 0 }) };
    let columns = values::softmax_column(network) + 1;
    let column = moved(map.column, right, columns);
    let map = moved(map.map, down, values::count(network, column));
    Selection::of(MapId { column, map })
}

fn by_pixel(
    network: &Network,
    values: Values<'_>,
    selection: Selection,
    (down, right): (isize, isize),
) -> Selection {
    let Some(map) = selection.map.filter(|_| (down, right) != (0, 0)) else { return selection };
    let (_, height, width) = values::shape(network, map.column).as_maps();
    let pixel = match selection.pixel {
        Some((y, x)) => Some((moved(y, down, height), moved(x, right, width))),
        None => strongest(network, values, map),
    };
    Selection { pixel, ..selection }
}

/// The pixel with the largest absolute value.
fn strongest(network: &Network, values: Values<'_>, map: MapId) -> Option<(usize, usize)> {
    let (_, _, width) = values::shape(network, map.column).as_maps();
    let all = values.map(map).iter().map(|v| v.abs()).enumerate();
    let (at, _) = all.max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((at / width, at % width))
}

/// From an input channel to the pixel, from the pixel to the map, from the map to the network.
fn up(selection: Selection) -> Selection {
    match selection {
        Selection { channel: Some(_), .. } => Selection { channel: None, ..selection },
        Selection { pixel: Some(_), .. } => Selection { pixel: None, ..selection },
        _ => Selection::default(),
    }
}

//! All layers of the network in one strip, with the part that the columns show framed: a click or a drag goes there.

use super::{
    maps::Maps,
    tips,
    values::{self, INPUT},
    viewport::Viewport,
};
use crate::{
    explain::ReceptiveField,
    nn::{Network, Shape},
    text::{fill, tr},
    ui::{
        model::selection::MapId,
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, radius, space},
        },
    },
};
use egui::{
    Align2, CursorIcon, FontId, Painter, Pos2, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

/// The height of the strip, in points: in a high window and in a low one.
const HEIGHTS: (f32, f32) = (74.0, 46.0);

/// The room of a layer's name under its picture, in points.
const NAME: f32 = 16.0;

/// The widest room of one layer, in points.
const WIDEST: f32 = 104.0;

/// Maps of a layer that are shown at most; more would be points.
const MOST: usize = 18;

/// What the strip shows besides the layers.
pub struct Shown<'a> {
    /// The columns and the offset at which they are shown.
    pub viewport: (&'a Viewport, f32),
    /// The selected map.
    pub selected: Option<MapId>,
    /// The receptive field of each layer.
    pub fields: &'a [ReceptiveField],
    /// Whether the window is low.
    pub is_low: bool,
}

/// The height of the strip, in points.
pub fn height(is_low: bool) -> f32 {
    if is_low { HEIGHTS.1 } else { HEIGHTS.0 }
}

/// Shows the strip. Returns the position that was clicked or dragged to, which the view then centres.
pub fn overview_ui(ui: &mut Ui, state: &AppState, maps: &mut Maps, shown: &Shown<'_>) -> Option<f32> {
    let t = Tokens::of(ui);
    let network = &state.network.network;
    let tall = height(shown.is_low);
    let (all, _) = ui.allocate_exact_size(vec2(ui.available_width(), tall), Sense::hover());
    ui.painter().rect_filled(all, radius::M, t.panel);
    let all = all.shrink2(vec2(space::XS, space::XS));
    // The softmax is the last one.
    let count = values::softmax_column(network) + 1;
    let wide = (all.width() / count as f32).min(WIDEST);
    let room = |column: usize| {
        Rect::from_min_size(pos2(all.left() + wide * column as f32, all.top()), vec2(wide, all.height()))
    };
    let (viewport, offset) = shown.viewport;
    let mut position = None;
    for column in 0..count {
        let rect = room(column);
        let response = ui.interact(rect, ui.scope_id().with(("overview", column)), Sense::click_and_drag());
        let name = values::title(network, column);
        response.widget_info(|| {
            let label = fill(tr("Go to {layer}"), &[("layer", &name)]);
            WidgetInfo::labeled(Role::Button, ui.is_enabled(), label)
        });
        if let Some(layer) = column.checked_sub(1).filter(|layer| *layer < network.layers().len()) {
            tips::layer_ui(&response, network, layer, shown.fields.get(layer));
        }
        position = gone_to(&response, all, wide, column).or(position);
        if response.hovered() {
            ui.painter().rect_filled(rect, radius::S, t.hover);
        }
        let picture = rect.with_max_y(rect.bottom() - NAME).shrink2(vec2(3.0, 2.0));
        paint_layer(ui, state, maps, column, picture);
        if response.has_focus() {
            ui.painter().rect_stroke(rect, radius::S, t.focus_stroke(), StrokeKind::Inside);
        }
        if viewport.is_scrolled() {
            response.on_hover_cursor(CursorIcon::PointingHand);
        }
    }
    names_ui(ui.painter(), network, shown.selected, count, room);
    if viewport.is_scrolled() {
        let (first, last) = viewport.shown(offset);
        let frame = Rect::from_min_max(
            pos2(all.left() + wide * first, all.top() - 2.0),
            pos2(all.left() + wide * last, all.bottom() + 2.0),
        );
        ui.painter().rect_stroke(frame, radius::S, t.focus_stroke(), StrokeKind::Inside);
    }
    position.filter(|_| viewport.is_scrolled() || state.shows_breakdown)
}

/// The position under the pointer while it is pressed on a layer; of a click by the keyboard, the layer's middle.
fn gone_to(response: &Response, all: Rect, wide: f32, column: usize) -> Option<f32> {
    let pointer = response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on());
    match pointer {
        Some(Pos2 { x, .. }) => Some(((x - all.left()) / wide).max(0.0)),
        None if response.clicked() && response.hover_pos().is_none() => Some(column as f32 + 0.5),
        None => None,
    }
}

/// Some maps of a layer, or its vector, as large as possible.
fn paint_layer(ui: &Ui, state: &AppState, maps: &mut Maps, column: usize, rect: Rect) {
    let network = &state.network.network;
    let t = Tokens::of(ui);
    if column == values::softmax_column(network) {
        let shares = state.switched_probabilities();
        let tall = rect.height() / shares.len().max(1) as f32;
        for (class, share) in shares.iter().enumerate().filter(|(_, share)| share.is_finite()) {
            let row = Rect::from_min_size(
                pos2(rect.left(), rect.top() + tall * class as f32),
                vec2((rect.width() * share).max(1.0), (tall - 1.0).max(0.5)),
            );
            ui.painter().rect_filled(row, 0, t.accent);
        }
        return;
    }
    match values::shape(network, column) {
        Shape::Maps { channels, height, width } if height * width > 1 && !maps.is_strip(column) => {
            let count = if column == INPUT { 1 } else { channels.min(MOST) };
            let aspect = width as f32 / height as f32;
            let (across, side) = grid(count, aspect, rect);
            for map in 0..count {
                let at = vec2((map % across) as f32 * side * aspect, (map / across) as f32 * side);
                let place = Rect::from_min_size(rect.min + at, vec2(side * aspect, side));
                maps.paint(ui.painter(), MapId { column, map }, place.shrink(0.5));
            }
        }
        _ => {
            let strip = Rect::from_min_size(rect.min, vec2(rect.width().min(14.0), rect.height()));
            maps.paint(ui.painter(), MapId { column, map: 0 }, strip);
        }
    }
}

/// The number of maps side by side, and their height, so that all are as large as possible.
fn grid(count: usize, aspect: f32, rect: Rect) -> (usize, f32) {
    let side = |across: usize| {
        let down = count.div_ceil(across) as f32;
        (rect.height() / down).min(rect.width() / (across as f32 * aspect))
    };
    let best = (1..=count.max(1)).max_by(|a, b| side(*a).total_cmp(&side(*b)));
    let across = best.unwrap_or(1);
    (across, side(across))
}

/// The layers' names: first those of the selected layer, of input, softmax and layers with weights, then the others
/// where there is room.
fn names_ui(
    painter: &Painter,
    network: &Network,
    selected: Option<MapId>,
    count: usize,
    room: impl Fn(usize) -> Rect,
) {
    let t = Tokens::of(painter.ctx());
    let selected = selected.map(|map| map.column);
    let has_weights = |column: usize| {
        column.checked_sub(1).is_none_or(|layer| {
            network.parameters().get(layer).is_none_or(|parameters| !parameters.is_empty())
        })
    };
    let rank = |column: usize| match column {
        _ if selected == Some(column) => 0,
        _ if column == 0 || column + 1 == count => 1,
        _ if has_weights(column) => 2,
        _ => 3,
    };
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|column| rank(*column));
    let mut taken: Vec<Rect> = Vec::new();
    for column in order {
        let is_selected = selected == Some(column);
        let font: FontId = if is_selected { fonts::semibold(11.5) } else { fonts::words(11.5) };
        let ink = if is_selected { t.highlight_text } else { t.second };
        let galley = painter.layout_no_wrap(values::title(network, column), font, ink);
        let own = room(column);
        // A name at the right edge ends there.
        let left = (own.left() + 3.0).min(room(count - 1).right() - galley.size().x);
        let place = Align2::LEFT_BOTTOM.anchor_size(pos2(left, own.bottom()), galley.size());
        if taken.iter().all(|other| !other.expand2(vec2(4.0, 0.0)).intersects(place)) {
            painter.galley(place.min, galley, ink);
            taken.push(place);
        }
    }
}

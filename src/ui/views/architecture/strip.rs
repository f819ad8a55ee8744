//! The shapes on their way through the network, as pictures: a click selects the layer.

use super::{columns::Line, send::send, sheets::Sheets, words::layer_name};
use crate::{
    nn::Shape,
    text::{fill, tr},
    ui::{
        action::Actions,
        model::architecture::ArchitectureAct,
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
    },
};
use egui::{Align2, Color32, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// The height of the strip, in points.
pub const HEIGHT: f32 = 84.0;

/// The least width of a layer, in points: narrower ones could not be told apart.
const LEAST: f32 = 34.0;

/// The largest side of a map, in points.
const SIDE: f32 = 40.0;

/// The most maps that are drawn behind each other.
const MOST_MAPS: usize = 6;

/// Whether all layers have room.
pub fn has_room(width: f32, state: &AppState) -> bool {
    width / (state.architecture.draft.layers.len() + 1) as f32 >= LEAST
}

/// The strip.
pub fn strip_ui(ui: &mut Ui, state: &AppState, sheets: &Sheets, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let lab = &state.architecture;
    let (card, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter().rect(card, radius::L, t.raised, t.line_stroke(), StrokeKind::Inside);
    let inside = card.shrink(space::XS);
    let on: Vec<usize> = lab.draft.places();
    let width = inside.width() / (on.len() + 1) as f32;
    let largest = side_of(lab.draft.input).max(1.0);
    for (i, place) in std::iter::once(None).chain(on.into_iter().map(Some)).enumerate() {
        let left = inside.left() + i as f32 * width;
        let cell = Rect::from_min_size(pos2(left, inside.top()), vec2(width, inside.height()));
        let name = place.map_or_else(|| tr("input").to_owned(), |place| layer_name(state, sheets, place));
        let response = ui.interact(cell, ui.scope_id().with(("strip", place)), Sense::click());
        let text = fill(tr("Go to {layer}"), &[("layer", &name)]);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &text));
        let row = place.and_then(|place| sheets.sheet.rows.get((*sheets.numbers.get(place)?)?));
        let is_faulty = row.is_some_and(|row| row.fault.is_some());
        let figures = place.and_then(|place| sheets.figures(place));
        let shape = match place {
            None => Some(lab.draft.input),
            Some(_) => figures.map(|figures| figures.cost.output),
        };
        if lab.selected == place {
            ui.painter().rect_stroke(cell, radius::M, (1.5, t.highlight), StrokeKind::Inside);
        } else if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(cell, radius::M, t.hover);
        }
        let has_weights = figures.is_some_and(|figures| figures.cost.parameters > 0);
        let (ground, ink) = match (is_faulty, has_weights) {
            (true, _) => (t.bad_ground, t.bad),
            (false, true) => (t.accent_ground, t.accent),
            (false, false) => (t.track, t.second),
        };
        let middle = pos2(cell.center().x, cell.top() + 4.0 + SIDE / 2.0);
        match shape {
            _ if is_faulty => {
                let font = fonts::icons(18.0);
                ui.painter().text(middle, Align2::CENTER_CENTER, icons::TRIANGLE_ALERT, font, ink);
            }
            Some(shape) => shape_ui(ui, middle, width, shape, largest, ground, ink),
            None => {}
        }
        let label =
            if is_faulty { "?".to_owned() } else { shape.map_or_else(|| "?".to_owned(), |s| s.to_string()) };
        let color = if is_faulty { t.bad } else { t.second };
        let text = Line { text: &label, font: fonts::mono(size::SMALL - 2.5), color, room: width - 2.0 };
        text.paint(ui, Align2::CENTER_CENTER, middle.x, cell.bottom() - 9.0);
        let tip = match place.and_then(|place| lab.draft.layers.get(place)) {
            Some(layer) => format!("{name}: {}\n{label}", layer.spec.summary()),
            None => format!("{name}\n{label}"),
        };
        if response.on_hover_text(tip).clicked() {
            send(actions, ArchitectureAct::Select(place));
        }
    }
}

/// The larger side of the maps.
fn side_of(shape: Shape) -> f32 {
    let (_, height, width) = shape.as_maps();
    height.max(width) as f32
}

/// Maps behind each other, or a column of values.
fn shape_ui(
    ui: &Ui,
    middle: egui::Pos2,
    width: f32,
    shape: Shape,
    largest: f32,
    ground: Color32,
    ink: Color32,
) {
    let paint = |rect: Rect| {
        ui.painter().rect(rect, 2, ground, (1.0, ink), StrokeKind::Inside);
    };
    match shape {
        Shape::Maps { channels, height, width: columns } => {
            let room = SIDE.min(width - 16.0);
            let side = |cells: usize| (room * (cells as f32 / largest).sqrt()).clamp(5.0, room);
            // A map for every doubling.
            let maps = (channels.max(1).ilog2() as usize + 1).min(MOST_MAPS);
            let shift = vec2(2.0, -1.0);
            let first = middle - shift * (maps as f32 - 1.0) / 2.0;
            for map in (0..maps).rev() {
                let size = vec2(side(columns), side(height));
                paint(Rect::from_center_size(first + shift * map as f32, size));
            }
        }
        Shape::Vector(values) => {
            let height = (6.0 + 3.2 * (values.max(1) as f32).log2()).min(SIDE);
            paint(Rect::from_center_size(middle, vec2(7.0, height)));
        }
    }
}

//! Covers hidden controls: each in the colour of its panel, with the control's value as text.

use super::{
    grounds::Grounds,
    layers::layer,
    seen::{Seen, SeenControl},
};
use crate::{
    text::{fill, shown_name, tr},
    ui::{
        model::hidden::HiddenControl,
        state::AppState,
        style::{
            fonts,
            tokens::{Tokens, size},
        },
    },
};
use egui::{Align2, Color32, FontId, Id, Order, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// The smallest size to which a value's text shrinks to fit its place, in points.
const LEAST: f32 = 7.0;

/// A hidden control in the last frame in which it was there: it may have another name now, like *Play* and *Pause*.
#[derive(Clone)]
struct Last {
    control: HiddenControl,
    id: Id,
    place: Rect,
}

/// Covers every hidden control that is shown.
pub fn covers_ui(ui: &Ui, state: &AppState, grounds: &Grounds) {
    if state.settings.hidden.is_empty() {
        return;
    }
    let t = Tokens::of(ui);
    let seen = Seen::controls(ui.ctx());
    let memory = Id::unique("hidden controls of the last frame");
    let before: Vec<Last> = ui.data(|data| data.get_temp(memory)).unwrap_or_default();
    let mut after = Vec::new();
    let over = layer(ui, Order::Middle, "covers");
    for control in &state.settings.hidden {
        let Some(found) = find(ui, control, &seen, &before) else { continue };
        let Some(response) = ui.ctx().read_response(found.id) else { continue };
        let place = response.interact_rect;
        after.push(Last { control: control.clone(), id: found.id, place: response.rect });
        if !place.is_positive() {
            continue;
        }
        if response.has_focus() {
            response.surrender_focus();
        }
        let cover = place.expand(1.0);
        over.painter().rect_filled(cover, 0, grounds.under(place, t.ground));
        value_ui(&over, place, &found.value, t.text);
        let id = over.scope_id().with(found.id);
        let blocked = over.interact(cover, id, Sense::click_and_drag());
        blocked.widget_info(|| {
            let name = fill(tr("Hidden: {name}"), &[("name", &shown_name(&control.name))]);
            let mut info = WidgetInfo::labeled(Role::Status, true, name);
            info.current_text_value = Some(found.value.clone());
            info
        });
    }
    ui.data_mut(|data| data.insert_temp(memory, after));
}

/// The control by its kind and name, or the one that was it in the last frame and is still at its place.
fn find<'a>(
    ui: &Ui,
    control: &HiddenControl,
    seen: &'a [SeenControl],
    before: &[Last],
) -> Option<&'a SeenControl> {
    seen.iter().find(|one| one.control == *control).or_else(|| {
        let last = before.iter().find(|last| last.control == *control)?;
        let now = seen.iter().find(|one| one.id == last.id && one.control.role == control.role)?;
        let place = ui.ctx().read_response(now.id)?.rect;
        (place.min.distance(last.place.min) < 2.0).then_some(now)
    })
}

/// Writes the value, as large as usual if there is room.
fn value_ui(over: &Ui, place: Rect, value: &str, color: Color32) {
    if value.is_empty() {
        return;
    }
    let room = place.size() - vec2(2.0, 0.0);
    let font = |size: f32| -> FontId {
        let is_number = value.chars().next().is_some_and(|c| c.is_ascii_digit() || c == '-' || c == '−');
        if is_number { fonts::mono(size) } else { fonts::words(size) }
    };
    let usual = over.painter().layout_no_wrap(value.to_owned(), font(size::BODY), color).size();
    let shrunk = size::BODY * (room.x / usual.x).min(room.y / usual.y).min(1.0);
    let galley = over.painter().layout(
        value.to_owned(),
        font(shrunk.max(LEAST)),
        color,
        if shrunk < LEAST { room.x } else { f32::INFINITY },
    );
    let at = Align2::LEFT_CENTER.anchor_size(pos2(place.left() + 1.0, place.center().y), galley.size());
    over.painter().with_clip_rect(place).galley(at.min, galley, color);
}

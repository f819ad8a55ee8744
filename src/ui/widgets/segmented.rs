//! Few choices side by side, one of them chosen.

use egui::{Color32, CornerRadius, Id, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::face::{Face, focus_ring_ui};
use crate::ui::fonts;
use crate::ui::tokens::{Tokens, control_corners, radius, size, space};

/// Shows `options` as segments and sets `value` to the one clicked; the response is `changed` then.
///
/// `label` names the group for screen readers. Every segment is a radio button with its text as its name.
pub fn segmented<T: PartialEq + Copy>(
    ui: &mut Ui,
    label: &str,
    value: &mut T,
    options: &[(T, &str)],
) -> Response {
    let t = Tokens::of(ui);
    let faces: Vec<Face> =
        options.iter().map(|(_, text)| Face::new(ui, "", text, fonts::words(size::BODY))).collect();
    let words: f32 = faces.iter().map(|face| face.size().x).sum();
    // In a narrow panel the segments move together before they leave it.
    let room = (ui.available_width() - words) / (2.0 * options.len().max(1) as f32);
    let padding = room.clamp(space::XS, space::M);
    let height = ui.spacing().interact_size.y;
    let width = words + 2.0 * padding * options.len() as f32;
    let (rect, mut group) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    group.widget_info(|| WidgetInfo::labeled(Role::RadioGroup, ui.is_enabled(), label));
    ui.painter().rect_filled(rect, control_corners(), t.raised);

    let mut left = rect.left();
    let mut focused = None;
    for (i, ((option, text), face)) in options.iter().zip(&faces).enumerate() {
        let right = left + face.size().x + 2.0 * padding;
        let place = Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()));
        let response = segment_response(ui, place, group.id.with(i), value, *option, text);
        let is_selected = *value == *option;
        let ends = (i == 0, i + 1 == options.len());
        segment_ui(ui, &t, &response, face, is_selected, ends);
        if i > 0 {
            ui.painter().vline(left, rect.y_range(), t.control_stroke());
        }
        if response.changed() {
            group.mark_changed();
        }
        if response.has_focus() {
            focused = Some(response);
        }
        left = right;
    }
    ui.painter().rect_stroke(rect, control_corners(), t.control_stroke(), StrokeKind::Inside);
    if let Some(response) = focused {
        focus_ring_ui(ui, &response, &t);
    }
    group
}

fn segment_response<T: PartialEq + Copy>(
    ui: &Ui,
    place: Rect,
    id: Id,
    value: &mut T,
    option: T,
    text: &str,
) -> Response {
    let mut response = ui.interact(place, id, Sense::click());
    if response.clicked() && *value != option {
        *value = option;
        response.mark_changed();
    }
    let is_selected = *value == option;
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), is_selected, text));
    response
}

fn segment_ui(ui: &Ui, t: &Tokens, response: &Response, face: &Face, is_selected: bool, ends: (bool, bool)) {
    let (is_first, is_last) = ends;
    let corner = |is_end: bool| if is_end { radius::M } else { 0 };
    let corners =
        CornerRadius { nw: corner(is_first), sw: corner(is_first), ne: corner(is_last), se: corner(is_last) };
    let is_over = response.hovered() && ui.is_enabled();
    let (ground, words) = match (is_selected, is_over) {
        (true, _) => (t.accent_ground, t.text),
        (false, true) => (t.hover, t.text),
        (false, false) => (Color32::TRANSPARENT, t.second),
    };
    ui.painter().rect_filled(response.rect, corners, ground);
    face.paint_centred(ui, response.rect, words);
}

#[cfg(test)]
mod tests {
    use egui::Key;
    use egui::accesskit::Toggled;
    use egui_kittest::kittest::{NodeT as _, Queryable as _};

    use super::*;
    use crate::ui::widgets::testing::harness;

    const OPTIONS: [(u8, &str); 3] = [(0, "Activations"), (1, "Gradients"), (2, "Weights")];

    #[derive(Default)]
    struct State {
        value: u8,
        changes: u32,
    }

    fn show_ui(ui: &mut Ui, state: &mut State) {
        if segmented(ui, "What to show", &mut state.value, &OPTIONS).changed() {
            state.changes += 1;
        }
    }

    #[test]
    fn a_click_chooses_once() {
        let mut harness = harness(show_ui);
        harness.get_by_label("Gradients").click();
        harness.run();
        harness.get_by_label("Gradients").click();
        harness.run();
        assert_eq!((harness.state().value, harness.state().changes), (1, 1));
        let toggled =
            |name| harness.get_by_role_and_label(Role::RadioButton, name).accesskit_node().toggled();
        assert_eq!(toggled("Gradients"), Some(Toggled::True));
        assert_eq!(toggled("Activations"), Some(Toggled::False));
        harness.get_by_role_and_label(Role::RadioGroup, "What to show");
    }

    #[test]
    fn the_keyboard_chooses() {
        let mut harness = harness(show_ui);
        for _ in 0..3 {
            harness.key_press(Key::Tab);
        }
        harness.run();
        assert!(harness.get_by_label("Weights").is_focused());
        harness.key_press(Key::Space);
        harness.run();
        assert_eq!(harness.state().value, 2);
    }

    #[test]
    fn no_options_and_no_room_do_no_harm() {
        let mut harness = harness(|ui, value: &mut u8| {
            segmented::<u8>(ui, "Nothing", value, &[]);
            ui.set_max_width(10.0);
            segmented(ui, "Narrow", value, &OPTIONS);
        });
        harness.run();
    }
}

//! A few options side by side, one of them chosen.

use super::{
    face::{Face, focus_ring_ui},
    paper,
};
use crate::ui::style::{
    fonts,
    tokens::{Tokens, control_corners, radius, size, space},
};
use egui::{Color32, CornerRadius, Id, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Shows `options` as segments and sets `value` to the one clicked; the response is `changed` then.
///
/// `label` names the group for screen readers. Every segment is a radio button with its text as its name.
pub fn segmented<T: PartialEq + Copy>(
    ui: &mut Ui,
    label: &str,
    value: &mut T,
    options: &[(T, &str)],
) -> Response {
    segmented_with_tips(ui, label, value, options, &|_, segment| segment)
}

/// The same; `with_tip` adds a tooltip to the segment of an option.
pub fn segmented_with_tips<T: PartialEq + Copy>(
    ui: &mut Ui,
    label: &str,
    value: &mut T,
    options: &[(T, &str)],
    with_tip: &dyn Fn(T, Response) -> Response,
) -> Response {
    if paper::is_on(ui) {
        return paper::nothing(ui);
    }
    let t = Tokens::of(ui);
    let faces: Vec<Face> =
        options.iter().map(|(_, text)| Face::new(ui, "", text, fonts::words(size::BODY))).collect();
    let width = |row: &[Face]| row.iter().map(|face| face.size().x + 2.0 * space::XS).sum::<f32>();
    // In a narrow panel the segments move together, then break into rows, before they leave it.
    let room = ui.available_width();
    let in_a_row = (1..=faces.len())
        .map(|rows| faces.len().div_ceil(rows))
        .find(|&count| faces.chunks(count).all(|row| width(row) <= room))
        .unwrap_or(1);
    let padding =
        faces.chunks(in_a_row).map(|row| space::XS + (room - width(row)) / (2.0 * row.len() as f32));
    let padding = padding.fold(space::M, f32::min).max(space::XS);
    let height = ui.spacing().interact_size.y;
    let rows = faces.len().div_ceil(in_a_row);
    let width = |row: &[Face]| width(row) + 2.0 * (padding - space::XS) * row.len() as f32;
    let widest = faces.chunks(in_a_row).map(width).fold(0.0, f32::max);
    let (rect, mut group) = ui.allocate_exact_size(vec2(widest, height * rows as f32), Sense::hover());
    group.widget_info(|| WidgetInfo::labeled(Role::RadioGroup, ui.is_enabled(), label));
    ui.painter().rect_filled(rect, control_corners(), t.raised);

    let mut focused = None;
    let all: Vec<_> = options.iter().zip(&faces).enumerate().collect();
    for (number, row) in all.chunks(in_a_row).enumerate() {
        let top = rect.top() + height * number as f32;
        let mut left = rect.left();
        // Extra room is divided between the segments.
        let own: f32 = row.iter().map(|(_, (_, face))| face.size().x).sum();
        let padding = (widest - own) / (2.0 * row.len() as f32);
        for &(i, ((option, text), face)) in row {
            let right = left + face.size().x + 2.0 * padding;
            let place = Rect::from_min_max(pos2(left, top), pos2(right, top + height));
            let response = segment_response(ui, place, group.id.with(i), value, *option, text);
            let response = with_tip(*option, response);
            let corner = |x: f32, y: f32| place.distance_to_pos(pos2(x, y)) < 0.5;
            let corners = CornerRadius {
                nw: if corner(rect.left(), rect.top()) { radius::M } else { 0 },
                sw: if corner(rect.left(), rect.bottom()) { radius::M } else { 0 },
                ne: if corner(rect.right(), rect.top()) { radius::M } else { 0 },
                se: if corner(rect.right(), rect.bottom()) { radius::M } else { 0 },
            };
            segment_ui(ui, &t, &response, face, *value == *option, corners);
            if left > rect.left() {
                ui.painter().vline(left, place.y_range(), t.control_stroke());
            }
            if response.changed() {
                group.mark_changed();
            }
            if response.has_focus() {
                focused = Some(response);
            }
            left = right;
        }
        if number > 0 {
            ui.painter().hline(rect.x_range(), top, t.control_stroke());
        }
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

fn segment_ui(
    ui: &Ui,
    t: &Tokens,
    response: &Response,
    face: &Face,
    is_selected: bool,
    corners: CornerRadius,
) {
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
    fn without_room_for_a_row_there_are_several() {
        let mut harness = harness(|ui, state| {
            ui.set_max_width(180.0);
            show_ui(ui, state);
        });
        harness.run();
        let rect = |name| harness.get_by_role_and_label(Role::RadioButton, name).rect();
        let group = harness.get_by_role_and_label(Role::RadioGroup, "What to show").rect();
        assert!(group.width() <= 180.0, "{group:?}");
        assert_eq!(rect("Activations").top(), rect("Gradients").top());
        assert!(rect("Weights").top() >= rect("Gradients").bottom());
        assert!(
            ["Activations", "Gradients", "Weights"].into_iter().all(|name| group.contains_rect(rect(name)))
        );
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

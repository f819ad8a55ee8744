//! A switch: on or off at once.

use super::{face::focus_ring_ui, paper};
use crate::ui::style::{
    fonts,
    tokens::{Tokens, size, space},
};
use egui::{Align2, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// The width and height of the track, in points.
const TRACK: egui::Vec2 = vec2(32.0, 18.0);

/// Shows a switch in the position `shown`, followed by `text`. It is `clicked` to change the position.
///
/// `name`, for screen readers, says what is switched; the text need not.
pub fn switch(ui: &mut Ui, name: &str, text: &str, shown: bool) -> Response {
    if paper::is_on(ui) {
        return paper::nothing(ui);
    }
    let t = Tokens::of(ui);
    let words = ui.painter().layout_no_wrap(text.to_owned(), fonts::words(size::BODY), t.text);
    let height = ui.spacing().interact_size.y.max(TRACK.y);
    let wide = TRACK.x + space::S + words.size().x;
    let response = ui.allocate_response(vec2(wide, height), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Switch, ui.is_enabled(), shown, name));
    let rect = response.rect;
    let track = Align2::LEFT_CENTER.anchor_size(rect.left_center(), TRACK);
    let corners = (TRACK.y / 2.0) as u8;
    let ground = if shown { t.accent } else { t.track };
    let outline = if response.hovered() { t.second } else { t.line_strong };
    ui.painter().rect(track, corners, ground, (1.0, outline), StrokeKind::Inside);
    let radius = TRACK.y / 2.0;
    let x = if shown { track.right() - radius } else { track.left() + radius };
    let knob = if shown { t.on_primary } else { t.second };
    ui.painter().circle_filled(pos2(x, track.center().y), radius - 4.0, knob);
    let place = Align2::RIGHT_CENTER.anchor_size(rect.right_center(), words.size());
    ui.painter().galley(place.min, words, t.text);
    focus_ring_ui(ui, &response, &t);
    response
}

#[cfg(test)]
mod tests {
    use egui::Key;
    use egui::accesskit::Toggled;
    use egui_kittest::kittest::{NodeT as _, Queryable as _};

    use super::*;
    use crate::ui::widgets::testing::harness;

    #[test]
    fn mouse_and_keyboard_switch_it() {
        let mut harness = harness(|ui, is_on: &mut bool| {
            let text = if *is_on { "on" } else { "off" };
            if switch(ui, "Map 3", text, *is_on).clicked() {
                *is_on = !*is_on;
            }
        });
        let toggled = |harness: &egui_kittest::Harness<'_, bool>| {
            harness.get_by_role_and_label(Role::Switch, "Map 3").accesskit_node().toggled()
        };
        harness.run();
        assert_eq!(toggled(&harness), Some(Toggled::False));
        harness.get_by_role_and_label(Role::Switch, "Map 3").click();
        harness.run();
        assert_eq!(toggled(&harness), Some(Toggled::True));
        harness.get_by_role_and_label(Role::Switch, "Map 3").focus();
        harness.key_press(Key::Space);
        harness.run();
        assert_eq!(toggled(&harness), Some(Toggled::False));
    }
}

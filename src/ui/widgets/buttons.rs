//! Buttons: the primary button, tools, icon buttons, and the tabs in the left column.

use super::{
    face::{Face, focus_ring_ui},
    paper,
};
use crate::ui::style::{
    fonts,
    tokens::{Tokens, control_corners, size, space},
};
use egui::{Color32, CursorIcon, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

/// The height of an entry of the left column, in points.
const NAV_HEIGHT: f32 = 34.0;

/// The main button of a screen. `icon` may be empty.
pub fn primary_button(ui: &mut Ui, icon: &str, text: &str) -> Response {
    primary_ui(ui, icon, text, 0.0)
}

fn primary_ui(ui: &mut Ui, icon: &str, text: &str, least_width: f32) -> Response {
    if paper::is_on(ui) {
        return paper::nothing(ui);
    }
    let t = Tokens::of(ui);
    let face = Face::new(ui, icon, text, fonts::semibold(size::BODY));
    let response = allocate(ui, face.size().max(vec2(least_width, 0.0)));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), text));
    let is_pressed = response.is_pointer_button_down_on();
    let ground = if response.hovered() && !is_pressed { t.primary_hover } else { t.primary };
    paint_ground(ui, &response, ground, Stroke::NONE);
    face.paint_centred(ui, response.rect, t.on_primary);
    if response.has_focus() {
        ui.painter().rect_stroke(
            response.rect.expand(2.0),
            control_corners(),
            t.focus_stroke(),
            StrokeKind::Outside,
        );
    }
    response
}

/// A [`primary_button`] that has room for the longest of `texts`, one of which it shows at a time.
pub fn primary_button_as_wide(ui: &mut Ui, icon: &str, text: &str, texts: &[&str]) -> Response {
    let width = |text: &&str| Face::new(ui, icon, text, fonts::semibold(size::BODY)).size().x;
    let widest = texts.iter().map(width).fold(0.0, f32::max);
    primary_ui(ui, icon, text, widest)
}

/// A button with an outline. `icon` may be empty; a `shortcut` such as `Ctrl+Z` is shown in the tooltip.
pub fn tool_button(ui: &mut Ui, icon: &str, text: &str, shortcut: &str) -> Response {
    if paper::is_on(ui) {
        return paper::nothing(ui);
    }
    let face = Face::new(ui, icon, text, fonts::words(size::BODY));
    let response = allocate(ui, face.size());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), text));
    outlined_ui(ui, &response, &face, false);
    with_hint(response, text, shortcut)
}

/// A [`tool_button`] that has room for the longest of `texts`, one of which it shows at a time.
pub fn tool_button_as_wide(ui: &mut Ui, icon: &str, text: &str, texts: &[&str]) -> Response {
    if paper::is_on(ui) {
        return paper::nothing(ui);
    }
    let width = |text: &&str| Face::new(ui, icon, text, fonts::words(size::BODY)).size().x;
    let widest = texts.iter().map(width).fold(0.0, f32::max);
    let face = Face::new(ui, icon, text, fonts::words(size::BODY));
    let response = allocate(ui, face.size().max(vec2(widest, 0.0)));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), text));
    outlined_ui(ui, &response, &face, false);
    response
}

/// A tool that stays selected, such as the brush or the eraser: one of several, or on and off.
pub fn tool_toggle(ui: &mut Ui, icon: &str, text: &str, shortcut: &str, is_selected: bool) -> Response {
    if paper::is_on(ui) {
        return paper::nothing(ui);
    }
    let face = Face::new(ui, icon, text, fonts::words(size::BODY));
    let response = allocate(ui, face.size());
    response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), is_selected, text));
    outlined_ui(ui, &response, &face, is_selected);
    with_hint(response, text, shortcut)
}

/// A square button with an icon alone. Its name is shown in the tooltip and read by screen readers.
pub fn icon_button(ui: &mut Ui, icon: &str, name: &str) -> Response {
    icon_button_with_shortcut(ui, icon, name, "")
}

/// An [`icon_button`] with a shortcut in its tooltip.
pub fn icon_button_with_shortcut(ui: &mut Ui, icon: &str, name: &str, shortcut: &str) -> Response {
    if paper::is_on(ui) {
        return paper::nothing(ui);
    }
    let t = Tokens::of(ui);
    let face = Face::new(ui, icon, "", fonts::words(size::BODY));
    let response = ui.allocate_response(Vec2::splat(ui.spacing().interact_size.y), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let is_lit = response.hovered() || response.has_focus();
    paint_ground(ui, &response, if is_lit { t.hover } else { Color32::TRANSPARENT }, Stroke::NONE);
    face.paint_centred(ui, response.rect, if is_lit { t.text } else { t.second });
    focus_ring_ui(ui, &response, &t);
    let hint = if shortcut.is_empty() { name.to_owned() } else { format!("{name}  {shortcut}") };
    response.on_hover_text(hint)
}

/// A tab in the left column: as wide as the column, on the accent ground while it is selected.
pub fn nav_item(ui: &mut Ui, icon: &str, text: &str, is_selected: bool) -> Response {
    let t = Tokens::of(ui);
    let font = if is_selected { fonts::semibold(size::BODY) } else { fonts::words(size::BODY) };
    // A column that is too narrow for words has the icons alone; the names are in the tooltips.
    let is_icon = ui.available_width() < 80.0;
    let padding = space::M;
    let face = Face::new(ui, icon, if is_icon { "" } else { text }, font).with_gap(padding);
    let width =
        if is_icon { ui.available_width() } else { ui.available_width().max(face.size().x + 2.0 * padding) };
    let height = if is_icon { NAV_HEIGHT - 5.0 } else { NAV_HEIGHT };
    let response = ui.allocate_response(vec2(width, height), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, ui.is_enabled(), is_selected, text));
    let ground = match (is_selected, response.hovered()) {
        (true, _) => t.accent_ground,
        (false, true) => t.hover,
        (false, false) => Color32::TRANSPARENT,
    };
    paint_ground(ui, &response, ground, Stroke::NONE);
    let words = if is_selected || response.hovered() { t.text } else { t.second };
    let sign = if is_selected { t.accent } else { words };
    if is_icon {
        face.paint_centred(ui, response.rect, sign);
    } else {
        face.paint(ui, response.rect, response.rect.left() + padding, sign, words);
    }
    focus_ring_ui(ui, &response, &t);
    response
}

fn allocate(ui: &mut Ui, face: Vec2) -> Response {
    let padding = ui.spacing().button_padding;
    let height = ui.spacing().interact_size.y;
    let size = face + 2.0 * padding;
    ui.allocate_response(vec2(size.x.max(height), height), Sense::click())
}

fn outlined_ui(ui: &Ui, response: &Response, face: &Face, is_selected: bool) {
    let t = Tokens::of(ui);
    let is_over = response.hovered() && ui.is_enabled();
    let ground = match (is_selected, is_over) {
        (true, _) => t.accent_ground,
        (false, true) => t.hover,
        (false, false) => t.raised,
    };
    let outline = if is_selected { t.accent } else { t.line_strong };
    paint_ground(ui, response, ground, Stroke::new(1.0, outline));
    face.paint_centred(ui, response.rect, t.text);
    focus_ring_ui(ui, response, &t);
}

fn paint_ground(ui: &Ui, response: &Response, ground: Color32, outline: Stroke) {
    ui.painter().rect(response.rect, control_corners(), ground, outline, StrokeKind::Inside);
}

fn with_hint(response: Response, text: &str, shortcut: &str) -> Response {
    let response = response.on_hover_cursor(CursorIcon::Default);
    if shortcut.is_empty() { response } else { response.on_hover_text(format!("{text}  {shortcut}")) }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::{NodeT as _, Queryable as _};

    use super::*;
    use crate::ui::style::icons;
    use crate::ui::widgets::testing::harness;

    #[test]
    fn buttons_are_found_by_their_words_and_clicked() {
        let mut harness = harness(|ui, clicked: &mut Vec<&'static str>| {
            if primary_button(ui, icons::PLAY, "Train").clicked() {
                clicked.push("train");
            }
            if tool_button(ui, icons::UNDO_2, "Undo", "Ctrl+Z").clicked() {
                clicked.push("undo");
            }
            if icon_button(ui, icons::SUN, "Light theme").clicked() {
                clicked.push("light");
            }
            ui.add_enabled_ui(false, |ui| {
                if tool_button(ui, icons::REDO_2, "Redo", "").clicked() {
                    clicked.push("redo");
                }
            });
        });
        for name in ["Train", "Undo", "Light theme", "Redo"] {
            harness.get_by_role_and_label(Role::Button, name).click();
            harness.run();
        }
        assert_eq!(harness.state(), &["train", "undo", "light"]);
    }

    #[test]
    fn the_keyboard_reaches_a_button() {
        let mut harness = harness(|ui, clicks: &mut u32| {
            if tool_button(ui, "", "Clear", "").clicked() {
                *clicks += 1;
            }
        });
        harness.key_press(egui::Key::Tab);
        harness.run();
        assert!(harness.get_by_label("Clear").is_focused());
        harness.key_press(egui::Key::Enter);
        harness.run();
        assert_eq!(*harness.state(), 1);
    }

    #[test]
    fn the_chosen_entry_says_so_and_fills_the_column() {
        let mut harness = harness(|ui, chosen: &mut usize| {
            for (i, name) in ["Draw", "Network"].into_iter().enumerate() {
                if nav_item(ui, icons::PENCIL, name, *chosen == i).clicked() {
                    *chosen = i;
                }
            }
        });
        harness.get_by_role_and_label(Role::Tab, "Network").click();
        harness.run();
        assert_eq!(*harness.state(), 1);
        let node = harness.get_by_role_and_label(Role::Tab, "Network");
        assert_eq!(node.accesskit_node().toggled(), Some(egui::accesskit::Toggled::True));
        assert!(node.rect().width() > 200.0 && node.rect().height() >= 28.0);
    }
}

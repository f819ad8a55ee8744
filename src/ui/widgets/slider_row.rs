//! A setting as a row: its name, a slider, its value.

use crate::ui::style::{
    fonts,
    tokens::{Tokens, size, space},
};
use egui::{Align, Layout, Response, RichText, Slider, Ui, emath::Numeric, vec2};
use std::ops::RangeInclusive;

/// The width of the names' column, in points.
const LABEL_WIDTH: f32 = 84.0;
/// The width of the values' column, in points.
const VALUE_WIDTH: f32 = 52.0;

/// Shows a slider, as wide as there is room, between its name and `shown`, its value as text, such as `3×3`.
pub fn slider_row<N: Numeric>(
    ui: &mut Ui,
    label: &str,
    value: &mut N,
    range: RangeInclusive<N>,
    shown: &str,
) -> Response {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 24.0;
        ui.spacing_mut().item_spacing.x = space::S;
        let cell = |ui: &mut Ui, width: f32, layout: Layout, text: RichText| {
            ui.allocate_ui_with_layout(vec2(width, 24.0), layout, |ui| {
                ui.set_min_width(width);
                ui.label(text);
            });
        };
        let name = RichText::new(label).color(t.second);
        cell(ui, LABEL_WIDTH, Layout::left_to_right(Align::Center), name);
        ui.spacing_mut().slider_width = (ui.available_width() - VALUE_WIDTH - space::S).max(40.0);
        // egui fills the rail with the colour of selections, which is too faint for a bar.
        ui.visuals_mut().selection.bg_fill = t.accent;
        let widgets = &mut ui.visuals_mut().widgets;
        widgets.hovered.bg_fill = t.accent;
        widgets.active.bg_fill = t.accent;
        // The handle is as large as the row egui thinks it is in.
        ui.spacing_mut().interact_size.y = 16.0;
        let slider = ui.add(Slider::new(value, range).show_value(false)).accessible_name(label);
        let number = RichText::new(shown).font(fonts::mono_bold(size::MONO)).color(t.text);
        cell(ui, VALUE_WIDTH, Layout::right_to_left(Align::Center), number);
        slider
    })
    .inner
}

#[cfg(test)]
mod tests {
    use egui::{Key, Role};
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::ui::widgets::testing::harness;

    #[test]
    fn the_keyboard_moves_it() {
        let mut harness = harness(|ui, value: &mut u32| {
            let shown = format!("{value}×{value}");
            slider_row(ui, "Kernel", value, 0..=7, &shown);
        });
        harness.get_by_role_and_label(Role::Slider, "Kernel").focus();
        harness.run();
        harness.key_press(Key::ArrowRight);
        harness.run();
        assert_eq!(*harness.state(), 1);
        harness.get_by_label("1×1");
    }
}

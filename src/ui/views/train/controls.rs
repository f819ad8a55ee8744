//! The rows that settings are made of.

use crate::{
    text::{Say as _, tr},
    train::TrainError,
    ui::style::{icons, tokens::Tokens},
};
use egui::{Align, DragValue, Layout, RichText, Ui, vec2};

/// A setting's name at the left, its control at the right.
pub fn row_ui(ui: &mut Ui, label: &str, add: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new(label).color(t.second));
        ui.with_layout(Layout::right_to_left(Align::Center), add);
    });
}

/// Beyond this, either way, no number can be typed: further on there are those that no file can hold.
const LIMIT: f32 = 1e32;

/// A field for a number that is not whole. What is typed is taken if it is a finite number.
pub fn real(value: &mut f32) -> DragValue<'_> {
    let plain = egui::emath::format_with_decimals_in_range;
    DragValue::new(value)
        .range(-LIMIT..=LIMIT)
        .custom_parser(finite)
        .custom_formatter(move |value, decimals| huge(value).unwrap_or_else(|| plain(value, decimals)))
}

/// A number whose digits would not fit into a field, by its power of ten.
pub fn huge(value: f64) -> Option<String> {
    (value.abs() >= 1e9).then(|| format!("{:e}", value as f32))
}

/// Digits with whatever blanks and minus sign stand in the field; `None` for `inf` and `NaN`.
fn finite(text: &str) -> Option<f64> {
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| if c == '−' { '-' } else { c }).collect();
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A number to drag or type, and below it what is wrong with it. What is typed counts when it is complete: the first digit of
/// a number is another number.
pub fn number_ui(ui: &mut Ui, label: &str, value: DragValue<'_>, checked: &Result<(), TrainError>) {
    row_ui(ui, label, |ui| {
        ui.spacing_mut().interact_size = vec2(96.0, 26.0);
        ui.add(value.update_while_editing(false)).accessible_name(label);
    });
    wrong_ui(ui, label, checked);
}

/// What is wrong with the setting of this name, if it is the one that is refused.
pub fn wrong_ui(ui: &mut Ui, label: &str, checked: &Result<(), TrainError>) {
    if let Err(error @ TrainError::Setting { setting, .. }) = checked
        && tr(setting) == label
    {
        let t = Tokens::of(ui);
        let text = format!("{}  {}.", icons::TRIANGLE_ALERT, error.say().capitalised());
        ui.label(RichText::new(text).color(t.bad));
    }
}

/// A choice of two at the right of its name.
pub fn switch_ui(ui: &mut Ui, label: &str, is_on: &mut bool) {
    row_ui(ui, label, |ui| {
        ui.add(egui::Checkbox::without_text(is_on)).accessible_name(label);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn huge_numbers_stay_short_and_are_read_back() {
        assert_eq!(huge(1e8), None);
        for number in [1e9_f32, 1e30, -9.999_999_4e29, LIMIT] {
            let text = huge(f64::from(number)).unwrap();
            assert!(text.len() < 14, "{text}");
            assert_eq!(finite(&text).map(|read| read as f32), Some(number), "{text}");
        }
    }

    #[test]
    fn only_finite_numbers_are_taken() {
        for (text, number) in [("0.01", 0.01), (" −1 000.5 ", -1000.5), ("1e-4", 1e-4), ("1e39", 1e39)] {
            assert_eq!(finite(text), Some(number), "{text}");
        }
        for text in ["inf", "-inf", "infinity", "NaN", "1e999", "", "1.2.3"] {
            assert_eq!(finite(text), None, "{text}");
        }
    }
}

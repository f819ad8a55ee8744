//! The rows that settings are made of.

use crate::{
    train::TrainError,
    ui::{icons, tokens::Tokens, tr::tr},
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

/// A number to drag or type, and below it what is wrong with it.
pub fn number_ui(ui: &mut Ui, label: &str, value: DragValue<'_>, checked: &Result<(), TrainError>) {
    row_ui(ui, label, |ui| {
        ui.spacing_mut().interact_size = vec2(96.0, 26.0);
        ui.add(value).accessible_name(label);
    });
    wrong_ui(ui, label, checked);
}

/// What is wrong with the setting of this name, if it is the one that is refused.
pub fn wrong_ui(ui: &mut Ui, label: &str, checked: &Result<(), TrainError>) {
    if let Err(TrainError::Setting { setting, value, rule }) = checked
        && tr(setting) == label
    {
        let t = Tokens::of(ui);
        let text = format!("{}  {setting} is {value}, but {rule}.", icons::TRIANGLE_ALERT);
        ui.label(RichText::new(text).color(t.bad));
    }
}

/// A choice of two at the right of its name.
pub fn switch_ui(ui: &mut Ui, label: &str, is_on: &mut bool) {
    row_ui(ui, label, |ui| {
        ui.add(egui::Checkbox::without_text(is_on)).accessible_name(label);
    });
}

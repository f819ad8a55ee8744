//! The choice of a language, each by its own name.

use super::buttons::icon_button;
use crate::{
    text::{Language, language, tr},
    ui::style::icons,
};
use egui::{Popup, Ui};

/// A button with a menu of all languages. Returns the one that was chosen.
pub fn language_menu(ui: &mut Ui) -> Option<Language> {
    let button = icon_button(ui, icons::LANGUAGES, tr("Language"));
    let mut chosen = None;
    Popup::menu(&button).show(|ui| {
        ui.set_min_width(120.0);
        for one in Language::all() {
            if ui.selectable_label(one == language(), one.name()).clicked() {
                chosen = Some(one);
                ui.close();
            }
        }
    });
    chosen
}

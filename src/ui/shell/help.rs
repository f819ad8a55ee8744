//! The list of all keys.

use super::keys::{KeyEntry, KeyPlace, table};
use crate::{
    text::tr,
    ui::{
        action::{Action, Actions},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{modal, tool_button},
    },
};
use egui::{Grid, Key, KeyboardShortcut, ModifierNames, RichText, ScrollArea, Ui};

/// The width of the list, in points.
const WIDTH: f32 = 520.0;

/// Shows the list if it is open.
pub fn help_ui(ui: &Ui, state: &AppState, actions: &mut Actions) {
    if !state.shows_keys {
        return;
    }
    let t = Tokens::of(ui);
    let modal = modal(ui.ctx(), "all keys").show(ui.ctx(), |ui| {
        ui.set_width(WIDTH);
        ui.label(RichText::new(tr("All keys")).font(fonts::semibold(size::LARGE)).color(t.text));
        ui.add_space(space::S);
        let height = (ui.ctx().content_rect().height() - 180.0).max(120.0);
        ScrollArea::vertical().max_height(height).show(ui, |ui| {
            ui.set_width(WIDTH - space::L);
            list_ui(ui, &table(state));
        });
        ui.add_space(space::M);
        if tool_button(ui, icons::X, tr("Close"), "Esc").clicked() {
            actions.send(Action::ShowKeys(false));
        }
    });
    if modal.should_close() {
        actions.send(Action::ShowKeys(false));
    }
}

fn list_ui(ui: &mut Ui, table: &[KeyEntry]) {
    let t = Tokens::of(ui);
    let mut heading = "";
    for place in KeyPlace::ALL {
        let entries: Vec<&KeyEntry> = table.iter().filter(|entry| entry.place == place).collect();
        if heading != place.heading() {
            heading = place.heading();
            ui.add_space(space::S);
            ui.label(RichText::new(heading).font(fonts::semibold(size::SECTION)).color(t.second));
        }
        Grid::new(("keys", place as u8)).num_columns(2).min_col_width(150.0).show(ui, |ui| {
            for entry in entries {
                ui.label(RichText::new(names(&entry.keys)).font(fonts::mono(size::MONO)).color(t.text));
                ui.label(&entry.what);
                ui.end_row();
            }
        });
    }
}

/// The keys' names, such as `Ctrl+Shift+Z, Ctrl+Y`.
fn names(keys: &[KeyboardShortcut]) -> String {
    let name = |shortcut: &KeyboardShortcut| {
        let is_mac = cfg!(target_os = "macos");
        let modifiers = ModifierNames::NAMES.format(&shortcut.modifiers, is_mac);
        let key = match shortcut.logical_key {
            Key::ArrowLeft => "←",
            Key::ArrowRight => "→",
            Key::ArrowUp => "↑",
            Key::ArrowDown => "↓",
            Key::Minus => "−",
            key => key.symbol_or_name(),
        };
        if modifiers.is_empty() { key.to_owned() } else { format!("{modifiers}+{key}") }
    };
    keys.iter().map(name).collect::<Vec<_>>().join(", ")
}

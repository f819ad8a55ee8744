//! *Architecture*: a network as a list of layers, to be changed and trained as a new run.

mod columns;
mod controls;
mod drawings;
mod field;
mod header;
mod inspector;
mod keys;
mod list;
mod repairs;
mod row;
mod send;
mod sheets;
mod strip;
mod totals;
mod why;
mod words;

use crate::ui::{action::Actions, state::AppState, style::tokens::space, view::View};
use egui::Ui;
use sheets::Sheets;

/// Where the totals and the button below the list need more room than there is, in points of the view's height.
const LOW: f32 = 330.0;

/// Where the totals of the network that was begun from need more room than there is, in points of the view's height.
const WITH_BASE: f32 = 480.0;

/// Where the pictures of the shapes need more room than there is, in points of the view's height.
const WITH_STRIP: f32 = 640.0;

/// The view.
#[derive(Default)]
pub struct ArchitectureView {
    sheets: Sheets,
    list: list::List,
    name: inspector::NameField,
    /// Whether the list has no room for the buttons of a layer, which are in the inspector then.
    is_narrow: bool,
}

impl View for ArchitectureView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        self.sheets.keep_up(state);
        keys::read(ui, state, actions);
        header::header_ui(ui, state, &self.sheets, actions);
        let has_totals = ui.available_height() > LOW;
        let columns = columns::Columns::of(ui.available_width());
        self.is_narrow = columns.buttons.is_none();
        if ui.available_height() > WITH_STRIP && strip::has_room(ui.available_width(), state) {
            strip::strip_ui(ui, state, &self.sheets, actions);
            ui.add_space(space::XS);
        }
        let is_low = ui.available_height() < WITH_BASE;
        let totals = if has_totals { totals::height(is_low) + space::S } else { 0.0 };
        let below = totals + list::FOOT;
        self.list.ui(ui, state, &mut self.sheets, &columns, below, actions);
        if has_totals {
            ui.add_space(space::S);
            totals::totals_ui(ui, &self.sheets, &columns, is_low);
        }
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        self.sheets.keep_up(state);
        inspector::inspector_ui(ui, state, &self.sheets, &mut self.name, self.is_narrow, actions);
    }

    fn needs_inspector(&self) -> bool {
        true
    }
}

//! The list of layers between the input and the outputs, and the button that adds one.

use super::{
    columns::{Columns, Line},
    row::{self, HEIGHT, Part},
    send::send,
    sheets::Sheets,
};
use crate::{
    nn::{LayerSpec, SpecEdit},
    text::{Term, fill, tr},
    ui::{
        action::Actions,
        model::architecture::ArchitectureAct,
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::tool_button,
    },
};
use egui::{Align2, Layout, Popup, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

/// The height of the line below the list, in points.
pub const FOOT: f32 = 32.0;

/// The height of the columns' names, in points.
const HEAD: f32 = 20.0;

/// The least height of what is scrolled, in points.
const LEAST: f32 = 60.0;

/// What the list keeps between frames.
#[derive(Default)]
pub struct List {
    /// The layer that was selected in the last frame.
    selected: Option<usize>,
    /// The layer that is dragged.
    dragged: Option<usize>,
}

impl List {
    /// The list, which leaves `below` points for what follows it.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        sheets: &mut Sheets,
        columns: &Columns,
        below: f32,
        actions: &mut Actions,
    ) {
        head_ui(ui, columns);
        let lab = &state.architecture;
        let height = (ui.available_height() - below - space::S).max(LEAST);
        let is_new = std::mem::replace(&mut self.selected, lab.selected) != lab.selected;
        let mut pointed = None;
        let area = ScrollArea::vertical().id_salt("layers").max_height(height).auto_shrink(false);
        area.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let top = ui.cursor().top();
            let mut parts = vec![Part::Input];
            parts.extend((0..lab.draft.layers.len()).map(Part::Layer));
            parts.push(Part::Outputs);
            for part in parts {
                let (place, response) =
                    ui.allocate_exact_size(vec2(columns.width - space::S, HEIGHT), Sense::click());
                let shown = row::Row { state, sheets, columns, part, place };
                if let Some(chosen) = shown.ui(ui, &response, &mut self.dragged, actions) {
                    pointed = Some(chosen);
                }
                let is_selected = match part {
                    Part::Input => lab.selected.is_none(),
                    Part::Layer(at) => lab.selected == Some(at),
                    Part::Outputs => false,
                };
                if is_new && is_selected {
                    response.scroll_to_me(None);
                }
            }
            self.drop_ui(ui, state, top + HEIGHT, actions);
        });
        if pointed != sheets.pointed {
            sheets.pointed = pointed;
            // The figures of this repair come with the next frame.
            ui.ctx().request_repaint();
        }
        foot_ui(ui, state, sheets, actions);
    }

    /// Shows where a dragged layer will be, and puts it there.
    fn drop_ui(&mut self, ui: &Ui, state: &AppState, top: f32, actions: &mut Actions) {
        let Some(from) = self.dragged else { return };
        let count = state.architecture.draft.layers.len();
        let Some(pointer) = ui.ctx().pointer_interact_pos() else { return };
        // Between which layers the pointer is.
        let gap = (((pointer.y - top) / HEIGHT).round().max(0.0) as usize).min(count);
        let to = if gap > from { gap - 1 } else { gap };
        let y = top + gap as f32 * HEIGHT;
        let t = Tokens::of(ui);
        ui.painter().hline(ui.max_rect().x_range(), y, t.highlight_stroke());
        if ui.input(|input| input.pointer.any_released()) {
            self.dragged = None;
            if to != from {
                send(actions, ArchitectureAct::Edit(vec![SpecEdit::Move(from, to)]));
                send(actions, ArchitectureAct::Select(Some(to)));
            }
        }
    }
}

fn head_ui(ui: &mut Ui, columns: &Columns) {
    let t = Tokens::of(ui);
    let (line, _) = ui.allocate_exact_size(vec2(columns.width, HEAD), Sense::hover());
    let font = fonts::words(size::SMALL);
    let y = line.center().y;
    let name = Line { text: Term::Layer.label(), font: font.clone(), color: t.second, room: 120.0 };
    name.paint(ui, Align2::LEFT_CENTER, line.left() + columns.name, y);
    let terms = [Term::Output, Term::Parameters, Term::MultiplyAdds, Term::Memory, Term::ReceptiveField];
    for (term, end) in terms.into_iter().zip(columns.ends) {
        let Some(end) = end else { continue };
        // The receptive field's own label is wider than its numbers.
        let label = if term == Term::ReceptiveField { tr("Sees") } else { term.label() };
        let text = Line { text: label, font: font.clone(), color: t.second, room: 120.0 };
        let place = text.paint(ui, Align2::RIGHT_CENTER, line.left() + end, y);
        let response = ui.interact(place, ui.scope_id().with(("head", label)), Sense::hover());
        crate::ui::widgets::explain(response, term);
    }
}

/// Adds a layer below the selected one, and says what the figures stand for.
fn foot_ui(ui: &mut Ui, state: &AppState, sheets: &Sheets, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let lab = &state.architecture;
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), FOOT), Sense::hover());
    let mut left = ui
        .new_child(egui::UiBuilder::new().max_rect(line).layout(Layout::left_to_right(egui::Align::Center)));
    let button = tool_button(&mut left, icons::PLUS, tr("Add a layer"), "");
    Popup::menu(&button).show(|ui| {
        ui.set_min_width(210.0);
        for &kind in LayerSpec::TYPES {
            if ui.button(kind).clicked()
                && let Some(layer) = LayerSpec::fresh(kind)
            {
                let place = lab.selected.map_or(0, |place| place + 1);
                send(actions, ArchitectureAct::Edit(vec![SpecEdit::Insert(place, layer)]));
                send(actions, ArchitectureAct::Select(Some(place)));
            }
        }
    });
    let from = button.rect.right() + space::M;
    let said = assumption(sheets).unwrap_or_else(|| match lab.selected {
        Some(_) => tr("below the selected one").to_owned(),
        None => tr("at the beginning").to_owned(),
    });
    let text =
        Line { text: &said, font: fonts::words(size::SMALL), color: t.second, room: line.right() - from };
    let place = text.paint(ui, Align2::LEFT_CENTER, from, line.center().y);
    let response = ui.interact(place, ui.scope_id().with("assumption"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    response.on_hover_text(said.as_str());
}

/// Which repair the figures stand for.
fn assumption(sheets: &Sheets) -> Option<String> {
    let sheet = &sheets.sheet;
    let rows = sheet.rows.iter().map(|row| row.fault.as_ref());
    let faults = std::iter::once(sheet.input.as_ref()).chain(rows).chain([sheet.outputs.as_ref()]).flatten();
    let mut made = faults.filter_map(|fault| fault.repairs.get(fault.assumed?));
    let first = made.next()?.sentence.capitalised();
    Some(match made.count() {
        0 => fill(tr("figures as if “{repair}” were chosen"), &[("repair", &first)]),
        _ => tr("figures as if the first repair of each layer were chosen").to_owned(),
    })
}

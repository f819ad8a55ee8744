//! What is below the curves: the digit while it learns, and beside it the runs, the filters or the layers.

use super::{digit, filters::FirstFilters, layers::layers_ui, runs::RunTable};
use crate::{
    text::tr,
    ui::{
        action::{Action, Actions},
        model::{display::TrainPart, runs::RunRow},
        state::AppState,
        style::{icons, tokens::space},
        widgets::{segmented, tool_toggle},
    },
};
use egui::{Role, Ui, WidgetInfo, vec2};

/// The part of the room that the digit takes beside the others.
const DIGIT: f32 = 0.42;

/// The height of the row in which the part is chosen, in points.
const CHOICE: f32 = 28.0;

/// What the parts keep between frames.
#[derive(Default)]
pub struct Parts {
    runs: RunTable,
    filters: FirstFilters,
}

/// The icon and the name of a part.
fn face(part: TrainPart) -> (&'static str, &'static str) {
    match part {
        TrainPart::Digit => (icons::CHART_LINE, tr("Your digit")),
        TrainPart::Runs => (icons::TABLE, tr("Runs")),
        TrainPart::Filters => (icons::FILTER, tr("Filters")),
        TrainPart::Layers => (icons::LAYERS, tr("Layers")),
    }
}

impl Parts {
    /// The digit, and the chosen part beside it.
    pub fn both_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        rows: &[RunRow],
        pointed: Option<f64>,
        actions: &mut Actions,
    ) {
        let room = ui.available_size();
        let digit = vec2((room.x - space::L) * DIGIT, room.y);
        let other = vec2(room.x - space::L - digit.x, room.y);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            let mut place = |ui: &mut Ui, size, add: &mut dyn FnMut(&mut Ui, &mut Actions)| {
                ui.allocate_ui(size, |ui| {
                    ui.vertical(|ui| {
                        ui.set_min_size(size);
                        ui.set_max_size(size);
                        add(ui, actions);
                    });
                });
            };
            place(ui, digit, &mut |ui, actions| digit::digit_ui(ui, state, actions));
            place(ui, other, &mut |ui, actions| {
                let mut part = shown(state.settings.train_part);
                let options =
                    [TrainPart::Runs, TrainPart::Filters, TrainPart::Layers].map(|part| (part, face(part).1));
                ui.allocate_ui(vec2(other.x, CHOICE), |ui| {
                    ui.set_min_height(CHOICE);
                    if segmented(ui, tr("Below the curves"), &mut part, &options).changed() {
                        actions.send(Action::ShowTrainPart(part));
                    }
                });
                self.part_ui(ui, state, rows, (part, pointed), actions);
            });
        });
    }

    /// One of the parts, chosen by icons at the left.
    pub fn one_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        rows: &[RunRow],
        pointed: Option<f64>,
        actions: &mut Actions,
    ) {
        ui.horizontal_top(|ui| {
            let chosen = state.settings.train_part;
            ui.vertical(|ui| {
                ui.spacing_mut().interact_size.y = 24.0;
                ui.spacing_mut().item_spacing.y = 2.0;
                ui.spacing_mut().button_padding.y = 2.0;
                for part in [TrainPart::Filters, TrainPart::Digit, TrainPart::Runs, TrainPart::Layers] {
                    let (icon, name) = face(part);
                    let toggle = tool_toggle(ui, icon, "", "", part == chosen);
                    toggle
                        .widget_info(|| WidgetInfo::selected(Role::RadioButton, true, part == chosen, name));
                    if toggle.on_hover_text(name).clicked() {
                        actions.send(Action::ShowTrainPart(part));
                    }
                }
            });
            ui.vertical(|ui| self.part_ui(ui, state, rows, (chosen, pointed), actions));
        });
    }

    fn part_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        rows: &[RunRow],
        (part, pointed): (TrainPart, Option<f64>),
        actions: &mut Actions,
    ) {
        match part {
            TrainPart::Digit => digit::digit_ui(ui, state, actions),
            TrainPart::Runs => self.runs.ui(ui, state, rows, pointed, actions),
            TrainPart::Filters => self.filters.ui(ui, state),
            TrainPart::Layers => layers_ui(ui, state),
        }
    }
}

/// The part that stands beside the digit.
fn shown(part: TrainPart) -> TrainPart {
    if part == TrainPart::Digit { TrainPart::Filters } else { part }
}

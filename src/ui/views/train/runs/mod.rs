//! The runs: legend of the curves and read-out in one table.

mod columns;
mod menu;
mod row;
mod wish;

use self::{columns::Columns, row::row_ui, wish::Wish};
use crate::{
    text::{fill, tr},
    train::DamagedRun,
    ui::{
        action::{Action, Actions},
        model::runs::{RunRef, RunRow, RunsAct, tidy_name},
        state::AppState,
        style::{
            icons,
            tokens::{Tokens, size, space},
        },
        widgets::{icon_button, numbers},
    },
};
use egui::{Align, Label, Layout, RichText, ScrollArea, Ui, vec2};

/// The table, with the name that is being typed.
#[derive(Default)]
pub struct RunTable {
    renamed: Option<Renamed>,
}

/// The run that is being renamed.
struct Renamed {
    run: RunRef,
    text: String,
    /// Whether its field has had the keyboard.
    is_open: bool,
}

impl RunTable {
    /// The table in the room that is left. `pointed` is the step at the pointer.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        rows: &[RunRow],
        pointed: Option<f64>,
        actions: &mut Actions,
    ) {
        let step = pointed.map(|step| step.max(0.0).round() as u64).or_else(|| state.history_step());
        let columns = Columns::new(ui.available_width());
        let heading = match step {
            Some(step) => fill(tr("at step {step}"), &[("step", &numbers::count(step))]),
            None => tr("newest").to_owned(),
        };
        columns.heading_ui(ui, &heading, step.is_some());
        ScrollArea::vertical().id_salt("runs").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let current = rows.iter().find(|row| row.run == RunRef::Current);
            for row in rows {
                // The newest values of each, or those of one step.
                let value = row.history.evaluation_at(step.unwrap_or(u64::MAX));
                let is_training = row.run == RunRef::Current && state.is_training();
                let renamed = self.renamed.as_mut().filter(|renamed| renamed.run == row.run);
                let name = renamed.map(|renamed| (&mut renamed.text, &mut renamed.is_open));
                let wish = row_ui(ui, &columns, (row, current, value, is_training), name, actions);
                match wish {
                    Some(Wish::Rename) => {
                        let text = row.name.clone();
                        self.renamed = Some(Renamed { run: row.run, text, is_open: false });
                    }
                    Some(Wish::Keep) => {
                        if let Some(Renamed { run, text, .. }) = self.renamed.take() {
                            // Enter on the network's own name gives no name.
                            if tidy_name(&text) != tidy_name(&row.name) {
                                actions.send(Action::Runs(RunsAct::Name(run, text)));
                            }
                        }
                    }
                    Some(Wish::Drop) => self.renamed = None,
                    None => {}
                }
            }
            for damaged in &state.run_table.damaged {
                damaged_ui(ui, damaged, actions);
            }
            if rows.len() < 2 && state.run_table.damaged.is_empty() {
                hint_ui(ui, state.run_table.is_kept);
            }
        });
    }
}

/// What will be here.
fn hint_ui(ui: &mut Ui, is_kept: bool) {
    let t = Tokens::of(ui);
    let text = if is_kept {
        tr(
            "Earlier runs come here: press Reset, change the network, or branch from a moment, and the run before stays, with its curves in the plots above.",
        )
    } else {
        tr("This window keeps no earlier runs.")
    };
    ui.add_space(space::S);
    ui.add(Label::new(RichText::new(text).size(size::SMALL).color(t.second)).wrap());
}

/// A run whose file cannot be read: why, and the button that deletes it.
fn damaged_ui(ui: &mut Ui, damaged: &DamagedRun, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let number = damaged.id.to_string();
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), 40.0),
        Layout::right_to_left(Align::Center),
        |ui| {
            ui.spacing_mut().interact_size.y = 24.0;
            if icon_button(
                ui,
                icons::TRASH_2,
                &fill(tr("Delete the damaged run {number}"), &[("number", &number)]),
            )
            .clicked()
            {
                actions.send(Action::DeleteRun(damaged.id));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.label(RichText::new(icons::TRIANGLE_ALERT).color(t.warn));
                let text = fill(
                    tr("Run {number} cannot be read: {reason}."),
                    &[("number", &number), ("reason", &damaged.reason.translated())],
                );
                let label = Label::new(RichText::new(&text).size(size::SMALL).color(t.second)).truncate();
                ui.add(label).on_hover_text(text);
            });
        },
    );
}

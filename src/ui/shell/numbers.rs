//! The dialog that saves the numbers of a view.

use crate::{
    text::tr,
    ui::{
        action::{Action, Actions},
        model::numbers::{NumbersAct, NumbersFormat},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{modal, primary_button, segmented, tool_button},
    },
};
use egui::{RichText, Ui};

/// The width of the dialog, in points.
const WIDTH: f32 = 420.0;

/// Shows the dialog if it is open and no file is asked for.
pub fn numbers_ui(ui: &Ui, state: &AppState, actions: &mut Actions) {
    let Some(dialog) = state.numbers.as_ref().filter(|_| state.question.is_none()) else { return };
    let modal = modal(ui.ctx(), "numbers").show(ui.ctx(), |ui| {
        ui.set_width(WIDTH);
        let t = Tokens::of(ui);
        ui.label(RichText::new(tr("Export numbers")).font(fonts::semibold(size::LARGE)).color(t.text));
        let mut send = |act| actions.send(Action::Numbers(act));
        if dialog.arrays.is_empty() {
            let text = tr("This view has no numbers to save: Network, Evaluate, Convolution and Pooling have. The curves of a run are saved from the table Runs in Train.");
            ui.label(RichText::new(text).color(t.second));
        } else {
            ui.add_space(space::S);
            let mut format = dialog.format;
            let formats = [
                (NumbersFormat::Csv, "CSV"),
                (NumbersFormat::Npy, "NumPy .npy"),
                (NumbersFormat::Npz, tr("all as .npz")),
            ];
            if segmented(ui, tr("Kind of file"), &mut format, &formats).changed() {
                send(NumbersAct::Set(format));
            }
            ui.add_space(space::XS);
            ui.add_enabled_ui(dialog.format != NumbersFormat::Npz, |ui| {
                for (i, array) in dialog.arrays.iter().enumerate() {
                    let sides: Vec<String> = array.shape.iter().map(ToString::to_string).collect();
                    let text = format!("{}  {}", tr(array.name), sides.join("×"));
                    if ui.radio(dialog.chosen == i, text).clicked() {
                        send(NumbersAct::Choose(i));
                    }
                }
            });
        }
        ui.add_space(space::M);
        ui.horizontal(|ui| {
            if !dialog.arrays.is_empty() && primary_button(ui, icons::SAVE, tr("Save numbers…")).clicked() {
                send(NumbersAct::Save);
            }
            if tool_button(ui, icons::X, tr("Close"), "Esc").clicked() {
                send(NumbersAct::Close);
            }
        });
    });
    if modal.should_close() {
        actions.send(Action::Numbers(NumbersAct::Close));
    }
}

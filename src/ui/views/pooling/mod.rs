//! *Pooling*: max and average pooling side by side: windows, gradients, the effect of a shift, and the error of upsampling.

mod gradient;
mod grids;
mod loss;
mod page;
mod places;
mod scene;
mod send;
mod settings;
mod shift;
mod windows;
mod words;

use crate::{
    lesson::Quantity,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::pooling::{PoolingMode, PoolingSetup, Study, Walk},
        state::AppState,
        style::tokens::space,
        view::View,
        widgets::{
            has_header, has_room, numbers, playback::split_for_bar, playback_bar, segmented, view_header,
        },
    },
};
use egui::Ui;
use grids::{inside, sentence_ui};
pub use page::PoolingView;
use places::Places;
use scene::{PoolingHides, PoolingScene};
use send::choose;
use std::time::Duration;

/// How long a computation takes before the view says that it runs.
const MOMENT: Duration = Duration::from_millis(250);

impl View for PoolingView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let choice = &state.settings.pooling;
        let study = state.pooling.study.clone();
        // A lesson asks how many values become how many.
        let counted = study.as_deref().filter(|_| state.lesson.is_none());
        view_header(ui, tr("Pooling"), &sentence(counted), |ui| show_ui(ui, choice, actions));
        if has_header(ui) {
            ui.add_space(space::S);
        }
        let room = ui.available_rect_before_wrap();
        let Some(study) = study else {
            match &state.pooling.rejected {
                Some(rejected) => sentence_ui(ui, room, &rejected.sentence()),
                None => {
                    ui.centered_and_justified(Ui::spinner);
                }
            }
            return;
        };
        let (body, bar) = split_for_bar(ui, room);
        let (playback, track) = state.pooling.walk(choice.walk());
        let places = Places::of(body, !has_room(ui));
        let shown = PoolingScene {
            study: &study,
            choice,
            position: playback.position(track),
            direction: state.pooling.direction(),
            backward: state.pooling.backward.as_ref(),
            is_late: is_late(ui, state),
            is_valid: state.pooling.rejected.is_none(),
            hides: hides(state),
            places,
            ground: state.image.ground,
        };
        match choice.show {
            _ if shown.hides.from.is_some() && choice.show != PoolingMode::Windows => {
                sentence_ui(ui, body, tr("This page would tell what the lesson asks for."));
            }
            PoolingMode::Windows => self.windows_ui(ui, &shown, actions),
            PoolingMode::Gradient => self.gradient_ui(ui, &shown, actions),
            PoolingMode::Shift => shift::shift_ui(ui, &shown, actions),
            PoolingMode::Loss => self.loss_ui(ui, &shown, actions),
        }
        let name = if choice.walk() == Walk::Shifts { tr("shifts") } else { tr("windows") };
        let acts =
            inside(ui, bar.with_min_y(bar.top() + space::S), |ui| playback_bar(ui, name, playback, track));
        for act in acts {
            actions.send(Action::PlayPooling(act));
        }
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        settings::settings_ui(ui, state, actions);
    }

    fn needs_inspector(&self) -> bool {
        true
    }

    fn has_playback(&self) -> bool {
        true
    }
}

/// The outputs of max pooling that a lesson hides.
fn hides(state: &AppState) -> PoolingHides {
    let mut hides = PoolingHides::default();
    for hidden in state.hidden_numbers().iter().filter(|hidden| hidden.quantity == Quantity::PoolOutput) {
        let position = hidden.position.unwrap_or_else(|| state.pooling.position());
        hides.windows.push(position);
        if hidden.is_asked {
            hides.from = Some(position);
        }
    }
    hides
}

/// Whether a computation has been running for longer than [`MOMENT`].
fn is_late(ui: &Ui, state: &AppState) -> bool {
    let Some(since) = state.pooling.waits_since else { return false };
    let left = MOMENT.saturating_sub(since.elapsed());
    if !left.is_zero() {
        ui.ctx().request_repaint_after(left);
    }
    left.is_zero()
}

fn sentence(study: Option<&Study>) -> String {
    let Some(study) = study else {
        return tr("Reduces a map to the maximum or the mean of each window.").to_owned();
    };
    let ((height, width), (rows, columns)) = (study.max.input_size(), study.max.output_size());
    let values =
        [("from", numbers::count((height * width) as u64)), ("to", numbers::count((rows * columns) as u64))];
    let sentence = tr("{from} values become {to}; there are no parameters to learn.");
    fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

fn show_ui(ui: &mut Ui, choice: &PoolingSetup, actions: &mut Actions) {
    let mut show = choice.show;
    let options = [
        (PoolingMode::Windows, tr("Windows")),
        (PoolingMode::Gradient, tr("Gradient")),
        (PoolingMode::Shift, tr("Shift")),
        (PoolingMode::Loss, tr("Information lost")),
    ];
    if segmented(ui, tr("Pooling page"), &mut show, &options).changed() {
        choose(actions, choice, |choice| choice.show = show);
    }
}

//! *Pooling*: max and average side by side, window by window; the way of the gradient back, a shift, and what is lost.

mod gradient;
mod grids;
mod loss;
mod places;
mod settings;
mod shift;
mod shown;
mod windows;
mod words;

use super::View;
use crate::{
    explain::pooling::Step,
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        pooling::{PoolingChoice, PoolingShow, Study, Walk},
        state::AppState,
        tokens::space,
        widgets::{PlaybackAct, numbers, playback::split_for_bar, playback_bar, segmented, view_header},
    },
};
use egui::Ui;
use grids::{inside, sentence_ui};
use places::Places;
use shown::Shown;
use std::{rc::Rc, time::Duration};

/// What takes no longer is not announced.
const MOMENT: Duration = Duration::from_millis(250);

/// The view with what the pointer is over.
#[derive(Default)]
pub struct PoolingView {
    /// The cell of the map under the pointer, in the last frame.
    pointed: Option<(usize, usize)>,
    /// The window whose output is under the pointer, in the last frame.
    pointed_window: Option<usize>,
    /// What was typed into a cell and is no number.
    refused: Option<String>,
    /// The window that was looked at last.
    looked: Option<Rc<Looked>>,
}

/// A window as both layers see it, taken apart once.
struct Looked {
    /// Of which study, and which window of it.
    of: (u64, usize),
    /// Max pooling.
    max: Step,
    /// Average pooling, if it is on.
    average: Option<Step>,
    /// The cells of the map that are as large as the largest.
    winners: Vec<(usize, usize)>,
}

impl View for PoolingView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let choice = &state.settings.pooling;
        let study = state.pooling.study.clone();
        view_header(ui, tr("Pooling"), &sentence(study.as_deref()), |ui| show_ui(ui, choice, actions));
        ui.add_space(space::S);
        let room = ui.available_rect_before_wrap();
        let Some(study) = study else {
            match &state.pooling.refusal {
                Some(refusal) => sentence_ui(ui, room, &refusal.sentence),
                None => {
                    ui.centered_and_justified(Ui::spinner);
                }
            }
            return;
        };
        let (body, bar) = split_for_bar(ui, room);
        let (playback, track) = state.pooling.walk(choice.walk());
        let places = Places::of(body);
        let shown = Shown {
            study: &study,
            choice,
            position: playback.position(track),
            direction: state.pooling.direction(),
            back: state.pooling.back.as_ref(),
            is_late: is_late(ui, state),
            is_valid: state.pooling.refusal.is_none(),
            places,
        };
        match choice.show {
            PoolingShow::Windows => self.windows_ui(ui, &shown, actions),
            PoolingShow::Gradient => self.gradient_ui(ui, &shown, actions),
            PoolingShow::Shift => shift::shift_ui(ui, &shown, actions),
            PoolingShow::Loss => self.loss_ui(ui, &shown, actions),
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

impl PoolingView {
    /// A window of a study; taken apart anew only if it is another than in the last frame.
    fn look(&mut self, study: &Study, window: usize) -> Rc<Looked> {
        let of = (study.number, window);
        let kept = self.looked.take().filter(|looked| looked.of == of);
        let looked = kept.unwrap_or_else(|| {
            let max = study.max.step(window);
            let average = study.average.as_ref().map(|average| average.step(window));
            Rc::new(Looked { of, winners: max.winners(), max, average })
        });
        self.looked.insert(looked).clone()
    }

    /// What the pointer is over now; a frame more if that is something else than before.
    fn point(&mut self, ui: &Ui, cell: Option<(usize, usize)>, window: Option<usize>) {
        if (self.pointed, self.pointed_window) != (cell, window) {
            (self.pointed, self.pointed_window) = (cell, window);
            ui.ctx().request_repaint();
        }
    }
}

/// Whether what was chosen is not there yet after a moment; sooner, nobody has to be told.
fn is_late(ui: &Ui, state: &AppState) -> bool {
    let Some(since) = state.pooling.waits_since else { return false };
    let left = MOMENT.saturating_sub(since.elapsed());
    if !left.is_zero() {
        ui.ctx().request_repaint_after(left);
    }
    left.is_zero()
}

/// Sends a choice that differs.
fn choose(actions: &mut Actions, choice: &PoolingChoice, change: impl FnOnce(&mut PoolingChoice)) {
    let mut other = choice.clone();
    change(&mut other);
    if other != *choice {
        actions.send(Action::EditPooling(other));
    }
}

/// To a window, or to a shift.
fn seek(actions: &mut Actions, step: usize) {
    actions.send(Action::PlayPooling(PlaybackAct::Seek(step)));
}

fn sentence(study: Option<&Study>) -> String {
    let Some(study) = study else { return tr("The largest, or the mean, under a window.").to_owned() };
    let ((height, width), (rows, columns)) = (study.max.input_size(), study.max.output_size());
    let values =
        [("from", numbers::count((height * width) as u64)), ("to", numbers::count((rows * columns) as u64))];
    let sentence = tr("{from} values become {to}, without a parameter.");
    fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

fn show_ui(ui: &mut Ui, choice: &PoolingChoice, actions: &mut Actions) {
    let mut show = choice.show;
    let options = [
        (PoolingShow::Windows, tr("Windows")),
        (PoolingShow::Gradient, tr("Gradient")),
        (PoolingShow::Shift, tr("Shift")),
        (PoolingShow::Loss, tr("What is lost")),
    ];
    if segmented(ui, tr("What is shown of pooling"), &mut show, &options).changed() {
        choose(actions, choice, |choice| choice.show = show);
    }
}

//! *Train*: the curves of a run, its filters, and its settings.

mod augmentation;
mod caption;
mod choices;
mod controls;
mod curves;
mod digit;
mod filters;
mod layers;
mod parts;
mod runs;
mod setup;

use self::{
    caption::{HEIGHT, caption_ui},
    controls::Form,
    curves::Curves,
    parts::Parts,
};
use crate::{
    text::{fill, plural, tr},
    train::{Snapshot, Status},
    ui::{
        action::{Action, Actions, Transport},
        model::display::TrainPart,
        state::AppState,
        style::{icons, tokens::space},
        view::View,
        widgets::{has_room, moment_badge, numbers, steady_header, tool_button},
    },
};
use egui::{Ui, vec2};

/// The height of the lower part, in points.
const LOWER_HEIGHT: f32 = 312.0;

/// The same where the view is lower than [`LOW`].
const LOW_HEIGHT: f32 = 112.0;

/// A view lower than this, in points, gives its room to the curves, and to the lower part what a person asks for.
const LOW: f32 = 520.0;

/// How much of a low view the runs, the layers and the digit take.
const LOW_SHARE: f32 = 0.52;

/// Plots narrower than this, in points, are one above the other.
const SIDE_BY_SIDE: f32 = 760.0;

/// The room of the buttons that lead back to a good step, in points. It is there before they are.
const WAY_BACK: f32 = 380.0;

/// The view with its textures.
#[derive(Default)]
pub struct TrainView {
    curves: Curves,
    parts: Parts,
    augmented: augmentation::Preview,
    form: Form,
}

impl View for TrainView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        steady_header(ui, tr("Train"), &sentence(state), WAY_BACK, |ui| {
            // One row has no room for both.
            if !rewind_ui(ui, state, actions) {
                moment_badge(ui, state.history_step());
                curves::legend_ui(ui, state.snapshot.as_deref());
            }
        });
        let has_lower = has_room(ui);
        if has_lower {
            ui.add_space(space::S);
        }
        let rows = state.run_rows();
        let room = ui.available_size();
        let is_low = room.y < LOW;
        let lower = if !has_lower {
            -space::M
        } else if !is_low {
            LOWER_HEIGHT + HEIGHT
        } else if state.settings.train_part == TrainPart::Filters {
            LOW_HEIGHT + HEIGHT
        } else {
            room.y * LOW_SHARE
        };
        let height = (room.y - lower - space::M).max(120.0);
        if room.x > SIDE_BY_SIDE || is_low && has_lower {
            let size = vec2((room.x - space::L) / 2.0, height);
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space::L;
                self.curves.ui(ui, state, &rows, size, actions);
            });
        } else {
            let size = vec2(room.x, (height - space::S) / 2.0);
            self.curves.ui(ui, state, &rows, size, actions);
        }
        if !has_lower {
            return;
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        caption_ui(ui, state);
        ui.add_space(space::S);
        ui.spacing_mut().item_spacing.y = space::XS;
        let pointed = self.curves.pointed();
        if is_low || room.x <= SIDE_BY_SIDE {
            self.parts.one_ui(ui, state, &rows, pointed, actions);
        } else {
            self.parts.both_ui(ui, state, &rows, pointed, actions);
        }
    }

    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        setup::setup_ui(ui, state, &mut self.form, &mut self.augmented, actions);
    }

    fn needs_inspector(&self) -> bool {
        true
    }
}

/// The buttons that return to the last good step of a run that is stuck or has diverged. Returns whether they are shown.
fn rewind_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) -> bool {
    let Some(snapshot) = &state.snapshot else { return false };
    if !snapshot.is_ruined || snapshot.is_active() || snapshot.good_step == 0 {
        return false;
    }
    let step = numbers::count(snapshot.good_step);
    let text = fill(tr("Back to step {step}"), &[("step", &step)]);
    if tool_button(ui, icons::ROTATE_CCW, &text, "").clicked() {
        actions.send(Action::Train(Transport::Rewind));
    }
    let slower = tool_button(ui, "", tr("… with a tenth of the rate"), "");
    let rate = state.slower_rate().map_or_else(String::new, |rate| rate.to_string());
    let hint = fill(tr("Goes back and sets the learning rate to {rate}."), &[("rate", &rate)]);
    if slower.on_hover_text(hint).clicked() {
        actions.send(Action::Train(Transport::RewindSlower));
    }
    true
}

/// What the run is doing, in a sentence.
fn sentence(state: &AppState) -> String {
    let name = &state.network.network.spec().name;
    let Some(s) = state.snapshot.as_ref().filter(|s| s.step > 0) else {
        return fill(tr("Press Train: {name} learns from random weights."), &[("name", name)]);
    };
    let seed = s.config.seed.to_string();
    let total = numbers::count(s.epochs as u64 * s.batches_per_epoch as u64);
    let parts =
        [("name", name.as_str()), ("step", &numbers::count(s.step)), ("total", &total), ("seed", &seed)];
    let mut text = fill(status(s), &parts);
    if let Some(step) = state.good_step_shown() {
        let step = numbers::count(step);
        let shown = fill(tr("The weights shown are those of step {step}."), &[("step", &step)]);
        text = format!("{text} {shown}");
    }
    match s.hand.frozen_count() {
        0 => text,
        count => format!("{text} {}", plural(count, "{count} filter frozen.", "{count} filters frozen.")),
    }
}

fn status(snapshot: &Snapshot) -> &'static str {
    match snapshot.status {
        Status::Running => tr("{name} is learning: step {step} of {total}, seed {seed}."),
        Status::Evaluating => tr("{name} is being evaluated after step {step} of {total}, seed {seed}."),
        Status::Paused => tr("{name} is paused at step {step} of {total}, seed {seed}."),
        Status::Finished => tr("{name} has finished training at step {step}, seed {seed}."),
        Status::Diverged if snapshot.is_stuck() => tr("{name} is stuck at step {step}: it no longer learns."),
        Status::Diverged => tr("{name} diverged after step {step}."),
    }
}

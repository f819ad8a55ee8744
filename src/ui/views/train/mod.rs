//! *Train*: the curves of a run, its filters, and its settings.

mod augmentation;
mod choices;
mod controls;
mod curves;
mod digit;
mod filters;
mod setup;

use self::{controls::Form, curves::Curves, filters::FirstFilters};
use crate::{
    text::{fill, tr},
    train::{Snapshot, Status},
    ui::{
        action::{Action, Actions, Transport},
        state::AppState,
        style::{icons, tokens::space},
        view::View,
        widgets::{has_header, moment_badge, numbers, steady_header, tool_button, tool_toggle},
    },
};
use egui::{Role, Ui, WidgetInfo, vec2};

/// The height of the lower part, in points.
const LOWER_HEIGHT: f32 = 264.0;

/// The same where the view is lower than [`LOW`].
const LOW_HEIGHT: f32 = 104.0;

/// A view lower than this, in points, gives its room to the curves.
const LOW: f32 = 520.0;

/// Plots narrower than this, in points, are one above the other.
const SIDE_BY_SIDE: f32 = 760.0;

/// The room of the buttons that lead back to a good step, in points. It is there before they are.
const WAY_BACK: f32 = 380.0;

/// The view with its textures.
#[derive(Default)]
pub struct TrainView {
    curves: Curves,
    filters: FirstFilters,
    augmented: augmentation::Preview,
    form: Form,
}

impl TrainView {
    /// The digit while it learns, and the filters: side by side, or one of them where there is no room for both.
    fn lower_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let room = ui.available_size();
        if room.x > SIDE_BY_SIDE {
            let half = vec2((room.x - space::L) / 2.0, room.y);
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space::L;
                for is_digit in [true, false] {
                    ui.allocate_ui(half, |ui| {
                        ui.vertical(|ui| {
                            ui.set_min_size(half);
                            ui.set_max_size(half);
                            if is_digit {
                                digit::digit_ui(ui, state, actions);
                            } else {
                                self.filters.ui(ui, state);
                            }
                        });
                    });
                }
            });
            return;
        }
        ui.horizontal_top(|ui| {
            let shows_digit = state.settings.shows_digit;
            ui.vertical(|ui| {
                for (icon, name, is_digit) in
                    [(icons::FILTER, tr("Filters"), false), (icons::CHART_LINE, tr("Your digit"), true)]
                {
                    let toggle = tool_toggle(ui, icon, "", "", shows_digit == is_digit);
                    toggle.widget_info(|| {
                        WidgetInfo::selected(Role::RadioButton, true, shows_digit == is_digit, name)
                    });
                    if toggle.on_hover_text(name).clicked() {
                        actions.send(Action::ShowDigit(is_digit));
                    }
                }
            });
            ui.vertical(|ui| {
                if shows_digit {
                    digit::digit_ui(ui, state, actions);
                } else {
                    self.filters.ui(ui, state);
                }
            });
        });
    }
}

impl View for TrainView {
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        steady_header(ui, tr("Train"), &sentence(state), WAY_BACK, |ui| {
            moment_badge(ui, state.history_step());
            // One row has no room for both.
            if !rewind_ui(ui, state, actions) {
                curves::legend_ui(ui, state.snapshot.as_deref());
            }
        });
        let has_lower = has_header(ui);
        if has_lower {
            ui.add_space(space::S);
        }
        let room = ui.available_size();
        let lower = if !has_lower {
            -space::M
        } else if room.y < LOW {
            LOW_HEIGHT
        } else {
            LOWER_HEIGHT
        };
        let height = (room.y - lower - space::M).max(150.0);
        if room.x > SIDE_BY_SIDE {
            let size = vec2((room.x - space::L) / 2.0, height);
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space::L;
                self.curves.ui(ui, state, size, actions);
            });
        } else {
            let size = vec2(room.x, (height - space::S) / 2.0);
            self.curves.ui(ui, state, size, actions);
        }
        if has_lower {
            ui.add_space(space::M);
            self.lower_ui(ui, state, actions);
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
    let sentence = fill(status(s), &parts);
    match s.hand.frozen_count() {
        0 => sentence,
        1 => format!("{sentence} {}", tr("1 filter frozen.")),
        count => {
            format!("{sentence} {}", fill(tr("{count} filters frozen."), &[("count", &count.to_string())]))
        }
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

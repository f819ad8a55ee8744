//! The top of the view: what was measured, on which images, and how far the next measurement is.

use crate::{
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::{
            evaluate::{EvaluateAct, EvaluateSet, Measured},
            network::Origin,
        },
        state::AppState,
        style::{
            icons,
            tokens::{Tokens, size, space},
        },
        widgets::{has_header, numbers, segmented, switch, tool_button, view_header},
    },
};
use egui::{Align, Layout, ProgressBar, RichText, Ui, vec2};

/// The height of the row for progress, in points.
const ROW: f32 = 32.0;

/// In a view narrower than this, in points, the switch has no words.
const NARROW: f32 = 560.0;

/// The name of the view with its tools.
pub(super) fn header_ui(ui: &mut Ui, state: &AppState, actions: &mut Actions) {
    let evaluate = &state.evaluate;
    let sentence = evaluate.measured.as_ref().map_or_else(String::new, |measured| sentence(&measured.of));
    let is_narrow = ui.available_width() < NARROW;
    view_header(ui, tr("Evaluate"), &sentence, |ui| {
        let follows = !evaluate.is_frozen;
        // Beside an inspector in a narrow window, the tooltip says it.
        let text = if is_narrow { "" } else { tr("follows training") };
        let tip = tr("Measures a network in training again and again, at a pace that costs training little.");
        if switch(ui, tr("Follow training"), text, follows).on_hover_text(tip).clicked() {
            actions.send(Action::Evaluate(EvaluateAct::Follow(!follows)));
        }
        ui.add_space(space::S);
        let mut set = evaluate.set;
        let options = [
            (EvaluateSet::Test, tr("Test")),
            (EvaluateSet::Validation, tr("Validation")),
            (EvaluateSet::Training, tr("Training")),
        ];
        if segmented(ui, tr("Images to evaluate"), &mut set, &options).changed() {
            actions.send(Action::Evaluate(EvaluateAct::UseSet(set)));
        }
        ui.add_space(space::S);
        if tool_button(ui, icons::GAUGE, tr("Measure"), "").clicked() {
            actions.send(Action::Evaluate(EvaluateAct::Measure));
        }
    });
}

/// What was measured.
fn sentence(of: &Measured) -> String {
    let count = numbers::count(of.range.len() as u64);
    let step = of.step.map(numbers::count);
    let text = match (of.set, &step) {
        (EvaluateSet::Test, None) => tr("{name} on {count} test images of {data}."),
        (EvaluateSet::Validation, None) => tr("{name} on {count} validation images of {data}."),
        (EvaluateSet::Training, None) => tr("{name} on {count} training images of {data}."),
        (EvaluateSet::Test, Some(_)) => tr("{name} at step {step}, on {count} test images of {data}."),
        (EvaluateSet::Validation, Some(_)) => {
            tr("{name} at step {step}, on {count} validation images of {data}.")
        }
        (EvaluateSet::Training, Some(_)) => {
            tr("{name} at step {step}, on {count} training images of {data}.")
        }
    };
    let step = step.unwrap_or_default();
    let name = of.network.spec().name.as_str();
    fill(text, &[("name", name), ("step", &step), ("count", &count), ("data", &of.data)])
}

/// Why nothing is shown.
pub(super) fn why_nothing(state: &AppState) -> String {
    let evaluate = &state.evaluate;
    match &evaluate.problem {
        Some(problem) => format!("{}.", problem.capitalised()),
        None if state.data.ready().is_none() => {
            tr("Images are needed: choose a data set in the bar above.").to_owned()
        }
        None if evaluate.progress.is_some() => tr("The network reads all images …").to_owned(),
        None => tr("Press Measure: the network reads all images.").to_owned(),
    }
}

/// The row for progress, which is always there, with the choice of a page in a low window.
pub(super) fn progress_ui(
    ui: &mut Ui,
    state: &AppState,
    shows_curves: Option<&mut bool>,
    actions: &mut Actions,
) {
    let t = Tokens::of(ui);
    let room = vec2(ui.available_width(), ROW);
    let has_tools = has_header(ui);
    ui.allocate_ui_with_layout(room, Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_size(room);
        let evaluate = &state.evaluate;
        if let Some(progress) = evaluate.progress.filter(|_| has_tools) {
            if tool_button(ui, "", tr("Cancel"), "").clicked() {
                actions.send(Action::Evaluate(EvaluateAct::Cancel));
            }
            let share = progress.done as f32 / progress.of.max(1) as f32;
            ui.add(ProgressBar::new(share).fill(t.accent).desired_width(110.0).desired_height(6.0));
            let (done, of) = (numbers::count(progress.done as u64), numbers::count(progress.of as u64));
            let step = progress.step.map(numbers::count);
            let text = match (&step, progress.done < progress.of) {
                (Some(_), true) => tr("next: step {step}, {done} of {of}"),
                (Some(_), false) => tr("step {step}, changed images …"),
                (None, true) => tr("{done} of {of}"),
                (None, false) => tr("changed images …"),
            };
            let step = step.unwrap_or_default();
            let text = fill(text, &[("step", &step), ("done", &done), ("of", &of)]);
            ui.label(RichText::new(text).size(size::SMALL).color(t.second));
        } else if let Some(text) = is_stale(state) {
            ui.label(RichText::new(text).size(size::SMALL).color(t.second));
        }
        if let Some(shows_curves) = shows_curves {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let options = [(false, tr("Mistakes")), (true, tr("Curves"))];
                segmented(ui, tr("Page"), shows_curves, &options);
            });
        }
    });
}

/// That the network has changed since it was measured.
fn is_stale(state: &AppState) -> Option<String> {
    let measured = state.evaluate.measured.as_ref()?;
    if std::sync::Arc::ptr_eq(&measured.of.network, &state.network.network) {
        return None;
    }
    let now = state.snapshot.as_ref().filter(|_| state.network.origin == Origin::Live);
    match (measured.of.step, now) {
        (Some(step), Some(run)) if run.step != step => {
            Some(fill(tr("The network is now at step {step}."), &[("step", &numbers::count(run.step))]))
        }
        _ => Some(tr("The network has changed since.").to_owned()),
    }
}

//! What is wrong with the lesson: the words of `convlens lesson check`.

use crate::{
    lesson::LessonError,
    text::{Say as _, fill, plural, tr},
    ui::{
        action::{Action, Actions},
        model::recording::{RecordAct, Recording},
        style::{
            icons,
            tokens::{Tokens, size, space},
        },
    },
};
use egui::{Button, Color32, Label, RichText, Ui};

/// The page. Returns whether a fault was clicked, whose step is edited then.
pub(super) fn check_ui(ui: &mut Ui, recording: &Recording, actions: &mut Actions) -> bool {
    let t = Tokens::of(ui);
    let checked = &recording.checked;
    let mut is_chosen = false;
    let mut one = |ui: &mut Ui, icon: &str, color: Color32, error: &LessonError| {
        let step = recording.draft.step_at_line(error.line);
        let place = step.map(|step| fill(tr("Step {number}, "), &[("number", &(step + 1).to_string())]));
        let text = format!("{icon}  {}{}", place.unwrap_or_default(), error.say());
        let button = Button::new(RichText::new(text).color(color)).wrap().frame(false);
        if ui.add(button).clicked()
            && let Some(step) = step
        {
            actions.send(Action::Record(RecordAct::GoTo(step)));
            is_chosen = true;
        }
        ui.add_space(space::XS);
    };
    for fault in &checked.faults {
        one(ui, icons::CIRCLE_ALERT, t.bad, fault);
    }
    for note in &checked.notes {
        one(ui, icons::TRIANGLE_ALERT, t.warn, note);
    }
    if checked.faults.is_empty() {
        let steps = plural(checked.steps, "{count} step", "{count} steps");
        let tasks = plural(checked.tasks, "{count} task", "{count} tasks");
        let text =
            fill(tr("The lesson can be played: {steps}, {tasks}."), &[("steps", &steps), ("tasks", &tasks)]);
        let text = format!("{}  {text}", icons::CIRCLE_CHECK);
        ui.add(Label::new(RichText::new(text).color(t.good)).wrap());
    }
    let text = tr("Checked at each change, as by convlens lesson check.");
    ui.add(Label::new(RichText::new(text).size(size::SMALL).color(t.second)).wrap());
    is_chosen
}

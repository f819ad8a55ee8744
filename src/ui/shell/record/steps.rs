//! What the lesson is, and the list of its steps.

use super::fields::{caption, english, line, raw};
use crate::{
    lesson::{DraftHead, DraftKind, DraftStep, Part, Topic},
    text::{fill, plural, tr},
    ui::{
        action::{Action, Actions},
        model::recording::{Change, RecordAct, Recording},
        style::{
            icons,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{icon_button, section, tool_button},
    },
};
use egui::{Align, ComboBox, DragValue, Frame, Label, Layout, Margin, RichText, Role, Sense, Ui, WidgetInfo};

/// Shows the page. Returns whether a step was chosen to be written.
pub(super) fn steps_ui(ui: &mut Ui, recording: &Recording, actions: &mut Actions) -> bool {
    let mut head = recording.draft.head.clone();
    let is_changed = match &mut head {
        Part::Read(head) => head_ui(ui, head),
        Part::Raw(_, toml) => {
            caption(ui, tr("The beginning of the file cannot be read. As it is written:"));
            raw(ui, tr("Beginning of the file"), toml)
        }
    };
    if is_changed {
        actions.send(Action::Record(RecordAct::Change(Box::new(Change::Head(head)))));
    }
    ui.add_space(space::XS);
    let count = recording.draft.steps.len();
    section(ui, &plural(count, "{count} step", "{count} steps"));
    let mut is_chosen = false;
    for (i, step) in recording.draft.steps.iter().enumerate() {
        if step_ui(ui, recording, i, step) {
            actions.send(Action::Record(RecordAct::GoTo(i)));
            is_chosen |= i == recording.at;
        }
    }
    let mut change = |change| actions.send(Action::Record(RecordAct::Change(Box::new(change))));
    ui.horizontal(|ui| {
        if tool_button(ui, icons::PLUS, tr("New step"), "").clicked() {
            change(Change::Add(Box::default()));
        }
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.add_enabled_ui(count > 0, |ui| {
            if icon_button(ui, icons::COPY, tr("Duplicate the step")).clicked() {
                change(Change::Duplicate);
            }
            if icon_button(ui, icons::TRASH_2, tr("Remove the step")).clicked() {
                change(Change::Remove);
            }
        });
        ui.add_enabled_ui(recording.at > 0, |ui| {
            if icon_button(ui, icons::CHEVRON_UP, tr("Move the step up")).clicked() {
                change(Change::Move(false));
            }
        });
        ui.add_enabled_ui(recording.at + 1 < count, |ui| {
            if icon_button(ui, icons::CHEVRON_DOWN, tr("Move the step down")).clicked() {
                change(Change::Move(true));
            }
        });
    });
    is_chosen
}

fn head_ui(ui: &mut Ui, head: &mut DraftHead) -> bool {
    let wide = f32::INFINITY;
    caption(ui, tr("Title"));
    let mut is_changed =
        english(ui, tr("Title of the lesson"), tr("what it is called"), wide, &mut head.title);
    caption(ui, tr("In a sentence"));
    is_changed |= english(ui, tr("About the lesson"), tr("what a student finds out"), wide, &mut head.about);
    ui.horizontal_wrapped(|ui| {
        caption(ui, tr("Minutes"));
        let minutes = ui.add(DragValue::new(&mut head.minutes).range(1..=180));
        minutes.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::SpinButton, true, tr("Minutes"));
            info.value = Some(f64::from(head.minutes));
            info
        });
        is_changed |= minutes.changed();
        let topics = [None].into_iter().chain(Topic::ALL.map(Some));
        let before = head.topic;
        let combo = ComboBox::from_id_salt("topic of the lesson")
            .selected_text(topic_name(head.topic))
            .show_ui(ui, |ui| {
                for topic in topics {
                    ui.selectable_value(&mut head.topic, topic, topic_name(topic));
                }
            });
        combo.response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ComboBox, true, tr("Topic"));
            info.current_text_value = Some(topic_name(before).to_owned());
            info
        });
        is_changed |= head.topic != before;
    });
    caption(ui, tr("Short name, by which progress is kept: letters, digits, hyphens"));
    is_changed |= line(ui, tr("Short name"), "", wide, &mut head.id);
    is_changed
}

fn topic_name(topic: Option<Topic>) -> &'static str {
    match topic {
        None => tr("no topic"),
        Some(Topic::FirstSteps) => tr("First steps"),
        Some(Topic::Convolution) => tr("Convolution"),
        Some(Topic::Networks) => tr("Networks"),
        Some(Topic::Learning) => tr("Learning"),
    }
}

/// A step in the list: its number, title, and what it asks. Returns whether it was clicked.
fn step_ui(ui: &mut Ui, recording: &Recording, i: usize, step: &DraftStep) -> bool {
    let t = Tokens::of(ui);
    let is_here = i == recording.at;
    let title = if step.title.is_empty() { tr("without a title") } else { &step.title };
    let fill_color = if is_here { t.accent_ground } else { t.raised };
    let frame = Frame::new().fill(fill_color).corner_radius(radius::M).inner_margin(Margin::symmetric(8, 4));
    let shown = frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            let number = (i + 1).to_string();
            ui.label(RichText::new(number).monospace().size(size::SMALL).color(t.second));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let (icon, color) = match fault(recording, i) {
                    Some(true) => (icons::CIRCLE_ALERT, t.bad),
                    Some(false) => (icons::TRIANGLE_ALERT, t.warn),
                    None => (icons::CHECK, t.panel),
                };
                if fault(recording, i).is_some() {
                    ui.label(RichText::new(icon).color(color));
                }
                ui.label(RichText::new(kind_name(step)).size(size::SMALL).color(t.second));
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add(Label::new(RichText::new(title).color(t.text)).truncate());
                });
            });
        });
    });
    let response = ui.interact(shown.response.rect, ui.scope_id().with(("step", i)), Sense::click());
    response.widget_info(|| {
        let number = (i + 1).to_string();
        let name = fill(tr("Step {number}: {title}"), &[("number", &number), ("title", title)]);
        WidgetInfo::selected(Role::Button, true, is_here, name)
    });
    response.clicked()
}

/// Whether something is wrong with a step (`true`), or could be better.
fn fault(recording: &Recording, step: usize) -> Option<bool> {
    let is_of = |line: usize| recording.draft.step_at_line(line) == Some(step);
    let checked = &recording.checked;
    let is_wrong = checked.faults.iter().any(|fault| is_of(fault.line));
    let is_noted = checked.notes.iter().any(|note| is_of(note.line));
    if is_wrong { Some(true) } else { is_noted.then_some(false) }
}

fn kind_name(step: &DraftStep) -> &'static str {
    match &step.task {
        None => tr("text"),
        Some(Part::Raw(..)) => tr("cannot be read"),
        Some(Part::Read(task)) => kind_label(task.kind),
    }
}

/// The name of a kind of task.
pub(super) fn kind_label(kind: DraftKind) -> &'static str {
    match kind {
        DraftKind::Number => tr("number"),
        DraftKind::Choice => tr("choice"),
        DraftKind::Click => tr("click"),
        DraftKind::Order => tr("order"),
        DraftKind::Reach => tr("state"),
    }
}

//! What a step asks, in fields.

use super::{
    fields::{caption, english, line, lines, raw},
    steps::kind_label,
    text::{choose_ui, point_button, quantity_menu},
};
use crate::{
    lesson::{DraftKind, DraftStep, DraftTask, DraftWrong, Part, Quantity, Texts},
    text::{Language, fill, tr},
    ui::{
        action::{Action, Actions},
        model::recording::{Change, PointFor, RecordAct, Recording},
        state::AppState,
        style::{
            icons,
            tokens::{Tokens, size, space},
        },
        widgets::{icon_button, numbers, segmented, tool_button},
    },
};
use egui::{Align, ComboBox, Label, Layout, RichText, Role, Ui, WidgetInfo};
use std::cmp::Ordering;

/// The room that a button beside a field needs, in points.
const BUTTON: f32 = 50.0;

/// The page.
pub(super) fn task_ui(ui: &mut Ui, state: &AppState, recording: &Recording, actions: &mut Actions) {
    let Some(step) = recording.step() else { return };
    choose_ui(ui, recording, actions);
    let send = |actions: &mut Actions, field: &str, task: Option<Part<DraftTask>>| {
        let step = DraftStep { task, ..step.clone() };
        let change = Change::Step(recording.at, field.to_owned(), Box::new(step));
        actions.send(Action::Record(RecordAct::Change(Box::new(change))));
    };
    if let Some(Part::Raw(kind, toml)) = &step.task {
        caption(ui, tr("The task cannot be shown in fields. As it is written:"));
        let mut toml = toml.clone();
        if raw(ui, tr("Task of the step"), &mut toml) {
            send(actions, "task", Some(Part::Raw(kind.clone(), toml)));
        }
        return;
    }
    let task = step.task.as_ref().and_then(Part::read);
    let mut kind = task.map(|task| task.kind);
    let mut kinds = vec![(None, tr("none"))];
    kinds.extend(DraftKind::ALL.map(|kind| (Some(kind), kind_label(kind))));
    if segmented(ui, tr("Kind of the task"), &mut kind, &kinds).changed() {
        let task = kind.map(|kind| Part::Read(of_kind(task.cloned().unwrap_or_default(), kind)));
        send(actions, "", task);
        return;
    }
    let Some(mut task) = task.cloned() else {
        let t = Tokens::of(ui);
        let text = tr("The step is read, and asks nothing. Predicting before seeing is what teaches.");
        ui.add(Label::new(RichText::new(text).color(t.second)).wrap());
        return;
    };
    caption(ui, tr("Question"));
    let mut field = String::new();
    let mut note = |is_changed: bool, name: &str| {
        if is_changed {
            name.clone_into(&mut field);
        }
    };
    note(english(ui, tr("Question"), "", f32::INFINITY, &mut task.ask), "ask");
    let old = task.clone();
    kind_ui(ui, state, recording, &mut task, actions);
    note(task != old, "answer");
    hints_ui(ui, &mut task, &mut note);
    wrong_ui(ui, &mut task, &mut note);
    if !field.is_empty() {
        send(actions, &field, Some(Part::Read(task)));
    }
}

/// A task of another kind, with what it needs at least.
fn of_kind(mut task: DraftTask, kind: DraftKind) -> DraftTask {
    task.kind = kind;
    let fill_up = |texts: &mut Vec<Texts>| {
        while texts.len() < 2 {
            texts.push(Texts::default());
        }
    };
    match kind {
        DraftKind::Choice => fill_up(&mut task.options),
        DraftKind::Order => fill_up(&mut task.items),
        DraftKind::Reach if task.when.is_empty() => task.when.push(String::new()),
        _ => {}
    }
    task
}

/// The right answer.
fn kind_ui(
    ui: &mut Ui,
    state: &AppState,
    recording: &Recording,
    task: &mut DraftTask,
    actions: &mut Actions,
) {
    let t = Tokens::of(ui);
    match task.kind {
        DraftKind::Number => number_ui(ui, state, task),
        DraftKind::Choice => {
            caption(ui, tr("Options; the marked one is right"));
            let (mut right, count) = (task.right, task.options.len());
            let mut gone = None;
            for (i, option) in task.options.iter_mut().enumerate() {
                ui.horizontal(|ui| {
                    let number = (i + 1).to_string();
                    let radio = ui.radio_value(&mut right, i, "");
                    radio.widget_info(|| {
                        let name = fill(tr("Option {number} is right"), &[("number", &number)]);
                        WidgetInfo::selected(Role::RadioButton, true, task.right == i, name)
                    });
                    let name = fill(tr("Option {number}"), &[("number", &number)]);
                    english(ui, &name, "", ui.available_width() - BUTTON, option);
                    if count > 2 && remove(ui, &name) {
                        gone = Some(i);
                    }
                });
            }
            task.right = right;
            if let Some(i) = gone {
                task.options.remove(i);
                task.right =
                    task.right.saturating_sub(usize::from(i < task.right)).min(count.saturating_sub(2));
            }
            if tool_button(ui, icons::PLUS, tr("Option"), "").clicked() {
                task.options.push(Texts::default());
            }
        }
        DraftKind::Click => {
            caption(ui, tr("Places, each of which is right"));
            rows(ui, tr("Place {number}"), &mut task.cells);
            point_button(ui, recording, PointFor::Cell, tr("Click the place…"), actions);
        }
        DraftKind::Order => {
            caption(ui, tr("Items in the right order; the window shuffles them"));
            let mut items: Vec<String> =
                task.items.iter().map(|item| item.get(Language::ENGLISH).to_owned()).collect();
            let before = items.clone();
            rows(ui, tr("Item {number}"), &mut items);
            if tool_button(ui, icons::PLUS, tr("Item"), "").clicked() {
                items.push(String::new());
            }
            match items.len().cmp(&before.len()) {
                Ordering::Equal => {
                    for (item, text) in task.items.iter_mut().zip(&items) {
                        item.set_english(text);
                    }
                }
                Ordering::Greater => task.items.push(Texts::default()),
                Ordering::Less => {
                    let gone = before.iter().zip(&items).take_while(|(a, b)| a == b).count();
                    task.items.remove(gone);
                }
            }
        }
        DraftKind::Reach => {
            caption(ui, tr("Conditions, all of which have to hold"));
            rows(ui, tr("Condition {number}"), &mut task.when);
            if let Some(quantity) = quantity_menu(ui, state, "condition", tr("Add a condition…")) {
                let value = state.quantity(quantity).map_or_else(|| "0".to_owned(), plain);
                task.when.retain(|when| !when.trim().is_empty());
                task.when.push(format!("{} = {value}", quantity.name()));
            }
            let text = match &task.solution {
                Some(_) => tr("There is a solution."),
                None => tr("There is no solution yet: set the window up so that they hold, and take it."),
            };
            ui.add(Label::new(RichText::new(text).size(size::SMALL).color(t.second)).wrap());
            if tool_button(ui, icons::CAMERA, tr("Take the window as the solution"), "").clicked() {
                actions.send(Action::Record(RecordAct::TakeSolution));
            }
        }
    }
}

fn number_ui(ui: &mut Ui, state: &AppState, task: &mut DraftTask) {
    let t = Tokens::of(ui);
    caption(ui, tr("Right answer"));
    let hidden = Quantity::ALL.iter().copied().filter(|quantity| quantity.can_be_hidden());
    let name = |of: Option<Quantity>| of.map_or(tr("this number"), Quantity::name);
    let before = task.of;
    let combo = ComboBox::from_id_salt("right answer").selected_text(name(before)).show_ui(ui, |ui| {
        for of in std::iter::once(None).chain(hidden.map(Some)) {
            ui.selectable_value(&mut task.of, of, name(of));
        }
    });
    combo.response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ComboBox, true, tr("Right answer"));
        info.current_text_value = Some(name(before).to_owned());
        info
    });
    ui.horizontal_wrapped(|ui| {
        match task.of {
            Some(of) => {
                let value = state.quantity(of).map_or_else(|| "…".to_owned(), numbers::decimal);
                let text = fill(tr("= {value} now; hidden until it is answered"), &[("value", &value)]);
                ui.label(RichText::new(text).size(size::SMALL).color(t.good));
            }
            None => {
                line(ui, tr("Answer"), tr("number"), 80.0, &mut task.answer);
            }
        }
        caption(ui, tr("Tolerance"));
        line(ui, tr("Tolerance"), tr("exact"), 60.0, &mut task.tolerance);
    });
}

/// A number without signs that only people read.
fn plain(value: f64) -> String {
    numbers::decimal(value).replace('−', "-")
}

/// Lines of text, each of which can go.
fn rows(ui: &mut Ui, name: &str, texts: &mut Vec<String>) {
    let mut gone = None;
    let count = texts.len();
    for (i, text) in texts.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            let name = fill(name, &[("number", &(i + 1).to_string())]);
            line(ui, &name, "", ui.available_width() - BUTTON, text);
            if count > 1 && remove(ui, &name) {
                gone = Some(i);
            }
        });
    }
    if let Some(i) = gone {
        texts.remove(i);
    }
}

fn remove(ui: &mut Ui, name: &str) -> bool {
    icon_button(ui, icons::X, &fill(tr("Remove: {name}"), &[("name", name)])).clicked()
}

fn hints_ui(ui: &mut Ui, task: &mut DraftTask, note: &mut impl FnMut(bool, &str)) {
    ui.add_space(space::XS);
    let before = task.hints.len();
    heading_ui(ui, tr("Hints, shown one by one"), tr("Add a hint"), || task.hints.push(Texts::default()));
    let mut gone = None;
    for (i, hint) in task.hints.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            let name = fill(tr("Hint {number}"), &[("number", &(i + 1).to_string())]);
            note(english(ui, &name, "", ui.available_width() - BUTTON, hint), "hint");
            if remove(ui, &name) {
                gone = Some(i);
            }
        });
    }
    if let Some(i) = gone {
        task.hints.remove(i);
    }
    note(task.hints.len() != before, "hints");
    caption(ui, tr("Why the right answer is right"));
    let mut because = task.because.as_ref().map_or("", |because| because.get(Language::ENGLISH)).to_owned();
    if lines(ui, tr("Because"), tr("one sentence after the right answer"), 2, &mut because) {
        let mut texts = task.because.take().unwrap_or_default();
        texts.set_english(&because);
        task.because = Some(texts).filter(|texts| *texts != Texts::default());
        note(true, "because");
    }
}

fn wrong_ui(ui: &mut Ui, task: &mut DraftTask, note: &mut impl FnMut(bool, &str)) {
    if matches!(task.kind, DraftKind::Order | DraftKind::Reach) {
        return;
    }
    ui.add_space(space::XS);
    let before = task.wrong.len();
    let push = || task.wrong.push(DraftWrong::default());
    heading_ui(ui, tr("Wrong answers that say something"), tr("Add a wrong answer"), push);
    let mut gone = None;
    for (i, wrong) in task.wrong.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            let number = (i + 1).to_string();
            let name = fill(tr("Wrong answer {number}"), &[("number", &number)]);
            note(line(ui, &name, tr("answer"), 64.0, &mut wrong.answer), "wrong answer");
            let says = fill(tr("What wrong answer {number} forgot"), &[("number", &number)]);
            let room = ui.available_width() - BUTTON;
            note(english(ui, &says, tr("what it forgot"), room, &mut wrong.says), "wrong says");
            if remove(ui, &name) {
                gone = Some(i);
            }
        });
    }
    if let Some(i) = gone {
        task.wrong.remove(i);
    }
    note(task.wrong.len() != before, "wrong");
}

/// A heading with a button that adds one.
fn heading_ui(ui: &mut Ui, text: &str, add: &str, mut act: impl FnMut()) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, icons::PLUS, add).clicked() {
                act();
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| caption(ui, text));
        });
    });
}

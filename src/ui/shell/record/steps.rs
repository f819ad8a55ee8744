//! What the lesson is, and the list of its steps.

use super::fields::{caption, english, line, raw};
use crate::{
    lesson::{DraftHead, DraftKind, DraftStep, Part, Topic},
    text::{fill, plural, tr},
    ui::{
        action::{Action, Actions},
        model::recording::{Change, RecordAct, Recording},
        style::{
            fonts, icons,
            tokens::{Tokens, radius, size, space},
        },
        widgets::{icon_button, section, tool_button},
    },
};
use egui::{
    Align2, ComboBox, DragValue, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2,
    text::{LayoutJob, TextWrapping},
    vec2,
};

/// The height of a step in the list, in points.
const ROW: f32 = 32.0;

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
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
    let response = ui.interact(rect, ui.scope_id().with(("step", i)), Sense::click());
    let ground = match (is_here, response.hovered()) {
        (true, _) => t.accent_ground,
        (false, true) => t.hover,
        (false, false) => t.raised,
    };
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, radius::M, ground);
    if response.has_focus() {
        painter.rect_stroke(rect, radius::M, t.focus_stroke(), StrokeKind::Inside);
    }
    let left = rect.left_center() + vec2(space::S, 0.0);
    let number = (i + 1).to_string();
    painter.text(left, Align2::LEFT_CENTER, &number, fonts::mono(size::SMALL), t.second);
    let right = rect.right_center() - vec2(space::S, 0.0);
    let kind =
        painter.text(right, Align2::RIGHT_CENTER, kind_name(step), fonts::words(size::SMALL), t.second);
    let mut end = kind.left() - space::S;
    if let Some(is_wrong) = fault(recording, i) {
        let (icon, color) =
            if is_wrong { (icons::CIRCLE_ALERT, t.bad) } else { (icons::TRIANGLE_ALERT, t.warn) };
        let at = pos2(end, rect.center().y);
        end =
            painter.text(at, Align2::RIGHT_CENTER, icon, fonts::words(size::BODY), color).left() - space::XS;
    }
    let start = left + vec2(24.0, 0.0);
    let mut job = LayoutJob::simple_singleline(title.to_owned(), fonts::words(size::BODY), t.text);
    job.wrap = TextWrapping::truncate_at_width((end - start.x).max(0.0));
    let galley = painter.layout_job(job);
    painter.galley(start - vec2(0.0, galley.size().y / 2.0), galley, t.text);
    response.widget_info(|| {
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

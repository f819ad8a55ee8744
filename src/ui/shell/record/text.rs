//! The text of a step, and the state that it sets.

use super::fields::{caption, line, named, raw};
use crate::{
    lesson::{DraftStep, Part, Quantity, Show, entries},
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::recording::{Change, PointFor, RecordAct, Recording},
        state::AppState,
        style::{
            icons,
            tokens::{Tokens, size, space},
        },
        widgets::{icon_button, numbers, section, tool_button},
    },
};
use egui::{Align, ComboBox, Label, Layout, RichText, Role, TextEdit, Ui, WidgetInfo};
use std::ops::Range;

/// The page, with the place in the text where things are inserted.
#[derive(Default)]
pub(super) struct TextPage {
    /// The step, and the characters that are selected.
    cursor: Option<(usize, Range<usize>)>,
}

impl TextPage {
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &AppState, recording: &Recording, actions: &mut Actions) {
        let t = Tokens::of(ui);
        let Some(step) = recording.step() else {
            let text = tr("There is no step yet. Set the window up, then take it as the first step.");
            ui.add(Label::new(RichText::new(text).color(t.second)).wrap());
            return;
        };
        let mut step = step.clone();
        choose_ui(ui, recording, actions);
        if line(ui, tr("Title of the step"), tr("title of the step"), f32::INFINITY, &mut step.title) {
            send(actions, recording, "title", step.clone());
        }
        let words = step.words().to_string();
        caption(ui, &fill(tr("Text: {words} words, 60 are easily read"), &[("words", &words)]));
        let field = TextEdit::multiline(&mut step.text)
            .id_salt(("text of the step", recording.at))
            .hint_text(tr("what a student reads; **bold** for a new term"))
            .desired_rows(7)
            .desired_width(f32::INFINITY);
        let shown = field.show(ui);
        if let Some(range) = shown.cursor_range {
            let range = range.as_sorted_char_range();
            self.cursor = Some((recording.at, range.start.into()..range.end.into()));
        }
        if named(shown.response.response, tr("Text of the step")).changed() {
            send(actions, recording, "text", step.clone());
        }
        if let Some(name) = &recording.pointed {
            let selected = self.selected(recording.at, &step.text);
            let phrase = if selected.is_empty() { name.clone() } else { selected };
            self.insert(recording, &mut step, &format!("[{phrase}](<{name}>)"));
            actions.send(Action::Record(RecordAct::Written));
            send(actions, recording, "", step.clone());
        }
        let quantity = ui.horizontal_wrapped(|ui| {
            point_button(ui, recording, PointFor::Text, tr("Point at…"), actions);
            quantity_menu(ui, state, "insert a number", tr("Insert a number…"))
        });
        if let Some(quantity) = quantity.inner {
            self.insert(recording, &mut step, &format!("{{{}}}", quantity.name()));
            send(actions, recording, "", step.clone());
        }
        ui.add_space(space::XS);
        state_ui(ui, recording, &step, actions);
    }

    fn selected(&self, at: usize, text: &str) -> String {
        match &self.cursor {
            Some((step, range)) if *step == at => {
                text.chars().skip(range.start).take(range.end.saturating_sub(range.start)).collect()
            }
            _ => String::new(),
        }
    }

    /// Puts words in the place of what is selected, or at the end.
    fn insert(&mut self, recording: &Recording, step: &mut DraftStep, words: &str) {
        let count = step.text.chars().count();
        let range = match &self.cursor {
            Some((at, range)) if *at == recording.at => range.start.min(count)..range.end.min(count),
            _ => count..count,
        };
        let before: String = step.text.chars().take(range.start).collect();
        let after: String = step.text.chars().skip(range.end).collect();
        let space = if before.is_empty() || before.ends_with(char::is_whitespace) { "" } else { " " };
        step.text = format!("{before}{space}{words}{after}");
        let end = range.start + space.len() + words.chars().count();
        self.cursor = Some((recording.at, end..end));
    }
}

fn send(actions: &mut Actions, recording: &Recording, field: &str, step: DraftStep) {
    let change = Change::Step(recording.at, field.to_owned(), Box::new(step));
    actions.send(Action::Record(RecordAct::Change(Box::new(change))));
}

/// Which step it is, and those beside it.
pub(super) fn choose_ui(ui: &mut Ui, recording: &Recording, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let count = recording.draft.steps.len();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.add_enabled_ui(recording.at > 0, |ui| {
            if icon_button(ui, icons::CHEVRON_LEFT, tr("The step before")).clicked() {
                actions.send(Action::Record(RecordAct::GoTo(recording.at - 1)));
            }
        });
        let [number, of] = [recording.at + 1, count].map(|n| n.to_string());
        let text = fill(tr("Step {number} of {count}"), &[("number", &number), ("count", &of)]);
        ui.label(RichText::new(text).color(t.second));
        ui.add_enabled_ui(recording.at + 1 < count, |ui| {
            if icon_button(ui, icons::CHEVRON_RIGHT, tr("The next step")).clicked() {
                actions.send(Action::Record(RecordAct::GoTo(recording.at + 1)));
            }
        });
    });
}

/// The button that lets a person click on a place, or ends that.
pub(super) fn point_button(
    ui: &mut Ui,
    recording: &Recording,
    target: PointFor,
    name: &str,
    actions: &mut Actions,
) {
    let is_pointing = recording.pointing == Some(target);
    let (icon, name) = if is_pointing { (icons::X, tr("Stop pointing")) } else { (icons::TARGET, name) };
    if tool_button(ui, icon, name, "").clicked() {
        actions.send(Action::Record(RecordAct::Point((!is_pointing).then_some(target))));
    }
}

/// A menu of the window's numbers, with their values now.
pub(super) fn quantity_menu(ui: &mut Ui, state: &AppState, salt: &str, name: &str) -> Option<Quantity> {
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(salt).selected_text(name).height(320.0).show_ui(ui, |ui| {
        for quantity in Quantity::ALL {
            let value = state.quantity(*quantity).map_or_else(|| "…".to_owned(), numbers::decimal);
            if ui.selectable_label(false, format!("{} = {value}", quantity.name())).clicked() {
                chosen = Some(*quantity);
            }
        }
    });
    combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name));
    chosen
}

/// What the step sets, and what it could not hold.
fn state_ui(ui: &mut Ui, recording: &Recording, step: &DraftStep, actions: &mut Actions) {
    let t = Tokens::of(ui);
    section(ui, tr("What the step sets"));
    let note = |ui: &mut Ui, text: &str, color| {
        ui.add(Label::new(RichText::new(text).size(size::SMALL).color(color)).wrap());
    };
    match &step.show {
        None => note(ui, tr("Nothing: the window stays as the step before shows it."), t.second),
        Some(Part::Raw(kind, toml)) => {
            note(ui, tr("The state cannot be read. As it is written:"), t.bad);
            let mut toml = toml.clone();
            if raw(ui, tr("State of the step"), &mut toml) {
                let show = Some(Part::Raw(kind.clone(), toml));
                send(actions, recording, "show", DraftStep { show, ..step.clone() });
            }
        }
        Some(Part::Read(show)) => {
            let set = |show: Option<Show>| DraftStep { show: show.map(Part::Read), ..step.clone() };
            for (group, name) in groups(show) {
                ui.horizontal(|ui| {
                    ui.label(RichText::new(name).size(size::SMALL).color(t.second));
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        let leave = fill(tr("Leave {part} as it is"), &[("part", name)]);
                        if icon_button(ui, icons::X, &leave).clicked() {
                            send(actions, recording, "", set(Some(without(show, group))));
                        }
                        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                            let text = summary(show, group);
                            let label =
                                Label::new(RichText::new(&text).monospace().size(size::SMALL).color(t.text));
                            ui.add(label.truncate()).on_hover_text(text.replace(", ", "\n"));
                        });
                    });
                });
            }
            if show.view.is_none() && groups(show).is_empty() {
                note(ui, tr("Convolution and Pooling as at a first start."), t.second);
            }
            ui.horizontal_wrapped(|ui| {
                point_button(ui, recording, PointFor::Also, tr("Keep lit too…"), actions);
                if tool_button(ui, icons::X, tr("Set nothing"), "").clicked() {
                    send(actions, recording, "", set(None));
                }
            });
        }
    }
    for lost in &recording.left_out {
        note(ui, &fill(tr("Not part of the step: {what}."), &[("what", lost)]), t.warn);
    }
}

/// The parts of a state that are there, with their names.
fn groups(show: &Show) -> Vec<(&'static str, &'static str)> {
    let groups = [
        ("view", tr("view"), show.view.is_some()),
        ("image", tr("image"), show.image.is_some()),
        ("network", tr("network"), show.network.is_some()),
        ("convolution", tr("convolution"), show.convolution.is_some()),
        ("pooling", tr("pooling"), show.pooling.is_some()),
        ("train", tr("training"), show.train.is_some()),
        ("also", tr("lit too"), !show.also.is_empty()),
    ];
    groups.into_iter().filter(|(.., is_there)| *is_there).map(|(group, name, _)| (group, name)).collect()
}

fn without(show: &Show, group: &str) -> Show {
    let mut show = show.clone();
    match group {
        "view" => show.view = None,
        "image" => show.image = None,
        "network" => show.network = None,
        "convolution" => show.convolution = None,
        "pooling" => show.pooling = None,
        "train" => show.train = None,
        _ => show.also.clear(),
    }
    show
}

/// The settings of a part in one line; long values are named and not shown.
fn summary(show: &Show, group: &str) -> String {
    let parts = entries(show).into_iter().filter_map(|(key, value)| {
        let name = key.strip_prefix(group)?.trim_start_matches('.').replace('_', " ");
        let value = if value.chars().count() > 40 && group != "also" { "…".to_owned() } else { value };
        Some(format!("{name} {}", value.trim_matches('"')).trim().to_owned())
    });
    let text = parts.collect::<Vec<_>>().join(", ");
    if text == "{}" { tr("as at first").to_owned() } else { text }
}

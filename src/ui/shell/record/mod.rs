//! The lesson that is being recorded: its steps, the text of one, its task, and what is wrong with it.

mod check;
mod fields;
mod point;
mod steps;
mod task;
mod text;

pub use point::point_ui;

use crate::{
    text::{fill, tr},
    ui::{
        action::{Action, Actions},
        model::recording::{RecordAct, Recording},
        state::AppState,
        style::{
            fonts, icons,
            tokens::{Tokens, size, space},
        },
        widgets::{icon_button, primary_button, segmented, tool_button},
        work::open_file::file_name,
    },
};
use egui::{Align, Label, Layout, Rect, RichText, ScrollArea, Ui, UiBuilder, pos2};
use text::TextPage;

/// The height of the buttons that take the window, with what taking changes.
const FOOT: f32 = 104.0;

/// A page of the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Page {
    /// What the lesson is, and the list of its steps.
    #[default]
    Steps,
    /// The text of the step, and the state that it sets.
    Text,
    /// What the step asks.
    Task,
    /// What is wrong.
    Check,
}

/// The panel, with what is typed in it.
#[derive(Default)]
pub struct RecordPanel {
    page: Page,
    text: TextPage,
    /// Whether closing was asked for while the file does not hold everything.
    is_closing: bool,
}

impl RecordPanel {
    /// The panel, in all the room there is.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions) {
        let Some(recording) = &state.recording else { return };
        let room = ui.available_rect_before_wrap();
        self.head_ui(ui, recording, actions);
        let faults = recording.checked.faults.len() + recording.checked.notes.len();
        let check = match faults {
            0 => tr("Check").to_owned(),
            faults => fill(tr("Check ({count})"), &[("count", &faults.to_string())]),
        };
        let pages = [
            (Page::Steps, tr("Steps")),
            (Page::Text, tr("Text")),
            (Page::Task, tr("Task")),
            (Page::Check, check.as_str()),
        ];
        segmented(ui, tr("Page of the lesson"), &mut self.page, &pages);
        ui.add_space(space::S);
        let rest = ui.available_rect_before_wrap().with_max_y(room.bottom());
        let foot = Rect::from_min_max(pos2(rest.left(), rest.bottom() - FOOT), rest.max);
        let body = rest.with_max_y(foot.top() - space::S);
        let mut child = ui.new_child(UiBuilder::new().max_rect(body));
        let salt = ("recording", self.page, recording.at * usize::from(self.page != Page::Steps));
        ScrollArea::vertical().id_salt(salt).auto_shrink(false).show(&mut child, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            // The bar of the scroll area takes no room of the fields.
            ui.set_max_width(ui.available_width() - space::S);
            match self.page {
                Page::Steps => {
                    if steps::steps_ui(ui, recording, actions) {
                        self.page = Page::Text;
                    }
                }
                Page::Text => self.text.ui(ui, state, recording, actions),
                Page::Task => task::task_ui(ui, state, recording, actions),
                Page::Check => {
                    if check::check_ui(ui, recording, actions) {
                        self.page = Page::Text;
                    }
                }
            }
        });
        let mut child = ui.new_child(UiBuilder::new().max_rect(foot));
        foot_ui(&mut child, state, recording, actions);
        ui.advance_cursor_after_rect(room);
    }

    /// The title, the file, and what is done with the whole lesson.
    fn head_ui(&mut self, ui: &mut Ui, recording: &Recording, actions: &mut Actions) {
        let t = Tokens::of(ui);
        let mut send = |act| actions.send(Action::Record(act));
        ui.horizontal(|ui| {
            let text = format!("{}  {}", icons::PENCIL, tr("Recording"));
            ui.label(RichText::new(text).size(size::SMALL).color(t.bad));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                if icon_button(ui, icons::X, tr("Close the recording")).clicked() {
                    if recording.is_saved() || recording.is_own {
                        send(RecordAct::Close(true));
                    } else {
                        self.is_closing = true;
                    }
                }
                if icon_button(ui, icons::SAVE, tr("Save the lesson")).clicked() {
                    send(RecordAct::Save);
                }
                let can_play = recording.checked.faults.is_empty();
                ui.add_enabled_ui(can_play, |ui| {
                    if icon_button(ui, icons::PLAY, tr("Preview")).clicked() {
                        send(RecordAct::Preview);
                    }
                });
                ui.add_enabled_ui(recording.can_redo(), |ui| {
                    if icon_button(ui, icons::REDO_2, tr("Redo in the lesson")).clicked() {
                        send(RecordAct::Redo);
                    }
                });
                ui.add_enabled_ui(recording.can_undo(), |ui| {
                    if icon_button(ui, icons::UNDO_2, tr("Undo in the lesson")).clicked() {
                        send(RecordAct::Undo);
                    }
                });
            });
        });
        let title = match recording.draft.title().trim() {
            "" => tr("A lesson without a title"),
            title => title,
        };
        ui.add(Label::new(RichText::new(title).font(fonts::semibold(size::LARGE)).color(t.text)).truncate());
        if self.is_closing && !recording.is_saved() {
            ui.horizontal_wrapped(|ui| {
                if tool_button(ui, icons::SAVE, tr("Save"), "").clicked() {
                    self.is_closing = false;
                    send(if recording.file.is_some() { RecordAct::Close(true) } else { RecordAct::Save });
                }
                if tool_button(ui, icons::TRASH_2, tr("Close without saving"), "").clicked() {
                    self.is_closing = false;
                    send(RecordAct::Close(false));
                }
                if icon_button(ui, icons::UNDO_2, tr("Go on")).clicked() {
                    self.is_closing = false;
                }
            });
        } else {
            self.is_closing = false;
            ui.horizontal(|ui| {
                let file = recording.file.as_deref().map_or_else(|| tr("no file yet").to_owned(), file_name);
                let kept = match (recording.is_saved(), recording.is_own) {
                    (true, _) => tr("saved"),
                    (false, true) => tr("saves itself"),
                    (false, false) => tr("not saved"),
                };
                let text = format!("{file} · {kept}");
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let save = ui.link(RichText::new(tr("Save as…")).size(size::SMALL));
                    if save.clicked() {
                        let kind = crate::ui::model::file_kind::FileKind::SaveLesson;
                        actions.send(Action::AskForFile(kind));
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        ui.add(Label::new(RichText::new(text).size(size::SMALL).color(t.second)).truncate());
                    });
                });
            });
        }
        ui.add_space(space::XS);
    }
}

/// What taking the window would change, and the buttons that take it.
fn foot_ui(ui: &mut Ui, state: &AppState, recording: &Recording, actions: &mut Actions) {
    let t = Tokens::of(ui);
    let is_empty = recording.draft.steps.is_empty();
    let differences = state.window_show.as_ref().map(|show| recording.differences(show)).unwrap_or_default();
    let (text, tip) = match differences.as_slice() {
        _ if is_empty => (tr("Set the window up, then take it as the first step.").to_owned(), String::new()),
        [] => (tr("The window is as the step shows it.").to_owned(), String::new()),
        changes => {
            let lines: Vec<String> = changes.iter().map(difference).collect();
            let text = lines.join(", ");
            (fill(tr("Taking it changes {settings}"), &[("settings", &text)]), lines.join("\n"))
        }
    };
    let color = if differences.is_empty() { t.second } else { t.highlight_text };
    ui.spacing_mut().item_spacing.y = 6.0;
    let label = ui.add(Label::new(RichText::new(text).size(size::SMALL).color(color)).truncate());
    if !tip.is_empty() {
        label.on_hover_text(tip);
    }
    let mut send = |act| actions.send(Action::Record(act));
    if primary_button(ui, icons::CAMERA, tr("Take the window as this step")).clicked() {
        send(RecordAct::Take);
    }
    ui.horizontal(|ui| {
        let has_words = ui.available_width() >= WORDS;
        if tool_button(ui, "", tr("as a new step"), "").clicked() {
            send(RecordAct::TakeNew);
        }
        let can_go_back = !differences.is_empty() && recording.draft.shown_at(recording.at).is_some();
        ui.add_enabled_ui(can_go_back, |ui| {
            let name = tr("Back to the lesson");
            let button =
                if has_words { tool_button(ui, "", name, "") } else { icon_button(ui, icons::UNDO_2, name) };
            if button.clicked() {
                send(RecordAct::ShowStep);
            }
        });
    });
}

/// A foot narrower than this, in points, has no room for the words of both buttons.
const WORDS: f32 = 292.0;

/// The longest value that is shown whole.
const LONGEST: usize = 24;

/// `padding 1 → 2`; long values, such as all numbers of a grid, are named and not shown.
fn difference((key, old, new): &(String, String, String)) -> String {
    let name = key.rsplit('.').next().unwrap_or(key).replace('_', " ");
    let value = |value: &str| match value {
        "" => tr("as at first").to_owned(),
        value if value.chars().count() > LONGEST => "…".to_owned(),
        value => value.trim_matches('"').to_owned(),
    };
    let (old, new) = (value(old), value(new));
    if old == new { name } else { format!("{name} {old} → {new}") }
}

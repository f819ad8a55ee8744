//! The lesson that is being recorded: what is written so far, its undo, and what the window does meanwhile.

use crate::{
    explain::convolution::{EXAMPLES, KERNELS},
    lesson::{Checked, Draft, DraftHead, DraftStep, Known, Part, Show, check, entries},
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The most changes that can be undone.
const MOST_UNDO: usize = 200;

/// What a person does while recording a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RecordAct {
    /// Begins a lesson.
    New,
    /// Opens the lesson of a file.
    Edit(PathBuf),
    /// Changes the lesson. Changes of the same field in a row are undone at once.
    Change(Box<Change>),
    /// Goes to a step, by its index.
    GoTo(usize),
    /// The window as it is becomes the state of the step.
    Take,
    /// The window as it is becomes a new step behind it.
    TakeNew,
    /// The window as it is becomes the solution of the task.
    TakeSolution,
    /// The window shows the state of the step.
    ShowStep,
    /// Points at a place of the window by a click, or no longer.
    Point(Option<PointFor>),
    /// The place of this accessible name was clicked.
    Pointed(String),
    /// What was pointed at has been written.
    Written,
    /// Undoes the last change.
    Undo,
    /// Redoes it.
    Redo,
    /// Plays the lesson from this step on, as a student sees it.
    Preview,
    /// Saves the lesson to its file, or asks for one.
    Save,
    /// Ends recording; with `false`, what is not saved yet is thrown away.
    Close(bool),
    /// Takes a file out of *My lessons*; the file stays.
    Forget(PathBuf),
}

/// What a place is pointed at for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PointFor {
    /// A phrase of the text.
    Text,
    /// A right answer of a task to click.
    Cell,
    /// A place that stays lit besides.
    Also,
}

/// A change of the lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Change {
    /// What the lesson is.
    Head(Part<DraftHead>),
    /// The step of this index; the text names the field.
    Step(usize, String, Box<DraftStep>),
    /// A new step behind this one.
    Add(Box<DraftStep>),
    /// A copy of this step behind it.
    Duplicate,
    /// This step goes.
    Remove,
    /// This step goes up or down.
    Move(bool),
}

/// The lesson that is being recorded.
#[derive(Clone, Debug)]
pub struct Recording {
    /// What is written.
    pub draft: Draft,
    /// The index of the step that is edited.
    pub at: usize,
    /// The file that it belongs to.
    pub file: Option<PathBuf>,
    /// Whether the file is one of the settings folder, which is written as one works.
    pub is_own: bool,
    /// Another number after every change.
    pub revision: u64,
    /// The revision that the file holds.
    pub saved: u64,
    /// What is wrong with it.
    pub checked: Checked,
    /// What a click in the window points at.
    pub pointing: Option<PointFor>,
    /// The name of a place that was clicked, until the panel has written it into the text.
    pub pointed: Option<String>,
    /// What the last step that was taken could not hold.
    pub left_out: Vec<String>,
    /// A state, and how the window writes it once it is shown.
    pub canonical: Option<(Show, Show)>,
    undo: Vec<Past>,
    redo: Vec<Past>,
}

/// The lesson before a change.
#[derive(Clone, Debug)]
struct Past {
    draft: Draft,
    at: usize,
    field: String,
}

impl Recording {
    /// Begins with this draft.
    pub fn new(draft: Draft, file: Option<PathBuf>, is_own: bool) -> Self {
        let checked = checked(&draft);
        Self {
            draft,
            at: 0,
            file,
            is_own,
            revision: 1,
            saved: 1,
            checked,
            pointing: None,
            pointed: None,
            left_out: Vec::new(),
            canonical: None,
            undo: Vec::new(),
            redo: Vec::new(),
        }
    }

    /// The step that is edited.
    pub fn step(&self) -> Option<&DraftStep> {
        self.draft.steps.get(self.at)
    }

    /// Whether its file holds it.
    pub fn is_saved(&self) -> bool {
        self.saved == self.revision
    }

    /// Changes the lesson.
    pub fn change(&mut self, change: Change) {
        let before = Past { draft: self.draft.clone(), at: self.at, field: field(&change) };
        let steps = &mut self.draft.steps;
        let at = self.at.min(steps.len().saturating_sub(1));
        match change {
            Change::Head(head) => {
                self.draft.head = head;
                self.draft.reread();
            }
            Change::Step(index, _, mut step) => {
                step.reread();
                if let Some(old) = steps.get_mut(index) {
                    *old = *step;
                }
            }
            Change::Add(step) => {
                let place = if steps.is_empty() { 0 } else { at + 1 };
                steps.insert(place, *step);
                self.at = place;
            }
            Change::Duplicate => {
                if let Some(step) = steps.get(at).cloned() {
                    steps.insert(at + 1, step);
                    self.at = at + 1;
                }
            }
            Change::Remove => {
                if at < steps.len() {
                    steps.remove(at);
                    self.at = at.min(steps.len().saturating_sub(1));
                }
            }
            Change::Move(is_down) => {
                let other = if is_down { at.checked_add(1) } else { at.checked_sub(1) };
                if let Some(other) = other.filter(|other| *other < steps.len()) {
                    steps.swap(at, other);
                    self.at = other;
                }
            }
        }
        if self.draft == before.draft {
            return;
        }
        let is_same = !before.field.is_empty()
            && self.redo.is_empty()
            && self.undo.last().is_some_and(|past| past.field == before.field);
        if !is_same {
            self.undo.push(before);
            if self.undo.len() > MOST_UNDO {
                self.undo.remove(0);
            }
        }
        self.redo.clear();
        self.touch();
    }

    fn touch(&mut self) {
        self.revision += 1;
        self.checked = checked(&self.draft);
    }

    /// Whether a change can be undone.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether one can be redone.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Undoes the last change.
    pub fn undo(&mut self) {
        if let Some(past) = self.undo.pop() {
            let now = self.go_back(past);
            self.redo.push(now);
        }
    }

    /// Redoes it.
    pub fn redo(&mut self) {
        if let Some(past) = self.redo.pop() {
            let now = self.go_back(past);
            self.undo.push(now);
        }
    }

    fn go_back(&mut self, past: Past) -> Past {
        let Past { draft, at, field } = past;
        let draft = std::mem::replace(&mut self.draft, draft);
        let now = Past { draft, at: std::mem::replace(&mut self.at, at), field };
        self.touch();
        now
    }

    /// What taking the window would change in the step: the setting, its value in the step, its value in the window.
    pub fn differences(&self, window: &Show) -> Vec<(String, String, String)> {
        let step = self.draft.shown_at(self.at).cloned().unwrap_or_default();
        let step = match &self.canonical {
            Some((written, canonical)) if *written == step => canonical.clone(),
            _ => step,
        };
        let without_also = |show: &Show| Show { also: Vec::new(), ..show.clone() };
        // A part without settings says nothing, and that a run begins anew is no setting of the window.
        let is_setting = |(key, value): &(String, String)| value != "{}" && key != "train.fresh";
        let settings = |show: &Show| entries(&without_also(show)).into_iter().filter(is_setting).collect();
        let (old, new): (Vec<_>, Vec<_>) = (settings(&step), settings(window));
        let value = |entries: &[(String, String)], key: &str| {
            entries.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let mut keys: Vec<&String> = old.iter().map(|(key, _)| key).collect();
        keys.extend(new.iter().map(|(key, _)| key).filter(|key| !old.iter().any(|(name, _)| name == *key)));
        let pairs = keys.into_iter().map(|key| (key.clone(), value(&old, key), value(&new, key)));
        pairs.filter(|(_, old, new)| old != new).collect()
    }
}

/// The field that a change is of; empty if each of them is undone alone.
fn field(change: &Change) -> String {
    match change {
        Change::Head(_) => "head".to_owned(),
        Change::Step(index, field, _) if !field.is_empty() => format!("{index} {field}"),
        _ => String::new(),
    }
}

/// What `convlens lesson check` says of it.
fn checked(draft: &Draft) -> Checked {
    let examples: Vec<&str> = EXAMPLES.iter().map(|example| example.name).collect();
    let kernels: Vec<&str> = KERNELS.iter().map(|kernel| kernel.name).collect();
    check(&draft.to_text(), &Known { examples: &examples, kernels: &kernels })
}

/// One of *My lessons*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyLesson {
    /// Its file.
    pub path: PathBuf,
    /// Whether it lies in the settings folder.
    pub is_own: bool,
    /// Its id; empty if it cannot be read.
    pub id: String,
    /// Its title, or the file's name.
    pub title: String,
    /// Its steps.
    pub steps: usize,
    /// The minutes that it takes.
    pub minutes: u32,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// What is kept of a recording while it is not in its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRecording {
    /// Its file.
    pub file: Option<PathBuf>,
    /// Whether that lies in the settings folder.
    pub is_own: bool,
    /// Whether the file holds it.
    pub is_saved: bool,
    /// The step that was edited.
    pub at: usize,
    /// The text of the lesson.
    pub text: String,
}

impl KeptRecording {
    /// What is kept of it.
    pub fn of(recording: &Recording) -> Self {
        Self {
            file: recording.file.clone(),
            is_own: recording.is_own,
            is_saved: recording.is_saved(),
            at: recording.at,
            text: recording.draft.to_text(),
        }
    }

    /// The recording again.
    pub fn recording(self) -> Recording {
        let mut recording = Recording::new(Draft::of_text(&self.text), self.file, self.is_own);
        recording.at = self.at.min(recording.draft.steps.len().saturating_sub(1));
        recording.saved = if self.is_saved { recording.revision } else { 0 };
        recording
    }
}

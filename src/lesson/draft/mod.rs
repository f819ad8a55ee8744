//! A lesson as it is being written, faults and all: any file becomes a draft, and a draft becomes a file, without losing
//! a word.

mod part;
mod read;
mod steps;
mod task;
mod write;

pub use part::Part;
pub use steps::{Draft, DraftHead, DraftStep};
pub use task::{DraftKind, DraftTask, DraftWrong};

use super::{Show, Texts};
use crate::text::Language;

impl DraftStep {
    /// Reads again what could not be read, after it was changed.
    pub fn reread(&mut self) {
        if let Some(Part::Raw(_, toml)) = &self.show {
            self.show = Some(read::show(toml.clone()));
        }
        if let Some(Part::Raw(kind, toml)) = &self.task {
            self.task = Some(task::read(kind, toml.clone()));
        }
    }

    /// How many words its text has.
    pub fn words(&self) -> usize {
        self.text.split_whitespace().count()
    }
}

impl Draft {
    /// A lesson with one empty step.
    pub fn new(id: &str, title: &str) -> Self {
        let head =
            DraftHead { id: id.to_owned(), minutes: 5, title: Texts::english(title), ..DraftHead::default() };
        Self { head: Part::Read(head), before: String::new(), steps: Vec::new() }
    }

    /// Reads any text.
    pub fn of_text(text: &str) -> Self {
        read::draft(text)
    }

    /// Reads the beginning again, after it was changed.
    pub fn reread(&mut self) {
        if let Part::Raw(_, toml) = &self.head {
            self.head = read::head(toml.clone());
        }
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        write::text(self)
    }

    /// The state of a step: its own, or that of a step before it.
    pub fn shown_at(&self, step: usize) -> Option<&Show> {
        let steps = self.steps.get(..=step).unwrap_or_default();
        steps.iter().rev().find_map(|step| step.show.as_ref()?.read())
    }

    /// The step that a line of [`Draft::to_text`] belongs to; `None` before the first.
    pub fn step_at_line(&self, line: usize) -> Option<usize> {
        let starts = write::step_lines(self);
        starts.iter().rposition(|start| *start <= line)
    }

    /// The title in English.
    pub fn title(&self) -> &str {
        self.head.read().map_or("", |head| head.title.get(Language::ENGLISH))
    }
}

/// The id of a lesson of this title: letters, digits and hyphens.
pub fn id_of(title: &str) -> String {
    let mut id = String::new();
    for c in title.chars() {
        if c.is_ascii_alphanumeric() {
            id.push(c.to_ascii_lowercase());
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    let id = id.trim_end_matches('-');
    if id.is_empty() { "lesson".to_owned() } else { id.chars().take(60).collect() }
}

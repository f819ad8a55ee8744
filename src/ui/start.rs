//! What the command line says about the window.

use super::{
    core::Options,
    model::{saved::SavedState, view::ViewId},
    views::VIEWS,
    work::{lesson_file, state_file},
};
use crate::{
    lesson::{Lesson, shipped},
    text::{Language, Sentence},
};
use std::path::{Path, PathBuf};

/// How the window opens.
#[derive(Debug, Default)]
pub struct Start {
    /// The view that is shown; `None` is the one of the last time.
    pub view: Option<ViewId>,
    /// Whether it presents.
    pub presents: bool,
    /// Whether nothing is read of earlier times and nothing is kept.
    pub is_fresh: bool,
    /// The state that it opens with.
    pub state: Option<Box<SavedState>>,
    /// The lesson that it opens with.
    pub lesson: Option<Box<Lesson>>,
    /// The file that it opens as if it was dropped.
    pub open: Option<PathBuf>,
    /// The report of a crash before this start, which a message names.
    pub crash: Option<PathBuf>,
    /// The language that was asked for; `None` is the one of the last time.
    pub language: Option<Language>,
    /// The language at a first start.
    pub system_language: Language,
}

impl Start {
    /// The options of the application.
    pub(super) fn options(&self) -> Options {
        let Self { language, system_language, .. } = *self;
        let usual = Options { language, system_language, ..Options::default() };
        if self.is_fresh { Options { settings_path: None, runs_folder: None, ..usual } } else { usual }
    }
}

/// The names of the views for the command line.
pub fn view_names() -> Vec<&'static str> {
    VIEWS.iter().map(|entry| entry.name).collect()
}

/// The view of this name, in small or large letters.
pub fn view_named(name: &str) -> Option<ViewId> {
    VIEWS.iter().find(|entry| entry.name.eq_ignore_ascii_case(name)).map(|entry| entry.id)
}

/// Reads the state of a file for [`Start::state`].
pub fn read_state(path: &Path) -> Result<Box<SavedState>, Sentence> {
    state_file::read(path).map(Box::new)
}

/// Reads the lesson of a file, or finds the shipped one of this number or id, for [`Start::lesson`].
pub fn read_lesson(path: &Path) -> Result<Box<Lesson>, Sentence> {
    let name = path.to_str().filter(|name| !path.exists() && !name.contains(['.', '/', '\\']));
    let Some(name) = name else { return lesson_file::read(path).map(Box::new) };
    let found = shipped().iter().find(|lesson| name == lesson.id || name.parse() == Ok(lesson.number));
    let lost = Sentence::new(
        "there is no lesson {name}: give a lesson file, or the number or id of one that ships (`convlens lesson list`)",
    );
    found.cloned().map(Box::new).ok_or_else(|| lost.with("name", name))
}

//! The worksheets that are asked for in the window.

use crate::{
    text::Sentence,
    worksheet::{Chosen, Topic},
};
use serde::{Deserialize, Serialize};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize},
    },
};

/// Where the settings of worksheets come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorksheetSource {
    /// The view's own, as far as they fit on paper.
    #[default]
    Shown,
    /// All drawn by the seed.
    Drawn,
    /// The questions of the lesson that is open.
    Lesson,
}

/// What a person sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorksheetForm {
    /// What they are about.
    pub topic: Topic,
    /// Where the settings come from.
    pub source: WorksheetSource,
    /// The view's settings.
    pub shown: Chosen,
    /// How many sheets.
    pub count: usize,
    /// The seed.
    pub seed: u64,
    /// Whether the current image is the input of an exercise.
    pub has_digit: bool,
    /// Whether pages are written as pictures, too.
    pub is_png: bool,
}

/// What can be done with worksheets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum WorksheetAct {
    /// Opens the dialog, with the settings of the view.
    Open(Topic),
    /// Changes what is set.
    Set(WorksheetForm),
    /// Asks for the folder, if sheets can be made.
    Write,
    /// Ends the writing.
    Stop,
    /// Closes the dialog.
    Close,
}

/// The dialog.
#[derive(Clone, Debug)]
pub struct WorksheetDialog {
    /// What is set.
    pub form: WorksheetForm,
    /// Why no sheets can be made of it.
    pub problem: Option<Sentence>,
    /// The work, while it is going on.
    pub progress: Option<Arc<WorksheetProgress>>,
    /// The folder that was written to last.
    pub written: Option<PathBuf>,
}

/// Shared between the window and the task that writes.
#[derive(Debug, Default)]
pub struct WorksheetProgress {
    /// Finished sheets.
    pub done: AtomicUsize,
    /// Whether it is called off.
    pub is_stopped: AtomicBool,
}

impl WorksheetDialog {
    /// The dialog for a topic.
    pub fn new(topic: Topic, shown: Chosen) -> Self {
        let source = WorksheetSource::Shown;
        let form =
            WorksheetForm { topic, source, shown, count: 30, seed: 1, has_digit: false, is_png: false };
        Self { form, problem: None, progress: None, written: None }
    }
}

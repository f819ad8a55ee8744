//! The lesson that is open, what was answered, and what is kept of it.

use crate::lesson::{Lesson, Quantity, Step, TaskKind, task::Answer};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

/// What is done in a lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LessonAct {
    /// Opens a shipped lesson, by its id, where it was left.
    Open(String),
    /// Shows a step, by its index.
    GoTo(usize),
    /// The next step, if the task of this one is solved.
    Next,
    /// The step before.
    Back,
    /// Answers the task.
    Answer(LessonAnswer),
    /// Shows the next hint.
    Hint,
    /// Shows the solution.
    Solve,
    /// Dims the window around the places that are spoken of, or does not.
    Spotlight(bool),
    /// Shows the state of the step again.
    Restore,
    /// Closes the lesson: what was there before comes back.
    Leave,
    /// Forgets the progress of a lesson, by its id.
    StartOver(String),
    /// After leaving: shows the state of the lesson instead.
    Keep,
}

/// An answer to a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LessonAnswer {
    /// A number.
    Number(f64),
    /// What was typed instead of a number.
    NoNumber(String),
    /// An option, by its index.
    Choice(usize),
    /// The place of this accessible name was clicked.
    Click(String),
    /// The items, each by its index in the right order.
    Order(Vec<usize>),
}

/// What came of the last answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// Whether it was right.
    pub is_right: bool,
    /// What is said about it.
    pub text: String,
    /// The accessible names of the places where something was forgotten.
    pub places: Vec<String>,
}

/// A task as far as it was worked on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Work {
    /// How often an answer was given.
    pub tries: u32,
    /// How many hints are shown.
    pub hints: usize,
    /// What came of the last answer.
    pub reply: Option<Reply>,
    /// Whether the right answer was given.
    pub is_solved: bool,
    /// Whether the solution was shown.
    pub is_shown: bool,
    /// The option that was chosen last.
    pub chosen: Option<usize>,
}

impl Work {
    /// Whether the next step is open.
    pub fn is_done(&self) -> bool {
        self.is_solved || self.is_shown
    }
}

/// The lesson that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenLesson {
    /// The lesson.
    pub lesson: Arc<Lesson>,
    /// The index of the step.
    pub at: usize,
    /// The work on each step.
    pub work: Vec<Work>,
    /// Whether the window is dimmed around the places that are spoken of.
    pub has_spotlight: bool,
    /// Another number whenever a step is entered.
    pub entered: u64,
    /// Whether it is a preview of one that is being recorded, of which nothing is kept.
    pub is_preview: bool,
}

impl OpenLesson {
    /// A lesson where it was left.
    pub fn new(lesson: Arc<Lesson>, progress: Option<&LessonProgress>) -> Self {
        let mut work = vec![Work::default(); lesson.steps.len()];
        for (i, work) in work.iter_mut().enumerate() {
            work.is_solved = progress.is_some_and(|progress| progress.solved.contains(&i));
        }
        let last = lesson.steps.len().saturating_sub(1);
        let at = progress.map_or(0, |progress| progress.at.min(last));
        Self { lesson, at, work, has_spotlight: true, entered: 0, is_preview: false }
    }

    /// The step that is shown.
    pub fn step(&self) -> Option<&Step> {
        self.lesson.steps.get(self.at)
    }

    /// The work on it.
    pub fn work(&self) -> Option<&Work> {
        self.work.get(self.at)
    }

    /// Whether the next step is open.
    pub fn is_open(&self, step: usize) -> bool {
        self.lesson
            .steps
            .iter()
            .zip(&self.work)
            .take(step)
            .all(|(step, work)| step.task.is_none() || work.is_done())
    }

    /// The number that the window hides, since it is asked for.
    pub fn asked(&self) -> Option<Quantity> {
        let task = self.step()?.task.as_ref()?;
        match task.kind {
            TaskKind::Number { answer: Answer::Window(quantity), .. } if !self.work()?.is_done() => {
                Some(quantity)
            }
            _ => None,
        }
    }

    /// What is kept of it.
    pub fn progress(&self) -> LessonProgress {
        let solved = (0..self.work.len()).filter(|i| self.work[*i].is_done()).collect();
        LessonProgress { at: self.at, solved }
    }
}

/// What is kept of a lesson between two starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LessonProgress {
    /// The step that was shown last, by its index.
    pub at: usize,
    /// The steps whose tasks are solved.
    pub solved: BTreeSet<usize>,
}

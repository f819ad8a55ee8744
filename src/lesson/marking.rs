//! What came of marking a hand-in.

use crate::text::{Sentence, tr};
use serde::Serialize;

/// What is said about a task of a hand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is solved: what is claimed comes out.
    Solved,
    /// It is not, and no one says so.
    NotSolved,
    /// The solution was shown.
    Shown,
    /// It was revealed while presenting.
    Revealed,
    /// It is claimed to be solved, but something else comes out.
    DoesNotComeOut,
    /// It is claimed to be solved, but cannot be done again.
    NotChecked,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 6] =
        [Self::Solved, Self::NotSolved, Self::Shown, Self::Revealed, Self::DoesNotComeOut, Self::NotChecked];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Solved => tr("solved"),
            Self::NotSolved => tr("not solved"),
            Self::Shown => tr("solution shown"),
            Self::Revealed => tr("revealed in class"),
            Self::DoesNotComeOut => tr("claim does not come out"),
            Self::NotChecked => tr("cannot be checked"),
        }
    }
}

/// A task of a hand-in, marked.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkedTask {
    /// The number of its step, from 1.
    pub step: usize,
    /// The title of the step.
    pub title: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What is claimed, in words; empty if nothing is.
    pub claimed: String,
    /// What comes out instead; empty if that is the same.
    pub computed: String,
    /// What else there is to say.
    pub note: Option<Sentence>,
    /// How often an answer was given.
    pub tries: u32,
    /// How many hints were asked for.
    pub hints: usize,
}

/// A hand-in, marked.
#[derive(Clone, Debug, PartialEq)]
pub struct Marking {
    /// The name that was given; may be empty.
    pub name: String,
    /// The id of the lesson.
    pub lesson: String,
    /// Its title.
    pub title: String,
    /// Its tasks, in order.
    pub tasks: Vec<MarkedTask>,
}

impl Marking {
    /// How many tasks have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.tasks.iter().filter(|task| task.verdict == verdict).count()
    }
}

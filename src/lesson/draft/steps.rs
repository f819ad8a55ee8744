//! A lesson as it is being written: its head and its steps.

use super::{part::Part, task::DraftTask};
use crate::lesson::{Show, Texts, Topic};
use serde::{Deserialize, Serialize};

/// A lesson that is being written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The beginning of the file.
    pub head: Part<DraftHead>,
    /// What stands before the first step, which is a fault.
    pub before: String,
    /// The steps.
    pub steps: Vec<DraftStep>,
}

/// What the lesson is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DraftHead {
    /// The short name that identifies it.
    pub id: String,
    /// Its place in the list of shipped lessons; 0 for others.
    pub number: u32,
    /// The minutes that it takes.
    pub minutes: u32,
    /// Its title.
    pub title: Texts,
    /// What it is about, in a sentence.
    pub about: Texts,
    /// Its group.
    pub topic: Option<Topic>,
}

/// A step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DraftStep {
    /// Its title in English, as it is written.
    pub title: String,
    /// Its text in English, as it is written.
    pub text: String,
    /// Titles and texts in other languages, as they are written.
    pub others: String,
    /// The state that it shows; `None` leaves that of the step before.
    pub show: Option<Part<Show>>,
    /// What it asks.
    pub task: Option<Part<DraftTask>>,
}

//! Why settings cannot be computed.

use crate::text::{Say, Sentence};

/// Why settings cannot be computed, for the control of the setting to change. `S` names the controls of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected<S> {
    /// The setting to change.
    pub setting: S,
    /// The reason.
    pub reason: Sentence,
}

impl<S> Rejected<S> {
    /// Rejects a setting for an error, or for a reason in words.
    pub fn new(setting: S, reason: &impl Say) -> Self {
        Self { setting, reason: reason.say() }
    }

    /// The reason as a full sentence in the language of the window.
    pub fn sentence(&self) -> String {
        format!("{}.", self.reason.capitalised())
    }
}

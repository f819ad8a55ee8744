//! A control that a teacher has hidden, found again by its accessible name.

use serde::{Deserialize, Serialize};

/// A hidden control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenControl {
    /// What kind of control it is, as a screen reader calls it.
    pub role: String,
    /// Its name.
    pub name: String,
    /// Which of the controls with this role and name it is, from 0.
    #[serde(default)]
    pub number: usize,
}

/// The most controls that are hidden at once.
pub const MOST_HIDDEN: usize = 400;

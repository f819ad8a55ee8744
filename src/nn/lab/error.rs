//! Errors of the laboratory's functions.

use crate::{
    nn::setting_error::SettingError,
    text::{Say, Sentence},
};
use std::fmt;

/// An error of one of the laboratory's functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabError {
    /// A setting is out of range or does not fit the input.
    Setting(SettingError),
    /// A slice of values has the wrong length.
    Values(Sentence),
    /// The result would have no values, or this many, which is too many.
    ResultLen(usize),
}

impl LabError {
    /// An error about a slice with `values` values instead of `needed`.
    pub(super) fn values(sentence: &'static str, values: usize, needed: impl ToString) -> Self {
        Self::Values(Sentence::new(sentence).with("values", values).with("needed", needed))
    }
}

impl From<SettingError> for LabError {
    fn from(error: SettingError) -> Self {
        Self::Setting(error)
    }
}

impl Say for LabError {
    fn say(&self) -> Sentence {
        match self {
            Self::Setting(error) => error.say(),
            Self::Values(sentence) => sentence.clone(),
            Self::ResultLen(0) => {
                Sentence::new("the result would have no values: channels and sides must be at least 1")
            }
            Self::ResultLen(len) => {
                Sentence::new("the result would have {len} values, but at most {most} are shown")
                    .with("len", len)
                    .with("most", super::MAX_VALUES)
            }
        }
    }
}

impl fmt::Display for LabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for LabError {}

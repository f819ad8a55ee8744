//! Why a picture or a film cannot be made.

use crate::text::{Say, Sentence};
use std::fmt;

/// Why a picture or a film cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FigureError {
    /// The encoder of this format has refused it, for this reason.
    Refused(&'static str, String),
    /// It has no pixels or no frames.
    Empty,
}

impl Say for FigureError {
    fn say(&self) -> Sentence {
        match self {
            Self::Refused(format, reason) => {
                let sentence = Sentence::new("the {format} file cannot be made: {reason}");
                sentence.name("format", format).with("reason", reason)
            }
            Self::Empty => Sentence::new("there is nothing to write: the picture is empty"),
        }
    }
}

impl fmt::Display for FigureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for FigureError {}

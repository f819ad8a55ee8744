//! Why a drawing cannot be a single digit.

use crate::text::{Say, Sentence};

/// Why a drawing cannot be a single digit, as its shape alone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// Two digits side by side.
    TwoDigits,
    /// Lines that cross many times.
    Tangle,
    /// A round filled shape.
    Dot,
    /// A line shorter than twice its width.
    Dash,
    /// A single straight line that is nearly level.
    LevelLine,
    /// Another filled shape without strokes.
    Filled,
}

impl Say for Objection {
    fn say(&self) -> Sentence {
        Sentence::new(match self {
            Self::TwoDigits => "there are two digits; draw one at a time",
            Self::Tangle => "the lines cross more often than in any digit",
            Self::Dot => "this is a dot, not a digit",
            Self::Dash => "this is a short dash, not a digit",
            Self::LevelLine => "this is a level line, not a digit",
            Self::Filled => "this is a filled shape, not a digit",
        })
    }
}

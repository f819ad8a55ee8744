//! Why there is no worksheet.

use crate::{
    data::DataError,
    explain::ExplainError,
    nn::{LayerError, SettingError},
    text::{Say, Sentence},
};
use std::fmt;

/// Why a worksheet cannot be made.
#[derive(Debug)]
pub enum WorksheetError {
    /// A setting is out of range.
    Setting(SettingError),
    /// The settings do not fit each other.
    Layer(LayerError),
    /// The core refuses the numbers.
    Explain(ExplainError),
    /// The picture of the digit cannot be read.
    Picture(DataError),
    /// The picture has no ink: its name.
    Blank(String),
    /// The topic has no picture.
    NoPicture,
    /// There are not so many different sheets: how many there are.
    TooFew(usize),
    /// There is no such lesson: its number.
    NoLesson(u32),
    /// A lesson asks nothing that can be answered on paper: its title.
    NothingAsked(String),
}

impl From<SettingError> for WorksheetError {
    fn from(error: SettingError) -> Self {
        Self::Setting(error)
    }
}

impl From<LayerError> for WorksheetError {
    fn from(error: LayerError) -> Self {
        Self::Layer(error)
    }
}

impl From<ExplainError> for WorksheetError {
    fn from(error: ExplainError) -> Self {
        Self::Explain(error)
    }
}

impl From<DataError> for WorksheetError {
    fn from(error: DataError) -> Self {
        Self::Picture(error)
    }
}

impl Say for WorksheetError {
    fn say(&self) -> Sentence {
        match self {
            Self::Setting(error) => error.say(),
            Self::Layer(error) => error.say(),
            Self::Explain(error) => error.say(),
            Self::Picture(error) => error.say(),
            Self::Blank(name) => Sentence::new("{file} has no ink to make a digit of").with("file", name),
            Self::NoPicture => Sentence::new("a sheet on sizes has no picture: leave the digit out"),
            Self::TooFew(count) => Sentence::new(
                "these settings give only {count} different sheets: ask for fewer, or leave a setting to the seed",
            )
            .with("count", count),
            Self::NoLesson(number) => {
                Sentence::new("there is no lesson {number}; `convlens lesson list` has them all")
                    .with("number", number)
            }
            Self::NothingAsked(title) => {
                Sentence::new("the lesson “{title}” asks nothing that can be answered on paper")
                    .with("title", title)
            }
        }
    }
}

impl fmt::Display for WorksheetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for WorksheetError {}

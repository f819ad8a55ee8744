//! What is wrong with a lesson file.

use crate::text::{Say, Sentence};
use std::fmt;

/// What is wrong with a lesson file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonError {
    /// The line, from 1.
    pub line: usize,
    /// The reason.
    pub reason: Sentence,
}

impl LessonError {
    /// An error at a line, from 1.
    pub fn new(line: usize, reason: Sentence) -> Self {
        Self { line, reason }
    }
}

impl Say for LessonError {
    fn say(&self) -> Sentence {
        Sentence::new("line {line}: {reason}").with("line", self.line).part("reason", self.reason.clone())
    }
}

impl fmt::Display for LessonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for LessonError {}

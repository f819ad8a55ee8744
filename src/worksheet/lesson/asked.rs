//! A question of a lesson, with its answer.

use super::figure::LessonFigure;

/// A question of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonExercise {
    /// The number of its step, from 1.
    pub step: usize,
    /// The title of its step.
    pub title: String,
    /// What the step says, paragraph by paragraph.
    pub text: Vec<String>,
    /// What is asked.
    pub ask: String,
    /// The grids that it is about; `None`: they are in the window alone.
    pub figure: Option<LessonFigure>,
    /// What is right.
    pub answer: PaperAnswer,
}

/// The right answer of a question of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperAnswer {
    /// A number.
    Number(String),
    /// One of several options, by its index.
    Choice {
        /// The options.
        options: Vec<String>,
        /// The right one.
        right: usize,
    },
}

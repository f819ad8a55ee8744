//! A sheet: its exercises, each with its numbers, questions and answers.

use super::{
    Digit, chain::Chain, convolution::ConvolutionExercise, lesson::LessonExercise, order::Topic,
    pooling::PoolingExercise, same::Same, sizes::Sizes,
};
use crate::text::Sentence;
use std::sync::Arc;

/// A worksheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What it is called.
    pub title: Title,
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// The seed that it was drawn by; `None` for a sheet of a lesson, of which nothing is drawn.
    pub seed: Option<u64>,
    /// Its exercises.
    pub exercises: Vec<Exercise>,
}

/// What a sheet is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Title {
    /// By its topic.
    Topic(Topic),
    /// By the lesson that it is of.
    Lesson {
        /// The lesson's number.
        number: u32,
        /// The lesson's title.
        title: String,
    },
}

/// What an exercise's input is.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// Numbers, and a kernel without signs.
    Plain,
    /// An edge, and a kernel that answers to it.
    Edge,
    /// A student's own digit.
    Digit(Arc<Digit>),
}

/// A further question, and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What is asked.
    pub ask: Sentence,
    /// What is right.
    pub answer: Sentence,
}

/// An exercise.
#[derive(Clone, Debug, PartialEq)]
pub enum Exercise {
    /// A convolution.
    Convolution(Box<ConvolutionExercise>),
    /// Pooling.
    Pooling(Box<PoolingExercise>),
    /// Output sizes by the formula.
    Sizes(Sizes),
    /// Padding that keeps the size.
    Same(Same),
    /// Sizes through a network.
    Chain(Chain),
    /// A question of a lesson.
    Lesson(Box<LessonExercise>),
}

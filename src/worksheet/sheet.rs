//! A sheet and its exercises.

use super::{
    chain::Chain, convolution::ConvolutionExercise, lesson::asked::LessonExercise, order::Topic,
    pooling::PoolingExercise, same::Same, sizes::Sizes,
};

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

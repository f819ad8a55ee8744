//! What an exercise's input is, and its further questions.

use super::Digit;
use crate::text::Sentence;
use std::sync::Arc;

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

//! An exercise on a convolution. Its answers are those of [`Convolution`].

use super::{
    error::WorksheetError,
    settings::Settings,
    shown::{number, plain, uncovered},
    subject::{Question, Subject},
};
use crate::{
    explain::{Convolution, cell::ChannelTerms, convolution::ConvOutputSize},
    nn::Shape,
    text::Sentence,
};

/// An exercise on a convolution.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvolutionExercise {
    /// What the input is.
    pub subject: Subject,
    /// The settings.
    pub settings: Settings,
    /// The input (C, H, W).
    pub input: Vec<f32>,
    /// The kernels (filters, C, K, K).
    pub kernels: Vec<f32>,
    /// The output (filters, OH, OW).
    pub output: Vec<f32>,
    /// The side of the output, with the numbers that it follows from.
    pub size: ConvOutputSize,
    /// The products of the first output, channel by channel.
    pub first: Vec<ChannelTerms>,
    /// For each row, and each column, of the padded input: whether any window covers it.
    pub covered: Vec<bool>,
    /// Further questions.
    pub questions: Vec<Question>,
}

impl ConvolutionExercise {
    /// Solves the exercise with these numbers. Fails if the settings do not fit.
    pub fn new(
        subject: Subject,
        settings: Settings,
        input: Vec<f32>,
        kernels: Vec<f32>,
    ) -> Result<Self, WorksheetError> {
        let Settings { size, channels, .. } = settings;
        let conv =
            Convolution::new(settings.conv(), Shape::maps(channels, size, size), &input, &kernels, &[])?;
        let first = conv.step(0).map(|step| step.parts).unwrap_or_default();
        let [size, _] = conv.output_sizes();
        let (covered, _) = conv.covered();
        let questions = questions(&subject, &conv, &covered);
        let output = conv.y().to_vec();
        Ok(Self { subject, settings, input, kernels, output, size, first, covered, questions })
    }

    /// The number of products in all outputs together.
    pub fn products(settings: &Settings, side: usize) -> usize {
        let Settings { kernel_size, channels, filters, .. } = *settings;
        side * side * filters * channels * kernel_size * kernel_size
    }
}

fn questions(subject: &Subject, conv: &Convolution, covered: &[bool]) -> Vec<Question> {
    let mut questions = Vec::new();
    match subject {
        Subject::Plain => {
            let costs = conv.costs().conv;
            questions.push(Question {
                ask: Sentence::new("How many products of two numbers are there in all outputs together?"),
                answer: plain(costs.multiply_adds),
            });
            questions.push(Question {
                ask: Sentence::new(
                    "How many numbers would a network have to learn for this (without a bias)?",
                ),
                answer: plain(costs.parameters),
            });
        }
        Subject::Edge | Subject::Digit(_) => {
            let largest = conv.y().iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let count = conv.y().iter().filter(|y| **y == largest).count();
            questions.push(Question {
                ask: Sentence::new("What is the largest number of the output, and how often is it there?"),
                answer: Sentence::new("{number}; how often: {count}")
                    .with("number", number(largest))
                    .with("count", count),
            });
        }
    }
    if conv.settings().stride.h > 1 {
        let missed: Vec<usize> = (0..covered.len()).filter(|at| !covered[*at]).collect();
        let ask = "Which rows and columns of the padded input does no window cover? Count from 0.";
        questions.push(Question { ask: Sentence::new(ask), answer: uncovered(&missed) });
    }
    questions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_those_of_the_core() {
        let settings =
            Settings { size: 4, kernel_size: 3, stride: 2, padding: 1, dilation: 1, channels: 1, filters: 1 };
        let input: Vec<f32> =
            [2, 1, 1, 3, 2, 1, 3, 2, 1, 0, 1, 1, 1, 3, 0, 3].map(|x: i32| x as f32).to_vec();
        let kernel: Vec<f32> = [2, 0, 1, 2, 2, 1, 0, 1, 0].map(|x: i32| x as f32).to_vec();
        let made = ConvolutionExercise::new(Subject::Plain, settings, input, kernel).unwrap();
        assert_eq!(made.output, [7.0, 10.0, 4.0, 7.0]);
        assert_eq!((made.size.output, made.covered), (2, vec![true, true, true, true, true, false]));
        let answers: Vec<String> = made.questions.iter().map(|one| one.answer.to_string()).collect();
        assert_eq!(answers, ["36", "9", "row 5 and column 5"]);
    }
}

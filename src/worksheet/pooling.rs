//! An exercise on pooling. Its answers are those of [`Pooling`].

use super::{
    error::WorksheetError,
    settings::Settings,
    shown::{number, plain, uncovered},
    subject::{Question, Subject},
};
use crate::{
    explain::{
        Pooling,
        pooling::{PoolOutputSize, PoolingStep},
    },
    text::Sentence,
};

/// An exercise on pooling.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolingExercise {
    /// What the input is.
    pub subject: Subject,
    /// The settings.
    pub settings: Settings,
    /// The input (H, W).
    pub input: Vec<f32>,
    /// The largest of each window.
    pub max: Vec<f32>,
    /// The mean of each window; `None` with a dilation, which average pooling does not have.
    pub average: Option<Vec<f32>>,
    /// The settings along a side.
    pub size: PoolOutputSize,
    /// The side of the output.
    pub side: usize,
    /// The first window.
    pub first: PoolingStep,
    /// Further questions.
    pub questions: Vec<Question>,
}

impl PoolingExercise {
    /// Solves the exercise with these numbers. Fails if the settings do not fit.
    pub fn new(subject: Subject, settings: Settings, input: Vec<f32>) -> Result<Self, WorksheetError> {
        let sides = (settings.size, settings.size);
        let max = Pooling::new(settings.max().into(), &input, sides)?;
        let average = match settings.average() {
            Some(layer) => Some(Pooling::new(layer.into(), &input, sides)?.output().to_vec()),
            None => None,
        };
        let Settings { size: n, kernel_size: kernel, stride, padding, dilation, .. } = settings;
        let size = PoolOutputSize { n, kernel, stride, padding, dilation, ceil_mode: false };
        let (side, _) = max.output_size();
        let questions = questions(&max);
        let (first, max) = (max.step(0), max.output().to_vec());
        Ok(Self { subject, settings, input, max, average, size, side, first, questions })
    }

    /// Whether some mean has more than two decimals.
    pub fn is_rounded(&self) -> bool {
        let has_more = |mean: &f32| {
            let hundredths = mean * 100.0;
            (hundredths - hundredths.round()).abs() > 1e-3
        };
        self.average.iter().flatten().any(has_more)
    }
}

fn questions(max: &Pooling) -> Vec<Question> {
    let mut questions = vec![Question {
        ask: Sentence::new("In how many windows does the largest number occur more than once?"),
        answer: plain(max.ties()),
    }];
    let first = max.step(0);
    if let Some((row, column)) = first.winners().first() {
        questions.push(Question {
            ask: Sentence::new("Which cell gives the first output its maximum? Row and column count from 0."),
            answer: if first.winners().len() > 1 {
                Sentence::new("row {row}, column {column}, the first of {count} equal ones ({value})")
                    .with("row", row)
                    .with("column", column)
                    .with("count", first.winners().len())
                    .with("value", number(first.value))
            } else {
                Sentence::new("row {row}, column {column}").with("row", row).with("column", column)
            },
        });
    }
    let (rows, columns) = max.uncovered();
    if !rows.is_empty() || !columns.is_empty() {
        questions.push(Question {
            ask: Sentence::new("Which rows and columns of the input does no window cover? Count from 0."),
            answer: uncovered(&rows),
        });
    }
    questions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_those_of_the_core() {
        let settings =
            Settings { size: 5, kernel_size: 2, stride: 2, padding: 0, dilation: 1, channels: 1, filters: 1 };
        let input: Vec<f32> = (0..25).map(|i| ((i * 7) % 10) as f32).collect();
        let made = PoolingExercise::new(Subject::Plain, settings, input).unwrap();
        assert_eq!(made.max, [7.0, 9.0, 7.0, 9.0]);
        assert_eq!(made.average.as_deref(), Some(&[3.5, 5.0, 3.5, 5.0][..]));
        assert_eq!((made.side, made.is_rounded()), (2, false));
        let last = made.questions.last().unwrap();
        assert_eq!(last.answer.to_string(), "row 4 and column 4");
        let dilated = Settings { dilation: 2, ..settings };
        assert!(PoolingExercise::new(Subject::Plain, dilated, vec![0.0; 25]).unwrap().average.is_none());
    }
}

//! A round of predictions: the revealed outputs, the last answer, and the score.

use crate::explain::convolution::{ConvolutionStep, Mistake, diagnose};
use std::collections::BTreeSet;

/// A prediction, and the mistake in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The output, by its step.
    pub at: usize,
    /// The prediction.
    pub guess: f32,
    /// The value of the output.
    pub value: f32,
    /// The mistake; `None` if the prediction is right.
    pub slip: Option<Mistake>,
}

/// The predictions since the round began.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Round {
    /// The outputs that were revealed.
    pub told: BTreeSet<usize>,
    /// The number of right predictions.
    pub right: usize,
    /// The number of predictions.
    pub asked: usize,
    /// The last prediction, until the next output is asked for.
    pub last: Option<Answered>,
}

impl Round {
    /// Takes a prediction of output `at`. Predictions of revealed outputs do not count.
    pub fn guess(&mut self, at: usize, step: &ConvolutionStep, guess: f32) {
        if self.told.insert(at) {
            let slip = diagnose(step, guess);
            self.asked += 1;
            self.right += usize::from(slip.is_none());
            self.last = Some(Answered { at, guess, value: step.value, slip });
        }
    }

    /// The first hidden output of `len`, from `at` on, and then from the start. `None` if all are revealed.
    pub fn next(&self, at: usize, len: usize) -> Option<usize> {
        (at..len).chain(0..at.min(len)).find(|at| !self.told.contains(at))
    }

    /// The outputs have changed: hides all, and keeps the score.
    pub fn hide_all(&mut self) {
        self.told.clear();
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        explain::Convolution,
        nn::{Shape, layers::Conv2d},
    };

    #[test]
    fn each_output_counts_once() {
        let x: Vec<f32> = (0..9).map(|v| v as f32).collect();
        let conv = Convolution::new(Conv2d::new(1, 2), Shape::maps(1, 3, 3), &x, &[1.0; 4], &[0.0]).unwrap();
        let mut round = Round::default();
        let step = |at| conv.step(at).unwrap();
        round.guess(0, &step(0), 8.0);
        round.guess(1, &step(1), 0.0);
        round.guess(1, &step(1), 12.0);
        assert_eq!((round.right, round.asked), (1, 2));
        assert!(round.last.as_ref().is_some_and(|last| last.slip.is_some() && last.value == 12.0));
        assert_eq!(round.next(0, 4), Some(2));
        round.told.extend(0..4);
        assert_eq!(round.next(2, 4), None);
        round.hide_all();
        assert_eq!((round.right, round.asked, round.next(3, 4)), (1, 2, Some(3)));
    }
}

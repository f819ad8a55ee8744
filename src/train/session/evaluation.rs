//! The evaluations of a session.

use super::{Session, due::Due};
use crate::{
    nn::Executor,
    train::{
        evaluate::{Evaluation, Evaluator},
        history::Point,
    },
};

/// Images of a quick evaluation during an epoch.
const QUICK_IMAGES: usize = 1000;

impl Session {
    /// Starts the evaluation that is due.
    pub fn evaluator(&self, due: Due) -> Evaluator {
        Evaluator::new(&self.network, 0..self.evaluated(due))
    }

    /// The number of images that it evaluates.
    pub fn evaluated(&self, due: Due) -> usize {
        let len = self.evaluation.len();
        if due == Due::QuickEvaluation { len.min(QUICK_IMAGES) } else { len }
    }

    /// Evaluates the next batch. Returns the result after the last batch, and adds it to the history.
    pub fn evaluate(
        &mut self,
        due: Due,
        evaluator: &mut Evaluator,
        executor: &dyn Executor,
    ) -> Option<Evaluation> {
        let result = evaluator.step(&self.network, &self.evaluation, executor)?;
        let point =
            Point { step: self.step, loss: result.loss, accuracy: result.accuracy(), images: result.images };
        match due {
            Due::FullEvaluation => {
                self.history.full.push(point);
                let (epoch, patience) = (self.epoch(), self.config.early_stop);
                if patience > 0 {
                    self.early_stop.epoch(epoch, point.loss, patience, &mut self.network);
                }
            }
            Due::QuickEvaluation | Due::Step => self.history.quick.push(point),
        }
        Some(result)
    }
}

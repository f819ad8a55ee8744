//! The training loop: steps, and an evaluation after each epoch.

use crate::train::{Evaluation, Pool, Session, session::Due};
use anyhow::Result;

/// Follows a training loop.
pub(super) trait Watch {
    /// Whether to make the quick evaluations during an epoch.
    const QUICK: bool = false;

    /// Called after each step.
    fn step(&mut self, session: &Session) -> Result<()>;

    /// Whether to stop after the present step.
    fn is_interrupted(&self) -> bool {
        false
    }

    /// Called after each epoch with the evaluation of the network.
    fn epoch(&mut self, session: &Session, evaluation: &Evaluation) -> Result<()>;
}

/// Trains for `epochs` more epochs, or until the session stops early or is interrupted.
pub(super) fn run<W: Watch>(session: &mut Session, epochs: usize, pool: &Pool, watch: &mut W) -> Result<()> {
    let end = session.epoch() + epochs;
    while session.epoch() < end && !session.has_stopped_early() && !watch.is_interrupted() {
        let due = session.step(pool)?;
        watch.step(session)?;
        if due == Due::FullEvaluation || due == Due::QuickEvaluation && W::QUICK {
            let result = evaluate(session, due, pool);
            if due == Due::FullEvaluation {
                watch.epoch(session, &result)?;
            }
        }
    }
    Ok(())
}

fn evaluate(session: &mut Session, due: Due, pool: &Pool) -> Evaluation {
    let mut evaluator = session.evaluator(due);
    loop {
        if let Some(result) = session.evaluate(due, &mut evaluator, pool) {
            return result;
        }
    }
}

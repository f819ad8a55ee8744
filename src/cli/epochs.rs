//! The loop around a training session: steps, the evaluation after each epoch, and what is to be heard of both.

use crate::train::{Evaluation, Pool, Session, session::Due};
use anyhow::Result;

/// Hears how training goes on.
pub(super) trait Watch {
    /// Whether the quick evaluations during an epoch are wanted.
    const QUICK: bool = false;

    /// A step was made.
    fn step(&mut self, session: &Session) -> Result<()>;

    /// An epoch is over, and this is how the network does on the evaluation images.
    fn epoch(&mut self, session: &Session, evaluation: &Evaluation) -> Result<()>;
}

/// Trains for `epochs` epochs more, or until it stops early.
pub(super) fn run<W: Watch>(session: &mut Session, epochs: usize, pool: &Pool, watch: &mut W) -> Result<()> {
    let end = session.epoch() + epochs;
    while session.epoch() < end && !session.has_stopped_early() {
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

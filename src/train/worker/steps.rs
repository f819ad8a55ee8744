//! A step of the run, and the evaluation after it.

use super::thread::{PUBLISH_EVERY, Worker};
use crate::train::{
    message::{Event, Status},
    run::Run,
    session::Due,
};
use std::{sync::Arc, time::Instant};

impl Worker {
    /// Makes one step, and the evaluation that is due after it.
    pub(super) fn train(&mut self) {
        let Some(run) = &mut self.run else { return };
        let (begun, seen) = (Instant::now(), run.session.images_seen());
        let due = match run.session.step(&self.pool) {
            Ok(due) => due,
            Err(error) => {
                run.status = Status::Diverged;
                run.note_ruin();
                let is_known = std::mem::replace(&mut run.has_said_ruin, true);
                let sentence = error.advice(run.session.good_step(), is_known);
                run.trouble = Some(error);
                self.report(Event::Problem(sentence));
                return;
            }
        };
        run.trouble = None;
        run.has_said_ruin &= run.session.is_ruined();
        run.note_moment();
        // Without the look at the layers, which is no part of training.
        let elapsed = begun.elapsed().as_secs_f64();
        let is_last = run.stop_at.is_some_and(|stop| run.session.steps() >= stop);
        if self.watch.is_due(is_last) {
            run.look = Some(Arc::new(run.session.look_at_last_step()));
            self.watch.looked();
        }
        run.throughput.add(run.session.images_seen() - seen, elapsed);
        run.seconds = run.seconds.map(|seconds| seconds + elapsed);
        if due != Due::Step && !self.evaluate(due) {
            return;
        }
        let Some(run) = &mut self.run else { return };
        if run.stop_at.is_some_and(|stop| run.session.steps() >= stop) {
            run.status = Status::Paused;
        }
        if run.session.has_stopped_early() {
            run.status = Status::Finished;
            let epochs = run.session.epoch();
            if let Some(best) = run.session.best() {
                let event = Event::StoppedEarly { epochs, best: best.epoch, loss: best.loss };
                self.report(event);
            }
            return;
        }
        // Also if a pause came during the last evaluation.
        if run.session.epoch() >= run.epochs {
            run.status = Status::Finished;
            let accuracy = run.session.history().full.last().map_or(0.0, |point| point.accuracy);
            let epochs = run.session.epoch();
            self.report(Event::Finished { epochs, accuracy });
        }
    }

    /// Evaluates between two steps and goes on taking commands; `false` if the evaluation or the run was given up.
    fn evaluate(&mut self, due: Due) -> bool {
        let Some(run) = &mut self.run else { return false };
        let number = self.runs;
        let steps = run.session.steps();
        let mut evaluator = run.session.evaluator(due);
        let mut edits = self.filter_commands;
        let mut published = Instant::now();
        loop {
            let Some(run) = &mut self.run else { return false };
            if run.session.evaluate(due, &mut evaluator, &self.pool).is_some() {
                return true;
            }
            if published.elapsed() >= PUBLISH_EVERY {
                published = Instant::now();
                if !self.take_commands() {
                    return false;
                }
                let same = |run: &Run| self.runs == number && run.session.steps() == steps;
                if !self.run.as_ref().is_some_and(same) {
                    return false;
                }
                if let Some(run) = self.run.as_ref().filter(|_| self.filter_commands != edits) {
                    // A filter was painted meanwhile: all images are for the network as it is now.
                    edits = self.filter_commands;
                    evaluator = run.session.evaluator(due);
                }
                if due == Due::FullEvaluation {
                    self.publish_as(Some(Status::Evaluating));
                }
            }
        }
    }
}

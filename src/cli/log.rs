//! `--log`: the curves of a run as CSV.
//!
//! One header line, then one row a measurement:
//!
//! | column | what |
//! |---|---|
//! | `step` | optimiser steps made |
//! | `epoch` | the epoch that the step belongs to, from 1 |
//! | `loss` | mean cross-entropy in nats |
//! | `accuracy` | share of images taken for what they are, 0…1 |
//! | `set` | `train`: the batch of that step; `validation` or `test`: the whole set, after the epoch's last step |
//! | `images` | how many images the two were measured on |

use crate::train::{Evaluation, History, Session};
use anyhow::{Context, Result, anyhow};
use std::{
    fs::{File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// What all steps so far add up to; the difference of two is what the steps between them add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Totals {
    loss: f64,
    correct: f64,
    images: usize,
}

impl Totals {
    /// All steps of a run.
    pub(super) fn of(history: &History) -> Self {
        history.training().fold(Self::default(), |sum, point| Self {
            loss: sum.loss + point.loss * point.images as f64,
            correct: sum.correct + point.accuracy * point.images as f64,
            images: sum.images + point.images,
        })
    }

    /// The steps that were made since `before`.
    #[must_use]
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            loss: self.loss - before.loss,
            correct: (self.correct - before.correct).round(),
            images: self.images - before.images,
        }
    }

    /// The mean loss of an image, in nats.
    pub(super) fn mean_loss(self) -> f64 {
        self.loss / self.images.max(1) as f64
    }

    /// The share of images taken for what they are, 0…1.
    pub(super) fn accuracy(self) -> f64 {
        self.correct / self.images.max(1) as f64
    }
}

/// The file that the rows go to.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: BufWriter<File>,
    before: Totals,
}

impl Log {
    /// Creates the file with its header. For a session that goes on, `before` is what it did so far, and rows that are
    /// in the file already stay before the new ones.
    pub(super) fn open(path: &Path, before: Totals) -> Result<Self> {
        let goes_on = before.images > 0;
        let file = OpenOptions::new().create(true).write(true).append(goes_on).truncate(!goes_on).open(path);
        let file = file.with_context(|| format!("--log {}: cannot be written", path.display()))?;
        let is_empty = !file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0);
        let mut log = Self { path: path.to_owned(), file: BufWriter::new(file), before };
        if is_empty {
            log.write("step,epoch,loss,accuracy,set,images")?;
        }
        Ok(log)
    }

    /// Adds the step that was just made.
    pub(super) fn step(&mut self, session: &Session) -> Result<()> {
        let totals = Totals::of(session.history());
        let batch = totals.since(self.before);
        self.before = totals;
        self.row(session, batch.mean_loss(), batch.accuracy(), "train", batch.images)
    }

    /// Adds an evaluation on `set`, and brings everything so far to the disk.
    pub(super) fn evaluation(&mut self, session: &Session, set: &str, evaluation: &Evaluation) -> Result<()> {
        self.row(session, evaluation.loss, evaluation.accuracy(), set, evaluation.images)?;
        self.file.flush().map_err(|error| self.complain(&error))
    }

    fn row(&mut self, session: &Session, loss: f64, accuracy: f64, set: &str, images: usize) -> Result<()> {
        let step = session.steps();
        let epoch = step.div_ceil(session.batches_per_epoch() as u64);
        self.write(&format!("{step},{epoch},{loss:.6},{accuracy:.6},{set},{images}"))
    }

    fn write(&mut self, line: &str) -> Result<()> {
        writeln!(self.file, "{line}").map_err(|error| self.complain(&error))
    }

    /// In words alone: a pipe that nobody reads any more is a failure here.
    fn complain(&self, error: &io::Error) -> anyhow::Error {
        anyhow!("--log {}: cannot be written: {error}", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Point;

    #[test]
    fn the_difference_is_the_step_even_when_the_curve_is_thinned() {
        let (mut history, mut before) = (History::default(), Totals::default());
        for step in 1..=10_000_u64 {
            let (loss, correct) = (2.3 / step as f64, step % 65);
            history.push(Point { step, loss, accuracy: correct as f64 / 64.0, images: 64 });
            let totals = Totals::of(&history);
            let batch = totals.since(before);
            before = totals;
            assert!((batch.mean_loss() - loss).abs() < 1e-9, "step {step}: {}", batch.mean_loss());
            assert_eq!((batch.accuracy(), batch.images), (correct as f64 / 64.0, 64), "step {step}");
        }
    }
}

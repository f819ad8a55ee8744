//! `--log`: the curves of a run as CSV.
//!
//! A header line, then a row per measurement:
//!
//! | column | meaning |
//! |---|---|
//! | `step` | optimiser steps made |
//! | `epoch` | the epoch that the step belongs to, from 1 |
//! | `loss` | mean cross-entropy in nats |
//! | `accuracy` | fraction of images classified correctly, 0 to 1 |
//! | `set` | `train`: the batch of that step; `validation` or `test`: the whole set, after the epoch's last step |
//! | `images` | images that loss and accuracy were measured on |

use crate::{
    files,
    text::Sentence,
    train::{CSV_HEADER as HEADER, Evaluation, History, Point, Session, csv_row},
};
use anyhow::{Context, Result, anyhow, bail};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// The longest time between two writes of the file.
const WRITE_EVERY: Duration = Duration::from_secs(5);

/// The longest log that is read, in bytes.
const MAX_BYTES: u64 = 1 << 30;

/// The sums over all steps so far. The difference of two such sums is the sum over the steps between.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Totals {
    loss: f64,
    correct: f64,
    images: usize,
}

impl Totals {
    /// The sums over all steps of a run.
    pub(super) fn of(history: &History) -> Self {
        history.training().fold(Self::default(), |sum, point| Self {
            loss: sum.loss + point.loss * point.images as f64,
            correct: sum.correct + point.accuracy * point.images as f64,
            images: sum.images + point.images,
        })
    }

    /// The sums over the steps since `before`.
    #[must_use]
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            loss: self.loss - before.loss,
            correct: (self.correct - before.correct).round(),
            images: self.images - before.images,
        }
    }

    /// Mean loss of an image, in nats.
    pub(super) fn mean_loss(self) -> f64 {
        self.loss / self.images.max(1) as f64
    }

    /// Fraction of images classified correctly, 0 to 1.
    pub(super) fn accuracy(self) -> f64 {
        self.correct / self.images.max(1) as f64
    }
}

/// The log: a file that is written atomically every few seconds and after each evaluation, or a device or a pipe that
/// gets each row at once.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    target: Target,
    before: Totals,
}

#[derive(Debug)]
enum Target {
    File { text: String, written: Instant },
    Stream { file: File, has_header: bool },
}

impl Log {
    /// Starts a log. `before` are the sums of the run so far and `step` its last step. For a resumed run, the rows of the
    /// file up to that step stay; later rows are of steps that the run makes again.
    pub(super) fn open(path: &Path, before: Totals, step: u64) -> Result<Self> {
        let failed = || Sentence::new("--log {file}: cannot be written").with("file", path.display());
        let other =
            || anyhow!(Sentence::new("--log {file}: is not a log of ConvLens").with("file", path.display()));
        let is_stream = fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        let target = if is_stream {
            let file = OpenOptions::new().append(true).open(path).with_context(failed)?;
            Target::Stream { file, has_header: false }
        } else {
            files::check_writable(path).with_context(failed)?;
            let old = if step > 0 { read(path)? } else { None };
            let text = match old {
                Some(old) => rows_until(&old, step).ok_or_else(other)?,
                None => format!("{HEADER}\n"),
            };
            Target::File { text, written: Instant::now() }
        };
        let mut log = Self { path: path.to_owned(), target, before };
        log.write()?;
        Ok(log)
    }

    /// Adds a row for the last step.
    pub(super) fn step(&mut self, session: &Session) -> Result<()> {
        let totals = Totals::of(session.history());
        let batch = totals.since(self.before);
        self.before = totals;
        self.row(session, batch.mean_loss(), batch.accuracy(), "train", batch.images)?;
        match &self.target {
            Target::File { written, .. } if written.elapsed() > WRITE_EVERY => self.write(),
            _ => Ok(()),
        }
    }

    /// Adds a row for an evaluation on `set`, and writes all rows to the file.
    pub(super) fn evaluation(&mut self, session: &Session, set: &str, evaluation: &Evaluation) -> Result<()> {
        self.row(session, evaluation.loss, evaluation.accuracy(), set, evaluation.images)?;
        self.write()
    }

    /// Writes all rows to the file.
    pub(super) fn write(&mut self) -> Result<()> {
        match &mut self.target {
            Target::Stream { .. } => Ok(()),
            Target::File { text, written } => {
                *written = Instant::now();
                files::write(&self.path, text.as_bytes()).map_err(|error| self.complain(&error))
            }
        }
    }

    fn row(&mut self, session: &Session, loss: f64, accuracy: f64, set: &str, images: usize) -> Result<()> {
        let step = session.steps();
        let epoch = step.div_ceil(session.batches_per_epoch() as u64);
        self.line(&csv_row(&Point { step, loss, accuracy, images }, epoch, set))
    }

    fn line(&mut self, line: &str) -> Result<()> {
        match &mut self.target {
            Target::File { text, .. } => {
                text.push_str(line);
                text.push('\n');
                Ok(())
            }
            Target::Stream { file, has_header } => {
                let header =
                    if std::mem::replace(has_header, true) { String::new() } else { format!("{HEADER}\n") };
                writeln!(file, "{header}{line}").map_err(|error| self.complain(&error))
            }
        }
    }

    /// An error without its cause: a closed pipe is a failure here, unlike on stdout.
    fn complain(&self, error: &io::Error) -> anyhow::Error {
        let sentence = Sentence::new("--log {file}: cannot be written: {reason}");
        anyhow!(sentence.with("file", self.path.display()).with("reason", error))
    }
}

/// The content of an existing log that is not empty.
fn read(path: &Path) -> Result<Option<String>> {
    let failed = || Sentence::new("--log {file}: cannot be read").with("file", path.display());
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Ok(metadata) if metadata.len() > MAX_BYTES => {
            let sentence = Sentence::new("--log {file}: is longer than {bytes} bytes, the limit for a log");
            bail!(sentence.with("file", path.display()).with("bytes", MAX_BYTES))
        }
        _ => {}
    }
    let text = fs::read_to_string(path).with_context(failed)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// The header and the complete rows up to `step`; `None` if the text is not a log.
fn rows_until(text: &str, step: u64) -> Option<String> {
    let mut lines = text.split_inclusive('\n');
    if lines.next()?.trim_end() != HEADER {
        return None;
    }
    let mut kept = format!("{HEADER}\n");
    for line in lines {
        let columns: Vec<&str> = line.trim_end().split(',').collect();
        // The last row is incomplete if writing was interrupted.
        let is_row = columns.len() == 6 && line.ends_with('\n');
        if is_row && columns[0].parse::<u64>().is_ok_and(|row| row <= step) {
            kept.push_str(line.trim_end());
            kept.push('\n');
        }
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Point;

    #[test]
    fn rows_of_later_steps_and_incomplete_rows_are_cut() {
        let rows = "1,1,2.3,0.1,train,64\n2,1,2.2,0.2,train,64\n2,1,2.1,0.2,test,10\n3,2,2.0,0.3,train,64\n";
        let text = format!("{HEADER}\n{rows}4,2,1.9");
        let kept = |step| rows_until(&text, step).unwrap().lines().count() - 1;
        assert_eq!([0, 1, 2, 3, 9].map(kept), [0, 1, 3, 4, 4]);
        assert_eq!(rows_until(&text, 9).unwrap(), format!("{HEADER}\n{rows}"));
        let windows = text.replace('\n', "\r\n");
        assert_eq!(rows_until(&windows, 9).unwrap(), format!("{HEADER}\n{rows}"));
        assert_eq!(rows_until("a,b\n1,2\n", 9), None);
    }

    #[test]
    fn the_difference_of_two_sums_is_the_step_even_in_a_thinned_curve() {
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

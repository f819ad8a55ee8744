//! Following a run: its progress, its log and its model.

use crate::cli::{
    epochs::Watch,
    interrupt::Interrupt,
    log::{Log, Totals},
    output,
    progress::EpochBar,
};
use crate::{
    data::DataSet,
    text::{Sentence, written},
    train::{Evaluation, Session, checkpoint},
};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Shows the progress, writes the log and saves the model.
pub(super) struct Watcher {
    pub(super) log: Option<Log>,
    pub(super) save: Option<PathBuf>,
    pub(super) data: DataSet,
    pub(super) bar: EpochBar,
    /// The sums before the present epoch.
    pub(super) before: Totals,
    pub(super) interrupt: Interrupt,
    /// An error of the log that waits until the model is saved.
    pub(super) log_error: Option<anyhow::Error>,
}

impl Watch for Watcher {
    fn step(&mut self, session: &Session) -> Result<()> {
        self.bar.step(session);
        if let (Some(log), None) = (&mut self.log, &self.log_error)
            && let Err(error) = log.step(session)
        {
            if self.save.is_none() {
                return Err(error);
            }
            self.log_error = Some(error);
        }
        Ok(())
    }

    fn is_interrupted(&self) -> bool {
        self.interrupt.received().is_some()
    }

    fn epoch(&mut self, session: &Session, evaluation: &Evaluation) -> Result<()> {
        let set = if session.has_validation() { "validation" } else { "test" };
        let per_second = self.bar.images_per_second();
        self.bar.clear();
        let totals = Totals::of(session.history());
        let training = totals.since(self.before);
        self.before = totals;
        if let Some(trouble) = session.trouble() {
            return Err(trouble.clone().into());
        }
        if let Some(path) = &self.save {
            checkpoint::save(path, session, &self.data)?;
        }
        if let Some(error) = self.log_error.take() {
            return Err(error);
        }
        if let Some(log) = &mut self.log {
            log.evaluation(session, set, evaluation)?;
        }
        let sentence = if session.has_validation() {
            Sentence::new(
                "epoch {epoch}/{epochs}: training loss {loss}, accuracy {accuracy}; validation loss {set_loss}, accuracy {set_accuracy}; {rate} images/s",
            )
        } else {
            Sentence::new(
                "epoch {epoch}/{epochs}: training loss {loss}, accuracy {accuracy}; test loss {set_loss}, accuracy {set_accuracy}; {rate} images/s",
            )
        };
        let said = output::line(
            sentence
                .with("epoch", session.epoch())
                .with("epochs", session.config().epochs)
                .with("loss", format_args!("{:.4}", training.mean_loss()))
                .with("accuracy", written::percent_to(training.accuracy(), 2))
                .with("set_loss", format_args!("{:.4}", evaluation.loss))
                .with("set_accuracy", written::percent_to(evaluation.accuracy(), 2))
                .with("rate", format_args!("{per_second:.0}")),
        );
        let (done, wanted) = (session.epoch(), session.config().epochs);
        if said.is_err() && done < wanted {
            let sentence =
                Sentence::new("the output was closed: training stopped after {done} of {epochs} epochs");
            bail!(sentence.with("done", done).with("epochs", wanted));
        }
        self.bar.restart(session);
        Ok(())
    }
}

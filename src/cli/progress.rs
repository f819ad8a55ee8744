//! The progress bar of an epoch, on terminals only.

use crate::{
    text::{Sentence, fill, tr, written},
    train::Session,
};
use indicatif::{ProgressBar, ProgressStyle};

/// The name of the speed in the bar's template.
const RATE: &str = "per_sec";

/// A progress bar on stderr for one epoch at a time.
#[derive(Debug)]
pub(super) struct EpochBar {
    bar: ProgressBar,
    epochs: usize,
}

impl EpochBar {
    /// A bar for the present epoch of a session that trains for `epochs` epochs in all.
    pub(super) fn new(session: &Session, epochs: usize) -> Self {
        let mut epoch_bar = Self { bar: ProgressBar::hidden(), epochs };
        epoch_bar.restart(session);
        epoch_bar
    }

    /// Shows the last step.
    pub(super) fn step(&self, session: &Session) {
        let done = session.batch_in_epoch() * session.config().batch;
        let is_over = session.batch_in_epoch() == 0;
        self.bar.set_position(if is_over { session.images_per_epoch() } else { done } as u64);
        if let Some(point) = session.history().last() {
            let sentence = Sentence::new("loss {loss}  accuracy {accuracy}")
                .with("loss", format_args!("{:.4}", point.loss))
                .with("accuracy", format_args!("{:>7}", written::percent_to(point.accuracy, 1)));
            self.bar.set_message(sentence.to_string());
        }
    }

    /// Images per second since the epoch began.
    pub(super) fn images_per_second(&self) -> f64 {
        self.bar.position() as f64 / self.bar.elapsed().as_secs_f64().max(1e-9)
    }

    /// Removes the bar.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// Shows a new bar for the next epoch, if there is one.
    pub(super) fn restart(&mut self, session: &Session) {
        if session.epoch() >= self.epochs || session.has_stopped_early() {
            self.bar = ProgressBar::hidden();
            return;
        }
        let left = fill(tr("{time} left"), &[("time", "{eta}")]);
        let template =
            format!("{{prefix}} {{bar:30.blue/black}} {{percent:>3}} %  {{msg}}  {{{RATE}:>14}}  {left}");
        let style = ProgressStyle::with_template(&template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("━━─")
            .with_key(RATE, |state: &indicatif::ProgressState, w: &mut dyn std::fmt::Write| {
                let rate = format!("{:.0}", state.per_sec());
                let _ = w.write_str(&fill(tr("{rate} images/s"), &[("rate", &rate)]));
            });
        self.bar = ProgressBar::new(session.images_per_epoch() as u64).with_style(style);
        let sentence = Sentence::new("epoch {epoch}/{epochs}").with("epoch", session.epoch() + 1);
        self.bar.set_prefix(sentence.with("epochs", self.epochs).to_string());
    }
}

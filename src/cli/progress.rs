//! The progress bar of an epoch, on terminals only.

use crate::{text::written, train::Session};
use indicatif::{ProgressBar, ProgressStyle};

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
            self.bar.set_message(format!(
                "loss {:.4}  accuracy {:>7}",
                point.loss,
                written::percent_to(point.accuracy, 1)
            ));
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
        let template = "{prefix} {bar:30.blue/black} {percent:>3} %  {msg}  {per_sec:>14}  {eta} left";
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("━━─")
            .with_key("per_sec", |state: &indicatif::ProgressState, w: &mut dyn std::fmt::Write| {
                let _ = write!(w, "{:.0} images/s", state.per_sec());
            });
        self.bar = ProgressBar::new(session.images_per_epoch() as u64).with_style(style);
        self.bar.set_prefix(format!("epoch {}/{}", session.epoch() + 1, self.epochs));
    }
}

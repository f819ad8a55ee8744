//! The run that the training thread has: a session, and what is wanted of it.

use super::{
    checkpoint::{Checkpoint, ResumeError},
    config::{MAX_EPOCHS, TrainError},
    history::History,
    live::LiveSetting,
    message::{Setup, Snapshot, Status},
    session::Session,
};
use crate::nn::Network;
use std::sync::Arc;

/// The run that is loaded.
pub(super) struct Run {
    pub(super) setup: Setup,
    pub(super) session: Session,
    pub(super) status: Status,
    /// Epochs that are wanted in all.
    pub(super) epochs: usize,
    /// Pause when this many steps are made.
    pub(super) stop_at: Option<u64>,
    pub(super) rate: Rate,
    shown: Shown,
}

/// The copies in the last snapshot, good until the session goes on.
struct Shown {
    step: u64,
    network: Arc<Network>,
    evaluations: usize,
    history: Arc<History>,
}

impl Run {
    pub(super) fn new(setup: Setup) -> Result<Self, TrainError> {
        let session = Session::new(setup.config, (*setup.network).clone(), &setup.data)?;
        Ok(Self::of(setup, session))
    }

    /// Where the run was that `checkpoint` is of.
    pub(super) fn resume(setup: Setup, checkpoint: Checkpoint) -> Result<Self, ResumeError> {
        let session = checkpoint.resume(&setup.data)?;
        let mut run = Self::of(setup, session);
        run.shown.network = Arc::new(run.session.network().clone());
        run.shown.step = run.session.steps();
        Ok(run)
    }

    fn of(setup: Setup, session: Session) -> Self {
        let history = Arc::new(session.history().clone());
        let shown = Shown { step: 0, network: setup.network.clone(), evaluations: 0, history };
        let (epochs, rate) = (setup.config.epochs, Rate::default());
        Self { setup, session, status: Status::Paused, epochs, stop_at: None, rate, shown }
    }

    /// Trains until `step`, for which there may have to be more epochs than were wanted.
    pub(super) fn train_until(&mut self, step: u64) {
        let epochs = step.div_ceil(self.session.batches_per_epoch() as u64);
        self.at_least(epochs as usize);
        self.stop_at = Some(step);
        self.status = Status::Running;
    }

    /// There are to be so many epochs in all, or as many as a run can have; the schedule reaches over all of them.
    pub(super) fn at_least(&mut self, epochs: usize) {
        let epochs = epochs.min(MAX_EPOCHS);
        if epochs > self.epochs && self.session.set(LiveSetting::Epochs(epochs)).is_ok() {
            self.epochs = epochs;
        }
    }

    /// Changes a setting from the next step on.
    pub(super) fn set(&mut self, setting: LiveSetting) -> Result<(), TrainError> {
        self.session.set(setting)?;
        if let LiveSetting::Epochs(epochs) = setting {
            self.epochs = epochs;
        }
        Ok(())
    }

    pub(super) fn snapshot(&mut self, number: u64, status: Status) -> Snapshot {
        let Self { session, shown, .. } = self;
        let history = session.history();
        let evaluations = history.quick.len() + history.full.len();
        let has_stepped = shown.step != session.steps();
        if has_stepped || session.has_stopped_early() {
            shown.network = Arc::new(session.network().clone());
        }
        if has_stepped || shown.evaluations != evaluations {
            shown.history = Arc::new(history.clone());
        }
        (shown.step, shown.evaluations) = (session.steps(), evaluations);
        let per_second = self.rate.per_second();
        let left = (self.epochs * session.images_per_epoch()).saturating_sub(session.images_seen());
        Snapshot {
            run: number,
            status,
            config: *session.config(),
            network: shown.network.clone(),
            initial: self.setup.network.clone(),
            history: shown.history.clone(),
            step: session.steps(),
            epoch: session.epoch(),
            epochs: self.epochs,
            batch: session.batch_in_epoch(),
            batches_per_epoch: session.batches_per_epoch(),
            validation: session.has_validation(),
            images_per_second: per_second,
            seconds_left: (per_second > 0.0).then(|| left as f64 / per_second),
        }
    }
}

/// Images a second, over the last moments.
#[derive(Debug, Default)]
pub(super) struct Rate {
    images: f64,
    seconds: f64,
}

impl Rate {
    /// Half of what is older than about a second is forgotten each second.
    pub(super) fn add(&mut self, images: usize, seconds: f64) {
        self.images += images as f64;
        self.seconds += seconds;
        if self.seconds > 1.0 {
            self.images /= 2.0;
            self.seconds /= 2.0;
        }
    }

    fn per_second(&self) -> f64 {
        if self.seconds > 0.0 { self.images / self.seconds } else { 0.0 }
    }
}

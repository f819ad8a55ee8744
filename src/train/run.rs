//! The run of the training thread: a session and how far it is to go.

use super::{
    checkpoint::{Checkpoint, ResumeError},
    config::MAX_EPOCHS,
    error::TrainError,
    hand::{FilterEdit, HandMade},
    history::History,
    layers::StepLook,
    live::LiveChange,
    log::{RunEvent, RunLog},
    message::{RunSetup, Snapshot, Status},
    session::Session,
    timeline::{FilterMark, Timeline},
};
use crate::nn::Network;
use std::sync::Arc;

/// A loaded run.
pub(super) struct Run {
    pub(super) setup: RunSetup,
    pub(super) session: Session,
    pub(super) status: Status,
    /// Epochs in all: never fewer than have begun, since an epoch is trained to its end.
    pub(super) epochs: usize,
    /// The epochs that a person has set. A run that is over goes on for as many.
    asked: usize,
    /// Pause at this step.
    pub(super) stop_at: Option<u64>,
    pub(super) throughput: Throughput,
    /// The error of the last step.
    pub(super) trouble: Option<TrainError>,
    /// Whether it was said that the weights are ruined.
    pub(super) has_said_ruin: bool,
    pub(super) timeline: Timeline,
    /// What it was told.
    pub(super) log: RunLog,
    /// The time that the steps took; `None` of a run that was saved without it.
    pub(super) seconds: Option<f64>,
    /// What the last steps that were looked at did to the layers.
    pub(super) look: Option<Arc<StepLook>>,
    published: Published,
}

/// The copies in the last snapshot. They are valid until the session changes.
struct Published {
    step: u64,
    network: Arc<Network>,
    evaluations: usize,
    history: Arc<History>,
    timeline: Arc<Timeline>,
    hand: Arc<HandMade>,
    log: Arc<RunLog>,
}

impl Run {
    /// A new run at step 0.
    pub(super) fn new(setup: RunSetup) -> Result<Self, TrainError> {
        let session = Session::new(setup.config, (*setup.network).clone(), &setup.data)?;
        Ok(Self::of(setup, session))
    }

    /// A saved run, where it was saved.
    pub(super) fn resume(setup: RunSetup, checkpoint: Checkpoint) -> Result<Self, ResumeError> {
        let seconds = checkpoint.seconds;
        let log = checkpoint.log.clone();
        let session = checkpoint.resume(&setup.data)?;
        let mut run = Self::of(setup, session);
        run.seconds = seconds;
        run.log = log.unwrap_or_else(|| RunLog::lost(run.setup.config));
        run.published.network = Arc::new(run.session.network().clone());
        run.published.step = run.session.steps();
        Ok(run)
    }

    fn of(setup: RunSetup, session: Session) -> Self {
        let history = Arc::new(session.history().clone());
        let timeline = Timeline::default();
        let (network, kept) = (setup.network.clone(), Arc::new(timeline.clone()));
        let hand = Arc::new(session.hand().clone());
        let log = RunLog::new(setup.config);
        let (step, evaluations, told) = (0, 0, Arc::new(log.clone()));
        let published = Published { step, network, evaluations, history, timeline: kept, hand, log: told };
        let (epochs, throughput) = (setup.config.epochs, Throughput::default());
        let mut run = Self {
            setup,
            session,
            status: Status::Paused,
            epochs,
            asked: epochs,
            stop_at: None,
            throughput,
            trouble: None,
            has_said_ruin: false,
            timeline,
            log,
            seconds: Some(0.0),
            look: None,
            published,
        };
        run.timeline.keep(&run.session);
        run
    }

    /// A new run that goes on from a kept moment of this one. `None` if there is no moment of this step.
    pub(super) fn branch(&self, step: u64) -> Option<Result<Self, TrainError>> {
        let moment = self.timeline.at(step)?;
        let state = moment.state(self.session.network(), self.session.history().clone())?;
        let mut setup = self.setup.clone();
        setup.config = state.config;
        let session = Session::resume(state, &setup.data);
        // The steps up to the moment took their part of the time.
        let part = step as f64 / self.session.steps().max(step).max(1) as f64;
        Some(session.map(|session| {
            let mut run = Self::of(setup, session);
            run.timeline = self.timeline.clone();
            run.timeline.cut(step);
            // The numbers of a kept moment may be rounded.
            run.log = RunLog::lost(run.setup.config);
            run.published.timeline = Arc::new(run.timeline.clone());
            run.published.step = u64::MAX;
            run.seconds = self.seconds.map(|seconds| seconds * part);
            run
        }))
    }

    /// Takes over the moments that were kept with a saved run.
    pub(super) fn remember(&mut self, timeline: Timeline) {
        self.timeline = timeline;
        self.timeline.cut(self.session.steps());
        self.timeline.keep(&self.session);
        self.published.timeline = Arc::new(self.timeline.clone());
    }

    /// Keeps the present moment if it is due.
    pub(super) fn note_moment(&mut self) {
        if self.timeline.is_due(self.session.steps()) {
            self.timeline.keep(&self.session);
        }
    }

    /// Keeps the last good moment of a run that is ruined, and its end.
    pub(super) fn note_ruin(&mut self) {
        self.log.note(self.session.steps(), RunEvent::Failed);
        self.timeline.keep(&self.session);
        self.timeline.keep_earlier(self.session.good_state());
    }

    /// Trains to `step`, and adds epochs if that is beyond the last one.
    pub(super) fn train_until(&mut self, step: u64) {
        let epochs = step.div_ceil(self.session.batches_per_epoch() as u64);
        self.at_least(epochs as usize);
        self.stop_at = Some(step);
        self.status = Status::Running;
    }

    /// Trains to the last epoch, or, if that is over, for as many epochs as are set.
    pub(super) fn train_on(&mut self) {
        if self.session.epoch() >= self.epochs {
            self.at_least(self.session.epoch() + self.asked);
        }
        self.stop_at = None;
        self.status = Status::Running;
    }

    /// The epochs that have begun.
    fn begun(&self) -> usize {
        self.session.steps().div_ceil(self.session.batches_per_epoch() as u64) as usize
    }

    /// Raises the number of epochs to `epochs`, or to the most that a run can have.
    pub(super) fn at_least(&mut self, epochs: usize) {
        let epochs = epochs.min(MAX_EPOCHS);
        if epochs > self.epochs && self.session.change(LiveChange::Epochs(epochs)).is_ok() {
            self.log.note(self.session.steps(), RunEvent::Change(LiveChange::Epochs(epochs)));
            self.epochs = epochs;
        }
    }

    /// Changes a setting from the next step on.
    pub(super) fn change(&mut self, change: LiveChange) -> Result<(), TrainError> {
        let mut asked = *self.session.config();
        asked.apply(change);
        asked.check()?;
        let change = match change {
            LiveChange::Epochs(epochs) => {
                self.asked = epochs;
                LiveChange::Epochs(epochs.max(self.begun()))
            }
            other => other,
        };
        self.session.change(change)?;
        self.log.note(self.session.steps(), RunEvent::Change(change));
        if self.session.steps() > 0 {
            self.timeline.changed(self.session.steps(), change);
        }
        if let LiveChange::Epochs(epochs) = change {
            self.epochs = epochs;
        }
        Ok(())
    }

    /// Paints, freezes and releases filters.
    pub(super) fn edit_filters(&mut self, edits: &[FilterEdit]) {
        let events = edits.iter().map(|edit| (edit.id, edit.kind(self.session.hand())));
        let events: Vec<_> = events.collect();
        if self.session.edit_filters(edits) == 0 {
            return;
        }
        self.trouble = None;
        let step = self.session.steps();
        self.log.note(step, RunEvent::Filters(edits.to_vec()));
        for (id, event) in events {
            if let Some(event) = event {
                self.timeline.mark(FilterMark { step, id, event });
            }
        }
        self.timeline.renew(&self.session);
        self.published.step = u64::MAX;
    }

    /// Goes back to the last good step and pauses.
    pub(super) fn rewind(&mut self) {
        self.log.note(self.session.steps(), RunEvent::Rewound);
        self.session.rewind();
        self.timeline.cut(self.session.steps());
        self.timeline.keep(&self.session);
        // The kept moment may be of before a filter was painted.
        self.timeline.renew(&self.session);
        self.published.step = u64::MAX;
        self.look = None;
        self.trouble = None;
        self.has_said_ruin = false;
        self.stop_at = None;
        self.status = Status::Paused;
    }

    /// The run at this moment. Network and curves are copied only if they changed.
    pub(super) fn snapshot(&mut self, number: u64, status: Status, filter_commands: u64) -> Snapshot {
        let Self { session, published, .. } = self;
        let history = session.history();
        let evaluations = history.quick.len() + history.full.len();
        let has_stepped = published.step != session.steps();
        if has_stepped || session.has_stopped_early() {
            published.network = Arc::new(session.network().clone());
        }
        if has_stepped || published.evaluations != evaluations {
            published.history = Arc::new(history.clone());
        }
        if *published.hand != *session.hand() {
            published.hand = Arc::new(session.hand().clone());
        }
        if *published.log != self.log {
            published.log = Arc::new(self.log.clone());
        }
        if published.timeline.revision() != self.timeline.revision() {
            published.timeline = Arc::new(self.timeline.clone());
        }
        (published.step, published.evaluations) = (session.steps(), evaluations);
        let per_second = self.throughput.per_second();
        let waits = matches!(status, Status::Diverged);
        let left = (self.epochs * session.images_per_epoch()).saturating_sub(session.images_seen());
        Snapshot {
            run: number,
            status,
            config: *session.config(),
            network: published.network.clone(),
            initial: self.setup.network.clone(),
            history: published.history.clone(),
            timeline: published.timeline.clone(),
            hand: published.hand.clone(),
            log: published.log.clone(),
            filter_commands,
            step: session.steps(),
            epoch: session.epoch(),
            epochs: self.epochs,
            batch: session.batch_in_epoch(),
            batches_per_epoch: session.batches_per_epoch(),
            trouble: self.trouble.clone(),
            is_ruined: session.is_ruined(),
            good_step: session.good_step(),
            good_rate: session.good_rate(),
            validation: session.has_validation(),
            images_per_second: per_second,
            seconds: self.seconds,
            kept: None,
            look: self.look.clone(),
            seconds_left: (per_second > 0.0 && !waits).then(|| left as f64 / per_second),
        }
    }
}

/// Recent training speed.
#[derive(Debug, Default)]
pub(super) struct Throughput {
    images: f64,
    seconds: f64,
}

impl Throughput {
    /// Adds a step. Every second halves the weight of the steps before it.
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

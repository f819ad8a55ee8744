//! Training a run again, from what it was told.

use super::{
    error::TrainError,
    history::History,
    log::{RunEvent, RunLog},
    message::{RunSetup, Snapshot, Status},
    run::Run,
    session::Due,
};
use crate::{
    data::DataSet,
    nn::{Executor, Network, NetworkSpec, SpecError, cost::LayerCost},
    text::{Say, Sentence},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use thiserror::Error;

/// A run as data: with the same data set, it can be trained again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The network.
    pub spec: NetworkSpec,
    /// The name of the data set.
    pub data: String,
    /// The number of its training and test images.
    pub images: (usize, usize),
    /// Optimiser steps made.
    pub step: u64,
    /// Whether it was training.
    pub is_running: bool,
    /// What it was told.
    pub log: RunLog,
}

/// Why a run cannot be trained again.
#[derive(Debug, Error)]
#[error("{}", self.say())]
pub enum ReplayError {
    /// Its beginning is not known.
    NotWhole,
    /// It was trained on other images.
    OtherData {
        /// The data set's name.
        name: String,
    },
    /// It would take more work than is allowed.
    TooLong {
        /// The steps.
        step: u64,
        /// Images per batch.
        batch: usize,
    },
    /// What it was told cannot have happened in this order.
    Impossible {
        /// The step.
        step: u64,
    },
    /// The network is none.
    Spec(#[from] SpecError),
    /// The settings are none, or a step cannot be made.
    Run(#[from] TrainError),
}

impl Say for ReplayError {
    fn say(&self) -> Sentence {
        match self {
            Self::NotWhole => Sentence::new(
                "the run cannot be trained again: it went on from a kept moment or a file, or was told too much on the way",
            ),
            Self::OtherData { name } => {
                Sentence::new("the run was trained on {name}, which is not the data set here").with("name", name)
            }
            Self::TooLong { step, batch } => Sentence::new(
                "training the run again ({steps} steps of {batch} images) takes more work than one hand-in may ask for",
            )
            .with("steps", step)
            .with("batch", batch),
            Self::Impossible { step } => {
                Sentence::new("what the run was told after step {step} cannot have happened").with("step", step)
            }
            Self::Spec(error) => error.say(),
            Self::Run(error) => error.say(),
        }
    }
}

/// What each image costs besides the network's multiply-adds, and what each step does.
const IMAGE: u64 = 50_000;
const STEP: u64 = 2_000_000;

/// The most parameters of a network that is trained again.
const MAX_PARAMETERS: u64 = 1 << 25;

/// A run that was trained again.
pub struct Replay {
    run: Run,
    /// The curves before the evaluation after the last step.
    before: Option<History>,
    status: Status,
}

impl RunRecord {
    /// The run of a snapshot, as it is then.
    pub fn of(snapshot: &Snapshot, data: &DataSet) -> Self {
        Self {
            spec: snapshot.initial.spec().clone(),
            data: data.name.clone(),
            images: (data.train.len(), data.test.len()),
            step: snapshot.step,
            is_running: snapshot.is_active(),
            log: (*snapshot.log).clone(),
        }
    }

    /// The network at step 0.
    pub fn initial(&self) -> Result<Network, ReplayError> {
        let parameters = self.costs()?.iter().fold(0, |sum: u64, cost| sum.saturating_add(cost.parameters));
        if parameters > MAX_PARAMETERS {
            return Err(self.too_long());
        }
        self.log.config.check()?;
        Ok(Network::new(self.spec.clone(), self.log.config.init, self.log.config.seed)?)
    }

    fn costs(&self) -> Result<Vec<LayerCost>, SpecError> {
        Ok(self.spec.build()?.iter().map(|layer| LayerCost::of(layer.as_ref())).collect())
    }

    fn too_long(&self) -> ReplayError {
        ReplayError::TooLong { step: self.step, batch: self.log.config.batch }
    }

    /// Trains it again. `allowance` is how many multiply-adds that may take; it is used up on the way.
    pub fn train(
        &self,
        data: &DataSet,
        executor: &dyn Executor,
        allowance: &mut u64,
    ) -> Result<Replay, ReplayError> {
        let config = self.log.config;
        if !self.log.is_whole {
            return Err(ReplayError::NotWhole);
        }
        if (data.name.as_str(), (data.train.len(), data.test.len())) != (self.data.as_str(), self.images) {
            return Err(ReplayError::OtherData { name: self.data.clone() });
        }
        config.check()?;
        let costs = self.costs()?;
        let adds = costs.iter().fold(IMAGE, |sum, cost| sum.saturating_add(cost.multiply_adds));
        let parameters = costs.iter().fold(0, |sum: u64, cost| sum.saturating_add(cost.parameters));
        let batch = config.batch.min(self.images.0) as u64;
        let images = adds.saturating_mul(3).saturating_mul(batch);
        let step_work = images.saturating_add(8 * parameters).saturating_add(STEP);
        if self.step.saturating_mul(step_work) > *allowance {
            return Err(self.too_long());
        }
        let mut spend = |work: u64| {
            *allowance = allowance.checked_sub(work).ok_or_else(|| self.too_long())?;
            Ok::<(), ReplayError>(())
        };
        spend(parameters.saturating_mul(16))?;
        let setup = RunSetup { config, network: Arc::new(self.initial()?), data: data.clone() };
        let mut run = Run::new(setup)?;
        let mut before = None;
        let mut notes = self.log.notes.iter().peekable();
        loop {
            while let Some(note) = notes.next_if(|note| note.step == run.session.steps()) {
                let impossible = ReplayError::Impossible { step: note.step };
                spend(step_work)?;
                match &note.event {
                    RunEvent::Change(change) => run.change(*change)?,
                    RunEvent::Filters(edits) => run.edit_filters(edits),
                    RunEvent::Rewound => run.rewind(),
                    RunEvent::Failed => match run.session.step(executor) {
                        Ok(_) => return Err(impossible),
                        Err(error) => run.trouble = Some(error),
                    },
                }
            }
            let step = run.session.steps();
            match notes.peek() {
                Some(note) if note.step < step => return Err(ReplayError::Impossible { step: note.step }),
                None if step == self.step => break,
                None if step > self.step => return Err(ReplayError::Impossible { step: self.step }),
                _ => {}
            }
            spend(step_work)?;
            before = None;
            run.trouble = None;
            let due = run.session.step(executor)?;
            if due != Due::Step {
                before = Some(run.session.history().clone());
                let images = run.session.evaluated(due) as u64;
                spend(adds.saturating_mul(images))?;
                let mut evaluator = run.session.evaluator(due);
                while run.session.evaluate(due, &mut evaluator, executor).is_none() {}
            }
        }
        let status = if self.is_running { Status::Running } else { Status::Paused };
        Ok(Replay { run, before, status })
    }
}

impl Replay {
    /// The run as the window shows it: with the evaluation after its last step, and, if there was one, before it.
    pub fn snapshots(&mut self) -> Vec<Snapshot> {
        let last = self.run.snapshot(1, self.status, 0);
        let before =
            self.before.clone().map(|history| Snapshot { history: Arc::new(history), ..last.clone() });
        std::iter::once(last).chain(before).collect()
    }
}

//! What the window tells the training thread, and what it hears from it.

use super::{checkpoint::Checkpoint, config::TrainConfig, history::History, live::LiveSetting};
use crate::{data::DataSet, nn::Network};
use std::{path::PathBuf, sync::Arc};

/// All that a run starts from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The settings.
    pub config: TrainConfig,
    /// The network with the weights of step 0.
    pub network: Arc<Network>,
    /// What to learn from.
    pub data: DataSet,
}

/// An order to the training thread; it is carried out between two steps.
#[derive(Clone, Debug)]
pub enum Command {
    /// Takes a new run, paused at step 0; the one before it is given up, also when the new one cannot start.
    Load(Box<Setup>),
    /// The same, but paused where the run was that the checkpoint is of; a reset goes back to step 0 of the setup.
    Resume(Box<(Setup, Checkpoint)>),
    /// Saves the model to this file and its training state beside it; an evaluation under way is finished first,
    /// unless the run is given up before: then it is saved without that evaluation.
    Save(PathBuf),
    /// Trains until the epochs are over; when they are, as many again.
    Run,
    /// Stops after the step under way; an evaluation under way is finished.
    Pause,
    /// One step, then pause; when the epochs are over, one more is wanted.
    OneBatch,
    /// To the end of the epoch under way, then pause; when the epochs are over, one more is wanted.
    OneEpoch,
    /// Back to step 0, to the settings, weights and order of images that were loaded.
    Reset,
    /// Changes a setting of the run under way.
    Set(LiveSetting),
}

/// Something that happened once; what is so is in the [`Snapshot`].
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// All epochs are over.
    Finished {
        /// Epochs made.
        epochs: usize,
        /// The last evaluation's accuracy, 0…1.
        accuracy: f64,
    },
    /// The validation loss has not fallen for as many epochs as the settings say, and the network has the weights of the
    /// best epoch.
    StoppedEarly {
        /// Epochs made.
        epochs: usize,
        /// The epoch whose weights they are, from 1.
        best: usize,
        /// Its validation loss.
        loss: f64,
    },
    /// The model was saved to this file, and its training state beside it.
    Saved(PathBuf),
    /// A run cannot start, there is none, a setting was refused, a file could not be written, or training diverged: a sentence for a person.
    Problem(String),
    /// The training code failed and the run is lost; the thread lives on and takes the next one.
    Panicked(String),
}

/// What the thread is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Waits for an order.
    Paused,
    /// Makes steps.
    Running,
    /// Measures the accuracy.
    Evaluating,
    /// All epochs are over.
    Finished,
    /// The loss was no number any more.
    Diverged,
}

/// A moment of a run; each replaces the one before.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The number of its [`Command::Load`], from 1; tells a new run from the old.
    pub run: u64,
    /// What the thread is at.
    pub status: Status,
    /// The settings as they are now.
    pub config: TrainConfig,
    /// The network now.
    pub network: Arc<Network>,
    /// The network at step 0.
    pub initial: Arc<Network>,
    /// The curves.
    pub history: Arc<History>,
    /// Optimiser steps made.
    pub step: u64,
    /// Epochs that are over.
    pub epoch: usize,
    /// Epochs that are wanted.
    pub epochs: usize,
    /// Batches of this epoch that are done.
    pub batch: usize,
    /// Batches an epoch.
    pub batches_per_epoch: usize,
    /// Whether the evaluation is on validation images instead of the test set.
    pub validation: bool,
    /// Images learnt from a second of late, evaluations not counted; 0 before the first step.
    pub images_per_second: f64,
    /// Until the wanted epochs are over, evaluations not counted.
    pub seconds_left: Option<f64>,
}

impl Snapshot {
    /// Whether the thread is busy.
    pub fn is_active(&self) -> bool {
        matches!(self.status, Status::Running | Status::Evaluating)
    }

    /// The share of the wanted epochs that is done, 0…1.
    pub fn progress(&self) -> f32 {
        let total = (self.epochs * self.batches_per_epoch).max(1) as f32;
        (self.step as f32 / total).min(1.0)
    }
}

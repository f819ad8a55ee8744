//! Commands to the training thread, and its events and snapshots.

use super::{
    checkpoint::Checkpoint,
    config::TrainConfig,
    error::TrainError,
    hand::{FilterEdit, HandMade},
    history::History,
    kept::KeptRuns,
    layers::StepLook,
    live::LiveChange,
    log::RunLog,
    timeline::Timeline,
};
use crate::{data::DataSet, nn::Network, text::Sentence};
use std::{path::PathBuf, sync::Arc};

/// Everything that a run starts from.
#[derive(Clone, Debug)]
pub struct RunSetup {
    /// The settings.
    pub config: TrainConfig,
    /// The network with the weights of step 0.
    pub network: Arc<Network>,
    /// The data set.
    pub data: DataSet,
}

/// A command to the training thread. It is carried out between two steps.
#[derive(Clone, Debug)]
pub enum Command {
    /// Loads a new run, paused at step 0. The run before it is given up, also if the new one cannot start.
    Load(Box<RunSetup>),
    /// Loads a saved run, paused where it was saved. A reset goes back to step 0 of the setup.
    Resume(Box<(RunSetup, Checkpoint)>),
    /// Loads a kept run like [`Command::Resume`], and goes on keeping it under its number.
    ResumeKept(Box<(RunSetup, Checkpoint)>, u64),
    /// Saves the model to this file, and its training state beside it. An evaluation that is running is finished first,
    /// unless the run is given up before; then the run is saved without that evaluation.
    Save(PathBuf),
    /// Trains to the end of the last epoch, or, if that has been reached, for as many epochs as were set last.
    Run,
    /// Pauses after the present step; an evaluation that is running is finished.
    Pause,
    /// Makes one step and pauses. After the last epoch, this adds an epoch.
    OneBatch,
    /// Trains to the end of the present epoch and pauses. After the last epoch, this adds an epoch.
    OneEpoch,
    /// Goes back to step 0: to the settings, the weights and the order of images that were loaded.
    Reset,
    /// Changes a setting from the next step on.
    Change(LiveChange),
    /// Keeps every run in this folder from now on: every 20 seconds with its moments, when it pauses or ends, when another run replaces
    /// it, and when the handle is dropped.
    KeepRuns(KeptRuns),
    /// Goes back to the last step at which the network did well ([`Snapshot::good_step`]), and pauses.
    Rewind,
    /// Goes on from the kept moment of this step as a new run, paused. The run before it is kept as it is.
    Branch(u64),
    /// Whether to look at what steps do to the layers: at one every half second at most, and at the last one before a pause
    /// that was set.
    Watch(bool),
    /// Names the kept moment of this step, or takes its name away.
    Flag(u64, Option<String>),
    /// Paints, freezes and releases filters, from the next step on.
    Filters(Vec<FilterEdit>),
}

/// Something that happened once. The state of the run is in the [`Snapshot`].
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The last epoch is over.
    Finished {
        /// Epochs made.
        epochs: usize,
        /// The accuracy of the last evaluation, 0 to 1.
        accuracy: f64,
    },
    /// Early stopping ended the run; the network has the weights of the best epoch.
    StoppedEarly {
        /// Epochs made.
        epochs: usize,
        /// The best epoch, from 1.
        best: usize,
        /// Its validation loss, in nats.
        loss: f64,
    },
    /// The model was saved to this file, and its training state beside it.
    Saved(PathBuf),
    /// The model could not be saved to this file.
    SaveFailed(PathBuf, Sentence),
    /// A run was kept.
    Kept {
        /// Its [`Snapshot::run`].
        run: u64,
        /// The number that it was kept under.
        id: u64,
    },
    /// A command failed, or training diverged.
    Problem(Sentence),
    /// The training code panicked and the run is lost. The thread takes the next run.
    Panicked(Sentence),
}

/// What the thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It waits for a command.
    Paused,
    /// It makes steps.
    Running,
    /// It evaluates the network.
    Evaluating,
    /// The last epoch is over.
    Finished,
    /// The run is stuck or has diverged: [`Snapshot::trouble`] says why. It waits for a command.
    Diverged,
}

/// The run at one moment. Each snapshot replaces the one before.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The number of the run, from 1; every [`Command::Load`] and [`Command::Resume`] is a new run.
    pub run: u64,
    /// What the thread is doing.
    pub status: Status,
    /// The present settings.
    pub config: TrainConfig,
    /// The present network.
    pub network: Arc<Network>,
    /// The network at step 0.
    pub initial: Arc<Network>,
    /// The curves.
    pub history: Arc<History>,
    /// The kept moments.
    pub timeline: Arc<Timeline>,
    /// The painted and the frozen filters.
    pub hand: Arc<HandMade>,
    /// What it was told.
    pub log: Arc<RunLog>,
    /// How many [`Command::Filters`] the thread has carried out, of all runs.
    pub filter_commands: u64,
    /// Optimiser steps made.
    pub step: u64,
    /// Complete epochs.
    pub epoch: usize,
    /// Epochs in all.
    pub epochs: usize,
    /// Batches made of the present epoch.
    pub batch: usize,
    /// Batches per epoch.
    pub batches_per_epoch: usize,
    /// Why the run is stuck or has diverged, if the last step failed.
    pub trouble: Option<TrainError>,
    /// Whether the weights are ruined: the run was stuck or diverged and has not recovered.
    pub is_ruined: bool,
    /// The step that [`Command::Rewind`] goes back to.
    pub good_step: u64,
    /// The learning rate at that step.
    pub good_rate: f32,
    /// Whether evaluations use validation images instead of the test set.
    pub validation: bool,
    /// Recent training speed, without evaluations; 0 before the first step.
    pub images_per_second: f64,
    /// The time that the steps took; `None` for a run that was saved without it.
    pub seconds: Option<f64>,
    /// The number that the run is kept under, once it is.
    pub kept: Option<u64>,
    /// What a recent step did to the layers, while [`Command::Watch`] asks for it.
    pub look: Option<Arc<StepLook>>,
    /// Time to the end of the last epoch, without evaluations; `None` before the first step and for a run that is stuck
    /// or has diverged.
    pub seconds_left: Option<f64>,
}

impl Snapshot {
    /// Whether the thread is training or evaluating.
    pub fn is_active(&self) -> bool {
        matches!(self.status, Status::Running | Status::Evaluating)
    }

    /// Whether the run can no longer learn, although its weights are finite.
    pub fn is_stuck(&self) -> bool {
        matches!(self.trouble, Some(TrainError::Stuck { .. }))
    }

    /// The fraction of all epochs that is done, 0 to 1.
    pub fn progress(&self) -> f32 {
        let total = (self.epochs * self.batches_per_epoch).max(1) as f32;
        (self.step as f32 / total).min(1.0)
    }
}

//! Saving a run, and going on with it.

use super::{
    config::TrainConfig,
    early_stop::Best,
    error::TrainError,
    history::{History, Point},
    log::RunLog,
    session::{Due, Session},
    state::SessionState,
    state_file::{BEST, MODEL, StateFile, StateJson, TrainedOn},
};
use crate::{
    data::DataSet,
    model_file::{self, ModelError, TrainingState},
    nn::{
        Executor, Network, NetworkSpec, SpecError, Tensor, network::Parameters, optim::Optimizer,
        spec::parameter_count,
    },
    text::{Say, Sentence},
};
use std::{io, path::Path, sync::Arc};
use thiserror::Error;

/// A saved run: a session's state, and which data set it was trained on.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// The session's state. Its settings can be changed before the run goes on.
    pub state: SessionState,
    /// Which of the two files it is of, if saving them was interrupted.
    pub recovered: Option<Recovered>,
    /// The time that its steps took, if that is known.
    pub seconds: Option<f64>,
    /// What it was told, if that is known.
    pub log: Option<RunLog>,
    trained_on: TrainedOn,
}

/// The file that a checkpoint is of if saving was interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// The training state, which is newer than the model.
    FromState,
    /// The model, which is older than the training state. The optimiser's moments are lost.
    FromModel,
}

/// Why a run cannot go on.
#[derive(Debug, Error)]
#[error("{}", self.say())]
pub enum ResumeError {
    /// A file is missing or damaged, or the two files do not belong together.
    File(#[from] ModelError),
    /// The settings and the data do not make a run.
    Run(#[from] TrainError),
    /// The data set has other images.
    OtherData {
        /// The data set that the run was trained on.
        was: String,
        /// The present data set.
        is: String,
    },
}

impl Say for ResumeError {
    fn say(&self) -> Sentence {
        match self {
            Self::File(error) => error.say(),
            Self::Run(error) => error.say(),
            Self::OtherData { was, is } => {
                Sentence::new("the run was trained on {was}, but the data set is {is}")
                    .with("was", was)
                    .with("is", is)
            }
        }
    }
}

/// What a saved run is.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The network's name.
    pub network: String,
    /// The data set's name.
    pub data: String,
    /// Optimiser steps made.
    pub step: u64,
    /// The settings.
    pub config: TrainConfig,
    /// The last evaluation on the whole evaluation set.
    pub evaluation: Option<Point>,
    /// The spec of the network.
    pub spec: Arc<NetworkSpec>,
    /// Its parameters.
    pub parameters: u64,
    /// The curves.
    pub history: Arc<History>,
    /// The time that the steps took; `None` for runs of earlier versions.
    pub seconds: Option<f64>,
    /// The number of its frozen filters.
    pub frozen: usize,
}

impl Summary {
    /// Reads the beginning of a training state.
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        let name = path.display().to_string();
        let json = model_file::read_training_json(path)?;
        let state = StateFile::read(&name, TrainingState { json, ..TrainingState::default() })?;
        let StateJson { spec, config, step, history, trained_on, seconds, hand, .. } = state.json;
        let frozen = hand.frozen_count();
        let bad_spec = |reason| ModelError::Spec { name: name.clone(), reason };
        let spec = NetworkSpec::from_json(&spec).map_err(bad_spec)?;
        let layers = spec.build().map_err(bad_spec)?;
        let parameters = layers.iter().map(|layer| parameter_count(layer.as_ref())).sum();
        let evaluation = history.full.last().copied();
        Ok(Self {
            network: spec.name.clone(),
            data: trained_on.name,
            step,
            config,
            evaluation,
            spec: Arc::new(spec),
            parameters,
            history: Arc::new(history),
            frozen,
            seconds: seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0),
        })
    }
}

/// How much a loss can differ between two machines, relative to the loss.
const LOSS_TOLERANCE: f64 = 1e-6;

/// Saves a session's model to `path`, and its training state beside it.
pub fn save(path: &Path, session: &Session, data: &DataSet) -> Result<(), ModelError> {
    Checkpoint::of(session, data).save(path)
}

/// Adds tensors under a prefix and the keys of the network's tensors.
fn add<'a>(
    state: &mut TrainingState,
    prefix: &str,
    named: impl Iterator<Item = (String, &'a Tensor)>,
    tensors: &Parameters,
) {
    let keyed = named.zip(tensors.iter().flatten());
    state.tensors.extend(keyed.map(|((key, _), tensor)| (format!("{prefix}.{key}"), tensor.clone())));
}

impl Checkpoint {
    /// The present state of a session that is trained on `data`.
    pub fn of(session: &Session, data: &DataSet) -> Self {
        Self::of_state(session.state(), data)
    }

    /// The same of its last state that is not in doubt: see [`Session::sound_state`].
    pub fn of_sound(session: &Session, data: &DataSet) -> Self {
        Self::of_state(session.sound_state(), data)
    }

    fn of_state(state: SessionState, data: &DataSet) -> Self {
        let trained_on = TrainedOn::of(&data.name, &data.train);
        Self { state, recovered: None, seconds: None, log: None, trained_on }
    }

    /// The name of the data set that it was trained on.
    pub fn data_name(&self) -> &str {
        &self.trained_on.name
    }

    /// Saves the model to `path`, and the training state beside it.
    pub fn save(&self, path: &Path) -> Result<(), ModelError> {
        let model = model_file::to_bytes(&path.display().to_string(), &self.state.network)?;
        let replaced = model_file::read_file(path).ok();
        let crcs = (crc32fast::hash(&model), replaced.as_deref().map(crc32fast::hash));
        model_file::save_run(path, &model, &self.training_state(crcs))
    }

    /// Saves everything to one file, a training state without a model beside it.
    pub fn save_state(&self, path: &Path) -> Result<(), ModelError> {
        model_file::save_training(path, &self.training_state((0, None)))
    }

    fn training_state(&self, (model_crc32, replaced_crc32): (u32, Option<u32>)) -> TrainingState {
        let SessionState { network, config, optimizer, best, step, history, hand } = &self.state;
        let json = StateJson {
            model_crc32,
            replaced_crc32,
            spec: network.spec().to_json(),
            config: *config,
            step: *step,
            optimizer_steps: optimizer.steps(),
            history: history.clone(),
            trained_on: self.trained_on.clone(),
            best: best.as_ref().map(|best| (best.loss, best.epoch)),
            seconds: self.seconds,
            hand: hand.clone(),
            log: self.log.clone(),
        };
        let json = serde_json::to_string(&json).unwrap_or_default();
        let mut state = TrainingState { json, ..TrainingState::default() };
        add(&mut state, MODEL, network.named_parameters(), network.parameters());
        add(&mut state, MODEL, network.named_buffers(), network.buffers());
        for (slot, moments) in optimizer.spec.slots().iter().zip(optimizer.state()) {
            add(&mut state, slot, network.named_parameters(), moments);
        }
        if let Some(Best { weights: [parameters, buffers], .. }) = best {
            add(&mut state, BEST, network.named_parameters(), parameters);
            add(&mut state, BEST, network.named_buffers(), buffers);
        }
        state
    }

    /// Reads a file of [`Checkpoint::save_state`].
    pub fn load_state(path: &Path) -> Result<Self, ModelError> {
        let mut state = StateFile::read(&path.display().to_string(), model_file::load_training(path)?)?;
        let network = state.network()?;
        checkpoint(state, network, None)
    }

    /// Reads a model and the training state beside it.
    ///
    /// If saving them was interrupted between the two files, the checkpoint is that of the training state, which then has
    /// the weights as well: [`Checkpoint::recovered`] says so.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        let name = path.display().to_string();
        let state_path = model_file::training_path(path);
        let (model, state) = match (model_file::read_file(path), model_file::load_training(&state_path)) {
            (Ok(model), Ok(state)) => (Some(model), state),
            (Ok(model), Err(error)) => {
                model_file::from_bytes(&name, &model, None)?;
                return Err(error);
            }
            (Err(ModelError::Io { reason, .. }), Ok(state)) if reason.kind() == io::ErrorKind::NotFound => {
                (None, state)
            }
            (Err(error), _) => return Err(error),
        };
        let mut state = StateFile::read(&state_path.display().to_string(), state)?;
        let crc = model.as_deref().map(crc32fast::hash);
        let (network, recovered) = match model {
            Some(model) if crc == Some(state.json.model_crc32) => {
                (model_file::from_bytes(&name, &model, None)?, None)
            }
            // The model before, or none.
            _ if state.has_weights() && (crc.is_none() || crc == state.json.replaced_crc32) => {
                (state.network()?, Some(Recovered::FromState))
            }
            _ => return Err(ModelError::OtherModel { name: state.name, model: name }),
        };
        checkpoint(state, network, recovered)
    }

    /// Reads a model and a training state that was saved with a later model, as earlier versions left them if saving was
    /// interrupted. The curves tell at which step the model was saved, if it was at the end of an epoch: its evaluation is
    /// in them. The optimiser starts without moments.
    ///
    /// # Errors
    /// The error of [`Checkpoint::load`] if the model is not in the curves.
    pub fn recover(path: &Path, data: &DataSet, executor: &dyn Executor) -> Result<Self, ResumeError> {
        let name = path.display().to_string();
        let network = model_file::load(path, None)?;
        let state_path = model_file::training_path(path);
        let state_name = state_path.display().to_string();
        let state = StateFile::read(&state_name, model_file::load_training(&state_path)?)?;
        let StateJson { config, history, trained_on, hand, .. } = state.json;
        let other = ModelError::OtherModel { name: state_name, model: name };
        let mut session = Session::new(config, network.clone(), data)?;
        let mut evaluator = session.evaluator(Due::FullEvaluation);
        let found = loop {
            if let Some(found) = session.evaluate(Due::FullEvaluation, &mut evaluator, executor) {
                break found;
            }
        };
        let is_it = |point: &&Point| {
            let is_close = (point.loss - found.loss).abs() <= LOSS_TOLERANCE * found.loss;
            is_close && (point.accuracy, point.images) == (found.accuracy(), found.images)
        };
        let step = history.full.iter().rev().find(is_it).ok_or(other)?.step;
        let optimizer = Optimizer::new(config.optimizer, network.parameters());
        let history = history.until(step);
        let hand = hand.fitting(&network);
        let state = SessionState { network, config, optimizer, best: None, step, history, hand };
        Ok(Self { state, recovered: Some(Recovered::FromModel), seconds: None, log: None, trained_on })
    }

    /// The network at step 0.
    pub fn initial_network(&self) -> Result<Network, SpecError> {
        let SessionState { network, config, .. } = &self.state;
        Network::new(network.spec().clone(), config.init, config.seed)
    }

    /// Checks that `data` has the images that the run was trained on.
    ///
    /// # Errors
    /// [`ResumeError::OtherData`]
    pub fn check_data(&self, data: &DataSet) -> Result<(), ResumeError> {
        let is = TrainedOn::of(&data.name, &data.train);
        let was = &self.trained_on;
        if (is.images, is.crc32) != (was.images, was.crc32) {
            return Err(ResumeError::OtherData { was: was.describe(), is: is.describe() });
        }
        Ok(())
    }

    /// The session, ready to go on, on the data that it was trained on.
    pub fn resume(self, data: &DataSet) -> Result<Session, ResumeError> {
        self.check_data(data)?;
        Ok(Session::resume(self.state, data)?)
    }
}

/// The run of a training state, with a network that has its weights.
fn checkpoint(
    mut file: StateFile,
    network: Network,
    recovered: Option<Recovered>,
) -> Result<Checkpoint, ModelError> {
    let optimizer = file.optimizer(&network)?;
    let best = file.best(&network)?;
    let StateJson { config, step, history, trained_on, seconds, hand, log, .. } = file.json;
    let seconds = seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
    let hand = hand.fitting(&network);
    let state = SessionState { network, config, optimizer, best, step, history, hand };
    Ok(Checkpoint { state, recovered, seconds, log, trained_on })
}

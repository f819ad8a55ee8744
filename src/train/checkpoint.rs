//! A session on disk: the model, and beside it all else that decides how its curve goes on.

use super::{
    config::{MAX_EPOCHS, TrainConfig, TrainError},
    early_stop::Best,
    history::History,
    session::Session,
};
use crate::{
    data::DataSet,
    model_file::{self, ModelError, TrainingState},
    nn::{Network, SpecError, Tensor, network::Parameters, optim::Optimizer},
};
use serde::{Deserialize, Serialize};
use std::path::Path;
use thiserror::Error;

/// A training run as it was saved.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// The network then.
    pub network: Network,
    /// The settings then; they may be changed before the run goes on.
    pub config: TrainConfig,
    pub(super) optimizer: Optimizer,
    pub(super) best: Option<Best>,
    pub(super) step: u64,
    pub(super) history: History,
    trained_on: TrainedOn,
}

/// Why a run cannot go on.
#[derive(Debug, Error)]
pub enum ResumeError {
    /// A file is missing, damaged, or not the other one's.
    #[error(transparent)]
    File(#[from] ModelError),
    /// The settings or the data do not make a run.
    #[error(transparent)]
    Run(#[from] TrainError),
    /// Other images, of which the curve would be another.
    #[error("the run was trained on {was}, but the data set is {is}")]
    OtherData {
        /// The data set then.
        was: String,
        /// The data set now.
        is: String,
    },
}

/// Which images a run learns from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct TrainedOn {
    name: String,
    images: usize,
    crc32: u32,
}

/// The JSON of a training state.
#[derive(Serialize, Deserialize)]
struct Written {
    /// Of the model file's bytes.
    model_crc32: u32,
    config: TrainConfig,
    step: u64,
    optimizer_steps: u64,
    history: History,
    trained_on: TrainedOn,
    /// Loss and epoch of the best weights, where training may stop early.
    best: Option<(f64, usize)>,
}

impl TrainedOn {
    fn of(name: &str, train: &crate::data::Split) -> Self {
        let mut crc = crc32fast::Hasher::new();
        (0..train.len()).for_each(|i| crc.update(train.image(i)));
        crc.update(train.labels());
        Self { name: name.into(), images: train.len(), crc32: crc.finalize() }
    }

    fn describe(&self) -> String {
        format!("{} ({} images, checksum {:08x})", self.name, self.images, self.crc32)
    }
}

/// Where a best weight and an optimiser's memory of a parameter are in the state's file.
const BEST: &str = "best";

/// Saves the session's model to `path` and its training state beside it.
pub fn save(path: &Path, session: &Session, data: &DataSet) -> Result<(), ModelError> {
    let model = model_file::to_bytes(&path.display().to_string(), session.network())?;
    // A run that has ended early has the best weights, and goes on with all its patience.
    let best = session.best().filter(|_| !session.has_stopped_early());
    let written = Written {
        model_crc32: crc32fast::hash(&model),
        config: *session.config(),
        step: session.steps(),
        optimizer_steps: session.optimizer().steps(),
        history: session.history().clone(),
        trained_on: TrainedOn::of(&data.name, &data.train),
        best: best.map(|best| (best.loss, best.epoch)),
    };
    let json = serde_json::to_string(&written).unwrap_or_default();
    let mut state = TrainingState { json, ..TrainingState::default() };
    let optimizer = session.optimizer();
    for (slot, memory) in optimizer.spec.slots().iter().zip(optimizer.state()) {
        add(&mut state, slot, session.network().named_parameters(), memory);
    }
    if let Some(Best { weights: [parameters, buffers], .. }) = best {
        add(&mut state, BEST, session.network().named_parameters(), parameters);
        add(&mut state, BEST, session.network().named_buffers(), buffers);
    }
    model_file::save_run(path, &model, &state)
}

/// Adds tensors under the keys of those that they belong to.
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
    /// Reads a model and the training state beside it.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        let bytes = model_file::read_file(path)?;
        let network = model_file::from_bytes(&path.display().to_string(), &bytes, None)?;
        let path_of_state = model_file::training_path(path);
        let mut state = model_file::load_training(&path_of_state)?;
        let name = path_of_state.display().to_string();
        let refuse = |reason: String| ModelError::State { name: name.clone(), reason };
        let damaged = |what: &str| refuse(format!("is damaged: {what}"));
        let written: Written = serde_json::from_str(&state.json).map_err(|e| damaged(&e.to_string()))?;
        let Written { model_crc32, config, step, optimizer_steps, history, trained_on, best } = written;
        if model_crc32 != crc32fast::hash(&bytes) {
            let model = path.display();
            return Err(refuse(format!("is of another moment or another run than {model}")));
        }
        config.check().map_err(|e| damaged(&e.to_string()))?;
        // More steps than the longest run of one image a batch has.
        if step > (MAX_EPOCHS as u64) << 32 || !history.is_sound() {
            return Err(damaged("its step or its curves cannot be"));
        }
        let slots = config.optimizer.slots().iter();
        let memory: Option<Vec<Parameters>> = slots
            .map(|slot| take(&mut state, slot, network.parameters(), network.named_parameters()))
            .collect();
        let optimizer = memory.and_then(|memory| {
            Optimizer::resume(config.optimizer, network.parameters(), optimizer_steps, memory)
        });
        let optimizer = optimizer.ok_or_else(|| damaged("the optimiser's tensors are not the network's"))?;
        let best = match best {
            None => None,
            Some((loss, epoch)) => {
                let parameters = take(&mut state, BEST, network.parameters(), network.named_parameters());
                let buffers = take(&mut state, BEST, network.buffers(), network.named_buffers());
                let weights = parameters.zip(buffers).ok_or_else(|| damaged("it lacks the best weights"))?;
                Some(Best { loss, epoch, weights: weights.into() })
            }
        };
        Ok(Self { network, config, optimizer, best, step, history, trained_on })
    }

    /// The network of step 0.
    pub fn initial_network(&self) -> Result<Network, SpecError> {
        Network::new(self.network.spec().clone(), self.config.init, self.config.seed)
    }

    /// Optimiser steps made.
    pub fn steps(&self) -> u64 {
        self.step
    }

    /// Whether `data` is what the run learnt from.
    pub fn check_data(&self, data: &DataSet) -> Result<(), ResumeError> {
        let is = TrainedOn::of(&data.name, &data.train);
        let was = &self.trained_on;
        if (is.images, is.crc32) != (was.images, was.crc32) {
            return Err(ResumeError::OtherData { was: was.describe(), is: is.describe() });
        }
        Ok(())
    }

    /// The session as it was, on the data that it had.
    pub fn resume(self, data: &DataSet) -> Result<Session, ResumeError> {
        self.check_data(data)?;
        Ok(Session::resume(self, data)?)
    }
}

/// Takes tensors of the form of `like` out of the state; `None` when one is missing or of another shape.
fn take<'a>(
    state: &mut TrainingState,
    prefix: &str,
    like: &Parameters,
    named: impl Iterator<Item = (String, &'a Tensor)>,
) -> Option<Parameters> {
    let mut found = named.map(|(key, tensor)| {
        state.tensors.remove(&format!("{prefix}.{key}")).filter(|found| found.shape() == tensor.shape())
    });
    like.iter().map(|layer| layer.iter().map(|_| found.next().flatten()).collect()).collect()
}

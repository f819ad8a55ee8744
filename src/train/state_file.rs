//! A training state as it stands in its file.

use super::{
    config::{MAX_EPOCHS, TrainConfig},
    early_stop::Best,
    hand::HandMade,
    history::History,
    log::RunLog,
};
use crate::{
    data::Split,
    model_file::{ModelError, StateFault, TrainingState},
    nn::{Network, NetworkSpec, Tensor, network::Parameters, optim::Optimizer},
    text::Say,
};
use serde::{Deserialize, Serialize};

/// The images that a run is trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TrainedOn {
    pub(super) name: String,
    pub(super) images: usize,
    pub(super) crc32: u32,
}

/// The JSON of a training state.
#[derive(Serialize, Deserialize)]
pub(super) struct StateJson {
    /// CRC-32 of the model file's bytes.
    pub(super) model_crc32: u32,
    /// The same of the model that was there before: if it still is, saving was interrupted.
    #[serde(default)]
    pub(super) replaced_crc32: Option<u32>,
    /// The network's spec as JSON. Earlier versions saved neither it nor the weights.
    #[serde(default)]
    pub(super) spec: String,
    pub(super) config: TrainConfig,
    pub(super) step: u64,
    pub(super) optimizer_steps: u64,
    pub(super) history: History,
    pub(super) trained_on: TrainedOn,
    /// Loss and epoch of the best weights, for early stopping.
    pub(super) best: Option<(f64, usize)>,
    /// The time that the steps took. Earlier versions did not save it.
    #[serde(default)]
    pub(super) seconds: Option<f64>,
    /// The painted and the frozen filters.
    #[serde(default)]
    pub(super) hand: HandMade,
    /// What the run was told. Earlier versions did not save it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) log: Option<RunLog>,
}

impl TrainedOn {
    pub(super) fn of(name: &str, train: &Split) -> Self {
        let mut crc = crc32fast::Hasher::new();
        (0..train.len()).for_each(|i| crc.update(train.image(i)));
        crc.update(train.labels());
        Self { name: name.into(), images: train.len(), crc32: crc.finalize() }
    }

    pub(super) fn describe(&self) -> String {
        format!("{} ({} images, checksum {:08x})", self.name, self.images, self.crc32)
    }
}

/// The prefix of the best weights' keys.
pub(super) const BEST: &str = "best";

/// The prefix of the weights' keys.
pub(super) const MODEL: &str = "model";

/// A training state that was read and checked.
pub(super) struct StateFile {
    pub(super) name: String,
    pub(super) json: StateJson,
    pub(super) tensors: TrainingState,
}

impl StateFile {
    pub(super) fn read(name: &str, tensors: TrainingState) -> Result<Self, ModelError> {
        let damaged = |reason| ModelError::DamagedState { name: name.into(), reason };
        let json: StateJson =
            serde_json::from_str(&tensors.json).map_err(|e| damaged(StateFault::Json(e.to_string())))?;
        json.config.check().map_err(|e| damaged(StateFault::Settings(e.say())))?;
        // The longest run with one image per batch.
        if json.step > (MAX_EPOCHS as u64) << 32 || !json.history.is_sound() {
            return Err(damaged(StateFault::Curves));
        }
        Ok(Self { name: name.into(), json, tensors })
    }

    fn damaged(&self, reason: StateFault) -> ModelError {
        ModelError::DamagedState { name: self.name.clone(), reason }
    }

    pub(super) fn has_weights(&self) -> bool {
        !self.json.spec.is_empty()
    }

    pub(super) fn network(&mut self) -> Result<Network, ModelError> {
        let bad_spec = |reason| ModelError::Spec { name: self.name.clone(), reason };
        let mut network =
            NetworkSpec::from_json(&self.json.spec).and_then(Network::zeros).map_err(bad_spec)?;
        let parameters = take(&mut self.tensors, MODEL, network.parameters(), network.named_parameters());
        let buffers = take(&mut self.tensors, MODEL, network.buffers(), network.named_buffers());
        let (parameters, buffers) =
            parameters.zip(buffers).ok_or_else(|| self.damaged(StateFault::Weights))?;
        *network.parameters_mut() = parameters;
        *network.buffers_mut() = buffers;
        Ok(network)
    }

    pub(super) fn optimizer(&mut self, network: &Network) -> Result<Optimizer, ModelError> {
        let StateJson { config, optimizer_steps, .. } = &self.json;
        let slots = config.optimizer.slots().iter();
        let moments: Option<Vec<Parameters>> = slots
            .map(|slot| take(&mut self.tensors, slot, network.parameters(), network.named_parameters()))
            .collect();
        let resume =
            |moments| Optimizer::resume(config.optimizer, network.parameters(), *optimizer_steps, moments);
        moments.and_then(resume).ok_or_else(|| self.damaged(StateFault::Optimizer))
    }

    pub(super) fn best(&mut self, network: &Network) -> Result<Option<Best>, ModelError> {
        let Some((loss, epoch)) = self.json.best else { return Ok(None) };
        let parameters = take(&mut self.tensors, BEST, network.parameters(), network.named_parameters());
        let buffers = take(&mut self.tensors, BEST, network.buffers(), network.named_buffers());
        let weights = parameters.zip(buffers).ok_or_else(|| self.damaged(StateFault::BestWeights))?;
        Ok(Some(Best { loss, epoch, weights: weights.into() }))
    }
}

/// Takes tensors with the shapes of `like` out of the state; `None` if one is missing or has another shape.
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

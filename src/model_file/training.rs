//! Training states: what a run needs to go on besides its weights, in a second file beside the model's.

use super::{
    ModelError,
    entry::Kind,
    read::{check_values, format_error, read_file, read_header},
};
use crate::{
    files::{self, Prepared},
    nn::Tensor,
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};

/// The metadata key that holds the state's JSON.
const STATE_KEY: &str = "convlens.training";

/// A training state: named tensors, and everything else as JSON.
#[derive(Clone, Debug, Default)]
pub struct TrainingState {
    /// Step, settings and curves, in the form of `train::checkpoint`.
    pub json: String,
    /// Such as `exp_avg.0.weight`.
    pub tensors: BTreeMap<String, Tensor>,
}

/// The path of the training state that belongs to a model: `digits.training.safetensors` beside `digits.safetensors`.
pub fn training_path(model: &Path) -> PathBuf {
    model.with_extension("training.safetensors")
}

/// Writes a model's bytes to `path` and the training state beside it. Neither file is replaced before both are complete on
/// the disk.
pub fn save_run(path: &Path, model: &[u8], state: &TrainingState) -> Result<(), ModelError> {
    let of_state = training_path(path);
    let io = |path: &Path| {
        let name = path.display().to_string();
        move |reason| ModelError::Io { name, reason }
    };
    let state = to_bytes(&of_state.display().to_string(), state)?;
    let state = Prepared::new(&of_state, &state).map_err(io(&of_state))?;
    let model = Prepared::new(path, model).map_err(io(path))?;
    // The state first: it knows the model that it replaces, but a model knows no state.
    state.finish().map_err(io(&of_state))?;
    model.finish().map_err(io(path))
}

/// Writes a training state without a model beside it.
pub fn save_training(path: &Path, state: &TrainingState) -> Result<(), ModelError> {
    let name = path.display().to_string();
    let bytes = to_bytes(&name, state)?;
    files::write(path, &bytes).map_err(|reason| ModelError::Io { name, reason })
}

fn to_bytes(name: &str, state: &TrainingState) -> Result<Vec<u8>, ModelError> {
    let format = |e| format_error(name, &e);
    let bytes = state.tensors.iter().map(|(key, tensor)| {
        check_values(name, key, tensor)?;
        Ok((key, tensor.shape().to_vec(), Kind::Values.to_bytes(tensor.values())))
    });
    let bytes = bytes.collect::<Result<Vec<_>, ModelError>>()?;
    let views = bytes
        .iter()
        .map(|(key, shape, data)| Ok((key, TensorView::new(Dtype::F32, shape.clone(), data)?)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(format)?;
    let metadata = HashMap::from([(STATE_KEY.to_owned(), state.json.clone())]);
    safetensors::serialize(views, Some(metadata)).map_err(format)
}

/// Reads a training state and checks that its numbers are finite. Whether they fit a network is for the caller to check.
pub fn load_training(path: &Path) -> Result<TrainingState, ModelError> {
    let name = path.display().to_string();
    training_from_bytes(&name, &read_file(path)?)
}

/// Reads only the JSON of a training state, from the beginning of the file.
pub fn read_training_json(path: &Path) -> Result<String, ModelError> {
    #[derive(Deserialize)]
    struct Header {
        #[serde(rename = "__metadata__", default)]
        metadata: HashMap<String, String>,
    }
    let name = path.display().to_string();
    let header = read_header(path)?;
    let header: Header = serde_json::from_slice(&header)
        .map_err(|e| ModelError::Format { name: name.clone(), reason: e.to_string() })?;
    let mut metadata = header.metadata;
    metadata.remove(STATE_KEY).ok_or(ModelError::NoState { name })
}

/// Reads a training state from memory. `name` is what errors call the file.
pub fn training_from_bytes(name: &str, bytes: &[u8]) -> Result<TrainingState, ModelError> {
    let format = |e| format_error(name, &e);
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(format)?;
    let json = metadata.metadata().as_ref().and_then(|m| m.get(STATE_KEY)).cloned();
    let json = json.ok_or_else(|| ModelError::NoState { name: name.into() })?;
    let mut tensors = BTreeMap::new();
    for (key, view) in SafeTensors::deserialize(bytes).map_err(format)?.tensors() {
        if view.dtype() != Dtype::F32 {
            let found = format!("{:?}", view.dtype());
            return Err(ModelError::StateType { name: name.into(), tensor: key, found });
        }
        let mut values = vec![0.0; view.data().len() / size_of::<f32>()];
        Kind::Values.read(view.data(), &mut values);
        let Some(tensor) = Tensor::new(view.shape(), &values) else { continue };
        check_values(name, &key, &tensor)?;
        tensors.insert(key, tensor);
    }
    Ok(TrainingState { json, tensors })
}

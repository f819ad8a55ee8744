//! What a training run knows beside its weights, in a second file beside the model's.

use super::{
    ModelError,
    atomic::Prepared,
    entry::Kind,
    error::in_a_line,
    read::{check_values, format_error, read_file},
};
use crate::nn::Tensor;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};

/// The metadata key that holds the state's JSON.
const STATE_KEY: &str = "convlens.training";

/// Named tensors, and everything else as JSON.
#[derive(Clone, Debug, Default)]
pub struct TrainingState {
    /// Step, settings, curves: the form is its owner's.
    pub json: String,
    /// Such as `exp_avg.0.weight`.
    pub tensors: BTreeMap<String, Tensor>,
}

/// The file that belongs to a model: `digits.training.safetensors` beside `digits.safetensors`.
pub fn training_path(model: &Path) -> PathBuf {
    model.with_extension("training.safetensors")
}

/// Writes a model's bytes to `path` and the state beside it: neither is replaced before both are whole on the disk.
pub fn save_run(path: &Path, model: &[u8], state: &TrainingState) -> Result<(), ModelError> {
    let of_state = training_path(path);
    let io = |path: &Path| {
        let name = path.display().to_string();
        move |reason| ModelError::Io { name, reason }
    };
    let state = to_bytes(&of_state.display().to_string(), state)?;
    let state = Prepared::new(&of_state, &state).map_err(io(&of_state))?;
    let model = Prepared::new(path, model).map_err(io(path))?;
    // The model last: it is what must not be without the other.
    state.finish().map_err(io(&of_state))?;
    model.finish().map_err(io(path))
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

/// Reads a state; its numbers are finite, whether they fit a network is its reader's to see.
pub fn load_training(path: &Path) -> Result<TrainingState, ModelError> {
    let name = path.display().to_string();
    training_from_bytes(&name, &read_file(path)?)
}

/// The same from memory; `name` is what errors call the file.
pub fn training_from_bytes(name: &str, bytes: &[u8]) -> Result<TrainingState, ModelError> {
    let format = |e| format_error(name, &e);
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(format)?;
    let json = metadata.metadata().as_ref().and_then(|m| m.get(STATE_KEY)).cloned();
    let json = json.ok_or_else(|| ModelError::NoState { name: name.into() })?;
    let mut tensors = BTreeMap::new();
    for (key, view) in SafeTensors::deserialize(bytes).map_err(format)?.tensors() {
        if view.dtype() != Dtype::F32 {
            return Err(ModelError::Format {
                name: name.into(),
                reason: in_a_line(&format!("the tensor {key} is {:?}, not F32", view.dtype())),
            });
        }
        let mut values = vec![0.0; view.data().len() / size_of::<f32>()];
        Kind::Values.read(view.data(), &mut values);
        let Some(tensor) = Tensor::new(view.shape(), &values) else { continue };
        check_values(name, &in_a_line(&key), &tensor)?;
        tensors.insert(key, tensor);
    }
    Ok(TrainingState { json, tensors })
}

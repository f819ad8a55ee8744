//! Reading models; nothing is allocated for sizes that the file's length does not bear out.

use super::{MAX_BYTES, ModelError, SPEC_KEY};
use crate::nn::{Network, NetworkSpec, Tensor};
use safetensors::{Dtype, SafeTensors};
use std::{fs, path::Path};

/// Reads a model. `spec` is for files without one in their metadata, such as PyTorch writes.
pub fn load(path: &Path, spec: Option<NetworkSpec>) -> Result<Network, ModelError> {
    let name = path.display().to_string();
    let io = |reason| ModelError::Io { name: name.clone(), reason };
    let bytes = fs::metadata(path).map_err(io)?.len();
    if bytes > MAX_BYTES {
        return Err(ModelError::TooLong { name, bytes });
    }
    from_bytes(&name, &fs::read(path).map_err(io)?, spec)
}

/// The same from memory; `name` is what errors call the file. A spec that is given goes before the file's own.
pub fn from_bytes(name: &str, bytes: &[u8], spec: Option<NetworkSpec>) -> Result<Network, ModelError> {
    let name = || name.to_owned();
    let format = |e: safetensors::SafeTensorError| ModelError::Format { name: name(), reason: e.to_string() };
    let bad_spec = |reason| ModelError::Spec { name: name(), reason };
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(format)?;
    let tensors = SafeTensors::deserialize(bytes).map_err(format)?;
    let written = metadata.metadata().as_ref().and_then(|m| m.get(SPEC_KEY));
    let spec = match (spec, written) {
        (Some(spec), _) => spec,
        (None, Some(json)) => NetworkSpec::from_json(json).map_err(bad_spec)?,
        (None, None) => return Err(ModelError::NoSpec { name: name() }),
    };
    let network_name = spec.name.clone();
    let mut network = Network::zeros(spec).map_err(bad_spec)?;
    let wanted: Vec<(String, Vec<usize>)> =
        network.named_parameters().map(|(key, tensor)| (key, tensor.shape().to_vec())).collect();
    if let Some(tensor) = tensors.names().into_iter().find(|key| wanted.iter().all(|(k, _)| k != key)) {
        return Err(ModelError::Unknown { name: name(), tensor: tensor.into(), network: network_name });
    }
    for ((key, shape), parameter) in wanted.into_iter().zip(network.parameters_mut().iter_mut().flatten()) {
        let Ok(found) = tensors.tensor(&key) else {
            return Err(ModelError::Missing { name: name(), tensor: key, network: network_name });
        };
        if found.dtype() != Dtype::F32 || found.shape() != shape {
            let found = format!("{:?} {:?}", found.dtype(), found.shape());
            let wanted = format!("F32 {shape:?}");
            return Err(ModelError::Shape {
                name: name(),
                tensor: key,
                found,
                network: network_name,
                wanted,
            });
        }
        fill(parameter, found.data());
        if let Some((index, &value)) = parameter.values().iter().enumerate().find(|(_, v)| !v.is_finite()) {
            return Err(ModelError::NotFinite { name: name(), tensor: key, index, value });
        }
    }
    Ok(network)
}

/// Little-endian `f32`s, as the format fixes them.
fn fill(tensor: &mut Tensor, bytes: &[u8]) {
    for (value, four) in tensor.values_mut().iter_mut().zip(bytes.as_chunks::<4>().0) {
        *value = f32::from_le_bytes(*four);
    }
}

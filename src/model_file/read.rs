//! Reading models. Nothing is allocated for a size that the file's length does not confirm.

use super::{
    MAX_BYTES, ModelError, SPEC_KEY,
    entry::{Entry, Kind},
};
use crate::nn::{Network, NetworkSpec, Tensor, network::Parameters};
use safetensors::{SafeTensorError, SafeTensors};
use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

/// The longest header that the format allows, in bytes.
const MAX_HEADER: u64 = 100_000_000;

/// Reads a model. `spec` is for files without a spec in their metadata, whose keys are those of the same
/// `torch.nn.Sequential`; it takes precedence over the file's own. Files with other keys are read by [`foreign`](crate::foreign).
pub fn load(path: &Path, spec: Option<NetworkSpec>) -> Result<Network, ModelError> {
    from_bytes(&path.display().to_string(), &read_file(path)?, spec)
}

/// Reads the bytes of a file that may be a model. Of any other file only the beginning is read, and nothing of a file that
/// is too long.
pub fn read_file(path: &Path) -> Result<Vec<u8>, ModelError> {
    let name = path.display().to_string();
    let io = |reason| ModelError::Io { name: name.clone(), reason };
    let metadata = fs::metadata(path).map_err(io)?;
    if !metadata.is_file() {
        // A device or a pipe may never end.
        return Err(io(io::Error::other("is not a regular file")));
    }
    let length = metadata.len();
    if length > MAX_BYTES {
        return Err(ModelError::TooLong { name, bytes: length });
    }
    read(path, length).map_err(io)
}

/// Reads the JSON at the beginning of a safetensors file.
pub(super) fn read_header(path: &Path) -> Result<Vec<u8>, ModelError> {
    let io = |reason| ModelError::Io { name: path.display().to_string(), reason };
    let mut file = File::open(path).map_err(io)?;
    let mut length = [0; 8];
    file.read_exact(&mut length).map_err(io)?;
    let mut header = Vec::new();
    file.take(u64::from_le_bytes(length).min(MAX_HEADER)).read_to_end(&mut header).map_err(io)?;
    Ok(header)
}

/// The file's bytes, or only its beginning if that is not the beginning of a model.
fn read(path: &Path, length: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    file.by_ref().take(8).read_to_end(&mut bytes)?;
    let header = bytes.first_chunk().map_or(u64::MAX, |eight| u64::from_le_bytes(*eight));
    if header > length.saturating_sub(8).min(MAX_HEADER) {
        return Ok(bytes);
    }
    file.by_ref().take(header).read_to_end(&mut bytes)?;
    if bytes.get(8) == Some(&b'{') {
        bytes.reserve_exact((length as usize).saturating_sub(bytes.len()));
        file.take(length.saturating_sub(8 + header)).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Reads a model from memory, like [`load`]. `name` is what errors call the file.
pub fn from_bytes(name: &str, bytes: &[u8], spec: Option<NetworkSpec>) -> Result<Network, ModelError> {
    let format = |e| format_error(name, &e);
    let bad_spec = |reason| ModelError::Spec { name: name.into(), reason };
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(format)?;
    let tensors = SafeTensors::deserialize(bytes).map_err(format)?;
    let written = metadata.metadata().as_ref().and_then(|m| m.get(SPEC_KEY));
    let spec = match (spec, written) {
        (Some(spec), _) => spec,
        (None, Some(json)) => NetworkSpec::from_json(json).map_err(bad_spec)?,
        (None, None) => return Err(ModelError::NoSpec { name: name.into() }),
    };
    let layers = spec.build().map_err(bad_spec)?;
    let (parameters, buffers) = (Entry::parameters(&layers), Entry::buffers(&layers));
    let wanted = parameters.iter().chain(&buffers);
    check_forms(name, &spec.name, &tensors, wanted)?;
    let mut network = Network::zeros(spec).map_err(bad_spec)?;
    fill(name, &tensors, &parameters, network.parameters_mut())?;
    fill(name, &tensors, &buffers, network.buffers_mut())?;
    Ok(network)
}

/// Checks that the file has exactly the tensors that the network needs, with their types and shapes.
fn check_forms<'a>(
    name: &str,
    network: &str,
    tensors: &SafeTensors<'_>,
    wanted: impl Iterator<Item = &'a Entry> + Clone,
) -> Result<(), ModelError> {
    let (name, network) = (name.to_owned(), network.to_owned());
    let keys: HashSet<&str> = wanted.clone().map(|entry| entry.key.as_str()).collect();
    if let Some(tensor) = tensors.names().into_iter().filter(|key| !keys.contains(key)).min() {
        return Err(ModelError::Unknown { name, tensor: tensor.to_owned(), network });
    }
    for entry in wanted {
        let tensor = entry.key.clone();
        let Ok(found) = tensors.tensor(&tensor) else {
            return Err(ModelError::Missing { name, tensor, network });
        };
        if found.dtype() != Kind::of(&tensor).dtype() || found.shape() != entry.shape {
            let found = format!("{:?} {:?}", found.dtype(), found.shape());
            return Err(ModelError::Shape { name, tensor, found, network, wanted: entry.form() });
        }
    }
    Ok(())
}

/// Copies the values of tensors whose types and shapes were checked.
fn fill(
    name: &str,
    tensors: &SafeTensors<'_>,
    entries: &[Entry],
    places: &mut Parameters,
) -> Result<(), ModelError> {
    for (Entry { key, .. }, place) in entries.iter().zip(places.iter_mut().flatten()) {
        let found = tensors.tensor(key).map_err(|e| format_error(name, &e))?;
        let kind = Kind::of(key);
        kind.read(found.data(), place.values_mut());
        check_values(name, key, place)?;
        if let (Kind::Count | Kind::Variance, Some((index, &value))) =
            (kind, place.values().iter().enumerate().find(|(_, v)| **v < 0.0))
        {
            return Err(ModelError::Negative { name: name.into(), tensor: key.clone(), index, value });
        }
    }
    Ok(())
}

/// Refuses values that are not finite.
pub(super) fn check_values(name: &str, key: &str, tensor: &Tensor) -> Result<(), ModelError> {
    match tensor.values().iter().enumerate().find(|(_, v)| !v.is_finite()) {
        None => Ok(()),
        Some((index, &value)) => {
            Err(ModelError::NotFinite { name: name.into(), tensor: key.into(), index, value })
        }
    }
}

pub(super) fn format_error(name: &str, reason: &SafeTensorError) -> ModelError {
    ModelError::Format { name: name.into(), reason: reason.to_string() }
}

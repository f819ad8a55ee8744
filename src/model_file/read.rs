//! Reading models; nothing is allocated for sizes that the file's length does not bear out.

use super::{
    MAX_BYTES, ModelError, SPEC_KEY,
    entry::{Entry, Kind},
    error::in_a_line,
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

/// Reads a model. `spec` is for files without one in their metadata, such as PyTorch writes.
pub fn load(path: &Path, spec: Option<NetworkSpec>) -> Result<Network, ModelError> {
    from_bytes(&path.display().to_string(), &read_file(path)?, spec)
}

/// The bytes of a file that may be a model: of any other, only its beginning, and nothing of one that is too long.
pub fn read_file(path: &Path) -> Result<Vec<u8>, ModelError> {
    let name = path.display().to_string();
    let io = |reason| ModelError::Io { name: name.clone(), reason };
    let metadata = fs::metadata(path).map_err(io)?;
    if !metadata.is_file() {
        // A device or a pipe may have no end.
        return Err(io(io::Error::other("is not a file")));
    }
    let length = metadata.len();
    if length > MAX_BYTES {
        return Err(ModelError::TooLong { name, bytes: length });
    }
    read(path, length).map_err(io)
}

/// The file's bytes; of a file whose beginning is not that of a model, just that beginning.
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

/// The same from memory; `name` is what errors call the file. A spec that is given goes before the file's own.
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
    check_forms(name, &spec.name, &tensors, parameters.iter().chain(&buffers))?;
    let mut network = Network::zeros(spec).map_err(bad_spec)?;
    fill(name, &tensors, &parameters, network.parameters_mut())?;
    fill(name, &tensors, &buffers, network.buffers_mut())?;
    Ok(network)
}

/// Whether the file has just the tensors that are wanted, and in their forms.
fn check_forms<'a>(
    name: &str,
    network: &str,
    tensors: &SafeTensors<'_>,
    wanted: impl Iterator<Item = &'a Entry> + Clone,
) -> Result<(), ModelError> {
    let (name, network) = (name.to_owned(), in_a_line(network));
    let keys: HashSet<&str> = wanted.clone().map(|entry| entry.key.as_str()).collect();
    if let Some(tensor) = tensors.names().into_iter().filter(|key| !keys.contains(key)).min() {
        return Err(ModelError::Unknown { name, tensor: in_a_line(tensor), network });
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

/// Takes the values of tensors whose forms were checked.
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

/// Refuses values that no network computes with.
pub(super) fn check_values(name: &str, key: &str, tensor: &Tensor) -> Result<(), ModelError> {
    match tensor.values().iter().enumerate().find(|(_, v)| !v.is_finite()) {
        None => Ok(()),
        Some((index, &value)) => {
            Err(ModelError::NotFinite { name: name.into(), tensor: key.into(), index, value })
        }
    }
}

pub(super) fn format_error(name: &str, reason: &SafeTensorError) -> ModelError {
    ModelError::Format { name: name.into(), reason: in_a_line(&reason.to_string()) }
}

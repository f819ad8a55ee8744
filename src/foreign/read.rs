//! Reading a file of any kind.

use super::{
    content::Foreign,
    error::ForeignError,
    keras,
    kind::{FileKind, LOOKED_AT},
    matching::Map,
    number::Precision,
    onnx, safetensors,
    tensor::FoundTensor,
    torch,
};
use crate::{
    model_file::{self, MAX_BYTES, ModelError, SPEC_KEY},
    nn::{Network, NetworkSpec},
    text::Sentence,
};
use ::safetensors::SafeTensors;
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// Reads a model of any program. `spec` is for files that do not say what their layers are; it takes precedence over the
/// file's own.
pub fn load(path: &Path, spec: Option<NetworkSpec>, map: &Map) -> Result<Network, ForeignError> {
    let (name, bytes) = (path.display().to_string(), read_file(path)?);
    if has_spec(&bytes) {
        return Ok(model_file::from_bytes(&name, &bytes, spec)?);
    }
    let foreign = read(&name, bytes)?;
    let spec = spec.or_else(|| foreign.spec.clone()).ok_or(ForeignError::NoSpec { name })?;
    foreign.network(spec, map)
}

/// Reads a file of another program. `name` is what errors call it.
pub fn read(name: &str, bytes: Vec<u8>) -> Result<Foreign, ForeignError> {
    let kind = FileKind::of(&bytes, bytes.len() as u64);
    let tensors = |found| Foreign { found, ..Foreign::default() };
    let mut foreign = match kind {
        // A file that is cut off is said to be by the reader.
        Some(FileKind::Safetensors) => tensors(safetensors::read(name, &bytes)?),
        None if name.to_ascii_lowercase().ends_with(".safetensors") => {
            tensors(safetensors::read(name, &bytes)?)
        }
        None => return Err(ForeignError::Unknown { name: name.to_owned() }),
        Some(FileKind::Pickle) => tensors(torch::read(name, bytes)?),
        Some(FileKind::Zip) => match keras::parts(name, &bytes)? {
            Some((config, weights)) => keras::read(name, Some(&config), weights)?,
            None => tensors(torch::read(name, bytes)?),
        },
        Some(FileKind::Hdf5) => keras::read(name, None, bytes)?,
        Some(FileKind::Onnx) => onnx::read(name, &bytes)?,
    };
    name.clone_into(&mut foreign.name);
    if foreign.found.is_empty() && foreign.spec.is_none() {
        return Err(ForeignError::NoTensors { name: name.to_owned() });
    }
    foreign.words.extend(said_precision(&foreign.found));
    Ok(foreign)
}

/// Reads the bytes of a file of any kind, and nothing of one that is too long.
pub fn read_file(path: &Path) -> Result<Vec<u8>, ModelError> {
    let name = path.display().to_string();
    let io = |reason| ModelError::Io { name: name.clone(), reason };
    let file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    if !metadata.is_file() {
        // A device or a pipe may never end.
        return Err(io(io::Error::other("is not a regular file")));
    }
    if metadata.len() > MAX_BYTES {
        return Err(ModelError::TooLong { name, bytes: metadata.len() });
    }
    let mut first = Vec::new();
    let mut file = file.take(MAX_BYTES);
    file.by_ref().take(LOOKED_AT as u64).read_to_end(&mut first).map_err(io)?;
    // Of a file that is no network, only the beginning is read.
    if FileKind::of(&first, metadata.len()).is_some() {
        first.reserve_exact((metadata.len() as usize).saturating_sub(first.len()));
        file.read_to_end(&mut first).map_err(io)?;
    }
    Ok(first)
}

/// Whether it is a model of ConvLens itself.
pub fn has_spec(bytes: &[u8]) -> bool {
    SafeTensors::read_metadata(bytes)
        .is_ok_and(|(_, header)| header.metadata().as_ref().is_some_and(|m| m.contains_key(SPEC_KEY)))
}

/// Which numbers became 32-bit floats.
fn said_precision(found: &[FoundTensor]) -> Option<Sentence> {
    let other = |t: &&FoundTensor| t.precision != Precision::F32 && t.parts().1 != "num_batches_tracked";
    let mut precisions: Vec<Precision> = found.iter().filter(other).map(|t| t.precision).collect();
    precisions.sort_unstable();
    precisions.dedup();
    let names: Vec<&str> = precisions.into_iter().map(Precision::name).collect();
    let sentence = Sentence::new("numbers of the type {types} were converted to float32");
    (!names.is_empty()).then(|| sentence.with("types", names.join(", ")))
}

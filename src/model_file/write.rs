//! Writing models so that a crash leaves the old file or the new one, never half of one.

use super::{ModelError, SPEC_KEY};
use crate::nn::Network;
use safetensors::{Dtype, tensor::TensorView};
use std::{collections::HashMap, io::Write, path::Path};

/// The model as the bytes of a file.
pub fn to_bytes(name: &str, network: &Network) -> Result<Vec<u8>, ModelError> {
    let format =
        |e: safetensors::SafeTensorError| ModelError::Format { name: name.into(), reason: e.to_string() };
    let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = network
        .named_parameters()
        .map(|(key, t)| (key, t.shape().to_vec(), t.values().iter().flat_map(|v| v.to_le_bytes()).collect()))
        .collect();
    let views = tensors
        .iter()
        .map(|(key, shape, data)| Ok((key.as_str(), TensorView::new(Dtype::F32, shape.clone(), data)?)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(format)?;
    let metadata = HashMap::from([(SPEC_KEY.to_owned(), network.spec().to_json())]);
    safetensors::serialize(views, Some(metadata)).map_err(format)
}

/// Writes the model to a temporary file beside `path`, syncs it and renames it.
pub fn save(path: &Path, network: &Network) -> Result<(), ModelError> {
    let name = path.display().to_string();
    let bytes = to_bytes(&name, network)?;
    write_atomically(path, &bytes).map_err(|reason| ModelError::Io { name, reason })
}

fn write_atomically(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

//! Writing models.

use super::{
    ModelError, SPEC_KEY,
    entry::Kind,
    read::{check_values, format_error},
};
use crate::{files, nn::Network};
use safetensors::tensor::TensorView;
use std::{collections::HashMap, path::Path};

/// The bytes of a model file. `name` is what errors call the file.
///
/// # Errors
/// A weight or buffer has a value that [`from_bytes`](super::from_bytes) would refuse.
pub fn to_bytes(name: &str, network: &Network) -> Result<Vec<u8>, ModelError> {
    let tensors = network
        .named_parameters()
        .chain(network.named_buffers())
        .map(|(key, tensor)| {
            check_values(name, &key, tensor)?;
            let kind = Kind::of(&key);
            Ok((key, kind, tensor.shape().to_vec(), kind.to_bytes(tensor.values())))
        })
        .collect::<Result<Vec<_>, ModelError>>()?;
    let views = tensors
        .iter()
        .map(|(key, kind, shape, data)| Ok((key, TensorView::new(kind.dtype(), shape.clone(), data)?)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| format_error(name, &e))?;
    let metadata = HashMap::from([(SPEC_KEY.to_owned(), network.spec().to_json())]);
    safetensors::serialize(views, Some(metadata)).map_err(|e| format_error(name, &e))
}

/// Writes a model atomically.
pub fn save(path: &Path, network: &Network) -> Result<(), ModelError> {
    let name = path.display().to_string();
    let bytes = to_bytes(&name, network)?;
    files::write(path, &bytes).map_err(|reason| ModelError::Io { name, reason })
}

//! Writing models so that a crash leaves the old file or the new one, never half of one.

use super::{
    ModelError, SPEC_KEY,
    entry::Kind,
    read::{check_values, format_error},
};
use crate::nn::Network;
use safetensors::tensor::TensorView;
use std::{
    collections::HashMap,
    fs,
    io::{self, Write},
    path::Path,
};

/// The model as the bytes of a file. `name` is what errors call the file; a value that could not be read back is one.
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

/// Writes the model to a temporary file beside `path`, syncs it and renames it.
pub fn save(path: &Path, network: &Network) -> Result<(), ModelError> {
    save_bytes(path, &to_bytes(&path.display().to_string(), network)?)
}

/// Writes what [`to_bytes`] made.
pub fn save_bytes(path: &Path, bytes: &[u8]) -> Result<(), ModelError> {
    let name = path.display().to_string();
    write_atomically(path, bytes).map_err(|reason| ModelError::Io { name, reason })
}

pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // The file that a link leads to is replaced, not the link.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = fs::metadata(path).ok();
    if let Some(old) = &old {
        // Renaming would ask neither.
        if !old.is_file() {
            return Err(io::Error::other("is not a file"));
        }
        if old.permissions().readonly() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "is write-protected"));
        }
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // A model is for whoever may read files of this folder; temporary files are for their owner alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

//! The files of an export.

use super::{ExportError, Format, header, keras, network::Source, onnx, torch};
use crate::{
    files::Prepared,
    nn::{Network, NetworkSpec},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The files of an export, in memory: the one that was asked for, and the weights beside it where a format has them there.
#[derive(Clone, Debug)]
pub struct Exported {
    /// Paths and contents.
    pub files: Vec<(PathBuf, Vec<u8>)>,
}

/// The file of the weights that an export to `path` has beside it, if it has one.
pub fn companion(path: &Path) -> Option<PathBuf> {
    matches!(Format::of(path), Some(Format::Torch | Format::Keras))
        .then(|| path.with_extension("safetensors"))
}

/// Exports a network to `path`, whose ending is the format. `version` is ConvLens's, which the files name.
pub fn export(network: &Network, path: &Path, version: &str) -> Result<Exported, ExportError> {
    let source = Source { spec: network.spec(), layers: network.layers(), network: Some(network), version };
    let format = Format::of(path).ok_or_else(|| ExportError::Ending(path.to_owned()))?;
    let (bytes, weights) = match format {
        Format::Onnx => (onnx::model(source, network)?, None),
        Format::Torch => (torch::code(source).into_bytes(), Some(torch::weights(path, network)?)),
        Format::Keras => {
            let (code, values) = keras::code(source)?;
            (code.into_bytes(), Some(keras::to_bytes(path, &values)?))
        }
        Format::Spec => (network.spec().to_json_lines().into_bytes(), None),
        Format::Header => (header::code(source, network).into_bytes(), None),
    };
    let beside = companion(path).zip(weights);
    Ok(Exported { files: [(path.to_owned(), bytes)].into_iter().chain(beside).collect() })
}

/// Exports a network without weights, as a draft is: its spec, or its code.
pub fn export_spec(spec: &NetworkSpec, path: &Path, version: &str) -> Result<Exported, ExportError> {
    let format = Format::of(path).ok_or_else(|| ExportError::Ending(path.to_owned()))?;
    if format == Format::Spec {
        // A draft may be saved whether its layers fit or not.
        return Ok(Exported { files: vec![(path.to_owned(), spec.to_json_lines().into_bytes())] });
    }
    let layers = spec.build().map_err(|error| ExportError::Spec(path.to_owned(), error))?;
    let source = Source { spec, layers: &layers, network: None, version };
    let code = match format {
        Format::Torch => torch::code(source),
        Format::Keras => keras::code(source)?.0,
        Format::Onnx | Format::Header | Format::Spec => return Err(ExportError::NoWeights(format)),
    };
    Ok(Exported { files: vec![(path.to_owned(), code.into_bytes())] })
}

impl Exported {
    /// Writes the files; none is replaced before all are complete on the disk. `model` is the file that the network came
    /// from, which is not replaced.
    pub fn write(&self, model: Option<&Path>) -> Result<(), ExportError> {
        let io = |file: &Path| {
            let file = file.to_owned();
            move |reason| ExportError::Io { file, reason }
        };
        let mut prepared = Vec::new();
        for (file, bytes) in &self.files {
            let is_model = model.is_some_and(|model| is_same(file, model));
            if is_model && fs::read(file).is_ok_and(|there| there == *bytes) {
                continue;
            }
            if is_model {
                return Err(ExportError::OverModel { file: file.clone() });
            }
            prepared.push((file, Prepared::new(file, bytes).map_err(io(file))?));
        }
        // The weights first: code knows the file that it reads, but not the other way round.
        prepared.into_iter().rev().try_for_each(|(file, one)| one.finish().map_err(io(file)))
    }
}

/// Whether both paths lead to one file.
fn is_same(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

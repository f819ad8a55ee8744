//! Why a network cannot be exported.

use super::Format;
use crate::{
    model_file::ModelError,
    nn::SpecError,
    text::{Say, Sentence},
};
use std::{io, path::PathBuf};
use thiserror::Error;

/// An error of an export. Its sentence names the file or the layer.
#[derive(Debug, Error)]
#[error("{}", self.say())]
pub enum ExportError {
    /// The file's name has no known ending.
    Ending(PathBuf),
    /// A draft's layers do not fit.
    Spec(PathBuf, SpecError),
    /// The format holds weights, and there are none.
    NoWeights(Format),
    /// The format cannot express a layer.
    Layer {
        /// The layer, such as `conv2d 0`.
        layer: String,
        /// The format.
        format: Format,
        /// What it lacks.
        reason: Sentence,
    },
    /// The weights' file is the model that is exported, which would be overwritten.
    OverModel {
        /// The weights' file.
        file: PathBuf,
    },
    /// The weights cannot be stored.
    Model(ModelError),
    /// The file system refused.
    Io {
        /// The file.
        file: PathBuf,
        /// The system's message.
        reason: io::Error,
    },
}

impl Say for ExportError {
    fn say(&self) -> Sentence {
        match self {
            Self::Ending(file) => Sentence::new("{file}: has none of the endings of an export: {endings}")
                .with("file", file.display())
                .with("endings", Format::ALL.map(Format::ending).join(", ")),
            Self::Spec(file, reason) => {
                Sentence::new("{file}: {reason}").with("file", file.display()).part("reason", reason.say())
            }
            Self::NoWeights(format) => Sentence::new(
                "a {ending} file holds the weights of a network, but a draft has none: give the file another ending, such as .json or .py",
            )
            .with("ending", format.ending()),
            Self::Layer { layer, format, reason } => Sentence::new("{layer} cannot be written for {program}: {reason}")
                .with("layer", layer)
                .with("program", format.program())
                .part("reason", reason.clone()),
            Self::OverModel { file } => Sentence::new(
                "{file}: is the model itself, and its weights would be written there too: choose another name",
            )
            .with("file", file.display()),
            Self::Model(error) => error.say(),
            Self::Io { file, reason } => {
                Sentence::new("{file}: {reason}").with("file", file.display()).with("reason", reason)
            }
        }
    }
}

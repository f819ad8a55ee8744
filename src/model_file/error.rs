//! Why a model file cannot be read or written.

use crate::{
    nn::SpecError,
    text::{Say, Sentence},
};
use std::io;
use thiserror::Error;

/// An error of a model file or a training state. Its sentence names the file and the reason.
#[derive(Debug, Error)]
#[error("{}", self.say())]
pub enum ModelError {
    /// The file system refused.
    Io {
        /// The file.
        name: String,
        /// The system's message.
        reason: io::Error,
    },
    /// The file is longer than [`MAX_BYTES`](super::MAX_BYTES).
    TooLong {
        /// The file.
        name: String,
        /// Its length.
        bytes: u64,
    },
    /// The file is damaged or is not a safetensors file.
    Format {
        /// The file.
        name: String,
        /// The reader's message.
        reason: String,
    },
    /// The file has no network spec, like those of PyTorch, and none was given.
    NoSpec {
        /// The file.
        name: String,
    },
    /// The spec is not valid.
    Spec {
        /// The file.
        name: String,
        /// The rule that it breaks.
        reason: SpecError,
    },
    /// A safetensors file without a training state.
    NoState {
        /// The file.
        name: String,
    },
    /// A training state whose content is not valid.
    DamagedState {
        /// The file.
        name: String,
        /// What is wrong with it.
        reason: StateFault,
    },
    /// A training state that was saved with another model.
    OtherModel {
        /// The file.
        name: String,
        /// The model's file.
        model: String,
    },
    /// A tensor of the network is missing.
    Missing {
        /// The file.
        name: String,
        /// The tensor's key.
        tensor: String,
        /// The network.
        network: String,
    },
    /// A tensor that the network does not have.
    Unknown {
        /// The file.
        name: String,
        /// The tensor's key.
        tensor: String,
        /// The network.
        network: String,
    },
    /// A tensor of another type or shape than the network's.
    Shape {
        /// The file.
        name: String,
        /// The tensor's key.
        tensor: String,
        /// Type and shape in the file.
        found: String,
        /// The network.
        network: String,
        /// Type and shape that the network needs.
        wanted: String,
    },
    /// A tensor of a training state that is not `f32`.
    StateType {
        /// The file.
        name: String,
        /// The tensor's key.
        tensor: String,
        /// Its type.
        found: String,
    },
    /// A value that is NaN or infinite.
    NotFinite {
        /// The file.
        name: String,
        /// The tensor's key.
        tensor: String,
        /// The value's index, row-major.
        index: usize,
        /// NaN or an infinity.
        value: f32,
    },
    /// A negative variance or count.
    Negative {
        /// The file.
        name: String,
        /// The tensor's key.
        tensor: String,
        /// The value's index, row-major.
        index: usize,
        /// The value.
        value: f32,
    },
}

/// What is wrong with the content of a training state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateFault {
    /// Its JSON cannot be read, for this reason.
    Json(String),
    /// Its settings are not valid, for this reason.
    Settings(Sentence),
    /// Its step or its curves are impossible.
    Curves,
    /// Its optimiser tensors do not fit the network.
    Optimizer,
    /// The best weights are missing or do not fit the network.
    BestWeights,
    /// The weights are missing or do not fit the network.
    Weights,
}

impl Say for StateFault {
    fn say(&self) -> Sentence {
        match self {
            Self::Json(reason) => Sentence::new("{reason}").with("reason", reason),
            Self::Settings(reason) => reason.clone(),
            Self::Curves => Sentence::new("its step or its curves are impossible"),
            Self::Optimizer => Sentence::new("its optimiser tensors do not fit the network"),
            Self::BestWeights => Sentence::new("its best weights are missing or do not fit the network"),
            Self::Weights => Sentence::new("its weights are missing or do not fit the network"),
        }
    }
}

impl Say for ModelError {
    fn say(&self) -> Sentence {
        match self {
            Self::Io { name, reason } => {
                Sentence::new("{file}: {reason}").with("file", name).with("reason", reason)
            }
            Self::TooLong { name, bytes } => {
                Sentence::new("{file}: is {bytes} bytes long, but a model file has at most {max}")
                    .with("file", name)
                    .with("bytes", bytes)
                    .with("max", super::MAX_BYTES)
            }
            Self::Format { name, reason } => {
                Sentence::new("{file}: is not a complete safetensors file ({reason})")
                    .with("file", name)
                    .with("reason", reason)
            }
            Self::NoSpec { name } => Sentence::new(
                "{file}: does not contain the spec of its network (metadata {key}); give the network as well (--net on the command line)",
            )
            .with("file", name)
            .with("key", super::SPEC_KEY),
            Self::Spec { name, reason } => {
                Sentence::new("{file}: {reason}").with("file", name).part("reason", reason.say())
            }
            Self::NoState { name } => {
                Sentence::new("{file}: is not a training state of ConvLens").with("file", name)
            }
            Self::DamagedState { name, reason } => {
                Sentence::new("{file}: is damaged: {reason}").with("file", name).part("reason", reason.say())
            }
            Self::OtherModel { name, model } => Sentence::new(
                "{file}: was saved with another model than the present {model}, so that run cannot go on",
            )
            .with("file", name)
            .with("model", model),
            Self::Missing { name, tensor, network } => {
                Sentence::new("{file}: lacks the tensor {tensor} of the network {network}")
                    .with("file", name)
                    .with("tensor", tensor)
                    .with("network", network)
            }
            Self::Unknown { name, tensor, network } => {
                Sentence::new("{file}: has the tensor {tensor}, which the network {network} does not have")
                    .with("file", name)
                    .with("tensor", tensor)
                    .with("network", network)
            }
            Self::Shape { name, tensor, found, network, wanted } => Sentence::new(
                "{file}: the tensor {tensor} is {found}, but the network {network} needs {wanted}",
            )
            .with("file", name)
            .with("tensor", tensor)
            .with("found", found)
            .with("network", network)
            .with("wanted", wanted),
            Self::StateType { name, tensor, found } => {
                Sentence::new("{file}: the tensor {tensor} is {found}, but must be F32")
                    .with("file", name)
                    .with("tensor", tensor)
                    .with("found", found)
            }
            Self::NotFinite { name, tensor, index, value } => Sentence::new(
                "{file}: the tensor {tensor} has the value {value} at index {index}, but values must be finite",
            )
            .with("file", name)
            .with("tensor", tensor)
            .with("value", value)
            .with("index", index),
            Self::Negative { name, tensor, index, value } => Sentence::new(
                "{file}: the tensor {tensor} has the value {value} at index {index}, but must not be negative",
            )
            .with("file", name)
            .with("tensor", tensor)
            .with("value", value)
            .with("index", index),
        }
    }
}

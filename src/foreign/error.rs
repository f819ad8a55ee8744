//! Why a file of another program cannot be used.

use crate::{
    model_file::ModelError,
    nn::{SpecError, spec::MAX_PARAMETERS},
    text::{Say, Sentence},
};
use thiserror::Error;

/// An error of a file of another program. Its sentence names the file, the place in it and the reason.
#[derive(Debug, Error)]
#[error("{}", self.say())]
pub enum ForeignError {
    /// An error that model files of ConvLens have, too.
    Model(#[from] ModelError),
    /// The file is none of the kinds that are read.
    Unknown {
        /// The file.
        name: String,
    },
    /// The file is damaged, or has something that the reader does not know.
    Damaged {
        /// The file.
        name: String,
        /// Its kind, such as ONNX.
        kind: &'static str,
        /// The reader's message.
        reason: String,
    },
    /// The file has no tensors with weights.
    NoTensors {
        /// The file.
        name: String,
    },
    /// The tensors of the file have more values than a network may have.
    TooLarge {
        /// The file.
        name: String,
    },
    /// Numbers of a type that is not read.
    Numbers {
        /// The file.
        name: String,
        /// The tensor.
        tensor: String,
        /// The type, as the file writes it.
        precision: String,
    },
    /// A node of a graph, or a layer, that a spec cannot express.
    Node {
        /// The file.
        name: String,
        /// The node, by its name in the file.
        node: String,
        /// What is not possible.
        reason: Sentence,
    },
    /// The file does not say what its layers are, and no spec was given.
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
    /// No tensor of the file fits a tensor of the network.
    NoTensor {
        /// The file.
        name: String,
        /// The network's layer, such as `linear 7`.
        layer: String,
        /// The tensor's key in the network.
        wanted: String,
        /// Its shape.
        shape: Vec<usize>,
        /// A tensor of the file that would be next, with its shape.
        next: Option<Box<(String, Vec<usize>)>>,
    },
    /// A tensor of the file that no layer needs.
    Unused {
        /// The file.
        name: String,
        /// The tensor.
        tensor: String,
        /// Its shape.
        shape: Vec<usize>,
        /// The network.
        network: String,
    },
    /// `--map` names a tensor that does not exist.
    Map {
        /// The file.
        name: String,
        /// The tensor that was named.
        tensor: String,
        /// Those that exist.
        tensors: Vec<String>,
    },
}

impl ForeignError {
    pub(super) fn damaged(name: &str, kind: &'static str, reason: &str) -> Self {
        Self::Damaged { name: name.to_owned(), kind, reason: reason.to_owned() }
    }

    pub(super) fn node(name: &str, node: &str, reason: Sentence) -> Self {
        Self::Node { name: name.to_owned(), node: node.to_owned(), reason }
    }
}

impl Say for ForeignError {
    fn say(&self) -> Sentence {
        let of = |key: &'static str, name: &str| Sentence::new(key).with("file", name);
        match self {
            Self::Model(error) => error.say(),
            Self::Unknown { name } => of(
                "{file}: is not a network: networks are read from .safetensors, .pt, .pth, .onnx, .keras and .h5",
                name,
            ),
            Self::Damaged { name, kind, reason } => {
                of("{file}: cannot be read as a file of {program} ({reason})", name)
                    .with("program", kind)
                    .with("reason", reason)
            }
            Self::NoTensors { name } => of("{file}: contains no tensors", name),
            Self::TooLarge { name } => {
                of("{file}: has more than {most} values, the limit for a network", name)
                    .with("most", MAX_PARAMETERS)
            }
            Self::Numbers { name, tensor, precision } => {
                of("{file}: the tensor {tensor} has numbers of the type {type}, which cannot be read", name)
                    .with("tensor", tensor)
                    .with("type", precision)
            }
            Self::Node { name, node, reason } => {
                of("{file}: {node}: {reason}", name).with("node", node).part("reason", reason.clone())
            }
            Self::NoSpec { name } => of(
                "{file}: has weights, but does not say what the layers are; give the network as well (--net on the command line; convlens import proposes one)",
                name,
            ),
            Self::Spec { name, reason } => of("{file}: {reason}", name).part("reason", reason.say()),
            Self::NoTensor { name, layer, wanted, shape, next: None } => {
                of("{file}: has no tensor for {tensor} {shape} of {layer}", name)
                    .with("tensor", wanted)
                    .with("shape", format!("{shape:?}"))
                    .with("layer", layer)
            }
            Self::NoTensor { name, layer, wanted, shape, next: Some(next) } => of(
                "{file}: has no tensor for {tensor} {shape} of {layer}; the next one in the file is {next} {next_shape}",
                name,
            )
            .with("tensor", wanted)
            .with("shape", format!("{shape:?}"))
            .with("layer", layer)
            .with("next", &next.0)
            .with("next_shape", format!("{:?}", next.1)),
            Self::Unused { name, tensor, shape, network } => {
                of("{file}: has the tensor {tensor} {shape}, for which the network {network} has no layer", name)
                    .with("tensor", tensor)
                    .with("shape", format!("{shape:?}"))
                    .with("network", network)
            }
            Self::Map { name, tensor, tensors } => {
                of("{file}: --map names {tensor}, but there are only {tensors}", name)
                    .with("tensor", tensor)
                    .with("tensors", tensors.join(", "))
            }
        }
    }
}

//! Why a model file cannot be read or written.

use crate::nn::SpecError;
use std::io;
use thiserror::Error;

/// One sentence that names the file and the reason.
#[derive(Debug, Error)]
pub enum ModelError {
    /// The file system refused.
    #[error("{name}: {reason}")]
    Io {
        /// The file.
        name: String,
        /// What the system says.
        reason: io::Error,
    },
    /// Larger than any model of this program.
    #[error("{name}: is {bytes} bytes long, but a model file has at most {max}", max = super::MAX_BYTES)]
    TooLong {
        /// The file.
        name: String,
        /// Its length.
        bytes: u64,
    },
    /// Not a safetensors file, or a damaged one.
    #[error("{name}: is not a whole safetensors file ({reason})")]
    Format {
        /// The file.
        name: String,
        /// What the reader says.
        reason: String,
    },
    /// PyTorch's files have no spec.
    #[error("{name}: has no network spec (metadata {key}): name the network that it belongs to (--net on the command line)", key = super::SPEC_KEY)]
    NoSpec {
        /// The file.
        name: String,
    },
    /// The spec is wrong.
    #[error("{name}: {}", in_a_line(&reason.to_string()))]
    Spec {
        /// The file.
        name: String,
        /// Which rule it breaks.
        reason: SpecError,
    },
    /// A safetensors file of something else.
    #[error("{name}: is no training state of this program")]
    NoState {
        /// The file.
        name: String,
    },
    /// A training state that does not belong to the model.
    #[error("{name}: {reason}")]
    State {
        /// The file.
        name: String,
        /// What does not fit.
        reason: String,
    },
    /// A tensor is missing.
    #[error("{name}: lacks the tensor {tensor} of the network {network}")]
    Missing {
        /// The file.
        name: String,
        /// The key.
        tensor: String,
        /// The network.
        network: String,
    },
    /// A tensor that the network does not have.
    #[error("{name}: has the tensor {tensor}, which the network {network} does not have")]
    Unknown {
        /// The file.
        name: String,
        /// The key.
        tensor: String,
        /// The network.
        network: String,
    },
    /// A tensor of another form.
    #[error("{name}: the tensor {tensor} is {found}, but the network {network} needs {wanted}")]
    Shape {
        /// The file.
        name: String,
        /// The key.
        tensor: String,
        /// Type and shape in the file.
        found: String,
        /// The network.
        network: String,
        /// Type and shape that are needed.
        wanted: String,
    },
    /// A weight that is no number.
    #[error("{name}: the tensor {tensor} has the value {value} at index {index}, but weights must be finite")]
    NotFinite {
        /// The file.
        name: String,
        /// The key.
        tensor: String,
        /// The place, row-major.
        index: usize,
        /// NaN or an infinity.
        value: f32,
    },
    /// A statistic that cannot be.
    #[error("{name}: the tensor {tensor} has the value {value} at index {index}, but must not be negative")]
    Negative {
        /// The file.
        name: String,
        /// The key.
        tensor: String,
        /// The place, row-major.
        index: usize,
        /// The value.
        value: f32,
    },
}

/// The most characters of a file's own words in a message.
const MAX_WORDS: usize = 400;

/// Words that came out of a file, fit for a one-line message.
pub(super) fn in_a_line(words: &str) -> String {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let mut line: String = words.chars().take(MAX_WORDS).map(printable).collect();
    if words.chars().nth(MAX_WORDS).is_some() {
        line.push('…');
    }
    line
}

//! Why something cannot be explained.

use crate::{
    nn::{LayerError, SettingError, SpecError, lab::LabError, network::ParameterError},
    text::{Say, Sentence},
};
use std::fmt;

/// Why a convolution, a pooling layer or a chain of layers cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExplainError {
    /// A layer does not fit its input.
    Layer {
        /// The layer, from 0.
        layer: usize,
        /// What does not fit.
        reason: Box<LayerError>,
    },
    /// The layers together are no valid network.
    Spec(SpecError),
    /// A one- or three-dimensional convolution is impossible.
    Lab(LabError),
    /// An array has the wrong number of values.
    ArrayLength {
        /// The array: `input`, `weight` or `bias`.
        array: &'static str,
        /// The number of values given.
        found: usize,
        /// The number of values needed.
        needed: usize,
    },
    /// The layer of this type is not a pooling layer.
    NotPooling(&'static str),
    /// A signal has no values.
    EmptySignal,
}

impl ExplainError {
    /// The setting that does not fit, if the error is about one.
    pub fn setting(&self) -> Option<&SettingError> {
        match self {
            Self::Layer { reason, .. } => reason.setting(),
            Self::Lab(LabError::Setting(error)) => Some(error),
            Self::Lab(_)
            | Self::Spec(_)
            | Self::ArrayLength { .. }
            | Self::NotPooling(_)
            | Self::EmptySignal => None,
        }
    }

    /// Fails if an array does not have `needed` values.
    pub(super) fn check_len(array: &'static str, found: usize, needed: usize) -> Result<(), Self> {
        if found == needed { Ok(()) } else { Err(Self::ArrayLength { array, found, needed }) }
    }

    /// An error of the layer with this number.
    pub(super) fn layer(layer: usize, reason: impl Into<LayerError>) -> Self {
        Self::Layer { layer, reason: Box::new(reason.into()) }
    }
}

impl From<SpecError> for ExplainError {
    fn from(error: SpecError) -> Self {
        match error {
            SpecError::Layer { number, reason, .. } => Self::Layer { layer: number, reason },
            other => Self::Spec(other),
        }
    }
}

impl From<ParameterError> for ExplainError {
    fn from(ParameterError { name, values, needed, .. }: ParameterError) -> Self {
        Self::ArrayLength { array: name, found: values, needed }
    }
}

impl From<LabError> for ExplainError {
    fn from(error: LabError) -> Self {
        Self::Lab(error)
    }
}

impl Say for ExplainError {
    fn say(&self) -> Sentence {
        match self {
            Self::Layer { layer: 0, reason } => reason.say(),
            // The view counts the layers of a chain from 1, after its input.
            Self::Layer { layer, reason } => Sentence::new("layer {number}: {reason}")
                .with("number", layer + 1)
                .part("reason", reason.say()),
            Self::Spec(error) => error.say(),
            Self::Lab(error) => error.say(),
            Self::ArrayLength { array, found, needed } => {
                Sentence::new("the {array} has {found} values, but needs {needed}")
                    .part("array", Sentence::new(array))
                    .with("found", found)
                    .with("needed", needed)
            }
            Self::NotPooling(kind) => Sentence::new("{kind} is not a pooling layer").name("kind", kind),
            Self::EmptySignal => Sentence::new("both signals need at least one value"),
        }
    }
}

impl fmt::Display for ExplainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for ExplainError {}

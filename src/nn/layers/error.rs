//! Why a layer cannot be built.

use crate::{
    nn::{
        setting_error::SettingError,
        shape::{MAX_VALUES, Shape, ShapeError},
    },
    text::{Say, Sentence},
};
use std::fmt;

/// Why a layer's settings do not fit its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayerError {
    /// A setting is out of range, or does not fit the input or another setting.
    Setting(SettingError),
    /// The layer takes maps (C, H, W), but its input is a vector of this length.
    NeedsMaps(usize),
    /// The layer takes a vector, but its input has this shape.
    NeedsVector(Shape),
    /// The output is empty or too large.
    Output(ShapeError),
    /// The activations of the network up to this layer have too many values.
    TooManyActivations(u64),
    /// The layer needs too many values of working memory.
    TooMuchScratch(u64),
    /// In training, the layer would compute the statistics of a batch from a single value per channel.
    SingleValue,
}

impl LayerError {
    /// The setting that does not fit, if it is a setting.
    pub fn setting(&self) -> Option<&SettingError> {
        match self {
            Self::Setting(error) => Some(error),
            Self::NeedsMaps(_)
            | Self::NeedsVector(_)
            | Self::Output(_)
            | Self::TooManyActivations(_)
            | Self::TooMuchScratch(_)
            | Self::SingleValue => None,
        }
    }
}

impl From<SettingError> for LayerError {
    fn from(error: SettingError) -> Self {
        Self::Setting(error)
    }
}

impl From<ShapeError> for LayerError {
    fn from(error: ShapeError) -> Self {
        Self::Output(error)
    }
}

impl Say for LayerError {
    fn say(&self) -> Sentence {
        match self {
            Self::Setting(error) => error.say(),
            Self::Output(error) => error.say(),
            Self::NeedsMaps(features) => {
                Sentence::new("needs maps (channels×height×width), but its input is a vector of {features}")
                    .with("features", features)
            }
            Self::NeedsVector(input) => {
                Sentence::new("needs a vector, but its input is {input}: put a flatten layer before it")
                    .with("input", input)
            }
            Self::TooManyActivations(values) => Sentence::new(
                "the activations up to here have {values} values per image, but at most {most} fit",
            )
            .with("values", values)
            .with("most", MAX_VALUES),
            Self::SingleValue => Sentence::new(
                "needs more than one value per channel in training, but a batch of one image has only one",
            ),
            Self::TooMuchScratch(values) => {
                Sentence::new("it needs {values} values of working memory, but at most {most} fit")
                    .with("values", values)
                    .with("most", MAX_VALUES)
            }
        }
    }
}

impl fmt::Display for LayerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for LayerError {}

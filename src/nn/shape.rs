//! The shape of one image's activation, without the batch dimension.

use crate::text::{Say, Sentence};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// The most values of one activation of one image (1 GiB of `f32`).
pub const MAX_VALUES: u64 = 1 << 28;

/// The shape of an activation of one image: feature maps or a vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Feature maps, stored as (channels, height, width).
    Maps {
        /// C, the number of maps.
        channels: usize,
        /// H, rows of a map.
        height: usize,
        /// W, columns of a map.
        width: usize,
    },
    /// The output of `flatten` and `linear`.
    Vector(usize),
}

impl Shape {
    /// A stack of `channels` maps of `height` × `width`.
    pub const fn maps(channels: usize, height: usize, width: usize) -> Self {
        Self::Maps { channels, height, width }
    }

    /// The number of values.
    pub const fn len(self) -> usize {
        match self {
            Self::Maps { channels, height, width } => channels * height * width,
            Self::Vector(features) => features,
        }
    }

    /// Whether there are no values, which a valid network does not have.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The dimensions, slowest first: `[C, H, W]` or `[features]`.
    pub fn dims(self) -> Vec<usize> {
        match self {
            Self::Maps { channels, height, width } => vec![channels, height, width],
            Self::Vector(features) => vec![features],
        }
    }

    /// (channels, height, width), where a vector has one 1×1 map per value.
    pub const fn as_maps(self) -> (usize, usize, usize) {
        match self {
            Self::Maps { channels, height, width } => (channels, height, width),
            Self::Vector(features) => (features, 1, 1),
        }
    }

    /// Refuses empty shapes and shapes that are too large to allocate.
    pub fn check(self) -> Result<Self, ShapeError> {
        let dims = self.dims();
        let len = dims.iter().try_fold(1_u64, |product, &d| product.checked_mul(d as u64));
        match len {
            Some(0) => Err(ShapeError::Empty(self)),
            Some(1..=MAX_VALUES) => Ok(self),
            _ => Err(ShapeError::TooLarge(self)),
        }
    }
}

/// Why a shape cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeError {
    /// A dimension is 0.
    Empty(Shape),
    /// The shape has more than [`MAX_VALUES`] values.
    TooLarge(Shape),
}

impl Say for ShapeError {
    fn say(&self) -> Sentence {
        match self {
            Self::Empty(shape) => {
                Sentence::new("the shape {shape} has no values: every dimension must be at least 1")
                    .with("shape", shape)
            }
            Self::TooLarge(shape) => {
                Sentence::new("the shape {shape} is too large: at most {most} values fit")
                    .with("shape", shape)
                    .with("most", MAX_VALUES)
            }
        }
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for ShapeError {}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Maps { channels, height, width } => write!(f, "{channels}×{height}×{width}"),
            Self::Vector(features) => write!(f, "{features}"),
        }
    }
}

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.dims().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Vec::<usize>::deserialize(deserializer)?.as_slice() {
            &[channels, height, width] => Ok(Self::maps(channels, height, width)),
            &[features] => Ok(Self::Vector(features)),
            other => Err(de::Error::custom(format!(
                "a shape is [channels, height, width] or [features], but {} numbers were given",
                other.len()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_a_list_of_dimensions() {
        assert_eq!(serde_json::to_string(&Shape::maps(1, 28, 28)).unwrap(), "[1,28,28]");
        assert_eq!(serde_json::from_str::<Shape>("[256]").unwrap(), Shape::Vector(256));
        assert!(serde_json::from_str::<Shape>("[1,2]").is_err());
    }

    #[test]
    fn empty_and_absurd_shapes_are_refused() {
        assert!(Shape::maps(1, 0, 3).check().is_err());
        assert!(Shape::maps(usize::MAX, usize::MAX, 3).check().is_err());
        assert!(Shape::Vector(10).check().is_ok());
    }
}

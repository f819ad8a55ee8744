//! The trait of all layers' settings.

use super::{error::LayerError, layer::Layer};
use crate::{nn::shape::Shape, text::Sentence};
use std::fmt;

/// A layer's settings as data, as a person edits them and a file stores them.
pub trait Settings: Clone + fmt::Debug + PartialEq {
    /// Checks the settings against the input's shape and fixes the output's.
    fn build(&self, input: Shape) -> Result<Box<dyn Layer>, LayerError>;

    /// A short description, such as `conv 6@5×5`.
    fn summary(&self) -> String;

    /// The formula `y = f(x)` of an element-wise layer, such as `max(0, x)`; `None` for all others.
    fn formula(&self) -> Option<Sentence> {
        None
    }

    /// Settings and input shapes that cover the layer, for tests over the registry.
    fn examples() -> Vec<(Self, Shape)>;
}

/// The input's (channels, height, width).
///
/// # Errors
/// If it is a vector.
pub(super) fn need_maps(input: Shape) -> Result<(usize, usize, usize), LayerError> {
    match input {
        Shape::Maps { channels, height, width } => Ok((channels, height, width)),
        Shape::Vector(features) => Err(LayerError::NeedsMaps(features)),
    }
}

//! The cost of a layer: parameters and multiply-adds.

use super::{layers::Layer, shape::Shape, spec::parameter_count};

/// The output shape, parameters and multiply-adds of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerCost {
    /// The shape of its output.
    pub output: Shape,
    /// The number of trainable values.
    pub parameters: u64,
    /// Multiply-adds per image.
    pub multiply_adds: u64,
}

impl LayerCost {
    /// The cost of `layer`.
    pub fn of(layer: &dyn Layer) -> Self {
        Self {
            output: layer.output(),
            parameters: parameter_count(layer),
            multiply_adds: layer.multiply_adds(),
        }
    }

    /// Bytes of the output for one image, which training keeps.
    pub fn activation_bytes(&self) -> u64 {
        self.output.len() as u64 * size_of::<f32>() as u64
    }
}

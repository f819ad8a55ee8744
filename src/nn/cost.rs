//! What a layer costs: parameters and multiply-adds.

use super::{layers::Layer, shape::Shape, spec::parameter_count};

/// The multiply-adds, output shape and parameters of a layer, for tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerCost {
    /// Its output's shape.
    pub output: Shape,
    /// Values that it learns.
    pub parameters: u64,
    /// Multiply-adds for one image.
    pub multiply_adds: u64,
}

impl LayerCost {
    /// What `layer` costs.
    pub fn of(layer: &dyn Layer) -> Self {
        Self {
            output: layer.output(),
            parameters: parameter_count(layer),
            multiply_adds: layer.multiply_adds(),
        }
    }
}

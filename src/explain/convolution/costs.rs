//! The cost of a convolution compared with a fully connected layer.

use crate::nn::{
    Layer, LayerCost, LayerError, LayerSpec, Shape,
    layers::{Conv2d, Linear},
};

/// The cost of a convolution, and of a fully connected layer with the same inputs and outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvolutionCosts {
    /// The convolution.
    pub conv: LayerCost,
    /// The fully connected layer; `None` if it would exceed the limits of the core.
    pub dense: Option<LayerCost>,
}

impl ConvolutionCosts {
    pub(super) fn of(layer: &dyn Layer, bias: bool) -> Self {
        let linear = Linear { out_features: layer.output().len(), bias };
        let dense = LayerSpec::from(linear).build(Shape::Vector(layer.input().len())).ok();
        Self { conv: LayerCost::of(layer), dense: dense.map(|dense| LayerCost::of(dense.as_ref())) }
    }

    /// The number of parameters of the convolution divided by that of the fully connected layer.
    pub fn parameter_ratio(&self) -> Option<f64> {
        let dense = self.dense.as_ref()?.parameters;
        (dense > 0).then(|| self.conv.parameters as f64 / dense as f64)
    }

    /// The cost of `conv` for an input of this shape. Fails if a setting does not fit.
    pub fn of_settings(conv: Conv2d, input: Shape) -> Result<LayerCost, LayerError> {
        LayerSpec::from(conv).build(input).map(|layer| LayerCost::of(layer.as_ref()))
    }
}

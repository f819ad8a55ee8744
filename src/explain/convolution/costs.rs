//! What a convolution costs beside the fully connected layer that could do the same.

use crate::nn::{
    Layer, LayerCost, LayerSpec, Shape,
    layers::{Conv2d, Linear},
};

/// A convolution's costs and those of a fully connected layer from the same inputs to the same outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Costs {
    /// The convolution's.
    pub conv: LayerCost,
    /// The fully connected layer's; `None` if there cannot be such a large one.
    pub dense: Option<LayerCost>,
}

impl Costs {
    pub(super) fn of(layer: &dyn Layer, bias: bool) -> Self {
        let linear = Linear { out_features: layer.output().len(), bias };
        let dense = LayerSpec::from(linear).build(Shape::Vector(layer.input().len())).ok();
        Self { conv: LayerCost::of(layer), dense: dense.map(|dense| LayerCost::of(dense.as_ref())) }
    }

    /// The convolution's parameters in parts of the fully connected layer's.
    pub fn share(&self) -> Option<f64> {
        let dense = self.dense.as_ref()?.parameters;
        (dense > 0).then(|| self.conv.parameters as f64 / dense as f64)
    }

    /// What `conv` costs over `input`; the error names what does not fit.
    pub fn of_settings(conv: Conv2d, input: Shape) -> Result<LayerCost, String> {
        LayerSpec::from(conv)
            .build(input)
            .map(|layer| LayerCost::of(layer.as_ref()))
            .map_err(|e| e.to_string())
    }
}

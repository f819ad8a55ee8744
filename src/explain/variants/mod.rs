//! Variants of convolution, each as a small network that is compared with an ordinary convolution.
//!
//! A variant is a chain of layers of the core. Its outputs come from a trace, each explained by [`Cell`], and its cost
//! from its layers. A step is one output of one layer: layer by layer, row by row.

mod model;
mod sliding;
#[cfg(test)]
mod tests;
mod variant;
mod volume;

pub use model::{Tensor4, VariantError, VariantModel, VariantSetting, VariantSettings, compare_costs};
pub use sliding::{Overlap, PAIRS, SlidingSignals};
pub use variant::{Baseline, BaselineKind, Variant};
pub use volume::{Volume, VolumeStep};

use super::{Cell, ExplainError, ReceptiveField, cell::Place};
use crate::nn::{
    LayerCost, LayerSpec, Network, NetworkSpec, Pair, Preprocess, Shape, Trace,
    im2col::{Geometry, Window},
    lab::{SparseMatrix, transposed_matrix},
};

/// A chain of layers applied to an input.
#[derive(Clone, Debug)]
pub struct Chain {
    network: Network,
    trace: Trace,
}

/// One output of one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainStep {
    /// The layer, from 0.
    pub layer: usize,
    /// The position in the output of the layer.
    pub place: Place,
    /// The value that the layer computed.
    pub value: f32,
    /// The computation of the value.
    pub cell: Cell,
}

/// The total cost of several layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TotalCost {
    /// The number of learned values.
    pub parameters: u64,
    /// Multiply-adds for one image.
    pub multiply_adds: u64,
}

/// The cost of a variant and of its baseline for the same input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostComparison {
    /// The kind of baseline.
    pub kind: BaselineKind,
    /// The cost of the baseline.
    pub baseline: TotalCost,
    /// The cost of the variant.
    pub variant: TotalCost,
}

impl TotalCost {
    /// The cost of `layers` for an input of this shape. Fails if a setting does not fit.
    pub fn of(input: Shape, layers: &[LayerSpec]) -> Result<Self, ExplainError> {
        let mut cost = Self::default();
        let mut shape = input;
        for (number, layer) in layers.iter().enumerate() {
            let layer = layer.build(shape).map_err(|reason| ExplainError::layer(number, reason))?;
            let LayerCost { output, parameters, multiply_adds } = LayerCost::of(layer.as_ref());
            cost.parameters += parameters;
            cost.multiply_adds += multiply_adds;
            shape = output;
        }
        Ok(cost)
    }
}

impl Chain {
    /// Applies `layers` to `x` (C, H, W), of shape `input`. `weights` has the tensors of all layers, in order. Fails if
    /// a setting does not fit, or an array has the wrong length.
    pub fn new(
        input: Shape,
        x: &[f32],
        layers: Vec<LayerSpec>,
        weights: &[Vec<f32>],
    ) -> Result<Self, ExplainError> {
        ExplainError::check_len("input", x.len(), input.len())?;
        let spec = NetworkSpec {
            name: "variants".into(),
            input,
            preprocess: Preprocess::default(),
            layers,
            class_names: crate::text::ClassNames::default(),
        };
        let mut network = Network::zeros(spec)?;
        network.set_parameters(weights.iter().map(Vec::as_slice))?;
        let trace = network.trace(x);
        Ok(Self { network, trace })
    }

    /// The receptive field of each layer.
    pub fn fields(&self) -> Vec<ReceptiveField> {
        ReceptiveField::of_layers(self.network.spec()).unwrap_or_default()
    }

    /// The layers.
    pub fn layers(&self) -> &[LayerSpec] {
        &self.network.spec().layers
    }

    /// The shape of activation `number`: 0 is the input, then one for each layer.
    pub fn shape(&self, number: usize) -> Shape {
        match number.checked_sub(1) {
            None => self.network.input(),
            Some(layer) => self.network.layers()[layer].output(),
        }
    }

    /// The values of activation `number` (C, H, W).
    pub fn values(&self, number: usize) -> &[f32] {
        match number.checked_sub(1) {
            None => self.trace.input.values(),
            Some(layer) => self.trace.activation(layer),
        }
    }

    /// The number of outputs of all layers.
    pub fn len(&self) -> usize {
        self.network.layers().iter().map(|layer| layer.output().len()).sum()
    }

    /// Whether there are no outputs. A valid chain has at least one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The layer and element of step `at`, or of the last step if `at` is too large.
    pub fn place(&self, at: usize) -> (usize, usize) {
        let mut rest = at;
        for (number, layer) in self.network.layers().iter().enumerate() {
            let len = layer.output().len();
            if rest < len {
                return (number, rest);
            }
            rest -= len;
        }
        let last = self.network.layers().len().saturating_sub(1);
        (last, self.shape(last + 1).len().saturating_sub(1))
    }

    /// The step of an element of a layer's output.
    pub fn step_of(&self, layer: usize, element: usize) -> usize {
        self.network.layers().iter().take(layer).map(|layer| layer.output().len()).sum::<usize>() + element
    }

    /// The computation of step `at`; `None` if there is no such step.
    pub fn step(&self, at: usize) -> Option<ChainStep> {
        if at >= self.len() {
            return None;
        }
        let (layer, element) = self.place(at);
        let value = *self.trace.activation(layer).get(element)?;
        let cell = Cell::of(&self.network, &self.trace, layer, element)?;
        Some(ChainStep { layer, place: Place::of(element, self.shape(layer + 1)), value, cell })
    }

    /// The number of input channels that a filter of a layer reads; 1 for layers without kernels.
    pub fn inputs(&self, layer: usize) -> usize {
        let channels = self.shape(layer).as_maps().0;
        match self.layers().get(layer) {
            Some(LayerSpec::Conv2d(conv)) => channels / conv.groups.max(1),
            Some(LayerSpec::ConvTranspose2d(conv)) => channels / conv.groups.max(1),
            _ => 1,
        }
    }

    /// The position of the kernel between input `channel` and the map of output `element`: the index of its tensor
    /// among those of all layers, and the index of its first value. `None` if there is no such kernel.
    pub fn kernel_at(&self, layer: usize, element: usize, channel: usize) -> Option<(usize, usize)> {
        let parameters = self.network.parameters();
        let shape: [usize; 4] = parameters.get(layer)?.first()?.shape().try_into().ok()?;
        let [outer, inner, h, w] = shape;
        let filter = Place::of(element, self.shape(layer + 1)).channel;
        let (first, second) = match self.layers().get(layer)? {
            LayerSpec::Conv2d(_) => (filter, channel % inner),
            LayerSpec::ConvTranspose2d(_) => (channel, filter % inner),
            _ => return None,
        };
        let tensor = parameters.iter().take(layer).filter(|tensors| !tensors.is_empty()).count();
        (first < outer).then_some((tensor, (first * inner + second) * h * w))
    }

    /// The values of that kernel (KH, KW).
    pub fn kernel(&self, layer: usize, element: usize, channel: usize) -> Option<&[f32]> {
        let (_, first) = self.kernel_at(layer, element, channel)?;
        let size = kernel_size(self.layers().get(layer)?)?;
        self.network.parameters().get(layer)?.first()?.values().get(first..first + size.area())
    }

    /// The total cost of the layers.
    pub fn cost(&self) -> TotalCost {
        TotalCost::of(self.network.input(), self.layers()).unwrap_or_default()
    }

    /// The matrix of a single-channel transposed convolution, (output cells, input cells); `None` if the first layer is
    /// not one.
    pub fn matrix(&self) -> Option<SparseMatrix> {
        let LayerSpec::ConvTranspose2d(conv) = self.layers().first()? else { return None };
        let (_, height, width) = self.shape(1).as_maps();
        let window = Window {
            kernel_size: conv.kernel_size,
            stride: conv.stride,
            padding: conv.padding,
            dilation: conv.dilation,
        };
        // The geometry is that of the ordinary convolution from the output to the input. With output padding its size
        // cannot be derived from the settings.
        let (_, out_height, out_width) = self.shape(0).as_maps();
        let geometry = Geometry { channels: 1, height, width, out_height, out_width, window };
        transposed_matrix(self.network.parameters().first()?.first()?.values(), &geometry).ok()
    }
}

/// The kernel size of a convolution or transposed convolution; `None` for other layers.
pub fn kernel_size(layer: &LayerSpec) -> Option<Pair> {
    match layer {
        LayerSpec::Conv2d(conv) => Some(conv.kernel_size),
        LayerSpec::ConvTranspose2d(conv) => Some(conv.kernel_size),
        _ => None,
    }
}

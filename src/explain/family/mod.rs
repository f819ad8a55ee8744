//! The family of convolutions, each as a small network beside the standard one that it stands in for.
//!
//! A member is layers of the core with weights; its outputs are the trace's, each is taken apart by [`Cell`]. A step is one
//! output of one layer, layer by layer; steps can be read in any order. What it costs is what the core says of its layers.

mod members;
mod setup;
mod sliding;
mod volume;

pub use members::{Member, Standard, StandardKind};
pub use setup::{Knob, MemberSetup, Misfit, Options, Values, figure};
pub use sliding::{Overlap, PAIRS, Sliding};
pub use volume::{Volume, VolumeStep};

use super::{Cell, ReceptiveField, cell::Place};
use crate::nn::{
    LayerCost, LayerSpec, Network, NetworkSpec, Pair, Preprocess, Shape, Trace,
    im2col::{Geometry, Window},
    lab::{SparseMatrix, transposed_matrix},
};

/// A member over an input, and what its layers made of it.
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
    /// Where in its output.
    pub place: Place,
    /// The output's value, as the layer computed it.
    pub value: f32,
    /// How it came about.
    pub cell: Cell,
}

/// What layers cost together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Values that they learn.
    pub parameters: u64,
    /// Multiply-adds for one image.
    pub multiply_adds: u64,
}

/// What a kind and the standard cost for the same input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What the standard is.
    pub kind: StandardKind,
    /// Its cost.
    pub standard: Cost,
    /// The kind's.
    pub member: Cost,
}

impl Cost {
    /// What `layers` over `input` cost; the error names what does not fit.
    pub fn of(input: Shape, layers: &[LayerSpec]) -> Result<Self, String> {
        let mut cost = Self::default();
        let mut shape = input;
        for layer in layers {
            let layer = layer.build(shape).map_err(|e| e.to_string())?;
            let LayerCost { output, parameters, multiply_adds } = LayerCost::of(layer.as_ref());
            cost.parameters += parameters;
            cost.multiply_adds += multiply_adds;
            shape = output;
        }
        Ok(cost)
    }
}

impl Chain {
    /// `layers` over `x`, (C, H, W) as `input` says; `weights` has all tensors of all layers, in order. The error names what
    /// does not fit.
    pub fn new(
        input: Shape,
        x: &[f32],
        layers: Vec<LayerSpec>,
        weights: &[Vec<f32>],
    ) -> Result<Self, String> {
        if x.len() != input.len() {
            return Err(format!("the input has {} values, but {input} needs {}", x.len(), input.len()));
        }
        let spec = NetworkSpec { name: "family".into(), input, preprocess: Preprocess::default(), layers };
        let mut network = Network::zeros(spec).map_err(|e| e.to_string())?;
        let tensors = network.parameters_mut().iter_mut().flatten();
        let mut given = weights.iter();
        for tensor in tensors {
            let values = given.next().map(Vec::as_slice).unwrap_or_default();
            if values.len() != tensor.len() {
                return Err(format!("a weight has {} values, but needs {}", values.len(), tensor.len()));
            }
            tensor.values_mut().copy_from_slice(values);
        }
        let trace = network.trace(x);
        Ok(Self { network, trace })
    }

    /// What each layer's outputs see of the input.
    pub fn fields(&self) -> Vec<ReceptiveField> {
        ReceptiveField::of_layers(self.network.spec()).unwrap_or_default()
    }

    /// Its layers.
    pub fn layers(&self) -> &[LayerSpec] {
        &self.network.spec().layers
    }

    /// The shape of column `number`: 0 is the input, then one a layer.
    pub fn shape(&self, number: usize) -> Shape {
        match number.checked_sub(1) {
            None => self.network.input(),
            Some(layer) => self.network.layers()[layer].output(),
        }
    }

    /// The values of a column, (C, H, W).
    pub fn values(&self, number: usize) -> &[f32] {
        match number.checked_sub(1) {
            None => self.trace.input.values(),
            Some(layer) => self.trace.activation(layer),
        }
    }

    /// How many outputs all layers have together.
    pub fn len(&self) -> usize {
        self.network.layers().iter().map(|layer| layer.output().len()).sum()
    }

    /// Whether there is no output; there always is one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The layer and the element of step `at`; those of the last one beyond it.
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

    /// The step at an element of a layer's output.
    pub fn step_of(&self, layer: usize, element: usize) -> usize {
        self.network.layers().iter().take(layer).map(|layer| layer.output().len()).sum::<usize>() + element
    }

    /// How an output came about; `None` beyond the last one.
    pub fn step(&self, at: usize) -> Option<ChainStep> {
        if at >= self.len() {
            return None;
        }
        let (layer, element) = self.place(at);
        let value = *self.trace.activation(layer).get(element)?;
        let cell = Cell::of(&self.network, &self.trace, layer, element)?;
        Some(ChainStep { layer, place: Place::of(element, self.shape(layer + 1)), value, cell })
    }

    /// How many input channels a filter of a layer sees; 1 of a layer without kernels.
    pub fn inputs(&self, layer: usize) -> usize {
        let channels = self.shape(layer).as_maps().0;
        match self.layers().get(layer) {
            Some(LayerSpec::Conv2d(conv)) => channels / conv.groups.max(1),
            Some(LayerSpec::ConvTranspose2d(conv)) => channels / conv.groups.max(1),
            _ => 1,
        }
    }

    /// Where the kernel stands that takes `channel` of a layer's input to the map of its output's `element`: the number
    /// of its tensor among those of all layers, and the place of its first value there. `None` if there is none.
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

    /// The values of that kernel, (KH, KW).
    pub fn kernel(&self, layer: usize, element: usize, channel: usize) -> Option<&[f32]> {
        let (_, first) = self.kernel_at(layer, element, channel)?;
        let size = kernel_size(self.layers().get(layer)?)?;
        self.network.parameters().get(layer)?.first()?.values().get(first..first + size.area())
    }

    /// What its layers cost over this input.
    pub fn cost(&self) -> Cost {
        Cost::of(self.network.input(), self.layers()).unwrap_or_default()
    }

    /// A first layer that is a transposed convolution of one map, as the sparse matrix that it is: (output cells, input
    /// cells). `None` for other layers.
    pub fn matrix(&self) -> Option<SparseMatrix> {
        let LayerSpec::ConvTranspose2d(conv) = self.layers().first()? else { return None };
        let (_, height, width) = self.shape(1).as_maps();
        let window = Window {
            kernel_size: conv.kernel_size,
            stride: conv.stride,
            padding: conv.padding,
            dilation: conv.dilation,
        };
        // With output padding, several sizes of the larger map belong to the smaller one.
        let (_, out_height, out_width) = self.shape(0).as_maps();
        let geometry = Geometry { channels: 1, height, width, out_height, out_width, window };
        transposed_matrix(self.network.parameters().first()?.first()?.values(), &geometry).ok()
    }
}

/// The size of a kernel that a sum's terms are of.
pub fn kernel_size(layer: &LayerSpec) -> Option<Pair> {
    match layer {
        LayerSpec::Conv2d(conv) => Some(conv.kernel_size),
        LayerSpec::ConvTranspose2d(conv) => Some(conv.kernel_size),
        _ => None,
    }
}

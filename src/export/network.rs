//! A network as all exports read it.

use super::{ExportError, Format};
use crate::{
    nn::{LayerSpec, Network, NetworkSpec, Shape, layers::Layer, network::Parameters},
    text::Sentence,
};

/// A spec with its layers, and its weights if it has any.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) spec: &'a NetworkSpec,
    pub(super) layers: &'a [Box<dyn Layer>],
    pub(super) network: Option<&'a Network>,
    /// ConvLens's version.
    pub(super) version: &'a str,
}

/// A layer of a [`Source`].
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    /// Its number, from 0.
    pub(super) number: usize,
    pub(super) spec: &'a LayerSpec,
    pub(super) layer: &'a dyn Layer,
}

impl<'a> Source<'a> {
    /// The layers in order.
    pub(super) fn parts(self) -> impl Iterator<Item = Part<'a>> {
        let layers = self.spec.layers.iter().zip(self.layers).enumerate();
        layers.map(|(number, (spec, layer))| Part { number, spec, layer: layer.as_ref() })
    }

    /// The shape of a picture before it is padded.
    pub(super) fn picture(self) -> Shape {
        match self.spec.input {
            Shape::Maps { channels, .. } => {
                let (height, width) = self.spec.picture_size();
                Shape::maps(channels, height, width)
            }
            vector @ Shape::Vector(_) => vector,
        }
    }

    /// The shape of the last layer's output.
    pub(super) fn output(self) -> Shape {
        self.layers.last().map_or(self.spec.input, |layer| layer.output())
    }

    /// The error of a layer that a format cannot express.
    pub(super) fn refusal(self, number: usize, format: Format, reason: Sentence) -> ExportError {
        ExportError::Layer { layer: self.spec.layer_name(number), format, reason }
    }
}

impl Part<'_> {
    /// The number of its trainable values.
    pub(super) fn parameters(self) -> usize {
        self.layer.parameters().iter().map(|parameter| parameter.shape.iter().product::<usize>()).sum()
    }

    /// The channels, or features, of its input.
    pub(super) fn channels(self) -> usize {
        self.layer.input().as_maps().0
    }
}

/// The parameters and buffers of one layer with their names in it.
pub(super) fn tensors<'a>(
    network: &'a Network,
    number: usize,
) -> impl Iterator<Item = (&'static str, &'a crate::nn::Tensor)> {
    let of = |all: &'a Parameters| all.get(number).into_iter().flatten();
    let layer = network.layers().get(number);
    let names = layer.map(|layer| [layer.parameters(), layer.buffers()].concat()).unwrap_or_default();
    let values = of(network.parameters()).chain(of(network.buffers()));
    names.into_iter().map(|tensor| tensor.name).zip(values)
}

//! A spec with weights.

use super::{
    abreast::images_abreast,
    init::Init,
    layers::{Abreast, Layer, ParameterSpec, Start},
    shape::Shape,
    spec::{NetworkSpec, SpecError},
    tensor::Tensor,
};
use std::sync::Arc;

/// One tensor a parameter, one list a layer; gradients and optimiser states have the same form.
pub type Parameters = Vec<Vec<Tensor>>;

/// A network: layers whose shapes are fixed, and their parameters.
#[derive(Clone, Debug)]
pub struct Network {
    spec: Arc<NetworkSpec>,
    layers: Arc<[Box<dyn Layer>]>,
    parameters: Parameters,
    buffers: Parameters,
}

impl Network {
    /// Builds the network with initial weights drawn from `seed`.
    pub fn new(spec: NetworkSpec, init: Init, seed: u64) -> Result<Self, SpecError> {
        let mut network = Self::zeros(spec)?;
        let mut stream = 0;
        for (layer, tensors) in network.layers.iter().zip(&mut network.parameters) {
            for (ParameterSpec { start, .. }, tensor) in layer.parameters().iter().zip(tensors) {
                if let Start::Drawn { fan_in, fan_out } = *start {
                    init.fill(tensor, fan_in, fan_out, seed, stream);
                }
                stream += 1;
            }
        }
        Ok(network)
    }

    /// Builds the network without a random number, all weights that would be drawn zero: to be filled from a file.
    pub fn zeros(spec: NetworkSpec) -> Result<Self, SpecError> {
        let layers: Arc<[_]> = spec.build()?.into();
        let tensors = |specs: Vec<ParameterSpec>| specs.iter().map(starting).collect();
        let parameters = layers.iter().map(|l| tensors(l.parameters())).collect();
        let buffers = layers.iter().map(|l| tensors(l.buffers())).collect();
        Ok(Self { spec: Arc::new(spec), layers, parameters, buffers })
    }

    /// The data it was built from.
    pub fn spec(&self) -> &NetworkSpec {
        &self.spec
    }

    /// The layers, in order.
    pub fn layers(&self) -> &[Box<dyn Layer>] {
        &self.layers
    }

    /// The parameters, a list a layer in PyTorch's order.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The parameters, to change.
    pub fn parameters_mut(&mut self) -> &mut Parameters {
        &mut self.parameters
    }

    /// What layers keep beside their parameters, such as running statistics: a list a layer in PyTorch's order.
    pub fn buffers(&self) -> &Parameters {
        &self.buffers
    }

    /// The buffers, to change.
    pub fn buffers_mut(&mut self) -> &mut Parameters {
        &mut self.buffers
    }

    /// The layers, and the buffers to change.
    pub(super) fn layers_and_buffers_mut(&mut self) -> (&[Box<dyn Layer>], &mut Parameters) {
        (&self.layers, &mut self.buffers)
    }

    /// Every parameter with its key in a `torch.nn.Sequential`'s `state_dict`, such as `0.weight`.
    pub fn named_parameters(&self) -> impl Iterator<Item = (String, &Tensor)> {
        let layers = self.layers.iter().zip(&self.parameters).enumerate();
        layers.flat_map(|(i, (layer, tensors))| named(i, layer.parameters(), tensors))
    }

    /// Every buffer with its key, such as `1.running_mean`.
    ///
    /// `num_batches_tracked` is a whole number of 64 bits in PyTorch's files, and has no dimension.
    pub fn named_buffers(&self) -> impl Iterator<Item = (String, &Tensor)> {
        let layers = self.layers.iter().zip(&self.buffers).enumerate();
        layers.flat_map(|(i, (layer, tensors))| named(i, layer.buffers(), tensors))
    }

    /// How many values it learns.
    pub fn parameter_count(&self) -> usize {
        self.parameters.iter().flatten().map(Tensor::len).sum()
    }

    /// Multiply-adds of one image's forward pass.
    pub fn multiply_adds(&self) -> u64 {
        self.layers.iter().map(|l| l.multiply_adds()).sum()
    }

    /// The shape of one input image.
    pub fn input(&self) -> Shape {
        self.spec.input
    }

    /// The number of classes: values that the last layer gives.
    pub fn classes(&self) -> usize {
        self.layers.last().map_or(0, |l| l.output().len())
    }

    /// The most scratch memory that one of its layers needs, in values, if so many images pass abreast those layers that
    /// take them so.
    pub(super) fn scratch_len(&self, abreast: usize) -> usize {
        let first = self.layers_abreast();
        let (inside, others) = self.layers.split_at(first);
        let inside = inside.iter().map(|l| l.scratch_len(abreast));
        inside.chain(others.iter().map(|l| l.scratch_len(1))).max().unwrap_or(0)
    }

    /// The first layers, so many, that a batch's images can pass abreast: up to the one that puts them one after the other
    /// again. 0 if there is a layer on the way that cannot, or nothing but that one, or if too few images fit into the cache.
    pub(super) fn layers_abreast(&self) -> usize {
        let inside = self.layers.iter().take_while(|l| l.abreast() == Abreast::Stays).count();
        let ends = self.layers.get(inside).is_some_and(|l| l.abreast() == Abreast::Ends);
        let pays = ends && inside > 0 && images_abreast(&self.layers[..=inside]) > 0;
        if pays { inside + 1 } else { 0 }
    }

    /// The first layer with parameters: no gradient is wanted by what comes before it.
    pub(super) fn first_to_learn(&self) -> usize {
        let has_any = |tensors: &Vec<Tensor>| !tensors.is_empty();
        self.parameters.iter().position(has_any).unwrap_or(self.layers.len())
    }

    /// Whether every parameter and buffer is a finite number.
    pub fn is_finite(&self) -> bool {
        self.parameters
            .iter()
            .chain(&self.buffers)
            .flatten()
            .all(|t| t.values().iter().all(|v| v.is_finite()))
    }
}

/// A tensor before training, zero where values are still to be drawn.
fn starting(spec: &ParameterSpec) -> Tensor {
    let mut tensor = Tensor::zeros(&spec.shape);
    if let Start::At(value) = spec.start {
        tensor.values_mut().fill(value);
    }
    tensor
}

/// The tensors of layer `i` with their keys.
fn named(i: usize, specs: Vec<ParameterSpec>, tensors: &[Tensor]) -> impl Iterator<Item = (String, &Tensor)> {
    specs.into_iter().zip(tensors).map(move |(spec, tensor)| (format!("{i}.{}", spec.name), tensor))
}

//! A network: a spec with weights.

use super::{
    init::Init,
    layers::{Initial, Interleaving, Layer, LayerError, ParameterSpec},
    shape::Shape,
    spec::{NetworkSpec, SpecError},
    tensor::Tensor,
};
use crate::text::{ClassNames, Say, Sentence};
use std::{fmt, sync::Arc};

/// One tensor per parameter, in one list per layer. Gradients and optimiser states have the same form.
pub type Parameters = Vec<Vec<Tensor>>;

/// Layers with fixed shapes, and their parameters.
#[derive(Clone, Debug)]
pub struct Network {
    spec: Arc<NetworkSpec>,
    layers: Arc<[Box<dyn Layer>]>,
    /// How many layers, from the first on, get interleaved images, and how many images at a time.
    interleaved: (usize, usize),
    parameters: Parameters,
    buffers: Parameters,
}

impl Network {
    /// Builds the network with random weights, which depend on `seed` and each parameter's number only.
    pub fn new(spec: NetworkSpec, init: Init, seed: u64) -> Result<Self, SpecError> {
        let mut network = Self::zeros(spec)?;
        let mut stream = 0;
        for (layer, tensors) in network.layers.iter().zip(&mut network.parameters) {
            for (ParameterSpec { initial, .. }, tensor) in layer.parameters().iter().zip(tensors) {
                if let Initial::Random { fan_in, fan_out } = *initial {
                    init.fill(tensor, fan_in, fan_out, seed, stream);
                }
                stream += 1;
            }
        }
        Ok(network)
    }

    /// Builds the network with zeros in place of random weights, to be filled from a file.
    pub fn zeros(spec: NetworkSpec) -> Result<Self, SpecError> {
        let layers: Arc<[_]> = spec.build()?.into();
        let tensors = |specs: Vec<ParameterSpec>| specs.iter().map(initial_tensor).collect();
        let parameters = layers.iter().map(|l| tensors(l.parameters())).collect();
        let buffers = layers.iter().map(|l| tensors(l.buffers())).collect();
        let interleaved = interleaved(&layers);
        Ok(Self { spec: Arc::new(spec), layers, interleaved, parameters, buffers })
    }

    /// The same network, whose outputs have these names.
    #[must_use]
    pub fn named(mut self, names: &ClassNames) -> Self {
        Arc::make_mut(&mut self.spec).class_names = names.clone();
        self
    }

    /// The spec it was built from.
    pub fn spec(&self) -> &NetworkSpec {
        &self.spec
    }

    /// The layers, in order.
    pub fn layers(&self) -> &[Box<dyn Layer>] {
        &self.layers
    }

    /// The parameters: one list per layer, in PyTorch's order.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Mutable access to [`Network::parameters`].
    pub fn parameters_mut(&mut self) -> &mut Parameters {
        &mut self.parameters
    }

    /// Overwrites the parameters with `values`: one slice per parameter, in order.
    ///
    /// # Errors
    /// If a slice is missing or has another length than its parameter; the parameters before it are overwritten then.
    pub fn set_parameters<'a>(
        &mut self,
        values: impl IntoIterator<Item = &'a [f32]>,
    ) -> Result<(), ParameterError> {
        let mut values = values.into_iter();
        let layers = self.layers.iter().zip(&mut self.parameters).enumerate();
        for (number, (layer, tensors)) in layers {
            for (spec, tensor) in layer.parameters().iter().zip(tensors) {
                let values = values.next().unwrap_or_default();
                if values.len() != tensor.len() {
                    let (values, needed) = (values.len(), tensor.len());
                    return Err(ParameterError { layer: number, name: spec.name, values, needed });
                }
                tensor.values_mut().copy_from_slice(values);
            }
        }
        Ok(())
    }

    /// Overwrites every value of the parameters, in order, with the next one of a generator, such as random numbers.
    pub fn fill_parameters(&mut self, mut next: impl FnMut() -> f32) {
        self.parameters.iter_mut().flatten().for_each(|tensor| tensor.values_mut().fill_with(&mut next));
    }

    /// [`Network::fill_parameters`] for the buffers.
    pub fn fill_buffers(&mut self, mut next: impl FnMut() -> f32) {
        self.buffers.iter_mut().flatten().for_each(|tensor| tensor.values_mut().fill_with(&mut next));
    }

    /// The buffers, such as running statistics: one list per layer, in PyTorch's order.
    pub fn buffers(&self) -> &Parameters {
        &self.buffers
    }

    /// Mutable access to [`Network::buffers`].
    pub fn buffers_mut(&mut self) -> &mut Parameters {
        &mut self.buffers
    }

    /// The layers, with mutable access to the buffers.
    pub(super) fn layers_and_buffers_mut(&mut self) -> (&[Box<dyn Layer>], &mut Parameters) {
        (&self.layers, &mut self.buffers)
    }

    /// Every parameter with its key in the `state_dict` of a `torch.nn.Sequential`, such as `0.weight`.
    pub fn named_parameters(&self) -> impl Iterator<Item = (String, &Tensor)> {
        let layers = self.layers.iter().zip(&self.parameters).enumerate();
        layers.flat_map(|(i, (layer, tensors))| named(i, layer.parameters(), tensors))
    }

    /// Every buffer with its key, such as `1.running_mean`.
    ///
    /// `num_batches_tracked` is a 64-bit integer without dimensions in PyTorch's files.
    pub fn named_buffers(&self) -> impl Iterator<Item = (String, &Tensor)> {
        let layers = self.layers.iter().zip(&self.buffers).enumerate();
        layers.flat_map(|(i, (layer, tensors))| named(i, layer.buffers(), tensors))
    }

    /// Checks that the network can train with batches of this many images.
    ///
    /// # Errors
    /// If a layer with batch statistics would compute them from a single value, as in PyTorch.
    pub fn check_batch(&self, images: usize) -> Result<(), SpecError> {
        let values = |layer: &dyn Layer| Some(images * layer.batch_statistics()?.values_per_image());
        match self.layers.iter().position(|layer| values(layer.as_ref()) == Some(1)) {
            None => Ok(()),
            Some(number) => Err(SpecError::Layer {
                number,
                kind: self.spec.layers[number].type_name(),
                input: self.layers[number].input(),
                reason: Box::new(LayerError::SingleValue),
            }),
        }
    }

    /// The number of trainable values.
    pub fn parameter_count(&self) -> usize {
        self.parameters.iter().flatten().map(Tensor::len).sum()
    }

    /// Multiply-adds per image in the forward pass.
    pub fn multiply_adds(&self) -> u64 {
        self.layers.iter().map(|l| l.multiply_adds()).sum()
    }

    /// The shape of one input image.
    pub fn input(&self) -> Shape {
        self.spec.input
    }

    /// The number of classes: outputs of the last layer.
    pub fn classes(&self) -> usize {
        self.layers.last().map_or(0, |l| l.output().len())
    }

    /// The largest scratch memory of its layers, in values, with this many images interleaved where layers support it.
    pub(super) fn scratch_len(&self, interleaved: usize) -> usize {
        let (inside, others) = self.layers.split_at(self.interleaved_layers());
        let inside = inside.iter().map(|l| l.scratch_len(interleaved));
        inside.chain(others.iter().map(|l| l.scratch_len(1))).max().unwrap_or(0)
    }

    /// How many layers, from the first on, get interleaved images in a batch; 0 if none do.
    pub(super) fn interleaved_layers(&self) -> usize {
        self.interleaved.0
    }

    /// How many images are interleaved at a time; 0 if none are.
    pub(super) fn interleaved_images(&self) -> usize {
        self.interleaved.1
    }

    /// The index of the first layer with parameters. The layers before it compute no gradient.
    pub(super) fn first_trainable(&self) -> usize {
        let has_any = |tensors: &Vec<Tensor>| !tensors.is_empty();
        self.parameters.iter().position(has_any).unwrap_or(self.layers.len())
    }

    /// Whether every parameter and buffer is finite.
    pub fn is_finite(&self) -> bool {
        self.parameters
            .iter()
            .chain(&self.buffers)
            .flatten()
            .all(|t| t.values().iter().all(|v| v.is_finite()))
    }
}

/// A slice of values that does not have the length of its parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterError {
    /// The layer's number, from 0.
    pub layer: usize,
    /// The parameter's name in the layer, such as `weight`.
    pub name: &'static str,
    /// The number of values given; 0 if there were none.
    pub values: usize,
    /// The number of values that the parameter has.
    pub needed: usize,
}

impl Say for ParameterError {
    fn say(&self) -> Sentence {
        Sentence::new("{name} of layer {layer} has {values} values, but needs {needed}")
            .name("name", self.name)
            .with("layer", self.layer)
            .with("values", self.values)
            .with("needed", self.needed)
    }
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for ParameterError {}

/// The most images that are interleaved: the values of a register. Fewer than half of that fill registers badly.
const MAX_INTERLEAVED: usize = 16;

/// The most values of a layer's input or output for all interleaved images. They may fill the L2 cache, since longer rows
/// are worth more.
const MAX_INTERLEAVED_VALUES: usize = 1 << 19;

/// The largest scratch memory of a layer for interleaved images, in values, which a wide border makes large.
const MAX_INTERLEAVED_SCRATCH: usize = 1 << 22;

/// How many of a network's first layers get interleaved images, and how many images: all layers up to the one that undoes
/// the interleaving, or (0, 0) if a layer before that does not support it, if there is nothing to gain, or if too few
/// images fit the cache.
fn interleaved(layers: &[Box<dyn Layer>]) -> (usize, usize) {
    let inside = layers.iter().take_while(|l| l.interleaving() == Interleaving::Kept).count();
    let is_undone = layers.get(inside).is_some_and(|l| l.interleaving() == Interleaving::Undone);
    if !is_undone || inside == 0 {
        return (0, 0);
    }
    let layers = &layers[..=inside];
    let widest = layers.iter().map(|layer| layer.input().len().max(layer.output().len())).max();
    let images = widest.map_or(0, |widest| (MAX_INTERLEAVED_VALUES / widest.max(1)).min(MAX_INTERLEAVED));
    let fits = layers.iter().all(|layer| layer.scratch_len(images) <= MAX_INTERLEAVED_SCRATCH);
    if images >= MAX_INTERLEAVED / 2 && fits { (layers.len(), images) } else { (0, 0) }
}

/// A tensor before training; zeros in place of random values.
fn initial_tensor(spec: &ParameterSpec) -> Tensor {
    let mut tensor = Tensor::zeros(&spec.shape);
    if let Initial::Constant(value) = spec.initial {
        tensor.values_mut().fill(value);
    }
    tensor
}

/// The tensors of layer `i` with their keys.
fn named(i: usize, specs: Vec<ParameterSpec>, tensors: &[Tensor]) -> impl Iterator<Item = (String, &Tensor)> {
    specs.into_iter().zip(tensors).map(move |(spec, tensor)| (format!("{i}.{}", spec.name), tensor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_images_are_interleaved_as_fit_the_cache() {
        let images = |input: usize, padding: usize, stride: usize| {
            let json = format!(
                r#"{{"name": "n", "input": [1, {input}, {input}], "layers": [
                    {{"type": "conv2d", "out_channels": 2, "kernel_size": 3, "padding": {padding}, "stride": {stride}}},
                    {{"type": "flatten"}}, {{"type": "linear", "out_features": 2}}]}}"#
            );
            Network::zeros(NetworkSpec::from_json(&json).unwrap()).unwrap().interleaved_images()
        };
        assert_eq!(images(28, 0, 1), 16);
        assert_eq!(images(160, 1, 1), 10);
        assert_eq!(images(200, 1, 1), 0);
        // Small outputs of a large input, and of a wide border.
        assert_eq!(images(1000, 0, 40), 0);
        assert_eq!(images(8, 500, 40), 0);
    }
}

//! Every activation of one forward pass: the one source of what the window shows.

use super::{
    layers::{Aux, BatchSums, Mode},
    loss::softmax,
    network::Network,
    shape::Shape,
    tensor::Tensor,
};

/// The input, every layer's output and the class probabilities of `n` images; immutable once made.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The network's input, (n, C, H, W).
    pub input: Tensor,
    /// One tensor a layer, (n, output shape).
    pub activations: Vec<Tensor>,
    /// Softmax of the last activation, (n, classes).
    pub probabilities: Tensor,
}

impl Trace {
    /// The output of layer `number` for the first image.
    pub fn activation(&self, number: usize) -> &[f32] {
        let tensor = &self.activations[number];
        &tensor.values()[..tensor.len() / self.input.shape()[0].max(1)]
    }

    /// The class probabilities of the first image.
    pub fn first_probabilities(&self) -> &[f32] {
        &self.probabilities.values()[..self.probabilities.shape()[1]]
    }
}

impl Network {
    /// Runs `n` = `x.len()` / input length images through the network and keeps every activation.
    ///
    /// # Panics
    /// If `x` is not a whole number of input images.
    pub fn trace(&self, x: &[f32]) -> Trace {
        self.trace_in(Mode::Eval, x)
    }

    /// [`Network::trace`] in training's way too: dropout drops, and batch normalisation takes the statistics of `x`.
    ///
    /// # Panics
    /// As [`Network::trace`].
    pub fn trace_in(&self, mode: Mode, x: &[f32]) -> Trace {
        self.traced(self.run(mode, x, self.layers().len(), &mut |_, _| ()), x)
    }

    /// [`Network::trace`] of a network in which `edit` changes each layer's output, (n, output shape), before the trace
    /// keeps it and the next layer reads it; it is told the layer's number.
    ///
    /// # Panics
    /// As [`Network::trace`].
    pub fn trace_with(&self, x: &[f32], mut edit: impl FnMut(usize, &mut [f32])) -> Trace {
        self.traced(self.run(Mode::Eval, x, self.layers().len(), &mut edit), x)
    }

    /// The output of layer `number` alone, (n, output shape): no later layer is computed. `None` if there is no such
    /// layer.
    ///
    /// # Panics
    /// As [`Network::trace`].
    pub fn output_of(&self, number: usize, x: &[f32]) -> Option<Tensor> {
        let layers = (number < self.layers().len()).then_some(number + 1)?;
        self.run(Mode::Eval, x, layers, &mut |_, _| ()).pop()
    }

    /// The outputs of the first `layers` layers, each as `edit` changed it.
    fn run(
        &self,
        mode: Mode,
        x: &[f32],
        layers: usize,
        edit: &mut dyn FnMut(usize, &mut [f32]),
    ) -> Vec<Tensor> {
        let n = x.len() / self.input().len();
        assert_eq!(n * self.input().len(), x.len(), "whole images of shape {}", self.input());
        let mut scratch = vec![0.0; self.scratch_len(1)];
        let mut activations: Vec<Tensor> = Vec::with_capacity(layers);
        for (i, (layer, parameters)) in self.layers().iter().zip(self.parameters()).take(layers).enumerate() {
            let x = activations.last().map_or(x, Tensor::values);
            let mut y = Tensor::zeros(&with_batch(n, layer.output()));
            let mut indices = vec![0; n * layer.indices_len()];
            let mut sums = Vec::new();
            if let (Some(coupled), Mode::Train { .. }) = (layer.coupled(), mode) {
                sums.resize(coupled.sums_len(), 0.0);
                coupled.sum_inputs(x, &mut sums);
            }
            let mut aux = Aux {
                indices: &mut indices,
                scratch: &mut scratch,
                buffers: &self.buffers()[i],
                mode,
                layer: i,
                first: 0,
                abreast: 1,
                batch: BatchSums { images: n, inputs: &sums, gradients: &[] },
            };
            layer.forward(parameters, x, y.values_mut(), &mut aux);
            edit(i, y.values_mut());
            activations.push(y);
        }
        activations
    }

    /// The outputs of all layers as a trace.
    fn traced(&self, activations: Vec<Tensor>, x: &[f32]) -> Trace {
        let n = x.len() / self.input().len();
        let classes = self.classes();
        let mut probabilities = Tensor::zeros(&[n, classes]);
        let logits = activations.last().map_or(x, Tensor::values).chunks_exact(classes);
        for (p, z) in probabilities.values_mut().chunks_exact_mut(classes).zip(logits) {
            softmax(z, p);
        }
        let mut input = Tensor::zeros(&with_batch(n, self.input()));
        input.values_mut().copy_from_slice(x);
        Trace { input, activations, probabilities }
    }
}

/// The shape of `n` images or activations, PyTorch's (n, C, H, W).
fn with_batch(n: usize, shape: Shape) -> Vec<usize> {
    std::iter::once(n).chain(shape.dims()).collect()
}

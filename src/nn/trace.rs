//! Every activation of one forward pass: the one source of what the window shows.

use super::{
    layers::{Aux, BatchSums, Mode},
    loss::softmax,
    network::Network,
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
        let n = x.len() / self.input().len();
        assert_eq!(n * self.input().len(), x.len(), "whole images of shape {}", self.input());
        let with_batch = |dims: Vec<usize>| std::iter::once(n).chain(dims).collect::<Vec<_>>();
        let mut scratch = vec![0.0; self.scratch_len()];
        let mut activations: Vec<Tensor> = Vec::with_capacity(self.layers().len());
        for (i, (layer, parameters)) in self.layers().iter().zip(self.parameters()).enumerate() {
            let x = activations.last().map_or(x, Tensor::values);
            let mut y = Tensor::zeros(&with_batch(layer.output().dims()));
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
                batch: BatchSums { images: n, inputs: &sums, gradients: &[] },
            };
            layer.forward(parameters, x, y.values_mut(), &mut aux);
            activations.push(y);
        }
        let classes = self.classes();
        let mut probabilities = Tensor::zeros(&[n, classes]);
        let logits = activations.last().map_or(x, Tensor::values).chunks_exact(classes);
        for (p, z) in probabilities.values_mut().chunks_exact_mut(classes).zip(logits) {
            softmax(z, p);
        }
        let mut input = Tensor::zeros(&with_batch(self.input().dims()));
        input.values_mut().copy_from_slice(x);
        Trace { input, activations, probabilities }
    }
}

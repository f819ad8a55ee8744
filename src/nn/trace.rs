//! Every activation of one forward pass, which all views read.

use super::{
    layers::{BatchSums, ForwardMode, LayerContext},
    loss::softmax,
    network::Network,
    shape::Shape,
    tensor::Tensor,
};
use ndarray::{ArrayViewD, Axis};

/// The input, every layer's output and the class probabilities of `n` images.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The network's input, (n, C, H, W).
    pub input: Tensor,
    /// Each layer's output, (n, output shape).
    pub activations: Vec<Tensor>,
    /// The softmax of the last activation, (n, classes).
    pub probabilities: Tensor,
}

impl Trace {
    /// The output of layer `number` for the first image.
    pub fn activation(&self, number: usize) -> &[f32] {
        let tensor = &self.activations[number];
        &tensor.values()[..tensor.len() / self.input.shape()[0].max(1)]
    }

    /// [`Trace::activation`] as an array: (channels, height, width) or (features).
    pub fn activation_view(&self, number: usize) -> ArrayViewD<'_, f32> {
        self.activations[number].view().index_axis_move(Axis(0), 0)
    }

    /// The class probabilities of the first image.
    pub fn first_probabilities(&self) -> &[f32] {
        &self.probabilities.values()[..self.probabilities.shape()[1]]
    }
}

impl Network {
    /// Runs the images of `x`, (n, input shape), through the network in evaluation mode.
    ///
    /// # Panics
    /// If `x` is not a whole number of input images.
    pub fn trace(&self, x: &[f32]) -> Trace {
        self.trace_in(ForwardMode::Eval, x)
    }

    /// [`Network::trace`] in either mode: in training mode dropout is on, and batch normalisation uses the statistics of `x`.
    ///
    /// # Panics
    /// As [`Network::trace`].
    pub fn trace_in(&self, mode: ForwardMode, x: &[f32]) -> Trace {
        self.traced(self.run(mode, x, self.layers().len(), &mut |_, _| ()), x)
    }

    /// [`Network::trace`], where `edit(layer, output)` changes each layer's output, (n, output shape), before the trace keeps
    /// it and the next layer reads it.
    ///
    /// # Panics
    /// As [`Network::trace`].
    pub fn trace_with(&self, x: &[f32], mut edit: impl FnMut(usize, &mut [f32])) -> Trace {
        self.traced(self.run(ForwardMode::Eval, x, self.layers().len(), &mut edit), x)
    }

    /// The output of layer `number`, (n, output shape), without computing the layers after it. `None` if there is no such
    /// layer.
    ///
    /// # Panics
    /// As [`Network::trace`].
    pub fn output_of(&self, number: usize, x: &[f32]) -> Option<Tensor> {
        let layers = (number < self.layers().len()).then_some(number + 1)?;
        self.run(ForwardMode::Eval, x, layers, &mut |_, _| ()).pop()
    }

    /// The outputs of the first `layers` layers, each changed by `edit`.
    fn run(
        &self,
        mode: ForwardMode,
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
            if let (Some(batch_statistics), ForwardMode::Train { .. }) = (layer.batch_statistics(), mode) {
                sums.resize(batch_statistics.sums_len(), 0.0);
                batch_statistics.sum_inputs(x, &mut sums);
            }
            let mut context = LayerContext {
                indices: &mut indices,
                scratch: &mut scratch,
                buffers: &self.buffers()[i],
                mode,
                layer: i,
                first: 0,
                interleaved: 1,
                batch: BatchSums { images: n, inputs: &sums, gradients: &[] },
            };
            layer.forward(parameters, x, y.values_mut(), &mut context);
            edit(i, y.values_mut());
            activations.push(y);
        }
        activations
    }

    /// A trace of all layers' outputs.
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

/// The shape of `n` images or activations: PyTorch's (n, C, H, W).
fn with_batch(n: usize, shape: Shape) -> Vec<usize> {
    std::iter::once(n).chain(shape.dims()).collect()
}

//! One shard of a batch: its memory, and its forward and backward pass.

use super::pass::{L2_VALUES, Pass};
use crate::nn::{
    interleave::{deinterleave, interleave},
    layers::{BackwardInput, BatchStatistics, Layer},
    loss::{NO_CLASS, argmax, cross_entropy, cross_entropy_gradient, is_no_class, smoothed_cross_entropy},
    network::{Network, Parameters},
    shape::Shape,
    simd::AlignedVec,
    tensor::Tensor,
};
use std::{f64::consts::LN_2, ops::Range};

/// One shard of a batch with the memory for its forward and backward pass.
#[derive(Clone, Debug)]
pub(super) struct Shard {
    /// The index in the batch of its first image.
    pub(super) first: usize,
    pub(super) images: usize,
    pub(super) inputs: AlignedVec,
    /// The inputs interleaved, if the first layers read them so.
    interleaved_inputs: AlignedVec,
    pub(super) labels: Vec<u8>,
    /// Each layer's output.
    pub(super) activations: Vec<AlignedVec>,
    pub(super) indices: Vec<Vec<u32>>,
    pub(super) scratch: AlignedVec,
    /// The gradients with respect to a layer's output and its input.
    pub(super) deltas: [AlignedVec; 2],
    /// The same within a run of layers, for the images that pass it together.
    run_deltas: [AlignedVec; 2],
    /// The gradients of its images; none for layers whose gradients are computed over the whole batch.
    pub(super) gradients: Parameters,
    /// The gradients with respect to the outputs of those layers.
    pub(super) output_gradients: Vec<AlignedVec>,
    /// Its images' share of the sums of a layer with batch statistics.
    pub(super) sums: Vec<f64>,
    pub(super) loss: f64,
    pub(super) predictions: Vec<u8>,
}

/// Tensors of zeros with these shapes.
pub(super) fn zeros(parameters: &Parameters) -> Parameters {
    let of_layer = |tensors: &Vec<Tensor>| tensors.iter().map(|t| Tensor::zeros(t.shape())).collect();
    parameters.iter().map(of_layer).collect()
}

impl Shard {
    /// Memory for up to `capacity` images, with gradients if it is to `train`.
    pub(super) fn new(network: &Network, capacity: usize, train: bool) -> Self {
        let layers = network.layers();
        let widest = layers.iter().map(|l| l.output().len()).max().unwrap_or(0);
        let delta = || AlignedVec::zeros(if train { capacity * widest } else { 0 });
        let interleaved = network.interleaved_images().min(capacity);
        let run_delta = || AlignedVec::zeros(if train { run_delta_len(network, capacity) } else { 0 });
        let mut gradients = if train { zeros(network.parameters()) } else { Vec::new() };
        let is_full_batch = |layer: &dyn Layer| layer.full_batch().is_some();
        let full_batch = layers.iter().zip(&mut gradients).filter(|(layer, _)| is_full_batch(layer.as_ref()));
        full_batch.for_each(|(_, gradients)| gradients.clear());
        let output_gradients = layers.iter().map(|layer| {
            let images = if train && is_full_batch(layer.as_ref()) { capacity } else { 0 };
            AlignedVec::zeros(images * layer.output().len())
        });
        let statistics = layers.iter().filter_map(|l| l.batch_statistics());
        let sums_len = statistics.map(BatchStatistics::sums_len).max().unwrap_or(0);
        let interleaved_len = if interleaved > 0 { capacity * network.input().len() } else { 0 };
        Self {
            first: 0,
            images: 0,
            inputs: AlignedVec::zeros(capacity * network.input().len()),
            interleaved_inputs: AlignedVec::zeros(interleaved_len),
            labels: vec![0; capacity],
            activations: layers.iter().map(|l| AlignedVec::zeros(capacity * l.output().len())).collect(),
            indices: layers.iter().map(|l| vec![0; capacity * l.indices_len()]).collect(),
            scratch: AlignedVec::zeros(network.scratch_len(interleaved.max(1))),
            deltas: [delta(), delta()],
            run_deltas: [run_delta(), run_delta()],
            output_gradients: output_gradients.collect(),
            gradients,
            sums: vec![0.0; sums_len],
            loss: 0.0,
            predictions: vec![0; capacity],
        }
    }

    /// The number of images classified correctly.
    pub(super) fn correct(&self) -> usize {
        let pairs = self.predictions.iter().zip(&self.labels).take(self.images);
        pairs.filter(|(prediction, label)| prediction == label).count()
    }

    /// Computes the outputs of `layers`, run by run.
    pub(super) fn forward(&mut self, pass: &Pass<'_>, layers: Range<usize>) {
        let mut from = layers.start;
        while from < layers.end {
            let run = pass.run_from(from, layers.end);
            let at_once = pass.images_at_once(&run, self.images);
            for first in (0..self.images).step_by(at_once) {
                let images = first..self.images.min(first + at_once);
                if pass.is_interleaved(run.start) {
                    let places = places(&images, pass.network.input());
                    let (from, to) = (&self.inputs[places.clone()], &mut self.interleaved_inputs[places]);
                    interleave(from, pass.network.input().len(), to);
                }
                run.clone().for_each(|i| self.forward_layer(pass, i, images.clone()));
            }
            from = run.end;
        }
    }

    /// Computes the output of layer `i` for some of the images.
    fn forward_layer(&mut self, pass: &Pass<'_>, i: usize, images: Range<usize>) {
        let layer = &pass.network.layers()[i];
        let (before, after) = self.activations.split_at_mut(i);
        let inputs = if pass.is_interleaved(0) { &self.interleaved_inputs } else { &self.inputs };
        let x = &before.last().unwrap_or(inputs)[places(&images, layer.input())];
        let y = &mut after[0][places(&images, layer.output())];
        let mut context = pass.context(i, self.first, images, &mut self.indices[i], &mut self.scratch);
        layer.forward(&pass.network.parameters()[i], x, y, &mut context);
    }

    /// Computes its share of the sums that layer `i` needs before its forward pass, if it has batch statistics.
    pub(super) fn sum_inputs(&mut self, pass: &Pass<'_>, i: usize) {
        let layer = &pass.network.layers()[i];
        let x = if i == 0 { &self.inputs } else { &self.activations[i - 1] };
        self.sums.fill(0.0);
        if let Some(statistics) = layer.batch_statistics() {
            let sums = &mut self.sums[..statistics.sums_len()];
            statistics.sum_inputs(&x[..self.images * layer.input().len()], sums);
        }
    }

    /// Copies the output of layer `i` for its images, (images, output shape).
    pub(super) fn copy_outputs(&self, network: &Network, i: usize, out: &mut [f32]) {
        let len = network.layers()[i].output().len();
        let outputs = &self.activations[i][..out.len()];
        // The last of the layers with interleaved images undoes the interleaving.
        if i + 1 < network.interleaved_layers() {
            let group = network.interleaved_images() * len;
            for (interleaved, images) in outputs.chunks(group).zip(out.chunks_mut(group)) {
                deinterleave(interleaved, len, images);
            }
        } else {
            out.copy_from_slice(outputs);
        }
    }

    /// Computes the loss and the predictions from the last layer's output.
    pub(super) fn score(&mut self, classes: usize, smoothing: f32) {
        let logits = self.activations.last().unwrap_or(&self.inputs).chunks_exact(classes);
        self.loss = 0.0;
        let images = logits.zip(&self.labels[..self.images]).zip(&mut self.predictions);
        for ((z, &label), prediction) in images {
            self.loss += smoothed_cross_entropy(z, label as usize, smoothing);
            let best = argmax(z);
            // An image of no class counts as correct if no class has a probability above ½.
            let is_unsure = || is_no_class(label as usize, classes) && cross_entropy(z, best) > LN_2;
            *prediction = if is_unsure() { NO_CLASS } else { best as u8 };
        }
    }

    /// Sets the parameters' gradients to zero, and the gradient with respect to the logits to that of the loss.
    pub(super) fn start_backward(&mut self, classes: usize, smoothing: f32, batch: usize) {
        for tensor in self.gradients.iter_mut().flatten() {
            tensor.values_mut().fill(0.0);
        }
        let logits = self.activations.last().unwrap_or(&self.inputs).chunks_exact(classes);
        let gradients = self.deltas[0].chunks_exact_mut(classes);
        for ((z, &label), gradient) in logits.zip(&self.labels[..self.images]).zip(gradients) {
            cross_entropy_gradient(z, label as usize, smoothing, batch, gradient);
        }
    }

    /// Goes back from layer `end` (exclusive) to the first layer that learns, or to the barrier `stop`, for which it leaves
    /// its share of the gradient sums.
    pub(super) fn backward_to(&mut self, pass: &Pass<'_>, stop: Option<usize>, end: usize) {
        let (start, mut end) = (stop.map_or(pass.first_trainable(), |stop| stop + 1), end);
        while start < end {
            let run = pass.run_to(start, end);
            let at_once = pass.images_at_once(&run, self.images);
            for first in (0..self.images).step_by(at_once) {
                let images = first..self.images.min(first + at_once);
                run.clone().rev().for_each(|i| self.backward_layer(pass, i, &run, images.clone()));
            }
            self.deltas.swap(0, 1);
            end = run.start;
        }
        let Some(i) = stop else { return };
        let layer = &pass.network.layers()[i];
        let images = 0..self.images;
        let dy = &self.deltas[0][places(&images, layer.output())];
        let input = backward_input(layer.as_ref(), i, &images, &self.inputs, &self.activations, dy);
        let context = pass.context(i, self.first, images, &mut self.indices[i], &mut self.scratch);
        self.sums.fill(0.0);
        if let Some(statistics) = layer.batch_statistics() {
            statistics.sum_gradients(input, &context, &mut self.sums[..statistics.sums_len()]);
        }
    }

    /// Goes back through layer `i` of a run for some of the images. Between two runs, the gradients of all images are in
    /// `deltas`; within a run, those of the current images are in `run_deltas`.
    fn backward_layer(&mut self, pass: &Pass<'_>, i: usize, run: &Range<usize>, images: Range<usize>) {
        let layer = &pass.network.layers()[i];
        let [after_run, before_run] = &mut self.deltas;
        let [dy, dx] = &mut self.run_deltas;
        let [input_len, output_len] = [layer.input(), layer.output()].map(|shape| images.len() * shape.len());
        let dy =
            if i + 1 == run.end { &after_run[places(&images, layer.output())] } else { &dy[..output_len] };
        let dx = if i == pass.first_trainable() {
            None
        } else if i == run.start {
            Some(&mut before_run[places(&images, layer.input())])
        } else {
            Some(&mut dx[..input_len])
        };
        if layer.full_batch().is_some() {
            self.output_gradients[i][places(&images, layer.output())].copy_from_slice(dy);
        }
        let inputs = if pass.is_interleaved(0) { &self.interleaved_inputs } else { &self.inputs };
        let input = backward_input(layer.as_ref(), i, &images, inputs, &self.activations, dy);
        let mut context = pass.context(i, self.first, images, &mut self.indices[i], &mut self.scratch);
        layer.backward(&pass.network.parameters()[i], input, dx, &mut self.gradients[i], &mut context);
        self.run_deltas.swap(0, 1);
    }
}

/// The most values of a layer's output, for the images that pass a run of layers together.
fn run_delta_len(network: &Network, capacity: usize) -> usize {
    let widest = |layers: &[Box<dyn Layer>]| layers.iter().map(|l| l.output().len()).max().unwrap_or(0);
    let (interleaved, others) = network.layers().split_at(network.interleaved_layers());
    let interleaved = network.interleaved_images().min(capacity) * widest(interleaved);
    // A run passes as many images as its own widest layer allows, not the network's.
    let others = widest(others);
    interleaved.max(L2_VALUES.max(others).min(capacity * others))
}

/// The range of the values of these images among those of all images of a shard.
fn places(images: &Range<usize>, shape: Shape) -> Range<usize> {
    images.start * shape.len()..images.end * shape.len()
}

/// The input of layer `i`'s backward pass for these images.
fn backward_input<'a>(
    layer: &dyn Layer,
    i: usize,
    images: &Range<usize>,
    inputs: &'a [f32],
    activations: &'a [AlignedVec],
    dy: &'a [f32],
) -> BackwardInput<'a> {
    let x = if i == 0 { inputs } else { &activations[i - 1] };
    let y = &activations[i][places(images, layer.output())];
    BackwardInput { x: &x[places(images, layer.input())], y, dy }
}

//! One part of a batch: its memory, and its way through the layers and back.

use super::{
    abreast::{images_abreast, side_by_side},
    aligned::Aligned,
    layers::{Aux, BatchSums, Coupled, Layer, Mode, Passed},
    loss::{NO_CLASS, argmax, cross_entropy, cross_entropy_gradient, is_no_class},
    network::{Network, Parameters},
    shape::Shape,
    tensor::Tensor,
};
use std::{f64::consts::LN_2, ops::Range};

/// Values of a layer's output that stay in the second cache while the next layers work on them.
const CACHED: usize = 1 << 16;

/// One part of the batch with everything that its forward and backward pass needs.
#[derive(Clone, Debug)]
pub struct Lane {
    /// The place in the batch of its first image.
    pub(super) first: usize,
    pub(super) images: usize,
    pub(super) inputs: Aligned,
    /// The same, of images abreast, if the first layers take them so.
    inputs_abreast: Aligned,
    pub(super) labels: Vec<u8>,
    /// Every layer's output.
    pub(super) activations: Vec<Aligned>,
    pub(super) indices: Vec<Vec<u32>>,
    pub(super) scratch: Aligned,
    /// The gradients by a layer's output and by its input.
    pub(super) deltas: [Aligned; 2],
    /// The same within a run of layers, for the few images that pass it together.
    pub(super) passing: [Aligned; 2],
    /// The gradients by its images; none of a layer whose gradients are taken over the whole batch.
    pub(super) gradients: Parameters,
    /// The gradients by the outputs of such layers.
    pub(super) kept: Vec<Aligned>,
    /// Its images' part of what a coupled layer sums over the batch.
    pub(super) sums: Vec<f64>,
    pub(super) loss: f64,
    pub(super) predictions: Vec<u8>,
}

/// What a coupled layer sums over the whole batch; empty for all other layers.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    pub(super) inputs: Vec<f64>,
    pub(super) gradients: Vec<f64>,
}

/// One pass over the batch, as every lane sees it.
pub(super) struct Pass<'a> {
    pub(super) network: &'a Network,
    pub(super) mode: Mode,
    /// Images in the whole batch.
    pub(super) images: usize,
    /// One a layer.
    pub(super) sums: &'a [Sums],
}

/// Tensors of zeros in this form.
pub(super) fn zeros(parameters: &Parameters) -> Parameters {
    let of_layer = |tensors: &Vec<Tensor>| tensors.iter().map(|t| Tensor::zeros(t.shape())).collect();
    parameters.iter().map(of_layer).collect()
}

impl Sums {
    pub(super) fn new(layer: &dyn Layer) -> Self {
        let zeros = vec![0.0; layer.coupled().map_or(0, Coupled::sums_len)];
        Self { inputs: zeros.clone(), gradients: zeros }
    }
}

impl Lane {
    pub(super) fn new(network: &Network, capacity: usize, train: bool) -> Self {
        let layers = network.layers();
        let widest = layers.iter().map(|l| l.output().len()).max().unwrap_or(0);
        let delta = || Aligned::zeros(if train { capacity * widest } else { 0 });
        let abreast = images_abreast(&network.layers()[..network.layers_abreast()]).min(capacity);
        let together = (CACHED / widest.max(1)).max(1).min(capacity).max(abreast);
        let few = || Aligned::zeros(if train { together * widest } else { 0 });
        let mut gradients = if train { zeros(network.parameters()) } else { Vec::new() };
        let is_whole = |layer: &dyn Layer| layer.whole_batch().is_some();
        let whole = layers.iter().zip(&mut gradients).filter(|(layer, _)| is_whole(layer.as_ref()));
        whole.for_each(|(_, gradients)| gradients.clear());
        let kept = layers.iter().map(|layer| {
            let images = if train && is_whole(layer.as_ref()) { capacity } else { 0 };
            Aligned::zeros(images * layer.output().len())
        });
        let sums_len = layers.iter().filter_map(|l| l.coupled()).map(Coupled::sums_len).max().unwrap_or(0);
        Self {
            first: 0,
            images: 0,
            inputs: Aligned::zeros(capacity * network.input().len()),
            inputs_abreast: Aligned::zeros(if abreast > 0 { capacity * network.input().len() } else { 0 }),
            labels: vec![0; capacity],
            activations: layers.iter().map(|l| Aligned::zeros(capacity * l.output().len())).collect(),
            indices: layers.iter().map(|l| vec![0; capacity * l.indices_len()]).collect(),
            scratch: Aligned::zeros(network.scratch_len(abreast.max(1))),
            deltas: [delta(), delta()],
            passing: [few(), few()],
            kept: kept.collect(),
            gradients,
            sums: vec![0.0; sums_len],
            loss: 0.0,
            predictions: vec![0; capacity],
        }
    }

    pub(super) fn correct(&self) -> usize {
        let pairs = self.predictions.iter().zip(&self.labels).take(self.images);
        pairs.filter(|(prediction, label)| prediction == label).count()
    }

    /// Computes the outputs of `layers`, run by run.
    pub(super) fn forward(&mut self, pass: &Pass<'_>, layers: Range<usize>) {
        let mut from = layers.start;
        while from < layers.end {
            let run = pass.run_from(from, layers.end);
            let together = pass.together(&run, self.images);
            for first in (0..self.images).step_by(together) {
                let images = first..self.images.min(first + together);
                if pass.is_abreast(run.start) {
                    let places = places(&images, pass.network.input());
                    let (from, to) = (&self.inputs[places.clone()], &mut self.inputs_abreast[places]);
                    side_by_side(from, pass.network.input().len(), to);
                }
                run.clone().for_each(|i| self.forward_layer(pass, i, images.clone()));
            }
            from = run.end;
        }
    }

    /// Computes the outputs of layer `i` for some of the images.
    fn forward_layer(&mut self, pass: &Pass<'_>, i: usize, images: Range<usize>) {
        let layer = &pass.network.layers()[i];
        let (before, after) = self.activations.split_at_mut(i);
        let inputs = if pass.is_abreast(0) { &self.inputs_abreast } else { &self.inputs };
        let x = &before.last().unwrap_or(inputs)[places(&images, layer.input())];
        let y = &mut after[0][places(&images, layer.output())];
        let mut aux = pass.aux(i, self.first, images, &mut self.indices[i], &mut self.scratch);
        layer.forward(&pass.network.parameters()[i], x, y, &mut aux);
    }

    /// Sums up what the coupled layer `i` must know of these images before its forward pass.
    pub(super) fn sum_inputs(&mut self, pass: &Pass<'_>, i: usize) {
        let layer = &pass.network.layers()[i];
        let x = if i == 0 { &self.inputs } else { &self.activations[i - 1] };
        self.sums.fill(0.0);
        if let Some(coupled) = layer.coupled() {
            coupled.sum_inputs(&x[..self.images * layer.input().len()], &mut self.sums[..coupled.sums_len()]);
        }
    }

    /// Takes loss and predictions from the last layer's output.
    pub(super) fn score(&mut self, classes: usize) {
        let logits = self.activations.last().unwrap_or(&self.inputs).chunks_exact(classes);
        self.loss = 0.0;
        let images = logits.zip(&self.labels[..self.images]).zip(&mut self.predictions);
        for ((z, &label), prediction) in images {
            self.loss += cross_entropy(z, label as usize);
            let best = argmax(z);
            // About what shows no class, not to be sure is right.
            let is_unsure = || is_no_class(label as usize, classes) && cross_entropy(z, best) > LN_2;
            *prediction = if is_unsure() { NO_CLASS } else { best as u8 };
        }
    }

    /// Sets the gradients to zero, and the one by the last layer's output to the loss's.
    pub(super) fn start_backward(&mut self, classes: usize, batch: usize) {
        for tensor in self.gradients.iter_mut().flatten() {
            tensor.values_mut().fill(0.0);
        }
        let logits = self.activations.last().unwrap_or(&self.inputs).chunks_exact(classes);
        let gradients = self.deltas[0].chunks_exact_mut(classes);
        for ((z, &label), gradient) in logits.zip(&self.labels[..self.images]).zip(gradients) {
            cross_entropy_gradient(z, label as usize, batch, gradient);
        }
    }

    /// Goes back from layer `end`, not included, to the first that learns or to the coupled layer `stop`, whose sums it
    /// leaves.
    pub(super) fn backward_to(&mut self, pass: &Pass<'_>, stop: Option<usize>, end: usize) {
        let (start, mut end) = (stop.map_or(pass.first_to_learn(), |stop| stop + 1), end);
        while start < end {
            let run = pass.run_to(start, end);
            let together = pass.together(&run, self.images);
            for first in (0..self.images).step_by(together) {
                let images = first..self.images.min(first + together);
                run.clone().rev().for_each(|i| self.backward_layer(pass, i, &run, images.clone()));
            }
            self.deltas.swap(0, 1);
            end = run.start;
        }
        let Some(i) = stop else { return };
        let layer = &pass.network.layers()[i];
        let images = 0..self.images;
        let dy = &self.deltas[0][places(&images, layer.output())];
        let passed = passed(layer.as_ref(), i, &images, &self.inputs, &self.activations, dy);
        let aux = pass.aux(i, self.first, images, &mut self.indices[i], &mut self.scratch);
        self.sums.fill(0.0);
        if let Some(coupled) = layer.coupled() {
            coupled.sum_gradients(passed, &aux, &mut self.sums[..coupled.sums_len()]);
        }
    }

    /// Goes back through layer `i` of a run for some of the images. Between two runs, gradients of all images are in
    /// `deltas`; within a run, those of the present images are in `passing`.
    fn backward_layer(&mut self, pass: &Pass<'_>, i: usize, run: &Range<usize>, images: Range<usize>) {
        let layer = &pass.network.layers()[i];
        let [behind, before] = &mut self.deltas;
        let [dy, dx] = &mut self.passing;
        let (input, output) = (images.len() * layer.input().len(), images.len() * layer.output().len());
        let dy = if i + 1 == run.end { &behind[places(&images, layer.output())] } else { &dy[..output] };
        let dx = if i == pass.first_to_learn() {
            None
        } else if i == run.start {
            Some(&mut before[places(&images, layer.input())])
        } else {
            Some(&mut dx[..input])
        };
        if layer.whole_batch().is_some() {
            self.kept[i][places(&images, layer.output())].copy_from_slice(dy);
        }
        let inputs = if pass.is_abreast(0) { &self.inputs_abreast } else { &self.inputs };
        let passed = passed(layer.as_ref(), i, &images, inputs, &self.activations, dy);
        let mut aux = pass.aux(i, self.first, images, &mut self.indices[i], &mut self.scratch);
        layer.backward(&pass.network.parameters()[i], passed, dx, &mut self.gradients[i], &mut aux);
        self.passing.swap(0, 1);
    }
}

/// Where the values of these images are, among those of all images of a lane.
fn places(images: &Range<usize>, shape: Shape) -> Range<usize> {
    images.start * shape.len()..images.end * shape.len()
}

/// What layer `i` reads to go back: its input and output of these images, and the gradient by the output.
fn passed<'a>(
    layer: &dyn Layer,
    i: usize,
    images: &Range<usize>,
    inputs: &'a [f32],
    activations: &'a [Aligned],
    dy: &'a [f32],
) -> Passed<'a> {
    let x = if i == 0 { inputs } else { &activations[i - 1] };
    Passed { x: &x[places(images, layer.input())], y: &activations[i][places(images, layer.output())], dy }
}

impl Pass<'_> {
    /// See [`Network::first_to_learn`].
    fn first_to_learn(&self) -> usize {
        self.network.first_to_learn()
    }

    /// Whether layer `i` gains from seeing all images of a lane at once, since it has more weights than activations.
    fn is_alone(&self, i: usize) -> bool {
        self.network.layers()[i].whole_batch().is_some()
    }

    /// Whether layer `i` gets images abreast.
    fn is_abreast(&self, i: usize) -> bool {
        i < self.network.layers_abreast()
    }

    /// The layers from `from` on that a few images can pass together while their activations are in the cache.
    fn run_from(&self, from: usize, end: usize) -> Range<usize> {
        if self.is_abreast(from) {
            return from..self.network.layers_abreast();
        }
        let next = (from..end).find(|&i| self.is_alone(i)).unwrap_or(end);
        from..next.max(from + 1)
    }

    /// The same, up to `end`.
    fn run_to(&self, start: usize, end: usize) -> Range<usize> {
        if self.is_abreast(end - 1) {
            return start..end;
        }
        let start = start.max(self.network.layers_abreast());
        let last = (start..end).rev().find(|&i| self.is_alone(i)).map_or(start, |i| i + 1);
        last.min(end - 1)..end
    }

    /// How many of `images` pass a run together.
    fn together(&self, run: &Range<usize>, images: usize) -> usize {
        let layers = &self.network.layers()[run.clone()];
        let widest = layers.iter().map(|layer| layer.output().len()).max().unwrap_or(1);
        if self.is_abreast(run.start) {
            images_abreast(layers)
        } else if self.is_alone(run.start) {
            images.max(1)
        } else {
            (CACHED / widest).max(1)
        }
    }

    /// What layer `i` may use for these images of a lane that begins with the batch's image `first`.
    fn aux<'a>(
        &'a self,
        i: usize,
        first: usize,
        images: Range<usize>,
        indices: &'a mut [u32],
        scratch: &'a mut [f32],
    ) -> Aux<'a> {
        let Sums { inputs, gradients } = &self.sums[i];
        let len = self.network.layers()[i].indices_len();
        Aux {
            indices: &mut indices[images.start * len..images.end * len],
            scratch,
            buffers: &self.network.buffers()[i],
            mode: self.mode,
            layer: i,
            first: first + images.start,
            abreast: if self.is_abreast(i) { images.len() } else { 1 },
            batch: BatchSums { images: self.images, inputs, gradients },
        }
    }
}

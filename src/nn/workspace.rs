//! All the memory of a training step, allocated once, and the step itself.
//!
//! A batch is split into [`LANES`] parts, whatever the number of threads is. Each lane computes its images' loss and
//! gradients in its own memory, and the lanes' gradients are added in their order: so threads change the speed of a
//! curve, but not one bit of it. Fully connected layers leave that to the end: then each part of their weights has its
//! gradient taken over the whole batch at once.
//!
//! A layer that couples the images of a batch in training (batch normalisation) ends a phase: all lanes come up to it,
//! their sums are added in the lanes' order, and all lanes go on.

pub use super::parts::{Executor, LANES, Serial, is_finite};

use super::{
    layers::{Aux, BatchSums, Coupled, Layer, Mode, Part, Passed},
    loss::{argmax, cross_entropy, cross_entropy_gradient},
    network::{Network, Parameters},
    parts,
    shape::Shape,
    simd::wide,
    tensor::Tensor,
};
use std::ops::Range;

/// Values of a layer's output that stay in the second cache while the next layers work on them.
const CACHED: usize = 1 << 17;

/// One part of the batch with everything that its forward and backward pass needs.
#[derive(Clone, Debug)]
pub struct Lane {
    /// The place in the batch of its first image.
    first: usize,
    images: usize,
    inputs: Vec<f32>,
    labels: Vec<u8>,
    /// Every layer's output.
    activations: Vec<Vec<f32>>,
    indices: Vec<Vec<u32>>,
    scratch: Vec<f32>,
    /// The gradients by a layer's output and by its input.
    deltas: [Vec<f32>; 2],
    /// The same within a run of layers, for the few images that pass it together.
    passing: [Vec<f32>; 2],
    /// The gradients by its images; none of a layer whose gradients are taken over the whole batch.
    gradients: Parameters,
    /// The gradients by the outputs of such layers.
    kept: Vec<Vec<f32>>,
    /// Its images' part of what a coupled layer sums over the batch.
    sums: Vec<f64>,
    loss: f64,
    predictions: Vec<u8>,
}

/// What a batch's forward pass says about it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BatchResult {
    /// The mean cross-entropy in nats.
    pub loss: f64,
    /// Images whose most likely class is their label.
    pub correct: usize,
    /// Images in the batch.
    pub images: usize,
}

/// What a coupled layer sums over the whole batch; empty for all other layers.
#[derive(Clone, Debug, Default)]
struct Sums {
    inputs: Vec<f64>,
    gradients: Vec<f64>,
}

/// One pass over the batch, as every lane sees it.
struct Pass<'a> {
    network: &'a Network,
    mode: Mode,
    /// Images in the whole batch.
    images: usize,
    /// One a layer.
    sums: &'a [Sums],
}

/// The memory for batches of up to a fixed number of images.
#[derive(Debug)]
pub struct Workspace {
    lanes: Vec<Lane>,
    /// The gradients by the whole batch.
    gradients: Parameters,
    capacity: usize,
    input_len: usize,
    /// The layers that couple the images of a batch in training.
    coupled: Vec<usize>,
    /// One a layer.
    sums: Vec<Sums>,
    /// Where the seeds of training passes come from, and how many passes there were.
    noise: (u64, u64),
}

impl Workspace {
    /// Memory for `network` and batches of up to `capacity` images, with gradients if it is to train.
    pub fn new(network: &Network, capacity: usize, train: bool) -> Self {
        // In training, each lane takes a part of large gradients too.
        let count = if train { LANES } else { LANES.min(capacity.max(1)) };
        let lane_capacity = capacity.div_ceil(count);
        let lanes = (0..count).map(|_| Lane::new(network, lane_capacity, train)).collect();
        let sums: Vec<Sums> = network.layers().iter().map(|l| Sums::new(l.as_ref())).collect();
        let coupled = (0..sums.len()).filter(|&i| !sums[i].inputs.is_empty()).collect();
        let gradients = if train { zeros(network.parameters()) } else { Vec::new() };
        Self { lanes, gradients, capacity, input_len: network.input().len(), coupled, sums, noise: (0, 0) }
    }

    /// Fixes what the next training passes draw at random (dropout): the same `seed` and number of the next `pass` give
    /// the same; each training pass counts one on. A session that goes on where it was interrupted says where.
    pub fn set_noise(&mut self, seed: u64, pass: u64) {
        self.noise = (seed, pass);
    }

    /// The most images that fit.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Takes a batch of at most [`Workspace::capacity`] images: `write(first, inputs, labels)` fills the inputs
    /// (images, input shape) and labels of the images from the batch's `first` on, once a lane, in no particular order.
    /// More images than fit are left out.
    ///
    /// Every label must be a class of the network, that is, below [`Network::classes`] (at most 256 classes can be
    /// named): the passes below panic otherwise, so whoever reads labels checks them.
    pub fn load(
        &mut self,
        images: usize,
        executor: &dyn Executor,
        write: impl Fn(usize, &mut [f32], &mut [u8]) + Sync,
    ) {
        let (count, input_len) = (self.lanes.len(), self.input_len);
        let mut first = 0;
        for (i, lane) in self.lanes.iter_mut().enumerate() {
            let end = images.min(self.capacity) * (i + 1) / count;
            (lane.first, lane.images) = (first, end - first);
            first = end;
        }
        executor.each_lane(&mut self.lanes, &|lane| {
            let Lane { first, images, inputs, labels, .. } = lane;
            write(*first, &mut inputs[..*images * input_len], &mut labels[..*images]);
        });
    }

    /// The loss and the hits of the batch that was loaded, by the network as it is used.
    ///
    /// # Panics
    /// If a label is no class of the network.
    pub fn forward(&mut self, network: &Network, executor: &dyn Executor) -> BatchResult {
        self.run(network, executor, Mode::Eval, false)
    }

    /// The loss and the hits by the network as it trains: what [`Workspace::forward_backward`] computes the gradient of.
    ///
    /// # Panics
    /// If a label is no class of the network.
    pub fn forward_training(&mut self, network: &Network, executor: &dyn Executor) -> BatchResult {
        let mode = self.next_training_pass();
        self.run(network, executor, mode, false)
    }

    /// The same, and the gradient of the mean loss by every parameter, to be read from [`Workspace::gradients`].
    ///
    /// # Panics
    /// If the workspace was not made to train, or a label is no class of the network.
    pub fn forward_backward(&mut self, network: &Network, executor: &dyn Executor) -> BatchResult {
        let mode = self.next_training_pass();
        self.forward_backward_in(mode, network, executor)
    }

    /// [`Workspace::forward_backward`] in a mode of the caller's: in use, for the gradients of what a trace shows.
    ///
    /// # Panics
    /// As [`Workspace::forward_backward`].
    pub fn forward_backward_in(
        &mut self,
        mode: Mode,
        network: &Network,
        executor: &dyn Executor,
    ) -> BatchResult {
        let result = self.run(network, executor, mode, true);
        self.add_up_gradients(network, executor);
        result
    }

    /// Lets the batch of the last training pass into the network's running statistics. A training step is
    /// [`Workspace::forward_backward`], this, and the optimiser's step.
    pub fn update_buffers(&self, network: &mut Network) {
        let images = self.images();
        for &i in &self.coupled {
            let (layers, buffers) = network.layers_and_buffers_mut();
            if let Some(coupled) = layers[i].coupled()
                && images > 0
            {
                let sums = &self.sums[i];
                let batch = BatchSums { images, inputs: &sums.inputs, gradients: &sums.gradients };
                coupled.update_buffers(batch, &mut buffers[i]);
            }
        }
    }

    /// The gradients of the last [`Workspace::forward_backward`]; empty in a workspace that does not train.
    pub fn gradients(&self) -> &Parameters {
        &self.gradients
    }

    /// The same, to change before the optimiser reads them.
    pub fn gradients_mut(&mut self) -> &mut Parameters {
        &mut self.gradients
    }

    /// The class that each image of the batch was taken for, in order.
    pub fn predictions(&self) -> impl Iterator<Item = u8> + '_ {
        self.lanes.iter().flat_map(|lane| lane.predictions[..lane.images].iter().copied())
    }

    fn next_training_pass(&mut self) -> Mode {
        let (seed, pass) = &mut self.noise;
        // An odd factor keeps apart what neighbouring seeds draw in neighbouring passes.
        let seed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(*pass);
        *pass = pass.wrapping_add(1);
        Mode::Train { seed }
    }

    /// Forward and, if the gradients are wanted, backward, phase by phase; the lanes keep their own gradients.
    fn run(
        &mut self,
        network: &Network,
        executor: &dyn Executor,
        mode: Mode,
        gradients: bool,
    ) -> BatchResult {
        let images = self.images();
        let Self { lanes, coupled, sums, .. } = self;
        let coupled = if mode == Mode::Eval { &[] } else { coupled.as_slice() };
        let all = network.layers().len();
        let mut from = 0;
        for &layer in coupled {
            let pass = Pass { network, mode, images, sums };
            executor.each_lane(lanes, &|lane| {
                lane.forward(&pass, from..layer);
                lane.sum_inputs(&pass, layer);
            });
            add_up_sums(lanes, &mut sums[layer].inputs);
            from = layer;
        }
        let pass = Pass { network, mode, images, sums };
        let stop = coupled.last().copied();
        executor.each_lane(lanes, &|lane| {
            lane.forward(&pass, from..all);
            lane.score(network.classes());
            if gradients {
                lane.start_backward(network.classes(), images);
                lane.backward_to(&pass, stop, all);
            }
        });
        if gradients {
            for (i, &layer) in coupled.iter().enumerate().rev() {
                add_up_sums(lanes, &mut sums[layer].gradients);
                let pass = Pass { network, mode, images, sums };
                let stop = i.checked_sub(1).map(|before| coupled[before]);
                executor.each_lane(lanes, &|lane| lane.backward_to(&pass, stop, layer + 1));
            }
        }
        self.result()
    }

    fn images(&self) -> usize {
        self.lanes.iter().map(|lane| lane.images).sum()
    }

    fn result(&self) -> BatchResult {
        let images = self.images();
        let loss = self.lanes.iter().map(|lane| lane.loss).sum::<f64>() / images.max(1) as f64;
        let correct = self.lanes.iter().map(Lane::correct).sum();
        BatchResult { loss, correct, images }
    }

    /// Makes the batch's gradients of what the lanes left, each part of a tensor for itself.
    fn add_up_gradients(&mut self, network: &Network, executor: &dyn Executor) {
        for (i, (layer, tensors)) in network.layers().iter().zip(&mut self.gradients).enumerate() {
            for (number, tensor) in tensors.iter_mut().enumerate() {
                let (len, rows) = (tensor.len(), tensor.shape().first().copied().unwrap_or(1));
                if let Some(whole) = layer.whole_batch() {
                    let mut scratch: [&mut [f32]; LANES] = std::array::from_fn(|_| <&mut [f32]>::default());
                    let mut batch = [Part::default(); LANES];
                    for ((lane, scratch), part) in self.lanes.iter_mut().zip(&mut scratch).zip(&mut batch) {
                        let Lane { inputs, activations, kept, images: n, .. } = lane;
                        let x = if i == 0 { inputs } else { &activations[i - 1] };
                        let (x, dy) = (&x[..*n * layer.input().len()], &kept[i][..*n * layer.output().len()]);
                        (*part, *scratch) = (Part { x, dy }, &mut lane.scratch);
                    }
                    let mut scratch = scratch.into_iter();
                    let parts = parts::split_mut(tensor.values_mut(), rows)
                        .map(|part| (part, scratch.next().unwrap_or_default()));
                    parts::each(executor, len, parts, |((row, gradient), scratch)| {
                        whole.gradient(number, row, &batch, gradient, scratch);
                    });
                } else {
                    let lanes = &self.lanes;
                    parts::each(
                        executor,
                        len,
                        parts::split_mut(tensor.values_mut(), len),
                        |(first, sums)| {
                            add_up(
                                lanes.iter().map(|lane| &lane.gradients[i][number].values()[first..]),
                                sums,
                            );
                        },
                    );
                }
            }
        }
    }
}

/// Overwrites `sums` with the sums of `parts`, added in their order.
fn add_up<'a>(parts: impl Iterator<Item = &'a [f32]>, sums: &mut [f32]) {
    sums.fill(0.0);
    for part in parts {
        wide(
            #[inline(always)]
            || sums.iter_mut().zip(part).for_each(|(sum, &value)| *sum += value),
        );
    }
}

/// Tensors of zeros in this form.
fn zeros(parameters: &Parameters) -> Parameters {
    let of_layer = |tensors: &Vec<Tensor>| tensors.iter().map(|t| Tensor::zeros(t.shape())).collect();
    parameters.iter().map(of_layer).collect()
}

impl Sums {
    fn new(layer: &dyn Layer) -> Self {
        let zeros = vec![0.0; layer.coupled().map_or(0, Coupled::sums_len)];
        Self { inputs: zeros.clone(), gradients: zeros }
    }
}

/// Adds the lanes' parts up, in the lanes' order.
fn add_up_sums(lanes: &[Lane], sums: &mut [f64]) {
    sums.fill(0.0);
    for lane in lanes {
        for (sum, part) in sums.iter_mut().zip(&lane.sums) {
            *sum += part;
        }
    }
}

impl Lane {
    fn new(network: &Network, capacity: usize, train: bool) -> Self {
        let layers = network.layers();
        let widest = layers.iter().map(|l| l.output().len()).max().unwrap_or(0);
        let delta = || vec![0.0; if train { capacity * widest } else { 0 }];
        let few =
            || vec![0.0; if train { capacity.min((CACHED / widest.max(1)).max(1)) * widest } else { 0 }];
        let mut gradients = if train { zeros(network.parameters()) } else { Vec::new() };
        let mut kept = vec![Vec::new(); layers.len()];
        for ((layer, gradients), kept) in layers.iter().zip(&mut gradients).zip(&mut kept) {
            if layer.whole_batch().is_some() {
                gradients.clear();
                kept.resize(capacity * layer.output().len(), 0.0);
            }
        }
        let sums_len = layers.iter().filter_map(|l| l.coupled()).map(Coupled::sums_len).max().unwrap_or(0);
        Self {
            first: 0,
            images: 0,
            inputs: vec![0.0; capacity * network.input().len()],
            labels: vec![0; capacity],
            activations: layers.iter().map(|l| vec![0.0; capacity * l.output().len()]).collect(),
            indices: layers.iter().map(|l| vec![0; capacity * l.indices_len()]).collect(),
            scratch: vec![0.0; network.scratch_len()],
            deltas: [delta(), delta()],
            passing: [few(), few()],
            gradients,
            kept,
            sums: vec![0.0; sums_len],
            loss: 0.0,
            predictions: vec![0; capacity],
        }
    }

    fn correct(&self) -> usize {
        let pairs = self.predictions.iter().zip(&self.labels).take(self.images);
        pairs.filter(|(prediction, label)| prediction == label).count()
    }

    /// Computes the outputs of `layers`, run by run.
    fn forward(&mut self, pass: &Pass<'_>, layers: Range<usize>) {
        let mut from = layers.start;
        while from < layers.end {
            let run = pass.run_from(from, layers.end);
            let together = pass.together(&run, self.images);
            for first in (0..self.images).step_by(together) {
                let images = first..self.images.min(first + together);
                run.clone().for_each(|i| self.forward_layer(pass, i, images.clone()));
            }
            from = run.end;
        }
    }

    /// Computes the outputs of layer `i` for some of the images.
    fn forward_layer(&mut self, pass: &Pass<'_>, i: usize, images: Range<usize>) {
        let layer = &pass.network.layers()[i];
        let (before, after) = self.activations.split_at_mut(i);
        let x = &before.last().unwrap_or(&self.inputs)[places(&images, layer.input())];
        let y = &mut after[0][places(&images, layer.output())];
        let mut aux = pass.aux(i, self.first, images, &mut self.indices[i], &mut self.scratch);
        layer.forward(&pass.network.parameters()[i], x, y, &mut aux);
    }

    /// Sums up what the coupled layer `i` must know of these images before its forward pass.
    fn sum_inputs(&mut self, pass: &Pass<'_>, i: usize) {
        let layer = &pass.network.layers()[i];
        let x = if i == 0 { &self.inputs } else { &self.activations[i - 1] };
        self.sums.fill(0.0);
        if let Some(coupled) = layer.coupled() {
            coupled.sum_inputs(&x[..self.images * layer.input().len()], &mut self.sums[..coupled.sums_len()]);
        }
    }

    /// Takes loss and predictions from the last layer's output.
    fn score(&mut self, classes: usize) {
        let logits = self.activations.last().unwrap_or(&self.inputs).chunks_exact(classes);
        self.loss = 0.0;
        let images = logits.zip(&self.labels[..self.images]).zip(&mut self.predictions);
        for ((z, &label), prediction) in images {
            self.loss += cross_entropy(z, label as usize);
            *prediction = argmax(z) as u8;
        }
    }

    /// Sets the gradients to zero, and the one by the last layer's output to the loss's.
    fn start_backward(&mut self, classes: usize, batch: usize) {
        for tensor in self.gradients.iter_mut().flatten() {
            tensor.values_mut().fill(0.0);
        }
        let logits = self.activations.last().unwrap_or(&self.inputs).chunks_exact(classes);
        let gradients = self.deltas[0].chunks_exact_mut(classes);
        for ((z, &label), gradient) in logits.zip(&self.labels[..self.images]).zip(gradients) {
            cross_entropy_gradient(z, label as usize, batch, gradient);
        }
    }

    /// Goes back from layer `end`, not included, to the start or to the coupled layer `stop`, whose sums it leaves.
    fn backward_to(&mut self, pass: &Pass<'_>, stop: Option<usize>, end: usize) {
        let (start, mut end) = (stop.map_or(0, |stop| stop + 1), end);
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
        let dx = match i {
            0 => None,
            _ if i == run.start => Some(&mut before[places(&images, layer.input())]),
            _ => Some(&mut dx[..input]),
        };
        if layer.whole_batch().is_some() {
            self.kept[i][places(&images, layer.output())].copy_from_slice(dy);
        }
        let passed = passed(layer.as_ref(), i, &images, &self.inputs, &self.activations, dy);
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
    activations: &'a [Vec<f32>],
    dy: &'a [f32],
) -> Passed<'a> {
    let x = if i == 0 { inputs } else { &activations[i - 1] };
    Passed { x: &x[places(images, layer.input())], y: &activations[i][places(images, layer.output())], dy }
}

impl Pass<'_> {
    /// Whether layer `i` gains from seeing all images of a lane at once, since it has more weights than activations.
    fn is_alone(&self, i: usize) -> bool {
        self.network.layers()[i].whole_batch().is_some()
    }

    /// The layers from `from` on that a few images can pass together while their activations are in the cache.
    fn run_from(&self, from: usize, end: usize) -> Range<usize> {
        let next = (from..end).find(|&i| self.is_alone(i)).unwrap_or(end);
        from..next.max(from + 1)
    }

    /// The same, up to `end`.
    fn run_to(&self, start: usize, end: usize) -> Range<usize> {
        let last = (start..end).rev().find(|&i| self.is_alone(i)).map_or(start, |i| i + 1);
        last.min(end - 1)..end
    }

    /// How many of `images` pass a run together.
    fn together(&self, run: &Range<usize>, images: usize) -> usize {
        let layers = &self.network.layers()[run.clone()];
        let widest = layers.iter().map(|layer| layer.output().len()).max().unwrap_or(1);
        if self.is_alone(run.start) { images.max(1) } else { (CACHED / widest).max(1) }
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
            batch: BatchSums { images: self.images, inputs, gradients },
        }
    }
}

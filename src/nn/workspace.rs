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

pub use super::lane::Lane;

use super::{
    lane::{Pass, Sums, zeros},
    layers::{BatchSums, Mode},
    network::{Network, Parameters},
    sums::add_up,
    whole::{self, large},
};

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

/// The memory for batches of up to a fixed number of images.
#[derive(Debug)]
pub struct Workspace {
    lanes: Vec<Lane>,
    /// The gradients by the whole batch.
    gradients: Parameters,
    capacity: usize,
    input_len: usize,
    /// The layers before which all lanes meet: those that couple the images of a batch in training, and those so large
    /// that the whole batch passes them at once.
    meetings: Vec<usize>,
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
        let layers = network.layers().iter().enumerate();
        let meetings = layers
            .filter(|(_, l)| l.coupled().is_some() || large(l.as_ref()).is_some())
            .map(|(i, _)| i)
            .collect();
        let gradients = if train { zeros(network.parameters()) } else { Vec::new() };
        Self { lanes, gradients, capacity, input_len: network.input().len(), meetings, sums, noise: (0, 0) }
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
        for &i in &self.meetings {
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
        let Self { lanes, meetings, sums, .. } = self;
        let layers = network.layers();
        let is_coupled = |i: usize| mode != Mode::Eval && layers[i].coupled().is_some();
        let meets = |i: &&usize| is_coupled(**i) || large(layers[**i].as_ref()).is_some();
        let all = layers.len();
        let mut from = 0;
        for &i in meetings.iter().filter(meets) {
            let pass = Pass { network, mode, images, sums };
            executor.each_lane(lanes, &|lane| {
                lane.forward(&pass, from..i);
                lane.sum_inputs(&pass, i);
            });
            from = i;
            if let Some(over_all) = large(layers[i].as_ref()) {
                whole::forward(over_all, i, network, lanes, executor);
                from = i + 1;
            } else {
                add_up_sums(lanes, &mut sums[i].inputs);
            }
        }
        let pass = Pass { network, mode, images, sums };
        let first = network.first_to_learn();
        let mut last_first = meetings.iter().filter(meets).rev().copied().take_while(|&i| i >= first);
        let mut stop = last_first.next();
        executor.each_lane(lanes, &|lane| {
            lane.forward(&pass, from..all);
            lane.score(network.classes());
            if gradients {
                lane.start_backward(network.classes(), images);
                lane.backward_to(&pass, stop, all);
            }
        });
        while gradients && let Some(i) = stop {
            let mut end = i + 1;
            if let Some(over_all) = large(layers[i].as_ref()) {
                whole::backward(over_all, i, network, lanes, executor);
                end = i;
            } else {
                add_up_sums(lanes, &mut sums[i].gradients);
            }
            let pass = Pass { network, mode, images, sums };
            stop = last_first.next();
            executor.each_lane(lanes, &|lane| lane.backward_to(&pass, stop, end));
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
                if let Some(over_all) = layer.whole_batch() {
                    whole::gradient(over_all, (i, number), layer.as_ref(), &mut self.lanes, tensor, executor);
                } else {
                    let of_lanes = self.lanes.iter().map(|lane| lane.gradients[i][number].values());
                    let turned = layer.turned_gradient().filter(|_| number == 0);
                    add_up(executor, &of_lanes, turned, tensor);
                }
            }
        }
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

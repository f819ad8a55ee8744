//! The memory of a training step, and the step itself.

use super::{
    full_batch::{self, large_layer},
    pass::{Pass, StatisticsSums},
    reduce::reduce,
    shard::{Shard, zeros},
};
use crate::nn::{
    layers::{BatchSums, ForwardMode},
    network::{Network, Parameters},
    parallel::{Executor, SHARDS, for_each_mut},
};

/// The loss and accuracy of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BatchResult {
    /// The mean cross-entropy in nats.
    pub loss: f64,
    /// Images classified correctly.
    pub correct: usize,
    /// Images in the batch.
    pub images: usize,
}

/// The memory of a training step, allocated once, for batches of up to a fixed number of images.
#[derive(Debug)]
pub struct Workspace {
    shards: Vec<Shard>,
    /// The gradients of the batch.
    gradients: Parameters,
    capacity: usize,
    input_len: usize,
    /// The layers at which all shards wait for each other: those with batch statistics, and those so large that the whole
    /// batch passes them at once.
    barriers: Vec<usize>,
    /// One per layer.
    sums: Vec<StatisticsSums>,
    /// The seed of the training passes, and the number of the next one.
    seed: (u64, u64),
    /// The label smoothing of training passes.
    smoothing: f32,
}

impl Workspace {
    /// Memory for `network` and batches of up to `capacity` images, with gradients if it is to train.
    pub fn new(network: &Network, capacity: usize, train: bool) -> Self {
        // In training, each shard's scratch memory also serves a chunk of a large gradient.
        let count = if train { SHARDS } else { SHARDS.min(capacity.max(1)) };
        let shard_capacity = capacity.div_ceil(count);
        let shards = (0..count).map(|_| Shard::new(network, shard_capacity, train)).collect();
        let sums: Vec<StatisticsSums> =
            network.layers().iter().map(|l| StatisticsSums::new(l.as_ref())).collect();
        let layers = network.layers().iter().enumerate();
        let barriers = layers
            .filter(|(_, l)| l.batch_statistics().is_some() || large_layer(l.as_ref()).is_some())
            .map(|(i, _)| i)
            .collect();
        let gradients = if train { zeros(network.parameters()) } else { Vec::new() };
        Self {
            shards,
            gradients,
            capacity,
            input_len: network.input().len(),
            barriers,
            sums,
            seed: (0, 0),
            smoothing: 0.0,
        }
    }

    /// The same with label smoothing in the loss of training passes; see
    /// [`smoothed_cross_entropy`](crate::nn::loss::smoothed_cross_entropy).
    #[must_use]
    pub fn with_label_smoothing(self, smoothing: f32) -> Self {
        Self { smoothing, ..self }
    }

    /// Sets the seed of the random choices (dropout) of training passes, and the number of the next pass, which each training
    /// pass increments. The same `seed` and `pass` give the same choices, so a resumed session sets both.
    pub fn set_seed(&mut self, seed: u64, pass: u64) {
        self.seed = (seed, pass);
    }

    /// The most images of a batch.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Loads a batch. `write(first, inputs, labels)` fills the inputs, (images, input shape), and the labels of the images
    /// from the batch's `first` on; it is called once per shard, in any order. Images beyond [`Workspace::capacity`] are
    /// left out.
    ///
    /// Every label must be below [`Network::classes`] or be [`NO_CLASS`](crate::nn::loss::NO_CLASS): the passes panic
    /// otherwise, so code that reads labels must check them.
    pub fn load(
        &mut self,
        images: usize,
        executor: &dyn Executor,
        write: impl Fn(usize, &mut [f32], &mut [u8]) + Sync,
    ) {
        let (count, input_len) = (self.shards.len(), self.input_len);
        let mut first = 0;
        for (i, shard) in self.shards.iter_mut().enumerate() {
            let end = images.min(self.capacity) * (i + 1) / count;
            (shard.first, shard.images) = (first, end - first);
            first = end;
        }
        for_each_mut(executor, &mut self.shards, |shard| {
            let Shard { first, images, inputs, labels, .. } = shard;
            write(*first, &mut inputs[..*images * input_len], &mut labels[..*images]);
        });
    }

    /// The loss and accuracy of the loaded batch in evaluation mode.
    ///
    /// # Panics
    /// If a label is not a class of the network.
    pub fn forward(&mut self, network: &Network, executor: &dyn Executor) -> BatchResult {
        self.run(network, executor, ForwardMode::Eval, false)
    }

    /// The loss and accuracy of the loaded batch in training mode: the loss whose gradient
    /// [`Workspace::forward_backward`] computes.
    ///
    /// # Panics
    /// If a label is not a class of the network.
    pub fn forward_training(&mut self, network: &Network, executor: &dyn Executor) -> BatchResult {
        let mode = self.next_training_pass();
        self.run(network, executor, mode, false)
    }

    /// [`Workspace::forward_training`], and the gradient of the mean loss with respect to every parameter, in
    /// [`Workspace::gradients`].
    ///
    /// # Panics
    /// If the workspace was made without training, or a label is not a class of the network.
    pub fn forward_backward(&mut self, network: &Network, executor: &dyn Executor) -> BatchResult {
        let mode = self.next_training_pass();
        self.forward_backward_in(mode, network, executor)
    }

    /// [`Workspace::forward_backward`] in either mode; evaluation mode gives the gradients that belong to a trace.
    ///
    /// # Panics
    /// As [`Workspace::forward_backward`].
    pub fn forward_backward_in(
        &mut self,
        mode: ForwardMode,
        network: &Network,
        executor: &dyn Executor,
    ) -> BatchResult {
        let result = self.run(network, executor, mode, true);
        self.reduce_gradients(network, executor);
        result
    }

    /// Updates the network's running statistics with the batch of the last training pass. A training step is
    /// [`Workspace::forward_backward`], this, and the optimiser's step.
    pub fn update_buffers(&self, network: &mut Network) {
        let images = self.images();
        for &i in &self.barriers {
            let (layers, buffers) = network.layers_and_buffers_mut();
            if let Some(statistics) = layers[i].batch_statistics()
                && images > 0
            {
                let sums = &self.sums[i];
                let batch = BatchSums { images, inputs: &sums.inputs, gradients: &sums.gradients };
                statistics.update_buffers(batch, &mut buffers[i]);
            }
        }
    }

    /// The gradients of the last [`Workspace::forward_backward`]; empty in a workspace without training.
    pub fn gradients(&self) -> &Parameters {
        &self.gradients
    }

    /// Mutable access to [`Workspace::gradients`], to change them before the optimiser's step.
    pub fn gradients_mut(&mut self) -> &mut Parameters {
        &mut self.gradients
    }

    /// The predicted class of each image of the batch, in order.
    pub fn predictions(&self) -> impl Iterator<Item = u8> + '_ {
        self.shards.iter().flat_map(|shard| shard.predictions[..shard.images].iter().copied())
    }

    /// Computes the outputs of the loaded batch up to layer `last` in evaluation mode; see [`Workspace::copy_outputs`].
    pub fn forward_to(&mut self, network: &Network, last: usize, executor: &dyn Executor) {
        let end = (last + 1).min(network.layers().len());
        let from = self.forward_barriers(network, executor, ForwardMode::Eval, end);
        let images = self.images();
        let Self { shards, sums, .. } = self;
        let pass = Pass { network, mode: ForwardMode::Eval, images, sums };
        for_each_mut(executor, shards, |shard| shard.forward(&pass, from..end));
    }

    /// Copies what layer `i` put out in the last pass for each image of the batch, in order, to `out`, (images, output shape).
    ///
    /// # Panics
    /// If `out` is shorter, or there is no such layer.
    pub fn copy_outputs(&self, network: &Network, i: usize, out: &mut [f32]) {
        let len = network.layers()[i].output().len();
        for shard in self.shards.iter().filter(|shard| shard.images > 0) {
            shard.copy_outputs(network, i, &mut out[shard.first * len..][..shard.images * len]);
        }
    }

    fn next_training_pass(&mut self) -> ForwardMode {
        let (seed, pass) = &mut self.seed;
        // An odd factor, so that consecutive seeds and passes do not collide.
        let seed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(*pass);
        *pass = pass.wrapping_add(1);
        ForwardMode::Train { seed }
    }

    /// Runs forward and, if `gradients` are wanted, backward, from barrier to barrier; each shard keeps its gradients.
    fn run(
        &mut self,
        network: &Network,
        executor: &dyn Executor,
        mode: ForwardMode,
        gradients: bool,
    ) -> BatchResult {
        let all = network.layers().len();
        let from = self.forward_barriers(network, executor, mode, all);
        let images = self.images();
        let smoothing = if mode == ForwardMode::Eval { 0.0 } else { self.smoothing };
        let Self { shards, barriers, sums, .. } = self;
        let layers = network.layers();
        let is_barrier = |i: &&usize| is_barrier(network, mode, **i);
        let pass = Pass { network, mode, images, sums };
        let first = network.first_trainable();
        let mut last_first = barriers.iter().filter(is_barrier).rev().copied().take_while(|&i| i >= first);
        let mut stop = last_first.next();
        for_each_mut(executor, shards, |shard| {
            shard.forward(&pass, from..all);
            shard.score(network.classes(), smoothing);
            if gradients {
                shard.start_backward(network.classes(), smoothing, images);
                shard.backward_to(&pass, stop, all);
            }
        });
        while gradients && let Some(i) = stop {
            let mut end = i + 1;
            if let Some(op) = large_layer(layers[i].as_ref()) {
                full_batch::backward(op, i, network, shards, executor);
                end = i;
            } else {
                reduce_sums(shards, &mut sums[i].gradients);
            }
            let pass = Pass { network, mode, images, sums };
            stop = last_first.next();
            for_each_mut(executor, shards, |shard| shard.backward_to(&pass, stop, end));
        }
        self.result()
    }

    /// Runs forward up to the last barrier before layer `end`. Returns the first layer that is left.
    fn forward_barriers(
        &mut self,
        network: &Network,
        executor: &dyn Executor,
        mode: ForwardMode,
        end: usize,
    ) -> usize {
        let images = self.images();
        let Self { shards, barriers, sums, .. } = self;
        let mut from = 0;
        for &i in barriers.iter().filter(|&&i| i < end && is_barrier(network, mode, i)) {
            let pass = Pass { network, mode, images, sums };
            for_each_mut(executor, shards, |shard| {
                shard.forward(&pass, from..i);
                shard.sum_inputs(&pass, i);
            });
            from = i;
            if let Some(op) = large_layer(network.layers()[i].as_ref()) {
                full_batch::forward(op, i, network, shards, executor);
                from = i + 1;
            } else {
                reduce_sums(shards, &mut sums[i].inputs);
            }
        }
        from
    }

    /// The shards with what the last pass left in them.
    pub(super) fn shards(&self) -> &[Shard] {
        &self.shards
    }

    fn images(&self) -> usize {
        self.shards.iter().map(|shard| shard.images).sum()
    }

    fn result(&self) -> BatchResult {
        let images = self.images();
        let loss = self.shards.iter().map(|shard| shard.loss).sum::<f64>() / images.max(1) as f64;
        let correct = self.shards.iter().map(Shard::correct).sum();
        BatchResult { loss, correct, images }
    }

    /// Computes the batch's gradients from what the shards left.
    fn reduce_gradients(&mut self, network: &Network, executor: &dyn Executor) {
        for (i, (layer, tensors)) in network.layers().iter().zip(&mut self.gradients).enumerate() {
            for (number, tensor) in tensors.iter_mut().enumerate() {
                if let Some(op) = layer.full_batch() {
                    full_batch::gradient(op, (i, number), layer.as_ref(), &mut self.shards, tensor, executor);
                } else {
                    let of_shards = self.shards.iter().map(|shard| shard.gradients[i][number].values());
                    let transposed = layer.transposed_gradient().filter(|_| number == 0);
                    reduce(executor, &of_shards, transposed, tensor);
                }
            }
        }
    }
}

/// Whether all shards wait for each other before layer `i`.
fn is_barrier(network: &Network, mode: ForwardMode, i: usize) -> bool {
    let layer = network.layers()[i].as_ref();
    (mode != ForwardMode::Eval && layer.batch_statistics().is_some()) || large_layer(layer).is_some()
}

/// Adds the shards' sums, in order.
fn reduce_sums(shards: &[Shard], sums: &mut [f64]) {
    sums.fill(0.0);
    for shard in shards {
        for (sum, share) in sums.iter_mut().zip(&shard.sums) {
            *sum += share;
        }
    }
}

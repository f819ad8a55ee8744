//! All the memory of a training step, allocated once, and the step itself.
//!
//! A batch is split into [`LANES`] parts, whatever the number of threads is. Each lane computes its images' loss and
//! gradients in its own memory, and the lanes' gradients are added in their order: so threads change the speed of a
//! curve, but not one bit of it.

use super::{
    layers::{Aux, Passed},
    loss::{argmax, cross_entropy, cross_entropy_gradient},
    network::{Network, Parameters},
    tensor::Tensor,
};

/// Parts of a batch that can be computed at the same time.
pub const LANES: usize = 4;

/// Runs a job on every lane; how many at a time is its own affair.
pub trait Executor {
    /// Calls `job` once a lane and returns when all are done.
    fn each_lane(&self, lanes: &mut [Lane], job: &(dyn Fn(&mut Lane) + Sync));
}

/// One lane after the other, on the caller's thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Serial;

impl Executor for Serial {
    fn each_lane(&self, lanes: &mut [Lane], job: &(dyn Fn(&mut Lane) + Sync)) {
        lanes.iter_mut().for_each(job);
    }
}

/// One part of the batch with everything that its forward and backward pass needs.
#[derive(Clone, Debug)]
pub struct Lane {
    images: usize,
    inputs: Vec<f32>,
    labels: Vec<u8>,
    /// Every layer's output.
    activations: Vec<Vec<f32>>,
    indices: Vec<Vec<u32>>,
    scratch: Vec<f32>,
    /// The gradients by a layer's output and by its input.
    deltas: [Vec<f32>; 2],
    gradients: Parameters,
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

/// The memory for batches of up to a fixed number of images.
#[derive(Debug)]
pub struct Workspace {
    lanes: Vec<Lane>,
    capacity: usize,
    input_len: usize,
}

impl Workspace {
    /// Memory for `network` and batches of up to `capacity` images, with gradients if it is to train.
    pub fn new(network: &Network, capacity: usize, train: bool) -> Self {
        let count = LANES.min(capacity.max(1));
        let lane_capacity = capacity.div_ceil(count);
        let lanes = (0..count).map(|_| Lane::new(network, lane_capacity, train)).collect();
        Self { lanes, capacity, input_len: network.input().len() }
    }

    /// The most images that fit.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Takes a batch of at most [`Workspace::capacity`] images: `write(first, inputs, labels)` fills the inputs
    /// (images, input shape) and labels of the images from the batch's `first` on, once a lane. More images than fit are left out.
    ///
    /// Every label must be a class of the network, that is, below [`Network::classes`] (at most 256 classes can be
    /// named): the passes below panic otherwise, so whoever reads labels checks them.
    pub fn load(&mut self, images: usize, mut write: impl FnMut(usize, &mut [f32], &mut [u8])) {
        let count = self.lanes.len();
        let mut first = 0;
        for (i, lane) in self.lanes.iter_mut().enumerate() {
            let end = images.min(self.capacity) * (i + 1) / count;
            lane.images = end - first;
            write(first, &mut lane.inputs[..lane.images * self.input_len], &mut lane.labels[..lane.images]);
            first = end;
        }
    }

    /// The loss and the hits of the batch that was loaded.
    ///
    /// # Panics
    /// If a label is no class of the network.
    pub fn forward(&mut self, network: &Network, executor: &dyn Executor) -> BatchResult {
        executor.each_lane(&mut self.lanes, &|lane| lane.forward(network));
        self.result()
    }

    /// The same, and the gradient of the mean loss by every parameter, to be read from [`Workspace::gradients`].
    ///
    /// # Panics
    /// If the workspace was not made to train, or a label is no class of the network.
    pub fn forward_backward(&mut self, network: &Network, executor: &dyn Executor) -> BatchResult {
        let images = self.images();
        executor.each_lane(&mut self.lanes, &|lane| {
            lane.forward(network);
            lane.backward(network, images);
        });
        self.add_up_gradients();
        self.result()
    }

    /// The gradients of the last [`Workspace::forward_backward`]; empty in a workspace that does not train.
    pub fn gradients(&self) -> &Parameters {
        &self.lanes[0].gradients
    }

    /// The class that each image of the batch was taken for, in order.
    pub fn predictions(&self) -> impl Iterator<Item = u8> + '_ {
        self.lanes.iter().flat_map(|lane| lane.predictions[..lane.images].iter().copied())
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

    fn add_up_gradients(&mut self) {
        let Some((first, others)) = self.lanes.split_first_mut() else { return };
        for lane in others.iter().filter(|lane| lane.images > 0) {
            for (sum, tensor) in first.gradients.iter_mut().flatten().zip(lane.gradients.iter().flatten()) {
                for (s, &g) in sum.values_mut().iter_mut().zip(tensor.values()) {
                    *s += g;
                }
            }
        }
    }
}

impl Lane {
    fn new(network: &Network, capacity: usize, train: bool) -> Self {
        let layers = network.layers();
        let widest = layers.iter().map(|l| l.output().len()).max().unwrap_or(0);
        let delta = || vec![0.0; if train { capacity * widest } else { 0 }];
        let zeros = |tensors: &Vec<Tensor>| tensors.iter().map(|t| Tensor::zeros(t.shape())).collect();
        let gradients = if train { network.parameters().iter().map(zeros).collect() } else { Vec::new() };
        Self {
            images: 0,
            inputs: vec![0.0; capacity * network.input().len()],
            labels: vec![0; capacity],
            activations: layers.iter().map(|l| vec![0.0; capacity * l.output().len()]).collect(),
            indices: layers.iter().map(|l| vec![0; capacity * l.indices_len()]).collect(),
            scratch: vec![0.0; network.scratch_len()],
            deltas: [delta(), delta()],
            gradients,
            loss: 0.0,
            predictions: vec![0; capacity],
        }
    }

    fn correct(&self) -> usize {
        let pairs = self.predictions.iter().zip(&self.labels).take(self.images);
        pairs.filter(|(prediction, label)| prediction == label).count()
    }

    fn forward(&mut self, network: &Network) {
        let n = self.images;
        let layers = network.layers().iter().zip(network.parameters()).enumerate();
        for (i, (layer, parameters)) in layers {
            let (before, after) = self.activations.split_at_mut(i);
            let x = before.last().unwrap_or(&self.inputs);
            let mut aux =
                Aux { indices: &mut self.indices[i][..n * layer.indices_len()], scratch: &mut self.scratch };
            let y = &mut after[0][..n * layer.output().len()];
            layer.forward(parameters, &x[..n * layer.input().len()], y, &mut aux);
        }
        let classes = network.classes();
        let logits = self.activations.last().unwrap_or(&self.inputs).chunks_exact(classes);
        self.loss = 0.0;
        for ((z, &label), prediction) in logits.zip(&self.labels[..n]).zip(&mut self.predictions) {
            self.loss += cross_entropy(z, label as usize);
            *prediction = argmax(z) as u8;
        }
    }

    fn backward(&mut self, network: &Network, batch: usize) {
        let n = self.images;
        let classes = network.classes();
        for tensor in self.gradients.iter_mut().flatten() {
            tensor.values_mut().fill(0.0);
        }
        let [mut dy, mut dx] = self.deltas.each_mut();
        let logits = self.activations.last().unwrap_or(&self.inputs).chunks_exact(classes);
        for ((z, &label), d) in logits.zip(&self.labels[..n]).zip(dy.chunks_exact_mut(classes)) {
            cross_entropy_gradient(z, label as usize, batch, d);
        }
        for (i, layer) in network.layers().iter().enumerate().rev() {
            let (x_len, y_len) = (n * layer.input().len(), n * layer.output().len());
            let x = if i == 0 { &self.inputs } else { &self.activations[i - 1] };
            let passed = Passed { x: &x[..x_len], y: &self.activations[i][..y_len], dy: &dy[..y_len] };
            let mut aux =
                Aux { indices: &mut self.indices[i][..n * layer.indices_len()], scratch: &mut self.scratch };
            let wanted = if i == 0 { None } else { Some(&mut dx[..x_len]) };
            layer.backward(&network.parameters()[i], passed, wanted, &mut self.gradients[i], &mut aux);
            std::mem::swap(&mut dy, &mut dx);
        }
    }
}

//! What a layer receives in a forward or backward pass besides its parameters.

use crate::nn::tensor::Tensor;

/// Whether a pass trains the network or evaluates it, for the layers that behave differently: dropout and batch
/// normalisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardMode {
    /// PyTorch's `eval()`: dropout is off, batch normalisation uses its running statistics.
    #[default]
    Eval,
    /// PyTorch's `train()`: random choices come from the seed, which differs in each pass.
    Train {
        /// The pass's seed.
        seed: u64,
    },
}

/// Buffers and context for one pass of a layer over `n` images.
#[derive(Debug)]
pub struct LayerContext<'a> {
    /// `n` times [`Layer::indices_len`](super::Layer::indices_len) integers that forward leaves for backward.
    pub indices: &'a mut [u32],
    /// At least [`Layer::scratch_len`](super::Layer::scratch_len) values of working memory; its contents are overwritten.
    pub scratch: &'a mut [f32],
    /// The layer's [`Layer::buffers`](super::Layer::buffers).
    pub buffers: &'a [Tensor],
    /// Whether the pass trains.
    pub mode: ForwardMode,
    /// The layer's index in the network.
    pub layer: usize,
    /// The index in the batch of the first of the `n` images.
    pub first: usize,
    /// How many images are interleaved; 1 if they follow each other.
    pub interleaved: usize,
    /// The sums over the whole batch that a layer with [`BatchStatistics`](super::BatchStatistics) needs in training; empty
    /// for all others.
    pub batch: BatchSums<'a>,
}

impl LayerContext<'_> {
    /// The context of a layer without buffers, indices or scratch memory, in evaluation.
    pub fn empty() -> Self {
        Self {
            indices: &mut [],
            scratch: &mut [],
            buffers: &[],
            mode: ForwardMode::Eval,
            layer: 0,
            first: 0,
            interleaved: 1,
            batch: BatchSums::default(),
        }
    }
}

/// The input of a layer's backward pass: the activations of the forward pass of the same `n` images, and the output's
/// gradient.
#[derive(Clone, Copy, Debug)]
pub struct BackwardInput<'a> {
    /// The layer's input, (n, input shape).
    pub x: &'a [f32],
    /// The layer's output, (n, output shape).
    pub y: &'a [f32],
    /// The gradient of the loss with respect to the output, (n, output shape).
    pub dy: &'a [f32],
}

/// Sums over all images of a batch, for a layer that sees only some of them at a time.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchSums<'a> {
    /// The number of images in the batch.
    pub images: usize,
    /// The sums of [`BatchStatistics::sum_inputs`](super::BatchStatistics::sum_inputs) over the batch.
    pub inputs: &'a [f64],
    /// The sums of [`BatchStatistics::sum_gradients`](super::BatchStatistics::sum_gradients) over the batch; only in
    /// backward.
    pub gradients: &'a [f64],
}

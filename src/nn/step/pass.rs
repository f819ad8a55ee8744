//! One pass over a batch, as every shard sees it.

use crate::nn::{
    layers::{BatchStatistics, BatchSums, ForwardMode, Layer, LayerContext},
    network::Network,
};
use std::ops::Range;

/// The most values of a layer's output, for the images that pass a run of layers together, so that they stay in the L2
/// cache.
pub(super) const L2_VALUES: usize = 1 << 16;

/// The sums of [`BatchStatistics`] over the whole batch; empty for a layer without them.
#[derive(Clone, Debug, Default)]
pub(super) struct StatisticsSums {
    pub(super) inputs: Vec<f64>,
    pub(super) gradients: Vec<f64>,
}

impl StatisticsSums {
    /// Zeros for `layer`.
    pub(super) fn new(layer: &dyn Layer) -> Self {
        let zeros = vec![0.0; layer.batch_statistics().map_or(0, BatchStatistics::sums_len)];
        Self { inputs: zeros.clone(), gradients: zeros }
    }
}

/// One pass over a batch.
pub(super) struct Pass<'a> {
    pub(super) network: &'a Network,
    pub(super) mode: ForwardMode,
    /// Images in the batch.
    pub(super) images: usize,
    /// One per layer.
    pub(super) sums: &'a [StatisticsSums],
}

impl Pass<'_> {
    /// See [`Network::first_trainable`].
    pub(super) fn first_trainable(&self) -> usize {
        self.network.first_trainable()
    }

    /// Whether layer `i` is faster with all images of a shard at once, since it has more weights than activations.
    fn takes_whole_shard(&self, i: usize) -> bool {
        self.network.layers()[i].full_batch().is_some()
    }

    /// Whether layer `i` gets interleaved images.
    pub(super) fn is_interleaved(&self, i: usize) -> bool {
        i < self.network.interleaved_layers()
    }

    /// The layers from `from` on that some images pass together while their activations are in the cache.
    pub(super) fn run_from(&self, from: usize, end: usize) -> Range<usize> {
        if self.is_interleaved(from) {
            return from..self.network.interleaved_layers();
        }
        let next = (from..end).find(|&i| self.takes_whole_shard(i)).unwrap_or(end);
        from..next.max(from + 1)
    }

    /// The same, for the layers up to `end`.
    pub(super) fn run_to(&self, start: usize, end: usize) -> Range<usize> {
        if self.is_interleaved(end - 1) {
            return start..end;
        }
        let start = start.max(self.network.interleaved_layers());
        let last = (start..end).rev().find(|&i| self.takes_whole_shard(i)).map_or(start, |i| i + 1);
        last.min(end - 1)..end
    }

    /// How many of a shard's `images` pass a run together.
    pub(super) fn images_at_once(&self, run: &Range<usize>, images: usize) -> usize {
        let layers = &self.network.layers()[run.clone()];
        let widest = layers.iter().map(|layer| layer.output().len()).max().unwrap_or(1);
        if self.is_interleaved(run.start) {
            self.network.interleaved_images()
        } else if self.takes_whole_shard(run.start) {
            images.max(1)
        } else {
            (L2_VALUES / widest).max(1)
        }
    }

    /// The context of layer `i` for these images of a shard whose first image is `first` in the batch.
    pub(super) fn context<'a>(
        &'a self,
        i: usize,
        first: usize,
        images: Range<usize>,
        indices: &'a mut [u32],
        scratch: &'a mut [f32],
    ) -> LayerContext<'a> {
        let StatisticsSums { inputs, gradients } = &self.sums[i];
        let len = self.network.layers()[i].indices_len();
        LayerContext {
            indices: &mut indices[images.start * len..images.end * len],
            scratch,
            buffers: &self.network.buffers()[i],
            mode: self.mode,
            layer: i,
            first: first + images.start,
            interleaved: if self.is_interleaved(i) { images.len() } else { 1 },
            batch: BatchSums { images: self.images, inputs, gradients },
        }
    }
}

//! The patches of the test set at which the maps of a layer are largest.

use crate::{data::Split, explain::top_activations::TopActivationSearch, nn::Network};
use std::sync::Arc;

/// The number of patches of each map.
pub const MOST: usize = 12;

/// The state of a search.
#[derive(Clone)]
pub struct TopPatches {
    /// The network, with its weights at the start of the search.
    pub network: Arc<Network>,
    /// The layer.
    pub layer: usize,
    /// The name of the data set.
    pub set: String,
    /// The images.
    pub split: Arc<Split>,
    /// The number of images to search, from the first on.
    pub images: usize,
    /// What has been found so far.
    pub search: Arc<TopActivationSearch>,
    /// Whether the search has ended: it is complete or was cancelled.
    pub is_over: bool,
}

impl TopPatches {
    /// A search at its start; `None` if the network has no such layer.
    pub fn nothing(
        network: Arc<Network>,
        layer: usize,
        set: String,
        split: Arc<Split>,
        images: usize,
    ) -> Option<Self> {
        let search = Arc::new(TopActivationSearch::new(&network, layer, MOST)?);
        let images = images.min(split.len());
        Some(Self { network, layer, set, split, images, search, is_over: false })
    }

    /// The fraction of the images that has been searched, 0…1.
    pub fn progress(&self) -> f32 {
        self.search.images() as f32 / self.images.max(1) as f32
    }
}

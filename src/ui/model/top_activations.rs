//! The patches of the test set at which a layer's maps are largest.

use crate::{data::Split, explain::top_activations::TopActivationSearch, nn::Network};
use std::sync::Arc;

/// Patches that are kept of every map.
pub const MOST: usize = 12;

/// A search, as far as it has come.
#[derive(Clone)]
pub struct TopPatches {
    /// The network whose maps are excited, with its weights then.
    pub network: Arc<Network>,
    /// The layer.
    pub layer: usize,
    /// The images' set.
    pub set: String,
    /// The images.
    pub split: Arc<Split>,
    /// How many of them are to be looked at, from the first on.
    pub images: usize,
    /// What was found in those looked at so far.
    pub search: Arc<TopActivationSearch>,
    /// Whether no more are looked at: all were, or it was called off.
    pub is_over: bool,
}

impl TopPatches {
    /// Nothing yet; `None` if the network has no such layer.
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

    /// The share of the images that was looked at, 0…1.
    pub fn progress(&self) -> f32 {
        self.search.images() as f32 / self.images.max(1) as f32
    }
}

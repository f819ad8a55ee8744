//! Top activations: the patches of the test set with the largest values of a layer's maps.

use crate::{data::Split, explain::top_activations::TopActivationSearch, nn::Network};
use std::sync::Arc;

/// The patches kept for each map.
pub const MOST: usize = 12;

/// A search and its results so far.
#[derive(Clone)]
pub struct TopPatches {
    /// The network, with its weights at the beginning of the search.
    pub network: Arc<Network>,
    /// The layer.
    pub layer: usize,
    /// The data set's name.
    pub set: String,
    /// The images.
    pub split: Arc<Split>,
    /// The number of images to search, from the first on.
    pub images: usize,
    /// The results so far.
    pub search: Arc<TopActivationSearch>,
    /// Whether the search is over or was cancelled.
    pub is_over: bool,
}

impl TopPatches {
    /// A search without results; `None` if the network has no such layer.
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

    /// An image of the test set in the size of the network's input, with its padding; 0 is the background, 1 full ink.
    pub fn ink(&self, image: usize) -> Vec<f32> {
        let (_, height, width) = self.network.input().as_maps();
        let transform = crate::data::InputTransform {
            pad: self.network.spec().preprocess.pad,
            ..crate::data::InputTransform::default()
        };
        let split = &self.split;
        let mut ink = vec![0.0; height * width];
        let fits = (transform.padded(split.height()), transform.padded(split.width())) == (height, width);
        if fits {
            transform.apply(&split.grey(image), split.height(), split.width(), &mut ink);
        }
        ink
    }

    /// The fraction of the images that was searched, 0 to 1.
    pub fn progress(&self) -> f32 {
        self.search.images() as f32 / self.images.max(1) as f32
    }
}

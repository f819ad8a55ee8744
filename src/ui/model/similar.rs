//! *Pictures like mine*: the training images nearest to the current image, by a layer's activations and by pixels.

use crate::{
    data::Split,
    nn::Network,
    train::similar::{Metric, Neighbour},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The images that are found each way.
pub const MOST: usize = 12;

/// What can be done with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SimilarAct {
    /// Seeks them for every current image, or stops.
    Seek(bool),
    /// Compares by the direction of the values (`false`) or by their distance (`true`).
    Euclidean(bool),
    /// Makes this training image the current image.
    Show(usize),
}

/// What was found.
#[derive(Debug)]
pub struct SimilarImages {
    /// The network.
    pub network: Arc<Network>,
    /// The layer whose activations were compared.
    pub layer: usize,
    /// The data set's name.
    pub data: String,
    /// The training images.
    pub split: Arc<Split>,
    /// The revision of the image.
    pub image_revision: u64,
    /// The nearest by the layer, the nearest first.
    pub by_layer: Vec<Neighbour>,
    /// The nearest by pixels.
    pub by_pixels: Vec<Neighbour>,
    /// The training images that the network read for it: none if their activations were known.
    pub images_read: usize,
}

/// The state of the search.
#[derive(Debug, Default)]
pub struct SimilarState {
    /// Whether they are sought.
    pub is_on: bool,
    /// How distances are measured.
    pub metric: Metric,
    /// The images found last.
    pub found: Option<Arc<SimilarImages>>,
    /// The fraction of the training images that the network has read, while it reads them.
    pub progress: Option<f32>,
}

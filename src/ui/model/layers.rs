//! The layers of the current network, as Train shows them.

use crate::train::layers::LayerLook;
use std::sync::Arc;

/// What is known of the layers of a network.
#[derive(Clone, Debug)]
pub struct LayersAnswer {
    /// The network.
    pub network: Arc<crate::nn::Network>,
    /// Its layers with parameters; `None` if the data set does not fit the network.
    pub layers: Option<Vec<LayerLook>>,
    /// The images that the activations are of.
    pub images: usize,
}

//! Looks at the layers of a network in the background.

use super::{
    tasks::{Threading, Wake},
    throttled::Throttled,
};
use crate::{
    data::Split,
    nn::Network,
    train::layers::{images_for, look_at_layers},
    ui::model::layers::LayersAnswer,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// A network whose layers are wanted.
pub struct LayersQuestion {
    /// The network.
    pub network: Arc<Network>,
    /// The images for its activations.
    pub images: Arc<Split>,
}

/// The worker and its questions.
pub struct Layers {
    /// The worker, under a choice of images, about a network, each by its address.
    pub worker: Throttled<usize, usize, LayersQuestion, (LayersAnswer, Duration)>,
    /// The network and the images of the last question, which keep their addresses as long as they are here.
    pub asked: Option<(Arc<Network>, Arc<Split>)>,
    /// Whether the training thread was told to look at its steps.
    pub is_watched: bool,
}

/// Starts the worker.
pub fn layers(threading: Threading, wake: Wake) -> Layers {
    let worker = Throttled::new("layers", threading, wake, |question: LayersQuestion, desk| {
        let begun = Instant::now();
        let LayersQuestion { network, images } = question;
        let inputs = images_for(&network, &images);
        let count = inputs.len() / network.input().len().max(1);
        let layers = (count > 0).then(|| look_at_layers(&network, &network.trace(&inputs)));
        desk.tell((LayersAnswer { network, layers, images: count }, begun.elapsed()));
    });
    Layers { worker, asked: None, is_watched: false }
}

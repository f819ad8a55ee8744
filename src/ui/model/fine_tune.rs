//! Fine-tuning on a person's drawings.

use super::network::CurrentNetwork;
use crate::nn::Network;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32},
};

/// How the learning of a person's drawings stands.
#[derive(Clone, Debug, Default)]
pub enum FineTuneState {
    /// Nothing was learnt, or it was undone.
    #[default]
    None,
    /// It is under way.
    Running {
        /// How far it is.
        progress: Arc<FineTuneProgress>,
        /// The network that it started from.
        of: Arc<Network>,
    },
    /// It is done.
    Done {
        /// The accuracy on the test images before and after, 0 to 1.
        accuracy: [f64; 2],
        /// Drawings that are read rightly before and after.
        read: [usize; 2],
        /// Drawings that were learnt.
        drawings: usize,
        /// The network before.
        before: CurrentNetwork,
    },
}

/// What the window and the task that learns tell each other.
#[derive(Debug, Default)]
pub struct FineTuneProgress {
    /// How much is done, in thousandths.
    pub done: AtomicU32,
    /// Whether it is to stop.
    pub is_cancelled: AtomicBool,
}

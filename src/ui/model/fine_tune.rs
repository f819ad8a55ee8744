//! Fine-tuning on a person's drawings.

use super::network::CurrentNetwork;
use crate::nn::Network;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32},
};

/// The state of fine-tuning.
#[derive(Clone, Debug, Default)]
pub enum FineTuneState {
    /// Not done, or undone.
    #[default]
    None,
    /// It is running.
    Running {
        /// Its progress.
        progress: Arc<FineTuneProgress>,
        /// The network that it started from.
        of: Arc<Network>,
    },
    /// It is over.
    Done {
        /// The accuracy on the test images before and after, 0 to 1.
        accuracy: [f64; 2],
        /// The number of drawings that are classified correctly, before and after.
        read: [usize; 2],
        /// The number of drawings.
        drawings: usize,
        /// The network before.
        before: CurrentNetwork,
    },
}

/// What the window and the task share.
#[derive(Debug, Default)]
pub struct FineTuneProgress {
    /// The fraction that is done, in thousandths.
    pub done: AtomicU32,
    /// Whether it was cancelled.
    pub is_cancelled: AtomicBool,
}

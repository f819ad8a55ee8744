//! Fine-tuning on a person's drawings.

use super::network::{CurrentNetwork, NetworkChoice};
use crate::nn::Network;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32},
};

/// The state of fine-tuning.
#[derive(Clone, Debug, Default)]
pub enum FineTuneState {
    /// The network is not fine-tuned, or that was undone.
    #[default]
    None,
    /// Fine-tuning is running.
    Running {
        /// Its progress.
        progress: Arc<FineTuneProgress>,
        /// The network that it fine-tunes.
        of: Arc<Network>,
    },
    /// Fine-tuning is finished.
    Done {
        /// The accuracy on the test images before and after, 0 to 1.
        accuracy: [f64; 2],
        /// Drawings classified correctly before and after.
        read: [usize; 2],
        /// Drawings that it was fine-tuned on.
        drawings: usize,
        /// The network before.
        before: CurrentNetwork,
        /// What the settings named before.
        choice: NetworkChoice,
    },
}

/// Shared between the window and the task that fine-tunes.
#[derive(Debug, Default)]
pub struct FineTuneProgress {
    /// The finished part, in thousandths.
    pub done: AtomicU32,
    /// Set by the window to stop the task.
    pub is_cancelled: AtomicBool,
}

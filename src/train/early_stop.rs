//! Early stopping by the validation loss.

use crate::nn::{Network, network::Parameters};

/// The best epoch so far and its weights.
#[derive(Clone, Debug)]
pub struct Best {
    /// The validation loss, in nats.
    pub loss: f64,
    /// The epoch's number, from 1.
    pub epoch: usize,
    /// Parameters and buffers after the epoch.
    pub weights: [Parameters; 2],
}

/// Decides when training stops.
#[derive(Clone, Debug, Default)]
pub struct EarlyStop {
    best: Option<Best>,
    has_stopped: bool,
}

impl EarlyStop {
    /// Continues with the best epoch of a saved run.
    pub fn resume(best: Option<Best>) -> Self {
        Self { best, has_stopped: false }
    }

    /// Takes in the validation loss of an epoch. If the loss has not fallen for `patience` epochs, training stops and the
    /// network gets the best weights.
    pub fn epoch(&mut self, epoch: usize, loss: f64, patience: usize, network: &mut Network) {
        match &self.best {
            Some(best) if loss >= best.loss || !loss.is_finite() => {
                if epoch >= best.epoch.saturating_add(patience) {
                    network.parameters_mut().clone_from(&best.weights[0]);
                    network.buffers_mut().clone_from(&best.weights[1]);
                    self.has_stopped = true;
                }
            }
            _ => {
                let weights = [network.parameters().clone(), network.buffers().clone()];
                self.best = Some(Best { loss, epoch, weights });
            }
        }
    }

    /// The best epoch so far.
    pub fn best(&self) -> Option<&Best> {
        self.best.as_ref()
    }

    /// Whether training has stopped.
    pub fn has_stopped(&self) -> bool {
        self.has_stopped
    }

    /// Starts over with full patience if training has stopped.
    pub fn restart(&mut self) {
        if std::mem::take(&mut self.has_stopped) {
            self.best = None;
        }
    }
}

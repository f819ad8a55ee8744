//! The end of training when the validation loss has stopped falling.

use crate::nn::{Network, network::Parameters};

/// The best epoch so far, with its weights.
#[derive(Clone, Debug)]
pub struct Best {
    /// Its validation loss.
    pub loss: f64,
    /// Its number, from 1.
    pub epoch: usize,
    /// The parameters and the buffers after it.
    pub weights: [Parameters; 2],
}

/// Watches the validation loss of each epoch.
#[derive(Clone, Debug, Default)]
pub struct EarlyStop {
    best: Option<Best>,
    /// The epoch at which training ended.
    ended: Option<usize>,
}

impl EarlyStop {
    /// One that has seen epochs before.
    pub fn resume(best: Option<Best>) -> Self {
        Self { best, ended: None }
    }

    /// Hears of an epoch; when the loss has not fallen for `patience` epochs, the network gets back the best weights and
    /// training is over.
    pub fn epoch(&mut self, epoch: usize, loss: f64, patience: usize, network: &mut Network) {
        match &self.best {
            Some(best) if loss >= best.loss || !loss.is_finite() => {
                if epoch >= best.epoch.saturating_add(patience) {
                    network.parameters_mut().clone_from(&best.weights[0]);
                    network.buffers_mut().clone_from(&best.weights[1]);
                    self.ended = Some(epoch);
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

    /// Whether training is over.
    pub fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    /// Training goes on all the same: from here, with all its patience.
    pub fn go_on(&mut self) {
        if self.ended.take().is_some() {
            self.best = None;
        }
    }
}

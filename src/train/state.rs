//! The state of a session, for saving it and going back to it.

use super::{config::TrainConfig, early_stop::Best, hand::HandMade, history::History};
use crate::nn::{Network, optim::Optimizer};

/// The part of a session that decides how it goes on, besides the data set: everything that is saved.
#[derive(Clone, Debug)]
pub struct SessionState {
    /// The network.
    pub network: Network,
    /// The settings.
    pub config: TrainConfig,
    /// The optimiser with its moments.
    pub optimizer: Optimizer,
    /// The best epoch so far, for early stopping.
    pub best: Option<Best>,
    /// Optimiser steps made.
    pub step: u64,
    /// The curves.
    pub history: History,
    /// The painted and the frozen filters.
    pub hand: HandMade,
}

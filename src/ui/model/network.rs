//! The current network, and which networks can be chosen.

use crate::{
    model_file,
    nn::{Network, presets},
    train::TrainConfig,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A network to look at and train.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NetworkChoice {
    /// The trained one that is part of the program.
    Shipped,
    /// The trained one that was opened last.
    Opened,
    /// The one of the run that was given up last, as it was then.
    LastRun,
    /// The untrained one of this name.
    Preset(String),
}

/// A run that was given up.
#[derive(Clone, Debug)]
pub struct LastRun {
    /// Its weights then.
    pub network: Arc<Network>,
    /// Steps that it had made.
    pub step: u64,
}

/// The current network and where it comes from.
#[derive(Clone, Debug)]
pub struct CurrentNetwork {
    /// Its weights.
    pub network: Arc<Network>,
    /// Where they come from.
    pub origin: Origin,
}

/// Where the current network's weights come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// They are part of the program.
    Shipped,
    /// A file of this name.
    Opened(String),
    /// A run that was given up after so many steps.
    LastRun(u64),
    /// It has learnt so many of a person's drawings.
    FineTuned(usize),
    /// The training thread, as it learns.
    Live,
}

/// The seed of runs whose seed nobody chose.
pub const SEED: u64 = 1;

/// The default training of a choice: its preset's, or that of the app's default network.
pub fn recipe(choice: &NetworkChoice) -> TrainConfig {
    let preset = match choice {
        NetworkChoice::Preset(name) => presets::by_name(name),
        NetworkChoice::Shipped => presets::by_name(model_file::SHIPPED),
        NetworkChoice::Opened | NetworkChoice::LastRun => None,
    };
    TrainConfig::from_recipe(&preset.unwrap_or_else(presets::lenet5_relu).recipe, SEED)
}

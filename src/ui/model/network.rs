//! The current network, and which networks can be chosen.

use crate::{
    model_file,
    nn::{Network, presets},
    train::TrainConfig,
};
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, sync::Arc};

/// A network that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NetworkChoice {
    /// The trained network inside the program.
    Shipped,
    /// The model that was opened last. Only settings files of earlier versions have it; later ones name the file.
    Opened,
    /// The model or spec in this file.
    File(PathBuf),
    /// The network of the last run that ended, as it was then.
    LastRun,
    /// The untrained network of this name.
    Preset(String),
    /// The network that was last drafted in Architecture and trained.
    Draft,
}

/// A model or spec that was opened.
#[derive(Clone, Debug)]
pub struct OpenedFile {
    /// The file.
    pub path: PathBuf,
    /// Its network; `None` if it has to be read again.
    pub network: Option<Arc<Network>>,
}

/// A run that ended.
#[derive(Clone, Debug)]
pub struct LastRun {
    /// The network at its end.
    pub network: Arc<Network>,
    /// The optimiser steps made.
    pub step: u64,
}

/// The current network and its origin.
#[derive(Clone, Debug)]
pub struct CurrentNetwork {
    /// The network.
    pub network: Arc<Network>,
    /// Where its weights come from.
    pub origin: Origin,
}

/// Where the current network's weights come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// The program.
    Shipped,
    /// A file of this name.
    Opened(String),
    /// A run that ended after this many steps.
    LastRun(u64),
    /// Fine-tuning on this many drawings.
    FineTuned(usize),
    /// The training thread. They change at every step.
    Live,
    /// The run of the training thread, as it was after this step.
    Moment(u64),
}

/// The seed of a run if none was chosen.
pub const SEED: u64 = 1;

/// The default training settings of a choice: its preset's, or those of the default network.
pub fn recipe(choice: &NetworkChoice) -> TrainConfig {
    let preset = match choice {
        NetworkChoice::Preset(name) => presets::by_name(name),
        NetworkChoice::Shipped => presets::by_name(model_file::SHIPPED),
        NetworkChoice::Opened | NetworkChoice::File(_) | NetworkChoice::LastRun | NetworkChoice::Draft => {
            None
        }
    };
    TrainConfig::from_recipe(&preset.unwrap_or_else(presets::lenet5_relu).recipe, SEED)
}

//! How the window and its maps are shown.

use serde::{Deserialize, Serialize};

/// Which theme to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// As the system is set.
    System,
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
}

/// What shares one colour scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MapScale {
    /// Each map by itself: shows patterns, not sizes.
    Map,
    /// The maps of a layer.
    #[default]
    Layer,
    /// All maps of the network.
    Network,
}

/// Which numbers of a network its maps show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MapValues {
    /// What the layers give.
    #[default]
    Activations,
    /// The gradient of the loss by what the layers give.
    Gradients,
}

/// The axis of the loss curves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LossScale {
    /// Equal distances are equal differences.
    Linear,
    /// Equal distances are equal ratios: a loss that falls from 0.1 to 0.01 is as visible as one from 1 to 0.1.
    #[default]
    Log,
}

//! How the window and its maps are shown.

use serde::{Deserialize, Serialize};

/// The choice of a theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// As the system is set.
    System,
    /// Light text on a dark ground.
    #[default]
    Dark,
    /// Dark text on a light ground.
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

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

/// Which maps share a colour scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MapScale {
    /// Each map has its own: shows patterns, not sizes.
    Map,
    /// The maps of a layer.
    #[default]
    Layer,
    /// All maps of the network.
    Network,
    /// All maps of all images: full colour is a value that a person sets.
    Fixed,
}

/// How brightness follows the values of a map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MapBrightness {
    /// Half the largest value has half the colour.
    Linear,
    /// A quarter of the largest value has half the colour, so that small values can be seen from far away.
    #[default]
    Root,
}

/// How the maps of a network are coloured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapColors {
    /// Which maps share a scale.
    pub scale: MapScale,
    /// The value at full colour for [`MapScale::Fixed`].
    pub limit: f32,
    /// How brightness follows the values.
    pub brightness: MapBrightness,
}

impl MapColors {
    /// The smallest and the largest [`MapColors::limit`].
    pub const LIMITS: (f32, f32) = (1e-4, 1e6);
}

/// Which numbers of a network its maps show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MapValues {
    /// The outputs of the layers.
    #[default]
    Activations,
    /// The gradients of the loss with respect to the outputs of the layers.
    Gradients,
}

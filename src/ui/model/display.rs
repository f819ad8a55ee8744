//! How the window and its maps are shown.

use serde::{Deserialize, Deserializer, Serialize};
use std::ops::RangeInclusive;

/// The choice of a theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// As the system is set.
    System,
    /// Light text on a dark background.
    #[default]
    Dark,
    /// Dark text on a light background.
    Light,
}

/// How large everything in the window can be; 1 is 100 %.
pub const ZOOMS: RangeInclusive<f32> = 0.8..=2.5;

/// A step of the zoom.
const ZOOM_STEP: f32 = 0.1;

/// The nearest zoom in [`ZOOMS`] and whole percents; 1 for what is not a number.
pub fn valid_zoom(zoom: f32) -> f32 {
    let zoom = if zoom.is_nan() { 1.0 } else { zoom };
    (zoom.clamp(*ZOOMS.start(), *ZOOMS.end()) * 100.0).round() / 100.0
}

/// The zoom some steps larger, or smaller.
pub fn next_zoom(zoom: f32, steps: i8) -> f32 {
    valid_zoom(((zoom / ZOOM_STEP).round() + f32::from(steps)) * ZOOM_STEP)
}

/// The zoom of a settings file.
pub fn zoom_from_file<'de, D: Deserializer<'de>>(file: D) -> Result<f32, D::Error> {
    f32::deserialize(file).map(valid_zoom)
}

/// The place and the size of the window, in points at a zoom of 100 %.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowPlace {
    /// The width and height of the window's content.
    pub size: [f32; 2],
    /// The upper left corner of the window with its frame; `None` if the system does not report it.
    pub position: Option<[f32; 2]>,
    /// Whether it is maximised; then the other fields are those before.
    pub is_maximized: bool,
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

/// How many steps each point of a training curve is the mean of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the numbers of steps")]
pub enum Smoothing {
    Off,
    #[default]
    Ten,
    Fifty,
    TwoHundred,
}

impl Smoothing {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Off, Self::Ten, Self::Fifty, Self::TwoHundred];

    /// The steps of a mean.
    pub fn steps(self) -> u64 {
        match self {
            Self::Off => 1,
            Self::Ten => 10,
            Self::Fifty => 50,
            Self::TwoHundred => 200,
        }
    }
}

/// What *Train* shows below the curves, beside the digit while it learns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TrainPart {
    /// The digit while it learns; in a window that has no room for it beside the others.
    Digit,
    /// The table of the runs.
    Runs,
    /// The first layer's filters.
    #[default]
    Filters,
    /// The layers' weights, activations and gradients.
    Layers,
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

//! How the window and its maps are shown.

use serde::{Deserialize, Deserializer, Serialize};
use std::ops::RangeInclusive;

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

/// How large everything in the window can be; 1 is 100 %.
pub const ZOOMS: RangeInclusive<f32> = 0.8..=2.0;

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

/// Where the window is and how large, in points at a zoom of 100 %.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowPlace {
    /// The width and height of the window's content.
    pub size: [f32; 2],
    /// The upper left corner of the window with its frame; `None` if the system does not tell.
    pub position: Option<[f32; 2]>,
    /// Whether it fills the screen; then the others are those from before.
    pub is_maximized: bool,
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

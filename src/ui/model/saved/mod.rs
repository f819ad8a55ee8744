//! The state of the window as data: what a state file holds, and what *Start over* comes back to.

mod bytes;
mod network;
mod photo;

pub use network::SavedNetwork;
pub use photo::SavedPhoto;

use super::{convolution::KernelGrid, selection::Selection, settings::Settings, tolerant::or_default};
use crate::{
    explain::WhatIf,
    train::TrainConfig,
    ui::widgets::{Drawing, Playback},
};
use serde::{Deserialize, Serialize};

/// What a state file calls itself.
pub const FORMAT: &str = "convlens state";

/// The version of the format that is written, and the latest that is read.
pub const VERSION: u32 = 1;

/// The beginning of every state file: what it is, before its content is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
}

impl Default for Header {
    fn default() -> Self {
        Self { format: FORMAT.to_owned(), version: VERSION }
    }
}

/// The state of the window.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SavedState {
    /// What it is.
    #[serde(flatten)]
    pub header: Header,
    /// The settings: view, zoom, theme, hidden controls, and the settings of every view.
    pub settings: Settings,
    /// The training settings of the next run.
    pub training: TrainConfig,
    /// The network.
    pub network: SavedNetwork,
    /// What is selected in the Network view.
    #[serde(default, deserialize_with = "or_default")]
    pub network_view: NetworkStand,
    /// Where the Convolution view stands.
    #[serde(default, deserialize_with = "or_default")]
    pub convolution: ConvolutionStand,
    /// Where the animations of the Pooling view stand: windows, their filling, shifts.
    #[serde(default, deserialize_with = "or_default")]
    pub pooling: Option<[Playback; 3]>,
    /// The drawing, or what is on the canvas instead.
    pub drawing: Drawing,
}

/// What is selected in the Network view.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkStand {
    /// The map, the pixel and the channel.
    pub selection: Selection,
    /// The column at the left edge.
    pub first_column: f32,
    /// In a low window, whether the breakdown is shown.
    pub shows_breakdown: bool,
    /// The class of whose loss gradients are shown.
    pub loss_class: Option<usize>,
    /// The disabled maps and kernels.
    pub what_if: WhatIf,
    /// The speed of the breakdown.
    pub breakdown: Playback,
}

/// Where the Convolution view stands; its settings are among the settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConvolutionStand {
    /// The animation.
    pub playback: Playback,
    /// The input channel that is looked at.
    pub channel: Option<usize>,
    /// Which grid is shown where there is room for one.
    pub grid: KernelGrid,
    /// Which result is.
    pub result: usize,
    /// Which grid of a kind of convolution is.
    pub family_grid: KernelGrid,
    /// Whether its matrix is shown instead.
    pub is_matrix: bool,
    /// The first of its kernels that are shown.
    pub first_kernel: usize,
    /// The photograph.
    pub photo: Option<SavedPhoto>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_begins_with_what_it_is() {
        let json = serde_json::to_string(&Header::default()).unwrap();
        assert_eq!(json, r#"{"format":"convlens state","version":1}"#);
    }
}

//! The state of the window as data: what a state file holds, and what *Start over* comes back to.

mod bytes;
mod network;
mod photo;
pub mod stands;

pub use network::SavedNetwork;
pub use photo::SavedPhoto;

use super::{settings::Settings, tolerant::or_default};
use crate::{
    train::TrainConfig,
    ui::widgets::{Drawing, Playback},
};
use serde::{Deserialize, Serialize};
use stands::{ConvolutionStand, NetworkStand};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_begins_with_what_it_is() {
        let json = serde_json::to_string(&Header::default()).unwrap();
        assert_eq!(json, r#"{"format":"convlens state","version":1}"#);
    }
}

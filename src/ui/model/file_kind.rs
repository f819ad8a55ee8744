//! What a path is asked for.

use serde::{Deserialize, Serialize};

/// What a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// A picture to become the current image.
    Picture,
    /// A picture with its colours, for the Convolution view.
    Photograph,
    /// A folder with IDX files.
    DataSet,
    /// A model to look at.
    Model,
    /// Where to save the current network.
    SaveModel,
    /// Where to save a picture of the window.
    Screenshot,
    /// The folder to write the named drawings to.
    Drawings,
}

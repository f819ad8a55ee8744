//! The names of the views.

use serde::{Deserialize, Serialize};

/// A view's name in actions and settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ViewId {
    /// Draw a digit and see it read.
    #[default]
    Draw,
    /// Every layer's feature maps.
    Network,
    /// Learning, live.
    Train,
    /// Two networks, trained in turns.
    Compare,
    /// The sums of a sliding window, one at a time.
    Convolution,
    /// Max and average pooling, window by window.
    Pooling,
    /// The list of lessons.
    Lessons,
}

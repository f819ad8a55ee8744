//! The names of the views.

use crate::{lesson::show::ShowView, text::key};
use serde::{Deserialize, Serialize};

/// A view's name in actions and settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ViewId {
    /// Draw a digit and see it read.
    #[default]
    Draw,
    /// Every layer's feature maps.
    Network,
    /// The filters of its convolutions, learnt or painted.
    Filters,
    /// A network, layer by layer, to be changed and trained.
    Architecture,
    /// Learning, live.
    Train,
    /// Two networks, trained in turns.
    Compare,
    /// What a network gets right and wrong, on a whole set.
    Evaluate,
    /// The sums of a sliding window, one at a time.
    Convolution,
    /// Max and average pooling, window by window.
    Pooling,
    /// The list of lessons.
    Lessons,
}

impl ViewId {
    /// How lessons name it; `None` for their own list.
    pub const fn shown_by_lessons(self) -> Option<ShowView> {
        match self {
            Self::Draw => Some(ShowView::Draw),
            Self::Network => Some(ShowView::Network),
            Self::Filters => Some(ShowView::Filters),
            Self::Architecture => Some(ShowView::Architecture),
            Self::Train => Some(ShowView::Train),
            Self::Compare => Some(ShowView::Compare),
            Self::Evaluate => Some(ShowView::Evaluate),
            Self::Convolution => Some(ShowView::Convolution),
            Self::Pooling => Some(ShowView::Pooling),
            Self::Lessons => None,
        }
    }

    /// Its English name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draw => key("Draw"),
            Self::Network => key("Network"),
            Self::Filters => key("Filters"),
            Self::Architecture => key("Architecture"),
            Self::Train => key("Train"),
            Self::Compare => key("Compare"),
            Self::Evaluate => key("Evaluate"),
            Self::Convolution => key("Convolution"),
            Self::Pooling => key("Pooling"),
            Self::Lessons => key("Lessons"),
        }
    }
}

impl From<ShowView> for ViewId {
    fn from(view: ShowView) -> Self {
        match view {
            ShowView::Draw => Self::Draw,
            ShowView::Network => Self::Network,
            ShowView::Filters => Self::Filters,
            ShowView::Architecture => Self::Architecture,
            ShowView::Compare => Self::Compare,
            ShowView::Evaluate => Self::Evaluate,
            ShowView::Train => Self::Train,
            ShowView::Convolution => Self::Convolution,
            ShowView::Pooling => Self::Pooling,
        }
    }
}

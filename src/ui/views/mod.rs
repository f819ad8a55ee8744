//! The views. To add one: a file here, and a line in [`VIEWS`].

mod convolution;
mod draw;
mod network;
mod pooling;
mod train;

use super::{action::Actions, icons, state::AppState};
use egui::Ui;
use serde::{Deserialize, Serialize};

/// A view's name in actions and settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ViewId {
    /// Draw a digit and see it read.
    #[default]
    Draw,
    /// Every layer's feature maps.
    Network,
    /// Learning, live.
    Train,
    /// The sums of a sliding window, one at a time.
    Convolution,
    /// Max and average pooling, window by window.
    Pooling,
}

/// One of the window's pages. It reads the state and changes it only by sending actions.
pub trait View {
    /// The page itself.
    fn ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions);

    /// What stands beside it, where the window is wide enough or the view needs it.
    fn inspector_ui(&mut self, ui: &mut Ui, state: &AppState, actions: &mut Actions);

    /// Whether the page is of no use without what stands beside it.
    fn needs_inspector(&self) -> bool {
        false
    }

    /// Whether the page has an animation that the space bar plays, which elsewhere trains.
    fn has_playback(&self) -> bool {
        false
    }
}

/// A view's line in the list at the left.
pub struct ViewEntry {
    /// Its name for actions.
    pub id: ViewId,
    /// Its name for people; goes through `tr`.
    pub name: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Makes it.
    pub make: fn() -> Box<dyn View>,
}

/// All views, in the order of the list.
pub const VIEWS: &[ViewEntry] = &[
    ViewEntry {
        id: ViewId::Draw,
        name: "Draw",
        icon: icons::PENCIL,
        make: || Box::<draw::DrawView>::default(),
    },
    ViewEntry {
        id: ViewId::Network,
        name: "Network",
        icon: icons::LAYERS,
        make: || Box::<network::NetworkView>::default(),
    },
    ViewEntry {
        id: ViewId::Train,
        name: "Train",
        icon: icons::CHART_LINE,
        make: || Box::<train::TrainView>::default(),
    },
    ViewEntry {
        id: ViewId::Convolution,
        name: "Convolution",
        icon: icons::GRID_3X3,
        make: || Box::<convolution::ConvolutionView>::default(),
    },
    ViewEntry {
        id: ViewId::Pooling,
        name: "Pooling",
        icon: icons::GRID_2X2,
        make: || Box::<pooling::PoolingView>::default(),
    },
];

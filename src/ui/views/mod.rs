//! The views. To add one: a file here, and a line in [`VIEWS`].

mod architecture;
mod compare;
mod convolution;
mod draw;
mod evaluate;
mod filters;
mod lessons;
mod network;
mod pooling;
mod train;

use crate::ui::{model::view::ViewId, style::icons, view::ViewEntry};

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
        id: ViewId::Filters,
        name: "Filters",
        icon: icons::SLIDERS_HORIZONTAL,
        make: || Box::<filters::FiltersView>::default(),
    },
    ViewEntry {
        id: ViewId::Architecture,
        name: "Architecture",
        icon: icons::WORKFLOW,
        make: || Box::<architecture::ArchitectureView>::default(),
    },
    ViewEntry {
        id: ViewId::Train,
        name: "Train",
        icon: icons::CHART_LINE,
        make: || Box::<train::TrainView>::default(),
    },
    ViewEntry {
        id: ViewId::Compare,
        name: "Compare",
        icon: icons::TABLE,
        make: || Box::<compare::CompareView>::default(),
    },
    ViewEntry {
        id: ViewId::Evaluate,
        name: "Evaluate",
        icon: icons::GAUGE,
        make: || Box::<evaluate::EvaluateView>::default(),
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
    ViewEntry {
        id: ViewId::Lessons,
        name: "Lessons",
        icon: icons::GRADUATION_CAP,
        make: || Box::<lessons::LessonsView>::default(),
    },
];

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
        name: ViewId::Draw.name(),
        icon: icons::PENCIL,
        make: || Box::<draw::DrawView>::default(),
    },
    ViewEntry {
        id: ViewId::Network,
        name: ViewId::Network.name(),
        icon: icons::LAYERS,
        make: || Box::<network::NetworkView>::default(),
    },
    ViewEntry {
        id: ViewId::Filters,
        name: ViewId::Filters.name(),
        icon: icons::SLIDERS_HORIZONTAL,
        make: || Box::<filters::FiltersView>::default(),
    },
    ViewEntry {
        id: ViewId::Architecture,
        name: ViewId::Architecture.name(),
        icon: icons::WORKFLOW,
        make: || Box::<architecture::ArchitectureView>::default(),
    },
    ViewEntry {
        id: ViewId::Train,
        name: ViewId::Train.name(),
        icon: icons::CHART_LINE,
        make: || Box::<train::TrainView>::default(),
    },
    ViewEntry {
        id: ViewId::Compare,
        name: ViewId::Compare.name(),
        icon: icons::TABLE,
        make: || Box::<compare::CompareView>::default(),
    },
    ViewEntry {
        id: ViewId::Evaluate,
        name: ViewId::Evaluate.name(),
        icon: icons::GAUGE,
        make: || Box::<evaluate::EvaluateView>::default(),
    },
    ViewEntry {
        id: ViewId::Convolution,
        name: ViewId::Convolution.name(),
        icon: icons::GRID_3X3,
        make: || Box::<convolution::ConvolutionView>::default(),
    },
    ViewEntry {
        id: ViewId::Pooling,
        name: ViewId::Pooling.name(),
        icon: icons::GRID_2X2,
        make: || Box::<pooling::PoolingView>::default(),
    },
    ViewEntry {
        id: ViewId::Lessons,
        name: ViewId::Lessons.name(),
        icon: icons::GRADUATION_CAP,
        make: || Box::<lessons::LessonsView>::default(),
    },
];

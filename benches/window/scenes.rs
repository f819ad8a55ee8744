//! What is on the screen, view by view.

use convlens::ui::{
    action::Action,
    model::{
        convolution::{
            ConvolutionSource, FamilyChoice,
            act::{ConvolutionAct, ConvolutionMode},
        },
        pooling::{PoolingMode, PoolingSetup, PoolingSource},
        selection::{MapId, Selection},
        view::ViewId,
    },
    widgets::PlaybackAct,
};

/// A view, and the actions that lead to it.
pub struct Scene {
    pub name: &'static str,
    pub acts: fn() -> Vec<Action>,
}

pub const SCENES: [Scene; 13] = [
    Scene { name: "Draw", acts: || vec![Action::ShowView(ViewId::Draw)] },
    Scene {
        name: "Network",
        acts: || vec![Action::ShowView(ViewId::Network), Action::Select(Selection::default())],
    },
    Scene {
        name: "Network with the making of a map",
        acts: || vec![Action::ShowView(ViewId::Network), Action::Select(A_PIXEL)],
    },
    Scene { name: "Architecture", acts: || vec![Action::ShowView(ViewId::Architecture)] },
    Scene { name: "Train", acts: || vec![Action::ShowView(ViewId::Train)] },
    Scene { name: "Compare", acts: || vec![Action::ShowView(ViewId::Compare)] },
    Scene { name: "Filters", acts: || vec![Action::ShowView(ViewId::Filters)] },
    Scene { name: "Evaluate", acts: || vec![Action::ShowView(ViewId::Evaluate)] },
    Scene {
        name: "Convolution over an image, playing",
        acts: || {
            convolution([
                ConvolutionAct::UseSource(ConvolutionSource::Image),
                ConvolutionAct::SetMode(ConvolutionMode::Sum),
            ])
        },
    },
    Scene {
        name: "Convolution in three dimensions, playing",
        acts: || {
            let member = ConvolutionAct::UseFamily(FamilyChoice::ThreeDimensions);
            convolution([ConvolutionAct::SetMode(ConvolutionMode::Family), member])
        },
    },
    Scene {
        name: "Pooling of an image, playing",
        acts: || pooling(PoolingSource::Image, PoolingMode::Windows),
    },
    Scene { name: "Pooling of a map, its gradient, playing", acts: || pooling(A_MAP, PoolingMode::Gradient) },
    Scene { name: "Pooling of a map, what is lost, playing", acts: || pooling(A_MAP, PoolingMode::Loss) },
];
/// A pixel of the second convolution of most networks.
const A_PIXEL: Selection =
    Selection { map: Some(MapId { column: 5, map: 3 }), pixel: Some((4, 4)), channel: None };
/// A map of the first layer.
const A_MAP: PoolingSource = PoolingSource::Map { column: 1, map: 0 };

/// Plays round and round, as fast as there are frames.
const PLAY: [PlaybackAct; 4] =
    [PlaybackAct::Loop(true), PlaybackAct::Speed(30.0), PlaybackAct::Begin, PlaybackAct::Toggle];

fn convolution(acts: [ConvolutionAct; 2]) -> Vec<Action> {
    let acts = acts.into_iter().chain(PLAY.map(ConvolutionAct::Play)).map(Action::Convolution);
    std::iter::once(Action::ShowView(ViewId::Convolution)).chain(acts).collect()
}

fn pooling(source: PoolingSource, show: PoolingMode) -> Vec<Action> {
    let choice = PoolingSetup { source, show, ..PoolingSetup::default() };
    let acts = [Action::ShowView(ViewId::Pooling), Action::EditPooling(choice)];
    acts.into_iter().chain(PLAY.map(Action::PlayPooling)).collect()
}

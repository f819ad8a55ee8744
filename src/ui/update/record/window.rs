//! The window as it is, as the state of a step: the inverse of entering one.

use super::{convolution, lost::left_out, pooling};
use crate::{
    data::mnist,
    lesson::show::{Show, ShowDigit, ShowImage, ShowNetwork, ShowTrain, ShowValues, ShowView},
    nn::optim::OptimizerSpec,
    text::tr,
    ui::{
        core::Core,
        model::{
            convolution::ConvolutionSource,
            display::MapValues,
            image::ImageSource,
            network::{NetworkChoice, recipe},
            pooling::PoolingSource,
            starter,
            view::ViewId,
        },
    },
};

/// The smallest distance between two points of a stroke that is written, as a fraction of the canvas's side.
const NEAR: f32 = 0.008;

/// The state, and what it cannot hold.
pub fn shown(core: &Core) -> (Show, Vec<String>) {
    let state = &core.state;
    let view = state.settings.view;
    let mut lost = Vec::new();
    let mut show = Show {
        view: match view {
            ViewId::Draw => Some(ShowView::Draw),
            ViewId::Network => Some(ShowView::Network),
            ViewId::Train => Some(ShowView::Train),
            ViewId::Convolution => Some(ShowView::Convolution),
            ViewId::Pooling => Some(ShowView::Pooling),
            ViewId::Filters => Some(ShowView::Filters),
            ViewId::Architecture => Some(ShowView::Architecture),
            ViewId::Compare => Some(ShowView::Compare),
            ViewId::Evaluate => Some(ShowView::Evaluate),
            ViewId::Lessons => None,
        },
        ..Show::default()
    };
    let (of_image, of_network) = match view {
        ViewId::Draw | ViewId::Network | ViewId::Filters => (true, true),
        ViewId::Train | ViewId::Evaluate => (false, true),
        ViewId::Convolution => match state.convolution.setup.source {
            ConvolutionSource::Numbers | ConvolutionSource::Photo => (false, false),
            ConvolutionSource::Image => (true, false),
            ConvolutionSource::Layer(_) => (true, true),
        },
        ViewId::Pooling => match state.settings.pooling.source {
            PoolingSource::Numbers => (false, false),
            PoolingSource::Image => (true, false),
            PoolingSource::Map { .. } => (true, true),
        },
        ViewId::Architecture | ViewId::Compare | ViewId::Lessons => (false, false),
    };
    if of_image {
        show.image = image(core, &mut lost);
    }
    if of_network {
        show.network = Some(network(core, &mut lost));
    }
    match view {
        ViewId::Convolution => {
            let (convolution, more) = convolution::shown(core);
            show.convolution = Some(convolution);
            lost.extend(more);
        }
        ViewId::Pooling => show.pooling = Some(pooling::shown(core)),
        ViewId::Train => show.train = Some(train(core)),
        _ => {}
    }
    (show, lost)
}

fn image(core: &Core, lost: &mut Vec<String>) -> Option<ShowImage> {
    let state = &core.state;
    match &state.image.source {
        ImageSource::Sample { set, index, .. } if set == mnist::NAME => {
            Some(ShowImage { sample: Some(*index), ..ShowImage::default() })
        }
        ImageSource::Sample { .. } | ImageSource::TrainingSample { .. } => {
            lost.push(tr("the image: a step has a drawing or a test image of MNIST").to_owned());
            None
        }
        ImageSource::Picture(_) => {
            lost.push(tr("the picture: a step has a drawing or a test image").to_owned());
            None
        }
        ImageSource::Drawing if state.drawing.is_blank() => {
            Some(ShowImage { blank: true, ..ShowImage::default() })
        }
        ImageSource::Drawing if state.drawing.bitmap() == starter::drawing().bitmap() => {
            Some(ShowImage { digit: Some(ShowDigit::Seven), ..ShowImage::default() })
        }
        ImageSource::Drawing => {
            let strokes: Vec<_> = state.drawing.strokes().collect();
            if strokes.is_empty() || strokes.iter().any(|stroke| stroke.is_eraser) {
                lost.push(tr("what was erased or pasted in the drawing").to_owned());
            }
            let inked = strokes.iter().filter(|stroke| !stroke.is_eraser);
            let strokes = inked.map(|stroke| thinned(&stroke.points)).collect();
            Some(ShowImage { strokes: Some(strokes), ..ShowImage::default() })
        }
    }
}

/// The points of a stroke, rounded, without those that are very near to the one before; the last one stays.
fn thinned(points: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut kept: Vec<[f32; 2]> = Vec::new();
    for (i, point) in points.iter().enumerate() {
        let is_last = i + 1 == points.len();
        let is_far = kept.last().is_none_or(|[x, y]| (point[0] - x).hypot(point[1] - y) >= NEAR);
        if is_far || is_last {
            kept.push(point.map(|part| (part * 1000.0).round() / 1000.0));
        }
    }
    kept
}

fn network(core: &Core, lost: &mut Vec<String>) -> ShowNetwork {
    let state = &core.state;
    let mut show = ShowNetwork::default();
    match &state.settings.network {
        NetworkChoice::Shipped => show.name = Some("trained".to_owned()),
        NetworkChoice::Preset(name) => show.name = Some(name.clone()),
        NetworkChoice::Opened | NetworkChoice::File(_) | NetworkChoice::LastRun | NetworkChoice::Draft => {
            lost.push(
                tr("the network of a file, a draft or an earlier run: the step leaves the one that is there")
                    .to_owned(),
            );
        }
    }
    if state.settings.view == ViewId::Network
        && let Some(map) = state.selection.map
    {
        (show.column, show.map) = (Some(map.column), Some(map.map));
        show.pixel = state.selection.pixel;
    }
    if state.settings.map_values == MapValues::Gradients {
        show.values = Some(ShowValues::Gradients);
    }
    if state.settings.view == ViewId::Network && state.gradcheck.is_open {
        show.check = Some(true);
    }
    show.off = state.what_if.maps().map(|map| (map.layer + 1, map.map)).collect();
    let switched = state.what_if.kernels().len();
    if switched > 0 {
        lost.push(left_out(tr("{count} kernels that are off"), switched));
    }
    show
}

/// The settings of the training, and that it stands at its beginning.
fn train(core: &Core) -> ShowTrain {
    let state = &core.state;
    let (setup, first) = (&state.setup, recipe(&state.settings.network));
    let momentum = match &setup.optimizer {
        OptimizerSpec::Sgd(sgd) => Some(sgd.momentum),
        _ => None,
    };
    let is_preset = matches!(state.settings.network, NetworkChoice::Preset(_));
    ShowTrain {
        rate: Some(setup.lr),
        momentum,
        batch: Some(setup.batch),
        epochs: Some(setup.epochs),
        seed: (setup.seed != first.seed).then_some(setup.seed),
        validation: (setup.validation != first.validation).then_some(setup.validation),
        images: setup.train_images,
        fresh: is_preset && state.snapshot.as_ref().is_some_and(|snapshot| snapshot.step == 0),
        run: None,
    }
}

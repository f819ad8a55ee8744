//! The Pooling view as it is, as a step writes it: what differs from a first start.

use crate::{
    lesson::show::{ShowPooling, ShowPoolingPage, ShowPoolingSource, Size},
    nn::Pair,
    ui::{
        core::Core,
        model::pooling::{PoolingMode, PoolingSetup, PoolingSource},
    },
};

/// The view.
pub(super) fn shown(core: &Core) -> ShowPooling {
    let setup = &core.state.settings.pooling;
    let first = PoolingSetup::default();
    let pair = |now: Pair, first: Pair| (now != first).then(|| size(now));
    let mut show = ShowPooling::default();
    match setup.source {
        PoolingSource::Image => {}
        PoolingSource::Map { column, map } => {
            show.source = Some(ShowPoolingSource::Map);
            (show.column, show.map) = (Some(column), Some(map));
        }
        PoolingSource::Numbers if setup.numbers == first.numbers => {
            show.source = Some(ShowPoolingSource::Numbers);
        }
        PoolingSource::Numbers => {
            let rows = setup.numbers.values.chunks(setup.numbers.columns.max(1));
            show.input = Some(rows.map(<[f32]>::to_vec).collect());
        }
    }
    show.kernel_size = pair(setup.kernel_size, first.kernel_size);
    show.stride = setup.stride.map(size);
    show.padding = pair(setup.padding, first.padding);
    show.dilation = pair(setup.dilation, first.dilation);
    show.ceil_mode = setup.ceil_mode.then_some(true);
    show.count_include_pad = (!setup.count_include_pad).then_some(false);
    show.of_one = setup.is_gradient_of_one.then_some(true);
    show.show = match setup.show {
        PoolingMode::Windows => None,
        PoolingMode::Gradient => Some(ShowPoolingPage::Gradient),
        PoolingMode::Shift => Some(ShowPoolingPage::Shift),
        PoolingMode::Loss => Some(ShowPoolingPage::Loss),
    };
    let (playback, track) = core.state.pooling.walk(setup.walk());
    show.window = Some(playback.position(track));
    show
}

/// Names the sizes too that are as at a first start: a solution sets them whatever was set before.
pub(super) fn name_sizes(core: &Core, show: &mut ShowPooling) {
    let setup = &core.state.settings.pooling;
    show.kernel_size = Some(size(setup.kernel_size));
    show.stride = Some(size(setup.stride()));
    show.padding = Some(size(setup.padding));
    show.dilation = Some(size(setup.dilation));
}

fn size(pair: Pair) -> Size {
    if pair.h == pair.w { Size::Square(pair.h) } else { Size::Pair(pair.h, pair.w) }
}

//! The Pooling view as a step shows it.

use super::super::pooling::act;
use crate::{
    lesson::show::{ShowPooling, ShowPoolingPage, ShowPoolingSource},
    nn::Pair,
    ui::{
        core::Core,
        model::pooling::{MAX_NUMBERS, Numbers, PoolingMode, PoolingSetup, PoolingSource, Walk, lab::Target},
        widgets::PlaybackAct,
    },
};

/// Shows the view as at a first start with what is named, or changes what is named.
pub(super) fn show(core: &mut Core, wanted: Option<&ShowPooling>, is_change: bool) {
    let mut setup = if is_change { core.state.settings.pooling.clone() } else { PoolingSetup::default() };
    if !is_change {
        core.state.pooling.put_back(None);
    }
    let nothing = ShowPooling::default();
    let wanted = wanted.unwrap_or(&nothing);
    setup.source = match wanted.source {
        Some(ShowPoolingSource::Image) => PoolingSource::Image,
        Some(ShowPoolingSource::Map) => {
            PoolingSource::Map { column: wanted.column.unwrap_or(1), map: wanted.map.unwrap_or(0) }
        }
        Some(ShowPoolingSource::Numbers) => PoolingSource::Numbers,
        None => setup.source,
    };
    if let Some(rows) = &wanted.input {
        setup.source = PoolingSource::Numbers;
        setup.numbers = numbers(rows);
    }
    let pair = |size: Option<crate::lesson::show::Size>, old: Pair| size.map_or(old, Pair::from);
    setup.kernel_size = pair(wanted.kernel_size, setup.kernel_size);
    setup.stride = wanted.stride.map(Pair::from).or(setup.stride);
    setup.padding = pair(wanted.padding, setup.padding);
    setup.dilation = pair(wanted.dilation, setup.dilation);
    setup.ceil_mode = wanted.ceil_mode.unwrap_or(setup.ceil_mode);
    setup.show = match wanted.show {
        Some(ShowPoolingPage::Windows) => PoolingMode::Windows,
        Some(ShowPoolingPage::Gradient) => PoolingMode::Gradient,
        Some(ShowPoolingPage::Shift) => PoolingMode::Shift,
        Some(ShowPoolingPage::Loss) => PoolingMode::Loss,
        None => setup.show,
    };
    setup.count_include_pad = wanted.count_include_pad.unwrap_or(setup.count_include_pad);
    setup.is_gradient_of_one = wanted.of_one.unwrap_or(setup.is_gradient_of_one);
    let pairs = [setup.kernel_size, setup.stride(), setup.padding, setup.dilation];
    setup.is_square &= pairs.iter().all(|pair| pair.h == pair.w);
    let walk = setup.walk();
    act::edit(core, setup);
    if let Some(at) = wanted.window {
        match walk {
            Walk::Shifts => act::play(core, PlaybackAct::Seek(at)),
            Walk::Windows => core.state.pooling.go_to(Target::Window(at)),
            Walk::Filling => core.state.pooling.go_to(Target::Filled(at)),
        }
    }
}

fn numbers(rows: &[Vec<f32>]) -> Numbers {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(1).clamp(1, MAX_NUMBERS);
    let count = rows.len().clamp(1, MAX_NUMBERS);
    let at = |y: usize, x: usize| rows.get(y).and_then(|row| row.get(x)).copied().filter(|v| v.is_finite());
    let values = (0..count).flat_map(|y| (0..columns).map(move |x| at(y, x).unwrap_or(0.0))).collect();
    Numbers { rows: count, columns, values }
}

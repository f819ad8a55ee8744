//! Opens the Pooling view from other views.

use super::act::edit;
use crate::{
    nn::LayerSpec,
    text::{fill, tr},
    ui::{
        core::Core,
        model::{
            pooling::{PoolingMode, PoolingSource, lab::Target, maps::column_name},
            view::ViewId,
        },
        widgets::Tone,
    },
};

/// Opens the Pooling view at element `at` of feature map `map` of the output of `layer`.
///
/// For a pooling layer, the view shows the window of that output with the settings of the layer. For any other layer, the
/// map itself is pooled, and the view shows the first window that covers the element.
pub fn open(core: &mut Core, layer: usize, map: usize, at: usize) {
    let network = core.state.network.network.clone();
    let Some((spec, built)) = network.spec().layers.get(layer).zip(network.layers().get(layer)) else {
        let sentence = tr("{network} has no layer {layer}.");
        let values = [("network", network.spec().name.as_str()), ("layer", &layer.to_string())];
        core.state.toasts.push(Tone::Warn, fill(sentence, &values));
        return;
    };
    let mut choice = core.state.settings.pooling.clone();
    let (_, height, width) = built.input().as_maps();
    choice.show = PoolingMode::Windows;
    let is_pooling =
        matches!(spec, LayerSpec::MaxPool2d(_) | LayerSpec::AvgPool2d(_) | LayerSpec::GlobalAvgPool2d(_));
    // The input of layer i is column i, its output is column i + 1.
    choice.source = PoolingSource::Map { column: if is_pooling { layer } else { layer + 1 }, map };
    if let Some(left_out) = choice.take_over(spec, (height, width)) {
        let name = column_name(&network, layer + 1);
        let sentence = tr("{setting} of {layer} is ignored: Pooling has no such setting.");
        core.state.toasts.push(Tone::Info, fill(sentence, &[("setting", &left_out), ("layer", &name)]));
    }
    core.state.settings.view = ViewId::Pooling;
    core.state.pooling.go_to(if is_pooling { Target::Window(at) } else { Target::Element(at) });
    edit(core, choice);
}

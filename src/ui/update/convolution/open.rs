//! Opens the Convolution view from other parts of the window.

use super::{make::refresh, setup::use_source};
use crate::{
    nn::LayerSpec,
    ui::{
        core::Core,
        model::{
            convolution::{ConvolutionSource, act::ConvolutionMode, photo::Photo},
            filters::PhotoChoice,
            view::ViewId,
        },
        widgets::PlaybackAct,
    },
};
use std::sync::Arc;

/// Opens the view at an output of a layer of the current network.
pub fn open(core: &mut Core, layer: usize, at: usize) {
    let network = &core.state.network.network;
    if !matches!(network.spec().layers.get(layer), Some(LayerSpec::Conv2d(_))) {
        return;
    }
    core.state.settings.view = ViewId::Convolution;
    use_source(core, ConvolutionSource::Layer(layer));
    core.state.convolution.mode = ConvolutionMode::Sum;
    core.state.convolution.seeks_strongest = false;
    refresh(core);
    let lab = &mut core.state.convolution;
    let track = lab.track();
    lab.playback.apply(PlaybackAct::Seek(at), track);
}

/// Uses a photograph that was opened as the input.
pub fn take_photo(core: &mut Core, photo: Photo) {
    core.state.convolution.photo = Some(Arc::new(photo));
    if core.state.settings.view == ViewId::Filters && core.state.filters.shows_photo {
        core.state.filters.photo = PhotoChoice::Opened;
        return;
    }
    core.state.settings.view = ViewId::Convolution;
    if core.state.convolution.mode == ConvolutionMode::Family {
        // The variants have inputs of their own.
        core.state.convolution.mode = ConvolutionMode::Sum;
    }
    use_source(core, ConvolutionSource::Photo);
}

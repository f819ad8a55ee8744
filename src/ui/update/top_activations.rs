//! The search for the patches at which the maps of a layer are largest.

use super::message::problem;
use crate::{
    text::Say,
    train::evaluate::check_fit,
    ui::{core::Core, model::top_activations::TopPatches, widgets::Topic},
};

/// Starts a search of the test set for a layer of the current network.
pub(super) fn find(core: &mut Core, layer: usize) {
    let network = core.state.network.network.clone();
    let Some(data) = core.state.data.ready() else { return };
    let fit = check_fit(&network, &data.name, &data.test);
    let images = core.state.settings.patch_images.max(1);
    let found = TopPatches::nothing(network, layer, data.name.clone(), data.test.clone(), images);
    if let Err(e) = fit {
        core.state.top_activations = found.map(|found| TopPatches { is_over: true, images: 0, ..found });
        problem(core, Topic::Task, &e.say());
        return;
    }
    core.state.top_activations.clone_from(&found);
    if let Some(found) = found {
        core.search.start(found);
        take_news(core);
    }
}

/// Cancels the search; what it has found so far stays.
pub(super) fn stop(core: &mut Core) {
    core.search.call_off();
    if let Some(found) = &mut core.state.top_activations {
        found.is_over = true;
    }
}

/// Puts the progress of the search into the state.
pub fn take_news(core: &mut Core) {
    if let Some(found) = core.search.take() {
        core.state.top_activations = Some(found);
    }
}

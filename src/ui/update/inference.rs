//! Questions to the current network about the current image.

use super::what_if::forget_other_networks;
use crate::ui::{core::Core, state::AppState, work::inference::InferenceQuestion};
use std::sync::Arc;

/// Asks the current network about the current image, if one of them has changed.
pub fn ask(core: &mut Core) {
    if !core.state.what_if.is_empty() {
        forget_other_networks(core);
    }
    let wanted = core.state.wanted();
    let AppState { network, what_if, image, .. } = &core.state;
    let network = &network.network;
    let is_asked = core.asked.as_ref().is_some_and(|(n, revision, asked, off)| {
        Arc::ptr_eq(n, network) && (*revision, *asked) == (image.revision, wanted) && off == what_if
    });
    if !is_asked {
        core.asked = Some((network.clone(), image.revision, wanted, what_if.clone()));
        let (input, image_revision, about) = (image.input_for(network), image.revision, image.about());
        let (network, what_if) = (network.clone(), what_if.clone());
        core.inference.ask(InferenceQuestion { network, what_if, input, image_revision, about, wanted });
    }
}

/// Takes in the newest answer, if there is one.
pub(super) fn take_news(core: &mut Core) {
    if let Some(answer) = core.inference.take() {
        core.state.answer = Some(answer);
    }
}

//! The layers of the current network, while Train shows them.

use super::run::send;
use crate::{
    train::Command,
    ui::{
        core::Core,
        model::{display::TrainPart, view::ViewId},
        work::{layers::LayersQuestion, throttled::Due},
    },
};
use std::sync::Arc;

/// Takes what was found, and asks again if the network has changed. Tells the training thread whether its gradients are
/// wanted.
pub(super) fn keep_up(core: &mut Core) {
    take(core);
    let settings = &core.state.settings;
    let is_shown = settings.view == ViewId::Train && settings.train_part == TrainPart::Layers;
    if core.layers.is_watched != is_shown && core.trainer.is_some() && send(core, Command::Watch(is_shown)) {
        core.layers.is_watched = is_shown;
    }
    if !is_shown {
        return;
    }
    let Some(images) = core.state.data.ready().map(|data| data.train.clone()) else { return };
    let network = core.state.network.network.clone();
    let (choice, subject) = (Arc::as_ptr(&images).addr(), Arc::as_ptr(&network).addr());
    if core.layers.worker.due(&choice, &subject, core.state.is_training()) == Due::No {
        return;
    }
    core.layers.worker.note(choice, subject);
    core.layers.asked = Some((network.clone(), images.clone()));
    core.layers.worker.ask(LayersQuestion { network, images });
    take(core);
}

fn take(core: &mut Core) {
    if let Some((answer, took)) = core.layers.worker.take() {
        core.layers.worker.took(took);
        core.state.layers = Some(answer);
    }
}

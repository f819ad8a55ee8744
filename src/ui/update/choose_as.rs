//! Choosing a network together with training settings.

use super::{network::choose_with, training::edit_setup};
use crate::{
    train::TrainConfig,
    ui::{core::Core, model::network::NetworkChoice},
};

/// Chooses a network with these training settings.
pub(super) fn choose_as(core: &mut Core, choice: NetworkChoice, training: TrainConfig) {
    if matches!(choice, NetworkChoice::Preset(_)) {
        choose_with(core, choice, Some(training));
    } else {
        choose_with(core, choice, None);
        edit_setup(core, training);
    }
}

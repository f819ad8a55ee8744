//! The actions of the Pooling view.

use super::make::keep_up;
use crate::ui::{core::Core, model::pooling::PoolingSetup, widgets::PlaybackAct};

/// Changes the settings; if they are invalid, the last results stay.
pub fn edit(core: &mut Core, choice: PoolingSetup) {
    core.state.settings.pooling = choice;
    keep_up(core);
}

/// Applies a playback command to the animation of the page.
pub fn play(core: &mut Core, act: PlaybackAct) {
    core.state.pooling.play(core.state.settings.pooling.walk(), act);
    keep_up(core);
}

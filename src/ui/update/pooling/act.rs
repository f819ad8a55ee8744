//! What a person does in the Pooling view.

use super::make::keep_up;
use crate::ui::{core::Core, model::pooling::PoolingSetup, widgets::PlaybackAct};

/// Another source or other settings; what does not fit is said, and the last picture stays.
pub fn edit(core: &mut Core, choice: PoolingSetup) {
    core.state.settings.pooling = choice;
    keep_up(core);
}

/// Moves through what the page shows: from window to window, or from shift to shift.
pub fn play(core: &mut Core, act: PlaybackAct) {
    core.state.pooling.play(core.state.settings.pooling.walk(), act);
    keep_up(core);
}

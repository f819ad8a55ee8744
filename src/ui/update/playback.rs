//! The animations, which move with time.

use super::{breakdown, pooling::make::keep_up, timeline};
use crate::ui::{core::Core, model::view::ViewId};

/// Advances the animation of the current view by `seconds`.
pub fn pass(core: &mut Core, seconds: f32) {
    timeline::pass(core, seconds);
    match core.state.settings.view {
        ViewId::Convolution => {
            let lab = &mut core.state.convolution;
            let track = lab.track();
            lab.playback.advance(seconds, track);
        }
        ViewId::Pooling => {
            let walk = core.state.settings.pooling.walk();
            if core.state.pooling.walk(walk).0.is_playing() {
                core.state.pooling.advance(walk, seconds);
                // The gradient that is shown follows the animation.
                keep_up(core);
            }
        }
        ViewId::Network => breakdown::pass(core, seconds),
        ViewId::Draw
        | ViewId::Train
        | ViewId::Filters
        | ViewId::Compare
        | ViewId::Evaluate
        | ViewId::Lessons
        | ViewId::Architecture => {}
    }
}

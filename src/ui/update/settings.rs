//! What is kept between two runs of the program.

use crate::ui::{core::Core, model::convolution::KeptLab, store::autosave::Persisted};
use std::time::{Duration, Instant};

/// Has the settings written when it is time. Returns how long there is nothing to do, if there will be something.
pub(super) fn keep(core: &mut Core, now: Instant) -> Option<Duration> {
    take_lab(core);
    core.autosave.keep(Persisted::of(&core.state), &mut core.tasks, now)
}

/// Writes what has changed, at once.
pub(super) fn close(core: &mut Core) {
    take_lab(core);
    core.autosave.close(Persisted::of(&core.state));
}

/// What is set in the Convolution view is a setting, too.
fn take_lab(core: &mut Core) {
    let state = &mut core.state;
    if !state.settings.convolution.is(&state.convolution) {
        state.settings.convolution = KeptLab::of(&state.convolution);
    }
}

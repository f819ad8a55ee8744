//! The settings that are kept when the program closes.

use crate::ui::{core::Core, model::convolution::KeptLab, store::autosave::Persisted};
use std::time::{Duration, Instant};

/// Writes the settings in the background when it is time. Returns the time until then, if there is something to write.
pub(super) fn keep(core: &mut Core, now: Instant) -> Option<Duration> {
    gather(core);
    core.autosave.keep(Persisted::of(&core.state), &mut core.tasks, now)
}

/// Writes what has changed at once.
pub(super) fn close(core: &mut Core) {
    gather(core);
    core.autosave.close(Persisted::of(&core.state));
}

/// Copies what other parts of the state hold and the file keeps: the views' drafts and the source of the image.
pub(super) fn gather(core: &mut Core) {
    let state = &mut core.state;
    if state.settings.image != state.image.source {
        state.settings.image.clone_from(&state.image.source);
    }
    let kept = &mut state.settings.architecture.draft;
    if !state.architecture.is_kept_as(kept.as_ref()) {
        *kept = state.architecture.kept();
    }
    if !state.settings.convolution.is(&state.convolution) {
        state.settings.convolution = KeptLab::of(&state.convolution);
    }
}

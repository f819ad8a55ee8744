//! The look of a run that has no number yet, until it is kept.

use crate::ui::{core::Core, model::runs::RunLook};

/// The current run ends. It gets its number, and with it its look, when the training thread has kept it.
pub(super) fn leave(core: &mut Core) {
    // A run without a step is never kept: what was set for it is for the one in its place.
    if core.state.snapshot.as_ref().is_some_and(|snapshot| snapshot.step == 0) {
        return;
    }
    let look = std::mem::take(&mut core.state.run_table.unkept);
    if let Some(snapshot) = core.state.snapshot.as_ref().filter(|_| look != RunLook::default()) {
        core.state.run_table.leaving = Some((snapshot.run, look));
    }
}

/// The run of this number was kept under `id`.
pub(super) fn kept(core: &mut Core, run: u64, id: u64) {
    if let Some((_, look)) = core.state.run_table.leaving.take_if(|(leaving, _)| *leaving == run) {
        core.state.settings.run_looks.insert(id, look);
    }
}

/// The current run has got a number: what was set for it counts from now on.
pub(super) fn keep_up(core: &mut Core) {
    let id = core.state.snapshot.as_ref().and_then(|snapshot| snapshot.kept);
    if let Some(id) = id.filter(|_| core.state.run_table.unkept != RunLook::default()) {
        let look = std::mem::take(&mut core.state.run_table.unkept);
        core.state.settings.run_looks.insert(id, look);
    }
}

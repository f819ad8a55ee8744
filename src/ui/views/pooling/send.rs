//! What a person does in the Pooling view, sent as actions.

use crate::ui::{
    action::{Action, Actions},
    model::pooling::PoolingSetup,
    widgets::PlaybackAct,
};

/// Sends a choice that differs.
pub(super) fn choose(actions: &mut Actions, choice: &PoolingSetup, change: impl FnOnce(&mut PoolingSetup)) {
    let mut other = choice.clone();
    change(&mut other);
    if other != *choice {
        actions.send(Action::EditPooling(other));
    }
}

/// To a window, or to a shift.
pub(super) fn seek(actions: &mut Actions, step: usize) {
    actions.send(Action::PlayPooling(PlaybackAct::Seek(step)));
}

//! The actions of the Pooling view.

use crate::ui::{
    action::{Action, Actions},
    model::pooling::PoolingSetup,
    widgets::PlaybackAct,
};

/// Sends the changed settings, if they differ.
pub(super) fn choose(actions: &mut Actions, choice: &PoolingSetup, change: impl FnOnce(&mut PoolingSetup)) {
    let mut other = choice.clone();
    change(&mut other);
    if other != *choice {
        actions.send(Action::EditPooling(other));
    }
}

/// Goes to a step of the animation: a window or a shift.
pub(super) fn seek(actions: &mut Actions, step: usize) {
    actions.send(Action::PlayPooling(PlaybackAct::Seek(step)));
}

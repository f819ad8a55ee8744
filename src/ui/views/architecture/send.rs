//! Sending actions.

use crate::ui::{
    action::{Action, Actions},
    model::architecture::ArchitectureAct,
};

/// Sends an action of this view.
pub fn send(actions: &mut Actions, act: ArchitectureAct) {
    actions.send(Action::Architecture(act));
}

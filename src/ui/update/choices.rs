//! Which of several choices counts when some of them take time to be read.

use crate::ui::{
    action::{Action, FineTuneAct, Transport},
    core::Core,
};

/// Notes an act that takes the place of what is still being read.
pub(super) fn note(core: &mut Core, action: &Action) {
    match action {
        Action::Draw(_)
        | Action::Undo
        | Action::Redo
        | Action::ClearDrawing
        | Action::NextSample
        | Action::ShowSample(_)
        | Action::FineTune(FineTuneAct::Keep(_)) => core.choices.images.now(),
        Action::ChooseNetwork(_) | Action::FineTune(FineTuneAct::Undo) => core.choices.networks.now(),
        Action::Train(transport) if *transport != Transport::Pause => core.choices.networks.now(),
        _ => {}
    }
}

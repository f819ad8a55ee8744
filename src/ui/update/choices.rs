//! Actions that replace what is still being read.

use crate::ui::{
    action::{Action, FineTuneAct, Transport},
    core::Core,
    model::{evaluate::EvaluateAct, similar::SimilarAct},
};

/// Notes an action that replaces what is still being read.
pub(super) fn note(core: &mut Core, action: &Action) {
    match action {
        Action::Draw(_)
        | Action::Undo
        | Action::Redo
        | Action::ClearDrawing
        | Action::NextSample
        | Action::ShowSample(_)
        | Action::Evaluate(EvaluateAct::ShowImage(_))
        | Action::Similar(SimilarAct::Show(_))
        | Action::FineTune(FineTuneAct::Keep(_)) => core.choices.images.now(),
        Action::ChooseNetwork(_) | Action::FineTune(FineTuneAct::Undo) => network(core),
        Action::Train(transport) if *transport != Transport::Pause => network(core),
        _ => {}
    }
}

/// Another network was chosen.
fn network(core: &mut Core) {
    core.choices.networks.now();
    core.awaits_data = None;
}

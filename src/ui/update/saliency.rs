//! Saliency, computed while the Network view is shown.

use crate::{
    nn::loss::argmax,
    ui::{
        core::Core,
        model::{saliency::SaliencyChoice, view::ViewId},
        state::AppState,
        work::{
            saliency::{SaliencyQuestion, SaliencySubject},
            throttled::Due,
        },
    },
};

/// Puts a result into the state, and starts again if the settings or the activations have changed.
pub(super) fn keep_up(core: &mut Core) {
    take(core);
    if core.state.settings.view != ViewId::Network {
        return;
    }
    let Some((question, choice)) = question(&core.state, core.saliencies.number + 1) else {
        core.state.saliency = None;
        core.saliencies.worker.forget();
        return;
    };
    let subject = SaliencySubject { trace: question.trace.clone(), class: question.class };
    if core.saliencies.worker.due(&choice, &subject, core.state.is_training()) == Due::No {
        return;
    }
    core.saliencies.number = question.number;
    core.saliencies.worker.note(choice, subject);
    core.saliencies.worker.ask(question);
    take(core);
}

fn take(core: &mut Core) {
    if let Some((answer, took)) = core.saliencies.worker.take() {
        core.saliencies.worker.took(took);
        core.state.saliency = Some(answer);
    }
}

/// The current question and its settings; `None` without an image or activations.
fn question(state: &AppState, number: u64) -> Option<(SaliencyQuestion, SaliencyChoice)> {
    let answer = state.current_answer().filter(|_| !state.image.is_blank())?;
    // The opacity does not change the result.
    let choice = SaliencyChoice { opacity: 0.0, ..state.settings.saliency };
    let class = choice.class.unwrap_or_else(|| argmax(answer.trace.first_probabilities()));
    let method = choice.method(&answer.network)?;
    let (network, trace) = (answer.network.clone(), answer.trace.clone());
    let what_if = answer.what_if.clone();
    Some((SaliencyQuestion { network, what_if, trace, class, method, number }, choice))
}

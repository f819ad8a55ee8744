//! The gradient check of the Network view.

use crate::{
    data,
    nn::{Network, loss::argmax},
    text::{Say, Sentence},
    train::evaluate::{check_fit, input_transform},
    ui::{
        core::Core,
        model::{
            gradcheck::{BATCH, CheckAct, CheckImages, Checked},
            network::Origin,
        },
        state::AppState,
        work::gradcheck::CheckQuestion,
    },
};
use std::sync::Arc;

/// Does something with the gradient check.
pub(super) fn apply(core: &mut Core, act: CheckAct) {
    let check = &mut core.state.gradcheck;
    match act {
        CheckAct::Open(is_open) => {
            check.is_open = is_open;
            if !is_open {
                stop(core);
            }
        }
        CheckAct::Edit(setup) => check.setup = setup,
        CheckAct::Run => run(core),
        CheckAct::Cancel => stop(core),
    }
}

fn run(core: &mut Core) {
    core.gradient_checks.call_off();
    let question = match question(&core.state) {
        Ok(question) => question,
        Err(sentence) => {
            core.state.gradcheck.is_running = false;
            core.state.gradcheck.problem = Some(sentence);
            return;
        }
    };
    let check = &mut core.state.gradcheck;
    (check.problem, check.found, check.is_running) = (None, None, true);
    core.gradient_checks.ask(question);
    keep_up(core);
}

fn stop(core: &mut Core) {
    keep_up(core);
    core.gradient_checks.call_off();
    core.state.gradcheck.is_running = false;
}

/// Takes what was found, and forgets what was found of a network of another form.
pub(super) fn keep_up(core: &mut Core) {
    let check = &mut core.state.gradcheck;
    if let Some(found) = core.gradient_checks.take() {
        check.is_running = !found.is_over;
        check.found = Some(found);
    }
    let network = &core.state.network.network;
    // A layer that the network does not have cannot be chosen.
    let has = |layer: usize| network.parameters().get(layer).is_some_and(|tensors| !tensors.is_empty());
    check.setup.layer = check.setup.layer.filter(|layer| has(*layer));
    if check.found.as_ref().is_some_and(|found| found.of.network.spec() != network.spec()) {
        check.found = None;
        if check.is_running {
            core.gradient_checks.call_off();
            core.state.gradcheck.is_running = false;
        }
    }
}

/// What is to be checked, or why it cannot be.
fn question(state: &AppState) -> Result<CheckQuestion, Sentence> {
    let network = state.network.network.clone();
    let setup = state.gradcheck.setup;
    let (inputs, labels) = match setup.images {
        CheckImages::Current => current(state, &network)?,
        CheckImages::Batch => batch(state, &network)?,
    };
    network.check_batch(labels.len()).map_err(|e| e.say())?;
    let live = state.snapshot.as_ref().filter(|_| state.network.origin == Origin::Live);
    let class = (labels.len() == 1).then(|| labels.first().copied()).flatten();
    let step = state.history_step().or(live.map(|run| run.step));
    let of = Checked { network, step, setup, images: labels.len(), class };
    Ok(CheckQuestion { of, inputs, labels })
}

/// The current image, with its label or what the network takes it for.
fn current(state: &AppState, network: &Arc<Network>) -> Result<(Vec<f32>, Vec<u8>), Sentence> {
    if state.image.is_blank() {
        return Err(Sentence::new("there is no image: draw one, or check on a batch"));
    }
    let input = state.image.input_for(network);
    let label = state.image.source.label().filter(|label| usize::from(*label) < network.classes());
    let label = label.unwrap_or_else(|| argmax(network.trace(&input).first_probabilities()).min(254) as u8);
    Ok((input, vec![label]))
}

/// The first images of the test set.
fn batch(state: &AppState, network: &Network) -> Result<(Vec<f32>, Vec<u8>), Sentence> {
    let Some(data) = state.data.ready() else {
        return Err(Sentence::new("a batch needs a data set: choose one in the bar above"));
    };
    check_fit(network, &data.name, &data.test).map_err(|e| e.say())?;
    let count = data.test.len().min(BATCH);
    if count == 0 {
        return Err(Sentence::new("{data} has no test images").with("data", &data.name));
    }
    let indices: Vec<u32> = (0..count as u32).collect();
    let (mut inputs, mut labels) = (vec![0.0; count * network.input().len()], vec![0; count]);
    data::fill(&data.test, &indices, &input_transform(network), None, &mut inputs, &mut labels);
    Ok((inputs, labels))
}

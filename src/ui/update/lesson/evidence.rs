//! What shows that a task is solved: the answer, or the state that was reached, with all that it depends on.

use crate::{
    lesson::{Condition, LessonAnswer, Quantity, Task, TaskKind, task::Answer},
    train::{RunLog, RunRecord},
    ui::{
        core::Core,
        model::{
            convolution::{ConvolutionSource, KeptLab, Weights},
            lesson::stand::{Evidence, Needs, Stand, StandImage, StandNetwork, StandPooling, is_answer},
            network::Origin,
            pooling::PoolingSource,
            saved::{
                SavedPhoto,
                stands::{ConvolutionStand, NetworkStand},
            },
        },
        state::AppState,
    },
};
use std::sync::Arc;

/// Of a right answer.
pub(super) fn of_answer(core: &Core, task: &Task, given: &LessonAnswer) -> Evidence {
    let answer = Some(task.kind.in_words_of_lesson(given));
    let TaskKind::Number { answer: Answer::Window(quantity), .. } = &task.kind else {
        return Evidence { answer, ..Evidence::default() };
    };
    let home = core.state.lesson.as_ref().map(|open| &open.home);
    let value = home.and_then(|home| home.value).or_else(|| core.state.quantity(*quantity));
    let stand = home.and_then(|home| home.stand.as_deref().cloned());
    let values = value.filter(|value| value.is_finite()).map(|value| (*quantity, value));
    Evidence { answer, values: values.into_iter().collect(), stand, is_cut: false }
}

/// Of the state in which the conditions of a task hold.
pub(super) fn of_state(core: &Core, task: &Task) -> Evidence {
    let TaskKind::Reach { when, .. } = &task.kind else { return Evidence::default() };
    let mut quantities: Vec<Quantity> = Vec::new();
    for quantity in when.iter().flat_map(Condition::quantities) {
        if !quantities.contains(&quantity) {
            quantities.push(quantity);
        }
    }
    let state = &core.state;
    let values = quantities
        .iter()
        .filter_map(|quantity| Some((*quantity, state.quantity(*quantity)?)))
        .filter(|(_, value)| value.is_finite());
    let needs = quantities.iter().fold(Needs::default(), |needs, quantity| needs.and(Needs::of(*quantity)));
    let mut needs = needs.and(of_views(state, needs));
    // Only an answer depends on the image.
    needs.image |= quantities.iter().any(|quantity| is_answer(*quantity));
    Evidence { answer: None, values: values.collect(), stand: Some(stand(core, needs)), is_cut: false }
}

/// What the number that the step asks for depends on besides the lesson: the image and the network.
pub(super) fn of_question(core: &Core) -> Option<Box<Stand>> {
    let asked = core.state.lesson.as_ref()?.asked()?;
    let needs = of_views(&core.state, Needs::of(asked));
    (needs != Needs::default()).then(|| Box::new(stand(core, needs)))
}

/// What Convolution and Pooling show is of, if they are needed.
fn of_views(state: &AppState, needs: Needs) -> Needs {
    let mut more = Needs::default();
    if needs.convolution {
        let setup = &state.convolution.setup;
        let is_network = matches!(setup.source, ConvolutionSource::Layer(_))
            || matches!(setup.weights, Weights::Learned(_));
        more.network |= is_network;
        more.image |= is_network || setup.source == ConvolutionSource::Image;
    }
    if needs.pooling {
        let source = state.settings.pooling.source;
        more.network |= matches!(source, PoolingSource::Map { .. });
        more.image |= source != PoolingSource::Numbers;
    }
    more
}

fn stand(core: &Core, needs: Needs) -> Stand {
    let state = &core.state;
    let image = needs.image.then(|| StandImage {
        source: state.image.source.clone(),
        is_normalised: state.settings.is_normalised,
        drawing: state.drawing.clone(),
    });
    let (network, of_network) = if needs.network { network(core) } else { (None, None) };
    let run = if needs.run { run(state).or(of_network) } else { of_network };
    let lab = &state.convolution;
    let convolution = needs.convolution.then(|| {
        let stand = ConvolutionStand {
            playback: lab.playback.at_rest(),
            channel: lab.channel,
            photo: lab
                .photo
                .as_ref()
                .filter(|_| lab.setup.source == ConvolutionSource::Photo)
                .map(|photo| SavedPhoto::of(photo)),
            ..ConvolutionStand::default()
        };
        Box::new((KeptLab::of_shown(lab), stand))
    });
    let pooling = needs.pooling.then(|| {
        let (setup, playbacks) = (state.settings.pooling.clone(), state.pooling.stand());
        Box::new(StandPooling { setup, playbacks })
    });
    let network_view = needs.network.then(|| NetworkStand {
        selection: state.selection,
        what_if: state.what_if.clone(),
        ..NetworkStand::default()
    });
    Stand {
        view: state.settings.view,
        image,
        network,
        rate: (needs.run && run.is_none()).then_some(state.setup.lr),
        run: run.map(Box::new),
        network_view,
        convolution,
        pooling,
    }
}

/// The present run.
fn run(state: &AppState) -> Option<RunRecord> {
    Some(RunRecord::of(state.snapshot.as_ref()?, state.data.ready()?))
}

/// The current network, and its run.
fn network(core: &Core) -> (Option<StandNetwork>, Option<RunRecord>) {
    let state = &core.state;
    let network = &state.network.network;
    if Arc::ptr_eq(network, &core.shipped) {
        return (Some(StandNetwork::Shipped), None);
    }
    let other = || Some(StandNetwork::Other(network.spec().name.clone()));
    if state.network.origin != Origin::Live {
        return (other(), None);
    }
    match &state.snapshot {
        Some(snapshot) if snapshot.network.spec() == network.spec() => {
            let run = run(state);
            (if run.is_some() { Some(StandNetwork::Run) } else { other() }, run)
        }
        Some(_) => (other(), None),
        // No run is loaded: its weights are those that were drawn.
        None => {
            let untrained = RunRecord {
                spec: network.spec().clone(),
                data: String::new(),
                images: (0, 0),
                step: 0,
                is_running: false,
                log: RunLog::new(state.setup),
            };
            (Some(StandNetwork::Run), Some(untrained))
        }
    }
}

//! The training images nearest to the current image, sought while the Evaluate view is shown. They are read ahead once the
//! view has measured, so that the answer is there when it is asked for.

use super::drawing::show_training_image;
use crate::{
    data::Split,
    train::{
        evaluate::check_fit,
        similar::{Metric, last_hidden},
    },
    ui::{
        core::Core,
        model::{similar::SimilarAct, view::ViewId},
        state::AppState,
        work::similar::{SimilarNews, SimilarQuestion},
    },
};
use std::sync::Arc;

/// Does something with the nearest images.
pub(super) fn apply(core: &mut Core, act: SimilarAct) {
    let similar = &mut core.state.similar;
    match act {
        SimilarAct::Seek(is_on) => {
            similar.is_on = is_on;
            if !is_on {
                core.neighbours.call_off();
                core.similar_asked = None;
                similar.progress = None;
            }
        }
        SimilarAct::Euclidean(is_euclidean) => {
            similar.metric = if is_euclidean { Metric::Euclidean } else { Metric::Cosine };
        }
        SimilarAct::Show(index) => show_training_image(core, index),
    }
}

/// Puts what was found into the state, and asks about another image, network or metric. Not while the network trains: all
/// training images would have to be read after every step.
pub(super) fn keep_up(core: &mut Core) {
    take(core);
    let AppState { data, similar, .. } = &mut core.state;
    let is_of = |split: &Arc<Split>| data.ready().is_some_and(|data| Arc::ptr_eq(split, &data.train));
    // Images of another set cannot be shown any more.
    similar.found = similar.found.take().filter(|found| is_of(&found.split));
    let is_still = core.state.settings.view == ViewId::Evaluate && !core.state.is_training();
    if !core.state.similar.is_on {
        read_ahead(core, is_still);
        return;
    }
    if !is_still {
        return;
    }
    let Some(question) = question(&core.state) else { return };
    let asked = (question.network.clone(), question.split.clone(), question.image_revision, question.metric);
    let is_same = core.similar_asked.as_ref().is_some_and(|(network, split, revision, metric)| {
        Arc::ptr_eq(network, &asked.0)
            && Arc::ptr_eq(split, &asked.1)
            && (*revision, *metric) == (asked.2, asked.3)
    });
    if is_same {
        return;
    }
    // An answer about another image is of use while the activations are being computed, one about another network is not.
    if core.similar_asked.as_ref().is_some_and(|(network, ..)| !Arc::ptr_eq(network, &asked.0)) {
        core.neighbours.call_off();
        core.state.similar.progress = None;
    }
    core.similar_asked = Some(asked);
    core.neighbours.ask(question);
    take(core);
}

/// Lets the training images be read for the current network, and calls it off when something else is done.
fn read_ahead(core: &mut Core, is_still: bool) {
    if !is_still {
        if core.similar_ahead.take().is_some() {
            core.neighbours.call_off();
            core.state.similar.progress = None;
        }
        return;
    }
    let has_measured = core.state.evaluate.progress.is_none() && core.state.evaluate.measured.is_some();
    let Some(question) = question(&core.state).filter(|_| has_measured) else { return };
    let is_read = core.similar_ahead.as_ref().is_some_and(|(network, split)| {
        Arc::ptr_eq(network, &question.network) && Arc::ptr_eq(split, &question.split)
    });
    if !is_read {
        core.neighbours.call_off();
        core.similar_ahead = Some((question.network.clone(), question.split.clone()));
        core.neighbours.ask(SimilarQuestion { reads_ahead: true, ..question });
    }
}

fn take(core: &mut Core) {
    match core.neighbours.take() {
        Some(SimilarNews::Progress(share)) => core.state.similar.progress = Some(share),
        Some(SimilarNews::Found(found)) => {
            core.state.similar.progress = None;
            core.state.similar.found = Some(found);
        }
        Some(SimilarNews::ReadAhead) => core.state.similar.progress = None,
        None => {}
    }
}

/// The question about what is shown; `None` without an image, a data set or a hidden layer that fits.
fn question(state: &AppState) -> Option<SimilarQuestion> {
    let data = state.data.ready()?;
    let network = state.network.network.clone();
    let image = &state.image;
    check_fit(&network, &data.name, &data.train).ok()?;
    let size = (data.train.width() as u32, data.train.height() as u32);
    if image.is_blank() || image.seen.dimensions() != size {
        return None;
    }
    Some(SimilarQuestion {
        layer: last_hidden(&network)?,
        metric: state.similar.metric,
        data: data.name.clone(),
        split: data.train.clone(),
        input: image.input_for(&network),
        pixels: image.seen.as_raw().clone(),
        image_revision: image.revision,
        reads_ahead: false,
        network,
    })
}

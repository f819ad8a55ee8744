//! Requests the results of the Pooling view in the background while the view is shown.

use crate::ui::{
    core::Core,
    model::{
        image::CurrentImage,
        pooling::{
            GradientOf, Numbers, PoolingMode, PoolingRejected, PoolingSetting, PoolingSetup, PoolingSource,
            Study, map_values,
        },
    },
    work::{
        pooling::{Map, PoolingAnswer, PoolingQuestion, PoolingSubject, StudiedSetup},
        throttled::Due,
    },
};
use std::{sync::Arc, time::Instant};

/// Takes an answer into the state, and asks again if the settings or their input have changed.
pub fn keep_up(core: &mut Core) {
    take(core);
    ask(core);
    take(core);
    if core.studies.worker.is_asked(&StudiedSetup(core.state.settings.pooling.clone())) {
        core.state.pooling.arrive();
    }
    ask_backward(core);
    take(core);
}

fn take(core: &mut Core) {
    match core.studies.worker.take() {
        Some(PoolingAnswer::Study(Ok(study), took)) => {
            core.studies.worker.took(took);
            show(core, *study);
        }
        Some(PoolingAnswer::Study(Err(rejected), _)) => reject(core, rejected),
        Some(PoolingAnswer::Backward(backward)) => core.state.pooling.backward = Some(Arc::new(backward)),
        None => {}
    }
}

fn show(core: &mut Core, study: Study) {
    core.studies.number += 1;
    core.state.pooling.take(Study { number: core.studies.number, ..study });
}

fn reject(core: &mut Core, rejected: PoolingRejected) {
    // Settings from a file may be invalid before there are any results: then those of the default settings are shown.
    if core.state.pooling.study.is_none() {
        let (values, size) = of_image(&core.state.image);
        if let Ok(Some(study)) = Study::new(&PoolingSetup::default(), &values, size, &|| true) {
            show(core, study);
        }
    }
    core.state.pooling.reject(rejected);
}

fn ask(core: &mut Core) {
    let (choice, answer) = (&core.state.settings.pooling, core.state.current_answer());
    let subject = match (choice.source, answer) {
        (PoolingSource::Image, _) => PoolingSubject::Image(core.state.image.revision),
        (PoolingSource::Numbers, _) => PoolingSubject::Numbers,
        (PoolingSource::Map { .. }, Some(answer)) => PoolingSubject::Trace(answer.whole.clone()),
        // The trace is still being computed.
        (PoolingSource::Map { .. }, None) => return,
    };
    let studied = StudiedSetup(choice.clone());
    match core.studies.worker.due(&studied, &subject, core.state.is_training()) {
        Due::No => return,
        Due::Again => {}
        Due::Anew => core.studies.asked_backward = None,
    }
    core.studies.worker.note(studied, subject);
    let map = match (choice.source, answer) {
        (PoolingSource::Map { column, map }, Some(answer)) => {
            map_values(&answer.network, &answer.whole, column, map)
                .map_err(|reason| PoolingRejected::new(PoolingSetting::Source, &reason))
        }
        (PoolingSource::Numbers, _) => {
            let Numbers { rows, columns, values } = &choice.numbers;
            Ok((values.clone(), (*rows, *columns)))
        }
        _ => Ok(of_image(&core.state.image)),
    };
    match map {
        Ok(map) => {
            let question = PoolingQuestion::Study(Box::new(choice.clone()), map);
            core.state.pooling.waits_since.get_or_insert_with(Instant::now);
            core.studies.worker.ask(question);
        }
        Err(rejected) => {
            // An answer to come would be to an outdated question.
            core.studies.worker.call_off();
            reject(core, rejected);
        }
    }
}

/// Asks for the gradients of the page, unless other results are still to come.
fn ask_backward(core: &mut Core) {
    let (choice, lab) = (&core.state.settings.pooling, &core.state.pooling);
    if choice.show != PoolingMode::Gradient || lab.waits_since.is_some() {
        return;
    }
    let Some(study) = &lab.study else { return };
    let of = lab.gradient_of(choice);
    let is_asked = |(asked, at): &(Arc<Study>, GradientOf)| Arc::ptr_eq(asked, study) && *at == of;
    if !core.studies.asked_backward.as_ref().is_some_and(is_asked) {
        core.studies.asked_backward = Some((study.clone(), of));
        core.studies.worker.ask(PoolingQuestion::Backward(study.clone(), of));
    }
}

/// The current image before the preprocessing of the network.
fn of_image(image: &CurrentImage) -> Map {
    let seen = &image.seen;
    let values = seen.as_raw().iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
    (values, (seen.height() as usize, seen.width() as usize))
}

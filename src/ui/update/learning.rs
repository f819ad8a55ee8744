//! How the answers to the current image and to pinned ones changed while the network learnt.

use crate::ui::{
    core::Core,
    model::{
        image::CurrentImage,
        learning::{LearningAct, MAX_PINNED, PinnedImage},
        view::ViewId,
    },
    work::{
        learning::{FollowedImage, LearningQuestion},
        throttled::Due,
    },
};
use std::sync::Arc;

/// Carries out what a person does with the images that are followed.
pub(super) fn apply(core: &mut Core, act: LearningAct) {
    let state = &mut core.state;
    let learning = &mut state.learning;
    match act {
        LearningAct::Pin => {
            if state.image.is_blank() || learning.pinned.len() >= MAX_PINNED {
                return;
            }
            learning.count += 1;
            let image = Arc::new(state.image.clone());
            learning.pinned.push(PinnedImage { id: learning.count, image });
        }
        LearningAct::Unpin(id) => {
            learning.pinned.retain(|pinned| pinned.id != id);
            learning.shown = learning.shown.filter(|shown| *shown != id);
        }
        LearningAct::Show(id) => {
            learning.shown = id.filter(|id| learning.pinned.iter().any(|pinned| pinned.id == *id));
        }
    }
}

/// Takes answers, and asks again if the images or the moments have changed. Only while *Train* is shown.
pub(super) fn keep_up(core: &mut Core) {
    take(core);
    let state = &core.state;
    let Some(snapshot) = state.snapshot.as_ref().filter(|snapshot| snapshot.step > 0) else {
        core.state.learning.curves = None;
        return;
    };
    if state.settings.view != ViewId::Train {
        return;
    }
    let followed = |pinned, image: &CurrentImage| FollowedImage {
        pinned,
        image_revision: image.revision,
        input: image.input_for(&snapshot.network),
    };
    let current = (!state.image.is_blank()).then_some((None, &state.image));
    let pinned = state.learning.pinned.iter().map(|pinned| (Some(pinned.id), pinned.image.as_ref()));
    let images: Vec<_> = current.into_iter().chain(pinned).collect();
    let choice = images.iter().map(|(pinned, image)| (*pinned, image.revision)).collect();
    let subject = (snapshot.run, snapshot.timeline.revision());
    if core.learning.worker.due(&choice, &subject, state.is_training()) == Due::No {
        return;
    }
    let question = LearningQuestion {
        run: snapshot.run,
        moments: snapshot.timeline.moments().to_vec(),
        like: snapshot.network.clone(),
        images: images.into_iter().map(|(pinned, image)| followed(pinned, image)).collect(),
    };
    core.learning.worker.note(choice, subject);
    core.learning.worker.ask(question);
    take(core);
}

fn take(core: &mut Core) {
    if let Some((curves, took)) = core.learning.worker.take() {
        core.learning.worker.took(took);
        core.state.learning.curves = Some(curves);
    }
}

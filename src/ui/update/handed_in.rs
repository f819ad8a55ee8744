//! Saves the work on a lesson as a hand-in.

use crate::{
    files,
    text::Sentence,
    ui::{core::Core, model::lesson::hand_in::HandIn, work::tasks::Done},
};
use std::path::Path;

/// Saves the work on the lesson that the question is about. Nothing is sent anywhere.
pub(super) fn save(core: &mut Core, path: &Path) {
    let settings = &core.state.settings;
    let id = core.state.question.as_ref().and_then(|question| question.lesson.as_deref());
    let Some((id, progress)) = id.and_then(|id| Some((id, settings.lessons.get(id)?))) else {
        // There is nothing to hand in.
        core.state.question = None;
        return;
    };
    let (hand_in, path) = (HandIn::new(id, progress, &settings.student), path.to_owned());
    core.tasks.run("save hand-in", move || {
        let written = hand_in.to_bytes().and_then(|bytes| {
            files::write(&path, &bytes).map_err(|e| {
                let sentence = Sentence::new("{file} cannot be written: {reason}");
                sentence.with("file", path.display()).with("reason", e)
            })
        });
        Done::Saved(path, written)
    });
}

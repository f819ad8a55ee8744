//! Messages to a person.

use crate::{
    text::{Sentence, fill, tr},
    ui::{
        core::Core,
        widgets::{Tone, Topic},
    },
};
use std::path::Path;

/// Says why a file that was opened is not shown.
pub(super) fn too_late(core: &mut Core, name: &str) {
    let text = tr("{name} is not used, because you chose something else in the meantime.");
    core.state.toasts.push(Tone::Info, fill(text, &[("name", name)]));
}

/// Says that a file was written.
pub(super) fn said_saved(core: &mut Core, path: &Path) {
    cured(core, Topic::Save);
    let text = fill(tr("Saved {path}."), &[("path", &path.display().to_string())]);
    core.state.toasts.push(Tone::Good, text);
}

/// Says what failed, until it is dismissed or cured.
pub(super) fn problem(core: &mut Core, topic: Topic, sentence: &Sentence) {
    core.state.toasts.fail(topic, sentence.capitalised());
}

/// Says where the report of a crash before this start is, until it is dismissed.
pub fn said_crash(core: &mut Core, path: &Path) {
    let sentence = Sentence::new("ConvLens failed before this start; {file} says where");
    problem(core, Topic::Crash, &sentence.with("file", path.display()));
}

/// Removes the message about a failure that is over.
pub(super) fn cured(core: &mut Core, topic: Topic) {
    core.state.toasts.cured(topic);
}

//! Saves the lesson that is being recorded to a file.

use crate::{
    files,
    text::Sentence,
    ui::{core::Core, work::tasks::Done},
};
use std::path::Path;

/// Saves the lesson to this file, which is its own from then on.
pub fn save(core: &mut Core, path: &Path) {
    let Some(recording) = &core.state.recording else { return };
    let (text, path) = (recording.draft.to_text(), path.to_owned());
    core.record_saving = Some((path.clone(), recording.revision));
    core.tasks.run("save lesson", move || {
        let written = files::write(&path, text.as_bytes()).map_err(|e| {
            let sentence = Sentence::new("{file} cannot be written: {reason}");
            sentence.with("file", path.display()).with("reason", e)
        });
        Done::Saved(path, written)
    });
}

//! Messages to a person.

use crate::{
    text::{fill, tr},
    ui::{core::Core, widgets::Tone},
};
use std::path::Path;

/// Says why something that was opened is not shown.
pub(super) fn too_late(core: &mut Core, name: &str) {
    let text = tr("{name} was read, but something else was chosen meanwhile: it is not used.");
    core.state.toasts.push(Tone::Info, fill(text, &[("name", name)]));
}

/// Says that a file was written.
pub(super) fn said_saved(core: &mut Core, path: &Path) {
    let text = fill(tr("Saved {path}."), &[("path", &path.display().to_string())]);
    core.state.toasts.push(Tone::Good, text);
}

pub(super) fn problem(core: &mut Core, message: &str) {
    core.state.toasts.push(Tone::Bad, capitalised(message));
}

/// A sentence begins with a capital.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

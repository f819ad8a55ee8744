//! What is kept of the lesson that is open.

use crate::ui::core::Core;

/// Remembers which step is shown and which tasks are solved.
pub(super) fn keep_progress(core: &mut Core) {
    if let Some(open) = core.state.lesson.as_ref().filter(|open| !open.is_preview) {
        core.state.settings.lessons.insert(open.lesson.id.clone(), open.progress());
    }
}

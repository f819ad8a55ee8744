//! The files of recorded lessons: opening, saving, closing, and the list of *My lessons*.

use super::{
    super::{lesson, message, recorded_file},
    step,
};
use crate::{
    files,
    lesson::{Draft, id_of},
    text::{Sentence, tr},
    ui::{
        core::Core,
        model::{recording::Recording, view::ViewId},
        widgets::{Tone, Topic},
        work::{my_lessons, tasks::Done},
    },
};
use std::path::{Path, PathBuf};

/// Lists the person's lessons in the background.
pub fn list(core: &mut Core) {
    let (folder, opened) = (core.recordings.folder.clone(), core.state.settings.my_lessons.clone());
    core.tasks
        .run_quietly("my lessons", move || Done::MyLessons(my_lessons::list(folder.as_deref(), &opened)));
}

/// A name in the folder that no file has.
pub fn free_name(folder: &Path, stem: &str) -> PathBuf {
    let name = |number: usize| match number {
        1 => folder.join(format!("{stem}.md")),
        number => folder.join(format!("{stem}-{number}.md")),
    };
    let mut number = 1;
    while name(number).exists() {
        number += 1;
    }
    name(number)
}

/// Whether another lesson can be recorded; one that is being recorded has to be saved first.
fn is_free(core: &mut Core) -> bool {
    let is_free =
        core.state.recording.as_ref().is_none_or(|recording| recording.is_own || recording.is_saved());
    if !is_free {
        let text = tr("A lesson is being recorded and is not saved yet: save it or close it first.");
        core.state.toasts.push(Tone::Warn, text);
    }
    is_free
}

/// Begins a lesson.
pub fn begin(core: &mut Core) {
    if !is_free(core) {
        return;
    }
    close(core, true);
    lesson::leave(core);
    let title = tr("My lesson");
    let file = core.recordings.folder.as_ref().map(|folder| free_name(folder, &id_of(title)));
    let id = file.as_ref().and_then(|file| file.file_stem()?.to_str()).map_or_else(|| id_of(title), id_of);
    let is_own = file.is_some();
    let mut recording = Recording::new(Draft::new(&id, title), file, is_own);
    // A lesson that nothing was written in is no lost work.
    recording.saved = recording.revision;
    core.state.recording = Some(Box::new(recording));
    core.state.settings.is_welcomed = true;
    to_a_view(core);
}

/// Reads the lesson of a file in the background, to record it.
pub fn edit(core: &mut Core, path: PathBuf) {
    if core.state.recording.as_ref().is_some_and(|recording| recording.file.as_ref() == Some(&path)) {
        to_a_view(core);
    } else if is_free(core) {
        core.tasks.run("open lesson", move || {
            let text = my_lessons::text(&path);
            Done::LessonText(path, text)
        });
    }
}

/// The file was read.
pub fn opened_text(core: &mut Core, path: PathBuf, text: Result<String, Sentence>) {
    match text {
        Err(sentence) => message::problem(core, Topic::Lesson, &sentence),
        Ok(text) => {
            close(core, true);
            lesson::leave(core);
            let folder = core.recordings.folder.as_deref();
            let is_own = folder.is_some_and(|folder| path.parent() == Some(folder));
            let recording = Recording::new(Draft::of_text(&text), Some(path), is_own);
            core.state.recording = Some(Box::new(recording));
            step::show_step(core);
            to_a_view(core);
        }
    }
}

/// Where the panel of the recording is.
fn to_a_view(core: &mut Core) {
    if core.state.settings.view == ViewId::Lessons {
        core.state.settings.view = ViewId::Convolution;
    }
}

/// Saves the lesson to its file, if it has one.
pub fn save(core: &mut Core) {
    if let Some(path) = core.state.recording.as_ref().and_then(|recording| recording.file.clone()) {
        recorded_file::save(core, &path);
    }
}

/// A file was written; perhaps it is that of the recording.
pub fn saved(core: &mut Core, path: &Path) {
    let Some((_, revision)) = core.record_saving.take_if(|(saving, _)| saving == path) else { return };
    let folder = core.recordings.folder.as_deref();
    let is_own = folder.is_some_and(|folder| path.parent() == Some(folder));
    if let Some(recording) = &mut core.state.recording {
        recording.saved = revision;
        recording.is_own = is_own;
        recording.file = Some(path.to_owned());
    }
    remember(core, path);
}

/// The copy was written, and with it the file if it is the folder's own.
pub fn kept(core: &mut Core, revision: u64, result: Result<(), Sentence>) {
    let is_kept = result.is_ok();
    if is_kept {
        message::cured(core, Topic::Lesson);
    }
    if let Some(sentence) = core.recordings.take(result) {
        message::problem(core, Topic::Lesson, &sentence);
    }
    if let Some(recording) = core.state.recording.as_mut().filter(|one| is_kept && one.is_own) {
        recording.saved = recording.saved.max(revision);
    }
    list(core);
}

/// Remembers a file that was opened or saved outside of the folder.
pub fn remember(core: &mut Core, path: &Path) {
    let folder = core.recordings.folder.as_deref();
    let is_own = folder.is_some_and(|folder| path.parent() == Some(folder));
    let known = &mut core.state.settings.my_lessons;
    // The settings file can hold text only.
    if !is_own && path.to_str().is_some() {
        known.retain(|other| other != path);
        known.insert(0, path.to_owned());
        known.truncate(MOST);
    }
    list(core);
}

/// The most opened files that are remembered.
const MOST: usize = 30;

/// Ends recording. What its file does not hold is saved to it, or thrown away.
pub fn close(core: &mut Core, keeps: bool) {
    let Some(recording) = core.state.recording.take() else { return };
    core.record_shown = None;
    let Some(path) = recording.file.clone().filter(|_| keeps && !recording.is_saved()) else {
        if keeps && !recording.is_saved() {
            // There is no folder to keep it in.
            core.state.recording = Some(recording);
            core.state
                .toasts
                .push(Tone::Warn, tr("The lesson has no file yet: save it, or close without saving."));
        }
        return;
    };
    let text = recording.draft.to_text();
    core.tasks.run("save lesson", move || {
        let folder = path.parent().filter(|_| recording.is_own);
        let written = folder.map_or(Ok(()), std::fs::create_dir_all);
        let written = written.and_then(|()| files::write(&path, text.as_bytes())).map_err(|e| {
            let sentence = Sentence::new("{file} cannot be written: {reason}");
            sentence.with("file", path.display()).with("reason", e)
        });
        Done::LessonClosed(recording, written)
    });
}

/// The file of a recording that was closed was written; if it could not be, the recording is open again.
pub fn closed(core: &mut Core, recording: Box<Recording>, result: Result<(), Sentence>) {
    if let Err(sentence) = result {
        message::problem(core, Topic::Lesson, &sentence);
        if core.state.recording.is_none() {
            core.state.recording = Some(recording);
            return;
        }
    }
    list(core);
}

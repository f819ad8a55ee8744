//! Keeps the lesson that is being recorded, as one works: its own file, and a copy that the next start goes on with.

use super::autosave::in_turn;
use crate::{
    files,
    text::Sentence,
    ui::{
        model::recording::{KeptRecording, Recording},
        work::tasks::{Done, Tasks},
    },
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// The longest time between a change and its writing.
const WRITE_AFTER: Duration = Duration::from_secs(1);

/// The time between a failed attempt and the next one.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// The name of the copy.
const COPY: &str = "recording.json";

/// The largest copy that is read, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// The parts of a recording that are written; `None` while nothing is recorded.
type Mark = Option<(u64, u64, usize, Option<PathBuf>)>;

/// Writes the recording to a folder.
pub struct RecordingStore {
    /// The folder of the person's own lessons; `None` keeps nothing.
    pub folder: Option<PathBuf>,
    written: Mark,
    writing: Option<Mark>,
    has_failed: bool,
    due: Option<Instant>,
    orders: u64,
    turn: Arc<Mutex<u64>>,
}

fn mark(recording: Option<&Recording>) -> Mark {
    recording.map(|one| (one.revision, one.saved, one.at, one.file.clone()))
}

impl RecordingStore {
    /// For this folder, which holds this recording.
    pub fn new(folder: Option<PathBuf>, now: Option<&Recording>) -> Self {
        let (written, turn) = (mark(now), Arc::default());
        Self { folder, written, writing: None, has_failed: false, due: None, orders: 0, turn }
    }

    /// The recording that the last start left.
    pub fn left(folder: &Path) -> Option<Recording> {
        let path = folder.join(COPY);
        let is_small = fs::metadata(&path).is_ok_and(|metadata| metadata.len() <= MAX_BYTES);
        let bytes = fs::read(path).ok().filter(|_| is_small)?;
        serde_json::from_slice::<KeptRecording>(&bytes).ok().map(KeptRecording::recording)
    }

    /// Writes changes in the background when it is time. Returns the time until then, if there are changes.
    pub fn keep(
        &mut self,
        recording: Option<&Recording>,
        tasks: &mut Tasks,
        now: Instant,
    ) -> Option<Duration> {
        let folder = self.folder.clone()?;
        let mark = mark(recording);
        if self.writing.is_some() {
            return None;
        }
        if self.written == mark {
            self.due = None;
            return None;
        }
        let due = *self.due.get_or_insert(now + if self.has_failed { RETRY_AFTER } else { WRITE_AFTER });
        if now < due {
            return Some(due - now);
        }
        self.due = None;
        self.orders += 1;
        self.writing = Some(mark);
        let (kept, order, turn) = (recording.map(KeptRecording::of), self.orders, self.turn.clone());
        let revision = recording.map_or(0, |recording| recording.revision);
        tasks.run_quietly("recorded lesson", move || {
            let written = in_turn(&turn, order, || write(&folder, kept.as_ref()));
            let cannot = |e| {
                let sentence = Sentence::new("the recorded lesson cannot be kept in {folder}: {reason}");
                sentence.with("folder", folder.display()).with("reason", e)
            };
            Done::RecordingKept(revision, written.map_err(cannot))
        });
        None
    }

    /// Applies the result of writing. Returns a message, if there is one.
    pub fn take(&mut self, result: Result<(), Sentence>) -> Option<Sentence> {
        let writing = self.writing.take();
        match result {
            Ok(()) => {
                self.has_failed = false;
                self.written = writing.unwrap_or_default();
                None
            }
            Err(message) => (!std::mem::replace(&mut self.has_failed, true)).then_some(message),
        }
    }

    /// Writes changes on the caller's thread, at the end.
    pub fn close(&mut self, recording: Option<&Recording>) {
        let Some(folder) = self.folder.take() else { return };
        if self.writing.is_none() && self.written == mark(recording) {
            return;
        }
        self.orders += 1;
        let kept = recording.map(KeptRecording::of);
        // The window is closed, so that a failure cannot be shown.
        let _ = in_turn(&self.turn, self.orders, || write(&folder, kept.as_ref()));
    }
}

/// Writes the copy, and the file if it is one of the folder's own. Without a recording, the copy goes.
fn write(folder: &Path, kept: Option<&KeptRecording>) -> io::Result<()> {
    let copy = folder.join(COPY);
    let Some(kept) = kept else {
        return match fs::remove_file(copy) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        };
    };
    fs::create_dir_all(folder)?;
    files::write(&copy, serde_json::to_string_pretty(kept)?.as_bytes())?;
    match &kept.file {
        Some(file) if kept.is_own => files::write(file, kept.text.as_bytes()),
        _ => Ok(()),
    }
}

//! Decides when settings and drawings are written.

use super::settings_file::{self, Saved};
use crate::{
    data::Collection,
    text::Sentence,
    ui::{
        model::settings::Settings,
        state::AppState,
        widgets::Drawing,
        work::tasks::{Done, Tasks},
    },
};
use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The longest time between a change and its writing.
const WRITE_AFTER: Duration = Duration::from_secs(2);

/// The time between a failed attempt and the next one.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// Everything that is kept between two starts.
#[derive(Clone, Copy)]
pub struct Persisted<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// The drawing.
    pub drawing: &'a Drawing,
    /// The labelled drawings.
    pub collection: &'a Collection,
    /// A number that changes with the collection.
    pub collection_revision: u64,
}

impl<'a> Persisted<'a> {
    /// The part of the state that is kept.
    pub fn of(state: &'a AppState) -> Self {
        let AppState { settings, drawing, collection, collection_revision, .. } = state;
        Self { settings, drawing, collection, collection_revision: *collection_revision }
    }

    fn mark(self) -> Mark {
        Mark {
            settings: self.settings.clone(),
            drawing: self.drawing.revision(),
            collection: self.collection_revision,
        }
    }

    fn saved(self) -> Saved {
        Saved {
            settings: self.settings.clone(),
            drawing: self.drawing.clone(),
            collection: self.collection.clone(),
        }
    }
}

/// Identifies one state of what is kept.
struct Mark {
    settings: Settings,
    drawing: u64,
    collection: u64,
}

impl Mark {
    fn is_of(&self, kept: Persisted<'_>) -> bool {
        self.drawing == kept.drawing.revision()
            && self.collection == kept.collection_revision
            && self.settings == *kept.settings
    }
}

/// Writes what has changed, after some time and at the end.
pub struct Autosave {
    path: Option<PathBuf>,
    /// What the file contains; `None` if it has to be written.
    written: Option<Mark>,
    /// What a task is writing now.
    writing: Option<Mark>,
    /// Whether the last attempt failed and a message said so.
    has_failed: bool,
    due: Option<Instant>,
    orders: u64,
    /// The newest order that was written.
    turn: Arc<Mutex<u64>>,
}

impl Autosave {
    /// For a file that already contains the state `now`; with `None`, it is written in any case. Without a path, nothing is
    /// kept.
    pub fn new(path: Option<PathBuf>, now: Option<Persisted<'_>>) -> Self {
        let (written, turn) = (now.map(Persisted::mark), Arc::default());
        Self { path, written, writing: None, has_failed: false, due: None, orders: 0, turn }
    }

    fn is_written(&self, kept: Persisted<'_>) -> bool {
        self.written.as_ref().is_some_and(|mark| mark.is_of(kept))
    }

    /// Writes changes in the background when it is time. Returns the time until then, if there are changes.
    pub fn keep(&mut self, kept: Persisted<'_>, tasks: &mut Tasks, now: Instant) -> Option<Duration> {
        let path = self.path.clone()?;
        if !tasks.is_busy() {
            // A task that ended without a result has failed.
            self.writing = None;
        }
        if self.writing.is_some() {
            return None;
        }
        if self.is_written(kept) {
            self.due = None;
            return None;
        }
        let due = *self.due.get_or_insert(now + if self.has_failed { RETRY_AFTER } else { WRITE_AFTER });
        if now < due {
            return Some(due - now);
        }
        self.due = None;
        self.orders += 1;
        self.writing = Some(kept.mark());
        let (saved, order, turn) = (kept.saved(), self.orders, self.turn.clone());
        tasks.run_quietly("settings", move || {
            let written = in_turn(&turn, order, || settings_file::write(&path, &saved));
            let cannot = |e| {
                let sentence = Sentence::new("the settings cannot be kept in {file}: {reason}");
                sentence.with("file", path.display()).with("reason", e)
            };
            Done::SettingsWritten(written.map_err(cannot))
        });
        None
    }

    /// Applies the result of writing. Returns a message, if there is one.
    pub fn take(&mut self, result: Result<(), Sentence>) -> Option<Sentence> {
        let writing = self.writing.take();
        match result {
            Ok(()) => {
                self.has_failed = false;
                self.written = writing;
                None
            }
            Err(message) => (!std::mem::replace(&mut self.has_failed, true)).then_some(message),
        }
    }

    /// Writes changes on the caller's thread, at the end.
    pub fn close(&mut self, kept: Persisted<'_>) {
        let Some(path) = self.path.take() else { return };
        if self.writing.is_none() && self.is_written(kept) {
            return;
        }
        self.orders += 1;
        // The window is closed, so that a failure cannot be shown.
        let _ = in_turn(&self.turn, self.orders, || settings_file::write(&path, &kept.saved()));
    }
}

/// Writes, unless a newer order was written before.
pub(super) fn in_turn(
    turn: &Mutex<u64>,
    order: u64,
    write: impl FnOnce() -> io::Result<()>,
) -> io::Result<()> {
    let mut newest = turn.lock().unwrap_or_else(PoisonError::into_inner);
    if order < *newest {
        return Ok(());
    }
    *newest = order;
    write()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::work::tasks::Threading;
    use std::{fs, path::Path};

    struct Desk {
        settings: Settings,
        drawing: Drawing,
        collection: Collection,
        revision: u64,
        tasks: Tasks,
        now: Instant,
    }

    impl Desk {
        fn new() -> Self {
            let tasks = Tasks::new(Threading::Inline, Arc::new(|| ()));
            let (settings, drawing) = (Settings::default(), Drawing::default());
            let now = Instant::now();
            Self { settings, drawing, collection: Collection::default(), revision: 0, tasks, now }
        }

        /// A change that could not be written, because a file has the path of the folder, `folder/deep`.
        fn blocked(folder: &Path) -> (Self, Autosave, PathBuf) {
            fs::write(folder.join("deep"), "").unwrap();
            let path = folder.join("deep/settings.json");
            let mut desk = Self::new();
            let mut autosave = Autosave::new(Some(path.clone()), Some(desk.kept()));
            desk.settings.next_sample = 5;
            desk.keep(&mut autosave, 0);
            desk.keep(&mut autosave, 2);
            (desk, autosave, path)
        }

        fn kept(&self) -> Persisted<'_> {
            let Self { settings, drawing, collection, revision, .. } = self;
            Persisted { settings, drawing, collection, collection_revision: *revision }
        }

        /// A frame that begins `seconds` later, without hearing from the tasks.
        fn keep(&mut self, autosave: &mut Autosave, seconds: u64) -> Option<Duration> {
            self.now += Duration::from_secs(seconds);
            let Self { settings, drawing, collection, revision, tasks, now } = self;
            let kept = Persisted { settings, drawing, collection, collection_revision: *revision };
            autosave.keep(kept, tasks, *now)
        }

        /// The message of the only task.
        fn hear(&mut self, autosave: &mut Autosave) -> Option<Sentence> {
            match self.tasks.poll().pop() {
                Some(Done::SettingsWritten(result)) => autosave.take(result),
                other => panic!("{other:?}"),
            }
        }
    }

    fn next_sample(path: &Path) -> usize {
        settings_file::read(path).settings.unwrap().next_sample
    }

    #[test]
    fn a_change_is_written_in_time_and_one_that_comes_meanwhile_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let mut desk = Desk::new();
        let mut autosave = Autosave::new(Some(path.clone()), Some(desk.kept()));
        assert_eq!(desk.keep(&mut autosave, 100), None);
        desk.settings.next_sample = 1;
        assert_eq!(desk.keep(&mut autosave, 0), Some(WRITE_AFTER));
        assert!(!path.exists());
        assert_eq!(desk.keep(&mut autosave, 2), None);
        assert_eq!(next_sample(&path), 1);
        // Its result has not arrived yet.
        desk.settings.next_sample = 2;
        assert_eq!(desk.keep(&mut autosave, 100), None);
        assert_eq!(next_sample(&path), 1);
        assert_eq!(desk.hear(&mut autosave), None);
        assert_eq!(desk.keep(&mut autosave, 0), Some(WRITE_AFTER));
        desk.keep(&mut autosave, 2);
        assert_eq!(next_sample(&path), 2);
    }

    #[test]
    fn what_is_being_written_or_could_not_be_is_written_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        for hears in [false, true] {
            let (mut desk, mut autosave, path) = Desk::blocked(folder.path());
            if hears {
                assert!(desk.hear(&mut autosave).unwrap().to_string().contains("cannot be kept"));
            }
            fs::remove_file(folder.path().join("deep")).unwrap();
            autosave.close(desk.kept());
            assert_eq!(next_sample(&path), 5);
            fs::remove_dir_all(folder.path().join("deep")).unwrap();
        }
    }

    #[test]
    fn what_could_not_be_written_is_tried_again_and_said_once() {
        let folder = tempfile::tempdir().unwrap();
        let (mut desk, mut autosave, path) = Desk::blocked(folder.path());
        assert!(desk.hear(&mut autosave).is_some());
        assert_eq!(desk.keep(&mut autosave, 0), Some(RETRY_AFTER));
        desk.keep(&mut autosave, 30);
        assert!(desk.hear(&mut autosave).is_none(), "it has been said");
        fs::remove_file(folder.path().join("deep")).unwrap();
        desk.keep(&mut autosave, 0);
        desk.keep(&mut autosave, 30);
        assert!(desk.hear(&mut autosave).is_none());
        assert_eq!(next_sample(&path), 5);
        assert_eq!(desk.keep(&mut autosave, 100), None);
    }

    /// What was read from a broken file is no longer in any file, so it is written.
    #[test]
    fn what_is_in_no_file_is_written_without_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let mut desk = Desk::new();
        let mut autosave = Autosave::new(Some(path.clone()), None);
        desk.keep(&mut autosave, 0);
        desk.keep(&mut autosave, 2);
        assert!(path.exists());
    }

    #[test]
    fn a_slow_write_does_not_replace_what_was_written_after_it() {
        let turn = Mutex::new(0);
        let mut file = Vec::new();
        for order in [1, 3, 2] {
            in_turn(&turn, order, || {
                file.push(order);
                Ok(())
            })
            .unwrap();
        }
        assert_eq!(file, [1, 3]);
    }

    #[test]
    fn another_drawing_in_the_place_of_a_forgotten_one_is_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let mut desk = Desk::new();
        assert!(desk.collection.push(&[1; 784], 1));
        let mut autosave = Autosave::new(Some(path.clone()), Some(desk.kept()));
        assert!(desk.collection.pop() && desk.collection.push(&[2; 784], 2));
        desk.revision += 2;
        autosave.close(desk.kept());
        assert_eq!(settings_file::read(&path).collection, Some(desk.collection));
    }
}

//! Runs that are kept in a folder while they go on, so that none is lost: a bounded number of files, one per run.

use super::{
    checkpoint::{Checkpoint, Summary},
    timeline::Timeline,
};
use crate::{
    model_file::ModelError,
    nn::Network,
    text::{Say as _, Sentence},
};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

/// The ending of a kept run's file.
const SUFFIX: &str = ".training.safetensors";

/// The ending of the file with its moments.
const MOMENTS: &str = ".moments.safetensors";

/// The ending of the empty file that claims a number.
const CLAIMED: &str = ".claimed";

/// What the endings of discarded files end with.
const DELETED: &str = ".deleted";

/// A folder of kept runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRuns {
    /// The folder. It is created when the first run is kept.
    pub folder: PathBuf,
    /// The most runs.
    pub max_runs: usize,
    /// The most bytes of all runs together. The newest run is kept in any case.
    pub max_bytes: u64,
    /// The time between two saves of a run that is training.
    pub every: Duration,
}

impl KeptRuns {
    /// The usual time between two saves: a program that is killed loses no more.
    pub const EVERY: Duration = Duration::from_secs(20);
}

/// A kept run.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRun {
    /// Its number. Newer runs have larger ones.
    pub id: u64,
    /// The length of its file.
    pub bytes: u64,
    /// What it is.
    pub summary: Summary,
}

/// A kept run whose file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DamagedRun {
    /// Its number.
    pub id: u64,
    /// Why it cannot be read.
    pub reason: Sentence,
}

/// What a folder of kept runs holds, the newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    /// The runs that can be read.
    pub runs: Vec<KeptRun>,
    /// Those that cannot.
    pub damaged: Vec<DamagedRun>,
}

impl KeptRuns {
    /// The kept runs that can be read, the newest first. Reads the beginning of each file.
    pub fn list(&self) -> Vec<KeptRun> {
        self.survey().runs
    }

    /// The same, and which cannot be read and why.
    pub fn survey(&self) -> Survey {
        let mut survey = Survey::default();
        for (id, path) in self.files(SUFFIX) {
            // A file that has gone meanwhile is not damaged.
            let Ok(metadata) = fs::metadata(&path) else { continue };
            match Summary::read(&path) {
                Ok(summary) => survey.runs.push(KeptRun { id, bytes: metadata.len(), summary }),
                Err(error) => survey.damaged.push(DamagedRun { id, reason: error.say() }),
            }
        }
        survey
    }

    /// A number for a new run: no run has it, nor a deleted one that can come back.
    pub fn next_id(&self) -> u64 {
        let newest = |suffix| self.files(suffix).first().map_or(0, |(id, _)| *id);
        newest(SUFFIX).max(newest(&deleted(SUFFIX))).saturating_add(1)
    }

    /// The same, and no other window gets it: an empty file claims it.
    pub(super) fn claim(&self) -> u64 {
        let mut id = self.next_id();
        // A claim of a run that was saved since, or never was, is of no use.
        let stale = self.files(CLAIMED).into_iter().filter(|(claimed, _)| *claimed < id);
        stale.for_each(|(_, path)| drop(fs::remove_file(path)));
        drop(fs::create_dir_all(&self.folder));
        // In a folder that cannot be written to, the save itself says so.
        while File::create_new(self.claimed(id)).is_err_and(|e| e.kind() == io::ErrorKind::AlreadyExists) {
            id = id.saturating_add(1);
        }
        id
    }

    /// Keeps a run under a number, in place of its earlier state, and removes the oldest runs beyond the bounds.
    pub fn keep(&self, id: u64, run: &Checkpoint) -> Result<(), ModelError> {
        let io = |reason| ModelError::Io { name: self.folder.display().to_string(), reason };
        fs::create_dir_all(&self.folder).map_err(io)?;
        run.save_state(&self.path(id))?;
        // The file itself is the claim now.
        drop(fs::remove_file(self.claimed(id)));
        self.remove_oldest(id).map_err(io)
    }

    /// Reads a kept run.
    pub fn load(&self, id: u64) -> Result<Checkpoint, ModelError> {
        Checkpoint::load_state(&self.path(id))
    }

    /// Writes the moments of a kept run beside it. The next save of the run sees to the bounds.
    pub(super) fn write_moments(&self, id: u64, timeline: &Timeline) -> Result<(), ModelError> {
        timeline.save(&self.moments_path(id))
    }

    /// Keeps the moments of a run beside it, within the bounds.
    pub(super) fn keep_moments(&self, id: u64, timeline: &Timeline) -> Result<(), ModelError> {
        self.write_moments(id, timeline)?;
        let io = |reason| ModelError::Io { name: self.folder.display().to_string(), reason };
        self.remove_oldest(id).map_err(io)
    }

    /// Reads the moments of a run that trains `network`. A run of an earlier version has none.
    pub(super) fn moments(&self, id: u64, network: &Network) -> Result<Option<Timeline>, ModelError> {
        let path = self.moments_path(id);
        if path.exists() { Timeline::load(&path, network).map(Some) } else { Ok(None) }
    }

    /// Removes a kept run.
    pub fn remove(&self, id: u64) -> io::Result<()> {
        match fs::remove_file(self.moments_path(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::remove_file(self.path(id))
    }

    /// Deletes a kept run so that [`KeptRuns::restore`] can bring it back until [`KeptRuns::sweep`].
    pub fn discard(&self, id: u64) -> io::Result<()> {
        self.rename(id, |path| (path.clone(), with_ending(&path)))
    }

    /// Brings back a run of [`KeptRuns::discard`].
    pub fn restore(&self, id: u64) -> io::Result<()> {
        self.rename(id, |path| (with_ending(&path), path))
    }

    /// Renames both files of a run, the moments first: a run without them is whole.
    fn rename(&self, id: u64, names: impl Fn(PathBuf) -> (PathBuf, PathBuf)) -> io::Result<()> {
        let (from, to) = names(self.moments_path(id));
        match fs::rename(from, to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let (from, to) = names(self.path(id));
        fs::rename(from, to)
    }

    /// Removes the files of discarded runs for ever.
    pub fn sweep(&self) {
        for suffix in [SUFFIX, MOMENTS] {
            for (_, path) in self.files(&deleted(suffix)) {
                // What cannot be removed now can be the next time.
                let _ = fs::remove_file(path);
            }
        }
    }

    fn moments_path(&self, id: u64) -> PathBuf {
        self.folder.join(format!("run-{id:06}{MOMENTS}"))
    }

    fn claimed(&self, id: u64) -> PathBuf {
        self.folder.join(format!("run-{id:06}{CLAIMED}"))
    }

    fn path(&self, id: u64) -> PathBuf {
        self.folder.join(format!("run-{id:06}{SUFFIX}"))
    }

    /// Numbers and paths, the newest first.
    fn files(&self, suffix: &str) -> Vec<(u64, PathBuf)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut files: Vec<_> =
            entries.filter_map(|entry| Some((id_of(&entry.path(), suffix)?, entry.path()))).collect();
        files.sort_unstable_by_key(|(id, _)| std::cmp::Reverse(*id));
        files
    }

    fn remove_oldest(&self, newest: u64) -> io::Result<()> {
        let (mut runs, mut bytes) = (0, 0);
        let files = self.files(SUFFIX);
        let (own, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|(id, _)| *id == newest);
        for (id, path) in own.into_iter().chain(others) {
            runs += 1;
            let length = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
            bytes += length(&path) + length(&self.moments_path(id));
            if id != newest && (runs > self.max_runs || bytes > self.max_bytes) {
                self.remove(id)?;
            }
        }
        Ok(())
    }
}

fn id_of(path: &Path, suffix: &str) -> Option<u64> {
    path.file_name()?.to_str()?.strip_prefix("run-")?.strip_suffix(suffix)?.parse().ok()
}

/// The ending of a discarded file.
fn deleted(suffix: &str) -> String {
    format!("{suffix}{DELETED}")
}

fn with_ending(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(DELETED);
    name.into()
}

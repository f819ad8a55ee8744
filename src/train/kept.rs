//! Runs that are kept in a folder while they go on, so that none is lost: a bounded number of files, one per run.

use super::{
    checkpoint::{Checkpoint, Summary},
    timeline::Timeline,
};
use crate::{model_file::ModelError, nn::Network};
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

/// The ending of a kept run's file.
const SUFFIX: &str = ".training.safetensors";

/// The ending of the file with its moments.
const MOMENTS: &str = ".moments.safetensors";

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

impl KeptRuns {
    /// The kept runs that can be read, the newest first. Reads the beginning of each file.
    pub fn list(&self) -> Vec<KeptRun> {
        let read = |(id, path): (u64, PathBuf)| {
            let bytes = fs::metadata(&path).ok()?.len();
            Some(KeptRun { id, bytes, summary: Summary::read(&path).ok()? })
        };
        self.files().into_iter().filter_map(read).collect()
    }

    /// A number for a new run.
    pub fn next_id(&self) -> u64 {
        self.files().first().map_or(1, |(id, _)| id.saturating_add(1))
    }

    /// Keeps a run under a number, in place of its earlier state, and removes the oldest runs beyond the bounds.
    pub fn keep(&self, id: u64, run: &Checkpoint) -> Result<(), ModelError> {
        let io = |reason| ModelError::Io { name: self.folder.display().to_string(), reason };
        fs::create_dir_all(&self.folder).map_err(io)?;
        run.save_state(&self.path(id))?;
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

    fn moments_path(&self, id: u64) -> PathBuf {
        self.folder.join(format!("run-{id:06}{MOMENTS}"))
    }

    fn path(&self, id: u64) -> PathBuf {
        self.folder.join(format!("run-{id:06}{SUFFIX}"))
    }

    /// Numbers and paths, the newest first.
    fn files(&self) -> Vec<(u64, PathBuf)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut files: Vec<_> =
            entries.filter_map(|entry| Some((id_of(&entry.path())?, entry.path()))).collect();
        files.sort_unstable_by_key(|(id, _)| std::cmp::Reverse(*id));
        files
    }

    fn remove_oldest(&self, newest: u64) -> io::Result<()> {
        let (mut runs, mut bytes) = (0, 0);
        let files = self.files();
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

fn id_of(path: &Path) -> Option<u64> {
    path.file_name()?.to_str()?.strip_prefix("run-")?.strip_suffix(SUFFIX)?.parse().ok()
}

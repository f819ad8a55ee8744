//! The files of a folder: hand-ins, and lessons of one's own.

use crate::{
    lesson::{Lesson, MAX_BYTES},
    text::{Say as _, Sentence},
};
use anyhow::{Result, anyhow};
use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

/// How deep hand-ins may lie in folders of their own.
const DEPTH: usize = 3;

/// The most files that are looked at.
const MOST: usize = 10_000;

/// The longest file that is read; what is longer is no hand-in.
const LONGEST: u64 = (16 << 20) + 1;

/// A file of the folder.
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// Its path in the folder.
    pub(super) name: String,
}

/// All files of a folder, in the order of their names, but for hidden ones and the spreadsheet.
pub(super) fn files(folder: &Path, csv: Option<&Path>) -> Result<Vec<Found>> {
    let csv = csv.and_then(|csv| csv.canonicalize().ok());
    let mut paths = Vec::new();
    collect(folder, DEPTH, &mut paths).map_err(|e| anyhow!("{}", cannot(folder, &e).translated()))?;
    paths.retain(|path| csv.is_none() || path.canonicalize().ok() != csv);
    paths.sort();
    let name = |path: &Path| path.strip_prefix(folder).unwrap_or(path).display().to_string();
    Ok(paths.into_iter().map(|path| Found { name: name(&path), path }).collect())
}

fn collect(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if is_hidden || paths.len() >= MOST {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() && depth > 1 {
            // A folder that cannot be read hides no other.
            let _ = collect(&entry.path(), depth - 1, paths);
        } else if kind.is_file() {
            paths.push(entry.path());
        }
    }
    Ok(())
}

/// The bytes of a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Sentence> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST).read_to_end(&mut bytes))
        .map_err(|e| Sentence::new("it cannot be read: {reason}").with("reason", e))?;
    Ok(bytes)
}

/// The lessons of a folder. One that cannot be used is an error.
pub(super) fn lessons(folder: &Path) -> Result<Vec<Lesson>> {
    let entries = fs::read_dir(folder).map_err(|e| anyhow!("{}", cannot(folder, &e).translated()))?;
    let is_lesson = |path: &PathBuf| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md"));
    let mut paths: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(is_lesson).take(MOST).collect();
    paths.sort();
    let mut lessons = Vec::new();
    for path in paths {
        let mut bytes = Vec::new();
        File::open(&path)
            .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
            .map_err(|e| anyhow!("{}", cannot(&path, &e).translated()))?;
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_start_matches('\u{feff}');
        // Notes beside the lessons are none.
        if !text.starts_with("+++") {
            continue;
        }
        let lesson = Lesson::read(text).map_err(|e| {
            let sentence = Sentence::new("{file}, {reason}").with("file", path.display());
            anyhow!("{}", sentence.part("reason", e.say()).translated())
        })?;
        lessons.push(lesson);
    }
    Ok(lessons)
}

fn cannot(path: &Path, reason: &std::io::Error) -> Sentence {
    Sentence::new("{file} cannot be read: {reason}").with("file", path.display()).with("reason", reason)
}

//! Reading lesson files.

use crate::{
    lesson::{Lesson, MAX_BYTES},
    text::{Say, Sentence},
};
use std::{
    fs::File,
    io::{ErrorKind, Read as _},
    path::Path,
};

/// Reads a lesson file. What is wrong with it is one sentence, with the line.
pub fn read(path: &Path) -> Result<Lesson, Sentence> {
    let of = |key| Sentence::new(key).with("file", path.display());
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|e| of("{file} cannot be read: {reason}").with("reason", e))?;
    let text = String::from_utf8(bytes).map_err(|e| {
        let reason = if e.utf8_error().error_len().is_none() {
            ErrorKind::UnexpectedEof
        } else {
            ErrorKind::InvalidData
        };
        of("{file} is not text in UTF-8: {reason}").with("reason", reason)
    })?;
    Lesson::read(text.trim_start_matches('\u{feff}'))
        .map_err(|e| of("{file}, {reason}").part("reason", e.say()))
}

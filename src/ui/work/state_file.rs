//! Reading and writing state files.

use crate::{
    files,
    text::Sentence,
    ui::model::saved::{FORMAT, Header, SavedState, VERSION},
};
use std::{
    fs::{self, File},
    io::Read as _,
    path::Path,
};

/// The longest state file that is read, in bytes.
const MAX_BYTES: u64 = 256 << 20;

/// Whether this is the beginning of a state file.
pub fn is_state(first: &[u8]) -> bool {
    let text = String::from_utf8_lossy(first);
    text.contains(&format!("\"{FORMAT}\""))
}

/// Reads a state file. What is wrong with it is one sentence.
pub fn read(path: &Path) -> Result<SavedState, Sentence> {
    let of = |key| Sentence::new(key).with("file", path.display());
    let cannot = |e: std::io::Error| of("{file} cannot be read: {reason}").with("reason", e);
    let metadata = fs::metadata(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => of("{file} does not exist"),
        _ => cannot(e),
    })?;
    if !metadata.is_file() {
        return Err(of("{file} is not a file"));
    }
    if metadata.len() > MAX_BYTES {
        return Err(of("{file} is longer than {bytes} bytes, the limit for a state").with("bytes", MAX_BYTES));
    }
    let mut text = Vec::new();
    File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut text)).map_err(cannot)?;
    from_bytes(path, &text)
}

/// Reads a state from the bytes of the file at `path`, which what is wrong names.
pub fn from_bytes(path: &Path, bytes: &[u8]) -> Result<SavedState, Sentence> {
    let of = |key| Sentence::new(key).with("file", path.display());
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let not_one = || of("{file} is not a state saved by ConvLens, a .convlens file");
    let damaged = |e: serde_json::Error| of("{file} is a damaged state: {reason}").with("reason", e);
    let begins = is_state(&text[..text.len().min(64)]);
    let no_header = |e: serde_json::Error| if begins && !e.is_data() { damaged(e) } else { not_one() };
    let header: Header = serde_json::from_slice(text).map_err(no_header)?;
    if header.format != FORMAT {
        return Err(not_one());
    }
    if header.version > VERSION || header.version == 0 {
        let sentence =
            of("{file} is a state of version {version}; this ConvLens reads versions 1 to {latest}");
        return Err(sentence.with("version", header.version).with("latest", VERSION));
    }
    serde_json::from_slice(text).map_err(damaged)
}

/// Writes a state file atomically.
pub fn write(path: &Path, state: &SavedState) -> Result<(), Sentence> {
    let cannot = |reason: &dyn std::fmt::Display| {
        Sentence::new("{file} cannot be written: {reason}")
            .with("file", path.display())
            .with("reason", reason)
    };
    let text = serde_json::to_vec_pretty(state).map_err(|e| cannot(&e))?;
    files::write(path, &text).map_err(|e| cannot(&e))
}

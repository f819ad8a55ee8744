//! Writing the files that options name.

use crate::{files, text::Sentence};
use anyhow::{Context, Result, anyhow};
use std::path::Path;

/// Writes a file atomically.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    files::write(path, bytes)
        .with_context(|| Sentence::new("{file}: cannot be written").with("file", path.display()))
}

/// Checks before a long computation that its result can be written.
pub(super) fn check_writable(option: &str, path: &Path) -> Result<()> {
    let refuse = |reason| {
        let sentence = Sentence::new("{option} {file}: cannot be written: {reason}");
        anyhow!(sentence.with("option", option).with("file", path.display()).with("reason", reason))
    };
    files::check_writable(path).map_err(refuse)
}

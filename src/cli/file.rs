//! Writing the files that options name.

use crate::files;
use anyhow::{Context, Result, anyhow};
use std::path::Path;

/// Writes a file atomically.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    files::write(path, bytes).with_context(|| format!("{}: cannot be written", path.display()))
}

/// Checks before a long computation that its result can be written.
pub(super) fn check_writable(option: &str, path: &Path) -> Result<()> {
    let refuse = |reason| anyhow!("{option} {}: cannot be written: {reason}", path.display());
    files::check_writable(path).map_err(refuse)
}

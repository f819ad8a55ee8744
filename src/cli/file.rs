//! Writing files.

use crate::model_file;
use anyhow::{Context, Result, anyhow};
use std::path::Path;

/// Writes all of it or nothing.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    model_file::write_atomically(path, bytes)
        .with_context(|| format!("{}: cannot be written", path.display()))
}

/// Says now, and not after hours of training, that `path` cannot be written.
pub(super) fn check_writable(option: &str, path: &Path) -> Result<()> {
    let refuse = |reason| anyhow!("{option} {}: cannot be written: {reason}", path.display());
    model_file::check_writable(path).map_err(refuse)
}

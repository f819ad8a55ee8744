//! Writing files so that a crash leaves the old one or the new one, never half of one.

use anyhow::{Context, Result, anyhow};
use std::{fs, io::Write, path::Path};

/// Writes to a temporary file beside `path`, syncs it and renames it.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let try_write = || {
        let mut file = builder().tempfile_in(parent(path))?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok::<(), std::io::Error>(())
    };
    try_write().with_context(|| format!("{}: cannot be written", path.display()))
}

/// A file for everybody whom the umask lets, and not for its owner alone as temporary files are.
fn builder() -> tempfile::Builder<'static, 'static> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "permissions are set on Unix only"))]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Says now, and not after hours of training, that `path` cannot be written.
pub(super) fn check_writable(option: &str, path: &Path) -> Result<()> {
    let refuse = |reason: &str| Err(anyhow!("{option} {}: {reason}", path.display()));
    if path.is_dir() {
        return refuse("is a folder, but must be a file");
    }
    if !fs::metadata(parent(path)).is_ok_and(|folder| folder.is_dir()) {
        return refuse(&format!("the folder {} does not exist", parent(path).display()));
    }
    match builder().tempfile_in(parent(path)) {
        Ok(_) => Ok(()),
        Err(reason) => refuse(&format!("cannot be written: {reason}")),
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

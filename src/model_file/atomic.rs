//! Writing files so that a crash leaves the old one or the new one, never half of one.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// A file that is whole on the disk, under another name than its own until [`Prepared::finish`].
#[derive(Debug)]
pub struct Prepared {
    file: NamedTempFile,
    path: PathBuf,
}

impl Prepared {
    /// Writes `bytes` to a temporary file beside `path` and syncs it.
    ///
    /// # Errors
    /// What cannot be written; also when `path` is a folder, a device or a write-protected file, which renaming would not
    /// ask.
    pub fn new(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let (path, old) = target(path)?;
        let mut file = temporary(&path)?;
        file.write_all(bytes)?;
        #[cfg(unix)]
        if let Some(old) = old {
            file.as_file().set_permissions(old.permissions())?;
        }
        #[cfg(not(unix))]
        drop(old);
        file.as_file().sync_all()?;
        Ok(Self { file, path })
    }

    /// Gives it its name.
    pub fn finish(self) -> io::Result<()> {
        self.file.persist(&self.path)?;
        Ok(())
    }
}

/// Writes to a temporary file beside `path`, syncs it and renames it.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Prepared::new(path, bytes)?.finish()
}

/// Whether [`write_atomically`] would write to `path`, as far as can be said before.
pub fn check_writable(path: &Path) -> io::Result<()> {
    let (path, _) = target(path)?;
    temporary(&path).map(drop)
}

/// The file that a link leads to is replaced, not the link; and what is there now.
fn target(path: &Path) -> io::Result<(PathBuf, Option<fs::Metadata>)> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = fs::metadata(&path).ok();
    if let Some(old) = &old {
        if old.is_dir() {
            return Err(io::Error::other("is a folder, but must be a file"));
        }
        if !old.is_file() {
            return Err(io::Error::other("is not a file"));
        }
        if old.permissions().readonly() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "is write-protected"));
        }
    }
    Ok((path, old))
}

/// A file for everybody whom the umask lets, and not for its owner alone as temporary files are.
fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !fs::metadata(folder).is_ok_and(|folder| folder.is_dir()) {
        let reason = format!("the folder {} does not exist", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, reason));
    }
    #[cfg_attr(not(unix), expect(unused_mut, reason = "permissions are set on Unix only"))]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

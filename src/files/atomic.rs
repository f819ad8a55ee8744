//! Atomic writes: after a crash a file has its old content or its new content, never a part of it.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// The ending of a temporary file's name.
const SUFFIX: &str = ".tmp";

/// The most bytes of a file's name that its temporary file's name repeats; file systems allow 255 in all.
const MAX_PREFIX: usize = 200;

/// The longest chain of symbolic links that is followed, as on Linux.
const MAX_LINKS: usize = 40;

/// A file that is complete on the disk under a temporary name. [`Prepared::finish`] gives it its own name; dropping it
/// removes it.
#[derive(Debug)]
pub struct Prepared {
    file: NamedTempFile,
    path: PathBuf,
}

impl Prepared {
    /// Writes `bytes` to a temporary file in the folder of `path` and syncs it. Temporary files that a killed process
    /// left there for the same `path` are removed first.
    ///
    /// A symbolic link is followed, and an existing file's permissions are kept.
    ///
    /// # Errors
    /// The file cannot be written, or `path` is a folder, a device or a write-protected file. (Renaming alone would
    /// replace a write-protected file.)
    pub fn new(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let (path, old) = target(path)?;
        remove_stale(&path);
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

    /// Renames the temporary file to its own name and syncs the folder, so that files finished one after the other
    /// reach the disk in that order.
    pub fn finish(self) -> io::Result<()> {
        let Self { file, path } = self;
        file.persist(&path)?;
        #[cfg(unix)]
        File::open(folder_of(&path))?.sync_all()?;
        Ok(())
    }
}

/// Writes a file atomically: to a temporary file in the same folder, which is synced and renamed.
///
/// # Errors
/// Those of [`Prepared::new`] and [`Prepared::finish`]; the old file then stays.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Prepared::new(path, bytes)?.finish()
}

/// Checks, as far as possible in advance, that [`write`] can write to `path`.
pub fn check_writable(path: &Path) -> io::Result<()> {
    let (path, _) = target(path)?;
    temporary(&path).map(drop)
}

/// The path to write to, with links followed, and the metadata of the file that is there now.
fn target(path: &Path) -> io::Result<(PathBuf, Option<fs::Metadata>)> {
    let path = follow_links(path)?;
    let old = fs::metadata(&path).ok();
    if let Some(old) = &old {
        if old.is_dir() {
            return Err(io::Error::other("is a folder, but must be a file"));
        }
        if !old.is_file() {
            return Err(io::Error::other("is not a regular file"));
        }
        if old.permissions().readonly() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "is write-protected"));
        }
    }
    Ok((path, old))
}

/// Follows links to the end of their chain, where there need not be a file yet.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    if let Ok(path) = fs::canonicalize(path) {
        return Ok(path);
    }
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&path) {
            Ok(next) => path = folder_of(&path).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("has too many levels of symbolic links"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A locked temporary file beside `path`, with the permissions of any new file instead of its owner's alone.
fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let folder = folder_of(path);
    if !fs::metadata(folder).is_ok_and(|folder| folder.is_dir()) {
        let reason = format!("the folder {} does not exist", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, reason));
    }
    let prefix = prefix(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(SUFFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder).map_err(|error| refused(folder, &error))?;
    // The lock ends with the process and keeps other processes from removing the file. Some file systems have no
    // locks.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Why a folder takes no file, without the name of the temporary file, which nobody has asked for.
fn refused(folder: &Path, error: &io::Error) -> io::Error {
    let kind = error.kind();
    let folder = folder.display();
    let reason = match kind {
        io::ErrorKind::PermissionDenied => format!("you may not write to the folder {folder}"),
        io::ErrorKind::NotFound => format!("the folder {folder} takes no files"),
        _ => format!("the folder {folder} takes no file: {kind}"),
    };
    io::Error::new(kind, reason)
}

/// `.digits.safetensors.` for `digits.safetensors`: what the names of its temporary files begin with.
fn prefix(path: &Path) -> OsString {
    let name = path.file_name().unwrap_or_default();
    let mut prefix = OsString::from(".");
    if name.len() <= MAX_PREFIX {
        prefix.push(name);
    } else {
        let name = name.to_string_lossy();
        let cut = (0..=MAX_PREFIX).rev().find(|&at| name.is_char_boundary(at)).unwrap_or(0);
        prefix.push(&name[..cut]);
    }
    prefix.push(".");
    prefix
}

/// Removes temporary files for `path` that no process holds a lock on. Failures are left to the next attempt.
fn remove_stale(path: &Path) {
    let prefix = prefix(path);
    let prefix = prefix.as_encoded_bytes();
    for entry in fs::read_dir(folder_of(path)).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        let random = name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(SUFFIX.as_bytes()));
        let is_temporary = random.is_some_and(|r| r.len() == 6 && r.iter().all(u8::is_ascii_alphanumeric))
            && entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_temporary && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn stale_temporary_files_of_the_same_file_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.safetensors");
        // What a killed process leaves: the file stays, the lock does not.
        let killed = temporary(&path).unwrap();
        killed.as_file().unlock().unwrap();
        let (_, left) = killed.keep().unwrap();
        let kept = [".m.safetensors.mine", ".m.safetensors.ABCDEFG.tmp", ".other.safetensors.ABCDEF.tmp"];
        for name in kept {
            fs::write(folder.path().join(name), "kept").unwrap();
        }
        let in_use = temporary(&path).unwrap();
        write(&path, b"new").unwrap();
        assert!(!left.exists());
        assert!(in_use.path().exists(), "another process is writing it");
        drop(in_use);
        let mut expected: Vec<_> = kept.map(str::to_owned).to_vec();
        expected.push("m.safetensors".into());
        expected.sort();
        assert_eq!(names(folder.path()), expected);
    }

    #[test]
    fn names_as_long_as_the_file_system_allows_can_be_written() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["x".repeat(255), "é".repeat(127)] {
            let path = folder.path().join(name);
            write(&path, b"1").unwrap();
            write(&path, b"2").unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"2");
        }
        assert_eq!(names(folder.path()).len(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_even_where_its_file_is_missing() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("models")).unwrap();
        symlink("models/m", at("one")).unwrap();
        symlink("one", at("two")).unwrap();
        for content in [b"first", b"again"] {
            write(&at("two"), content).unwrap();
            assert_eq!(fs::read(at("models/m")).unwrap(), content);
            assert!(fs::symlink_metadata(at("two")).unwrap().is_symlink());
        }
        symlink("loop", at("loop")).unwrap();
        assert!(write(&at("loop"), b"x").unwrap_err().to_string().contains("symbolic links"));
    }
}

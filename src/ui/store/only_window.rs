//! Which of several open windows keeps settings and drawings: the first one.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

/// What came of asking to be the window that keeps its state.
#[derive(Debug)]
pub enum Claim {
    /// No other window keeps it. The file is locked until it is closed, also by a crash; `None` where nothing can be locked.
    First {
        /// What says so to others, as long as it is open.
        _lock: Option<File>,
    },
    /// Another window keeps it.
    Taken,
}

/// Asks to keep the settings file at `path`, by a lock on `settings.lock` beside it.
pub fn claim(path: &Path) -> Claim {
    let locked = || {
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).ok()?;
        File::options().create(true).truncate(false).write(true).open(path.with_extension("lock")).ok()
    };
    let Some(file) = locked() else { return Claim::First { _lock: None } };
    match file.try_lock() {
        Ok(()) => Claim::First { _lock: Some(file) },
        Err(TryLockError::WouldBlock) => Claim::Taken,
        // Some network drives lock nothing.
        Err(TryLockError::Error(_)) => Claim::First { _lock: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_window_is_told_until_the_first_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/settings.json");
        let first = claim(&path);
        assert!(matches!(first, Claim::First { _lock: Some(_) }));
        assert!(matches!(claim(&path), Claim::Taken));
        drop(first);
        assert!(matches!(claim(&path), Claim::First { _lock: Some(_) }));
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(matches!(claim(&folder.path().join("file/settings.json")), Claim::First { _lock: None }));
    }
}

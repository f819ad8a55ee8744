//! The names in a folder, and what they say.

use std::{fs, path::Path};

use crate::{data::DataError, text::Sentence};

/// The names in a folder, sorted, without hidden ones.
pub(super) struct Listing {
    pub files: Vec<String>,
    pub folders: Vec<String>,
}

impl Listing {
    /// The most names.
    const MOST: usize = 2_000_000;

    pub(super) fn of(folder: &Path) -> Result<Self, DataError> {
        let unreadable = |reason| DataError::Read { name: folder.display().to_string(), reason };
        let mut listing = Self { files: Vec::new(), folders: Vec::new() };
        for entry in fs::read_dir(folder).map_err(unreadable)?.take(Self::MOST) {
            let entry = entry.map_err(unreadable)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.starts_with('.') || name.starts_with("__MACOSX") {
                continue;
            }
            // Follows links.
            let is_folder = fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir());
            if is_folder { listing.folders.push(name) } else { listing.files.push(name) }
        }
        listing.files.sort_unstable();
        listing.folders.sort_unstable();
        Ok(listing)
    }
}

/// An error of a file or folder.
pub(super) fn form(path: &Path, reason: Sentence) -> DataError {
    DataError::Form { name: path.display().to_string(), reason }
}

/// The last part of a path.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Whether a name ends in a dot and this extension.
pub(super) fn has_extension(name: &str, extension: &str) -> bool {
    let name = name.to_lowercase();
    name.strip_suffix(extension).is_some_and(|stem| stem.ends_with('.') && stem.len() > 1)
}

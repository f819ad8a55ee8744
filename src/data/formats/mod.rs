//! Data sets of any format: IDX as MNIST, EMNIST and QMNIST have it, CIFAR's binary files, folders of class folders of
//! pictures, tables (CSV) and NumPy's arrays.
//!
//! A set is a folder or a file; what it is is told by the names in it, and checked by the content of its files. Pixels are
//! kept as bytes, and every size that a file claims is checked before anything is allocated for it.

mod cifar;
mod folders;
mod found;
mod idx_set;
mod labels;
mod listing;
mod npy;
mod npz;
mod report;
mod split;
mod table;

pub use report::{Choices, LabelColumn, Offers, Report, Skipped};

use std::{fs, path::Path, sync::Arc};

use super::{DataError, DataSet};
use crate::text::Sentence;
use found::Found;
use listing::{Listing, file_name, form, has_extension};

/// A data set and what was understood of it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The set.
    pub data: DataSet,
    /// What was understood.
    pub report: Report,
}

impl DataSet {
    /// Reads the data set in a folder or a file, with the usual choices. The set gets the folder's name.
    pub fn read_dir(path: &Path) -> Result<Self, DataError> {
        open(path, &Choices::default()).map(|opened| opened.data)
    }
}

/// Reads a data set of any of the formats.
///
/// # Errors
/// A sentence with the file, the place in it, and what would be right.
pub fn open(path: &Path, choices: &Choices) -> Result<Opened, DataError> {
    let name = path.canonicalize().ok();
    let name = name.as_deref().unwrap_or(path).file_name().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy().into_owned();
    let found = read(path, choices)?;
    let Found { mut train, test, classes, mut report } = found;
    report.offers.split = test.is_none();
    let test = match test {
        Some(test) => test,
        None => split::take_test(&mut train, choices).map_err(|reason| form(path, reason))?,
    };
    if train.is_empty() || test.is_empty() {
        return Err(DataError::NoImages { name: path.display().to_string() });
    }
    let (train_size, test_size) = ((train.height(), train.width()), (test.height(), test.width()));
    if train_size != test_size {
        let name = path.display().to_string();
        return Err(DataError::SizeMismatch { name, train: train_size, test: test_size });
    }
    if train.channels() != test.channels() {
        let reason = Sentence::new(
            "has training images of {train} channels but test images of {test}; they must have as many",
        )
        .with("train", train.channels())
        .with("test", test.channels());
        return Err(form(path, reason));
    }
    let data = DataSet { name, train: Arc::new(train), test: Arc::new(test), classes };
    Ok(Opened { data, report })
}

fn read(path: &Path, choices: &Choices) -> Result<Found, DataError> {
    let unreadable = |reason| DataError::Read { name: path.display().to_string(), reason };
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        return read_file(path, choices);
    }
    let listing = Listing::of(path)?;
    if let Some(set) = idx_set::find(path, &listing.files)? {
        return idx_set::read(path, &set, choices);
    }
    if cifar::is_set(&listing.files) {
        return cifar::read(path, choices);
    }
    if npz::is_set(&listing.files) {
        return npz::read_folder(path, &listing.files, choices);
    }
    if let Some(tables) = table::find(path, &listing.files)? {
        return table::read(&tables, choices);
    }
    if !listing.folders.is_empty() {
        return folders::read(path, &listing, choices);
    }
    Err(cifar::for_python(path, &listing.files).unwrap_or_else(|| idx_set::missing(path, &listing.files)))
}

fn read_file(path: &Path, choices: &Choices) -> Result<Found, DataError> {
    let name = file_name(path).to_lowercase();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if has_extension(&name, "npz") {
        return npz::read_file(path, choices);
    }
    let files = Listing::of(folder)?.files;
    if let Some(set) = idx_set::named(&name) {
        return idx_set::read(folder, &set, choices);
    }
    if has_extension(&name, "npy") && npz::is_set(&files) {
        return npz::read_folder(folder, &files, choices);
    }
    if has_extension(&name, "bin") && cifar::is_set(&files) {
        return cifar::read(folder, choices);
    }
    if has_extension(&name, "csv") || has_extension(&name, "csv.gz") {
        return table::read(&table::with_test(path, &files), choices);
    }
    Err(form(
        path,
        Sentence::new(
            "is not a data set: that is a folder with IDX files, CIFAR's binary files or class folders of pictures, or a CSV, .npz or .npy file",
        ),
    ))
}

/// Whether a path is a file that [`open`] takes for a data set by its name.
pub fn is_data_file(path: &Path) -> bool {
    let name = file_name(path).to_lowercase();
    ["npz", "npy", "csv", "csv.gz"].iter().any(|extension| has_extension(&name, extension))
        || idx_set::named(&name).is_some()
        || (has_extension(&name, "bin") && name.contains("batch"))
}

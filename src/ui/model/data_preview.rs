//! A data set that was read and is not opened yet: what a person is shown of it, and what can be chosen.

use crate::{
    data::{
        Split,
        formats::{Choices, Opened},
    },
    text::Sentence,
};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The sample images of a class.
pub const SAMPLES: usize = 8;

/// What can be done with a preview.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum PreviewAct {
    /// Reads the set again with these choices.
    Choose(Choices),
    /// Opens the set.
    Open,
    /// Opens it, and gives the current network the input and the outputs that it needs.
    OpenFitted,
    /// Leaves it.
    Cancel,
}

/// The preview of a data set.
pub struct DataPreview {
    /// Its folder or file.
    pub path: PathBuf,
    /// The set, and what was understood of it.
    pub opened: Opened,
    /// What is chosen; the set is read again when it is not what it was read with.
    pub choices: Choices,
    /// Whether it is being read again.
    pub is_reading: bool,
    /// Why it cannot be read with the choices.
    pub problem: Option<Sentence>,
    /// Why the current network cannot learn from it.
    pub misfit: Option<Sentence>,
    /// Whether the current network can be fitted to it.
    pub can_fit: bool,
    /// A number that identifies what was read.
    pub revision: u64,
    /// The classes by label.
    pub classes: Vec<PreviewClass>,
}

/// A class of a data set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreviewClass {
    /// Its training images.
    pub train: usize,
    /// Its test images.
    pub test: usize,
    /// The numbers of its first training images, at most [`SAMPLES`].
    pub samples: Vec<usize>,
}

impl PreviewClass {
    /// The classes of a set by label.
    pub fn of(opened: &Opened) -> Vec<Self> {
        let mut classes = vec![Self::default(); opened.data.class_count()];
        let labels =
            |split: &Split| split.labels().iter().map(|&label| usize::from(label)).collect::<Vec<_>>();
        for (number, label) in labels(&opened.data.train).into_iter().enumerate() {
            classes[label].train += 1;
            if classes[label].samples.len() < SAMPLES {
                classes[label].samples.push(number);
            }
        }
        for label in labels(&opened.data.test) {
            classes[label].test += 1;
        }
        classes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::formats;

    #[test]
    fn classes_are_counted_and_have_samples() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        let rows: Vec<String> = (0..40).map(|row| format!("{},1,{row},3,{row}\n", row % 2)).collect();
        std::fs::write(&path, rows.concat()).unwrap();
        let opened = formats::open(&path, &Choices::default()).unwrap();
        let classes = PreviewClass::of(&opened);
        assert_eq!(classes.len(), 2);
        assert!(
            classes.iter().all(|class| (class.train, class.test, class.samples.len()) == (16, 4, SAMPLES))
        );
    }
}

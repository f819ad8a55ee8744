//! A person's labelled drawings.

use super::{DataError, Split, digit::FIELD, idx};
use serde::{Deserialize, Serialize};
use std::{fmt, io};

/// The most drawings of a collection.
pub const MOST: usize = 2000;

/// Pixels of a drawing.
const PIXELS: usize = (FIELD * FIELD) as usize;

/// Drawings of 28×28 pixels as a network sees them, each with its label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Collection {
    images: Vec<u8>,
    labels: Vec<u8>,
}

/// A collection as text: two hexadecimal digits per pixel.
#[derive(Serialize, Deserialize)]
struct Written {
    labels: Vec<u8>,
    images: Vec<String>,
}

impl From<Collection> for Written {
    fn from(collection: Collection) -> Self {
        let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
        let hex =
            |image: &[u8]| image.iter().flat_map(|pixel| [digit(pixel >> 4), digit(pixel & 15)]).collect();
        Self { images: collection.images.chunks_exact(PIXELS).map(hex).collect(), labels: collection.labels }
    }
}

/// Why text is not a collection. The reader of the file reports it.
#[derive(Debug)]
enum Malformed {
    /// The numbers of drawings and labels differ.
    Count { drawings: usize, labels: usize },
    /// A drawing has another size, or its label is not a digit.
    Drawing(usize),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { drawings, labels } => write!(f, "{drawings} drawings have {labels} labels"),
            Self::Drawing(number) => {
                write!(f, "drawing {number} is not {FIELD}×{FIELD} pixels with a label from 0 to 9")
            }
        }
    }
}

impl TryFrom<Written> for Collection {
    type Error = Malformed;

    fn try_from(written: Written) -> Result<Self, Malformed> {
        let mut collection = Self::default();
        if written.images.len() != written.labels.len() {
            return Err(Malformed::Count { drawings: written.images.len(), labels: written.labels.len() });
        }
        for (number, (text, label)) in written.images.iter().zip(written.labels).enumerate() {
            let pixel = |pair: &[u8]| {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                Some((digit(pair[0])? * 16 + digit(pair[1])?) as u8)
            };
            let pixels: Option<Vec<u8>> = text.as_bytes().chunks_exact(2).map(pixel).collect();
            let is_kept =
                text.len() == 2 * PIXELS && pixels.is_some_and(|pixels| collection.push(&pixels, label));
            if !is_kept {
                return Err(Malformed::Drawing(number));
            }
        }
        Ok(collection)
    }
}

impl Collection {
    /// Adds a drawing of shape (28, 28). Returns `false`, and adds nothing, if the size is another, the label is not a
    /// digit, or the collection has [`MOST`] drawings.
    pub fn push(&mut self, pixels: &[u8], label: u8) -> bool {
        let is_fit = pixels.len() == PIXELS && label < 10 && self.len() < MOST;
        if is_fit {
            self.images.extend_from_slice(pixels);
            self.labels.push(label);
        }
        is_fit
    }

    /// Removes the newest drawing; `false` if there was none.
    pub fn pop(&mut self) -> bool {
        self.images.truncate(self.images.len().saturating_sub(PIXELS));
        self.labels.pop().is_some()
    }

    /// The number of drawings.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no drawings.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The number of drawings of each digit.
    pub fn counts(&self) -> [usize; 10] {
        std::array::from_fn(|digit| self.labels.iter().filter(|&&label| usize::from(label) == digit).count())
    }

    /// All drawings as labelled images.
    pub fn split(&self) -> Result<Split, DataError> {
        self.part(|_| true)
    }

    /// The drawings whose number is wanted.
    fn part(&self, is_wanted: impl Fn(usize) -> bool) -> Result<Split, DataError> {
        let wanted = || (0..self.len()).filter(|&number| is_wanted(number));
        let images = wanted().flat_map(|n| &self.images[n * PIXELS..][..PIXELS]).copied().collect();
        let labels = wanted().map(|n| self.labels[n]).collect();
        Split::new("the drawings", images, labels, FIELD as usize, FIELD as usize)
    }

    /// The four files of an IDX data set, by name. Every fifth drawing is a test image, the others are training images; with
    /// fewer than five drawings, all are both.
    pub fn idx_files(&self) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
        let is_few = self.len() < 5;
        let mut files = Vec::new();
        let names = [
            ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
            ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
        ];
        for (is_test, (images_name, labels_name)) in [false, true].into_iter().zip(names) {
            let split = self.part(|n| is_few || (n % 5 == 4) == is_test).map_err(io::Error::other)?;
            let pixels = (0..split.len()).flat_map(|n| split.image(n)).copied().collect();
            let images = idx::Images { pixels, height: split.height(), width: split.width() };
            let (mut image_bytes, mut label_bytes) = (Vec::new(), Vec::new());
            idx::write_images(&mut image_bytes, &images)?;
            idx::write_labels(&mut label_bytes, split.labels())?;
            files.extend([(images_name, image_bytes), (labels_name, label_bytes)]);
        }
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataSet;

    fn some(count: usize) -> Collection {
        let mut collection = Collection::default();
        for n in 0..count {
            let pixels: Vec<u8> = (0..PIXELS).map(|i| (i * 7 + n * 31) as u8).collect();
            assert!(collection.push(&pixels, (n % 10) as u8));
        }
        collection
    }

    #[test]
    fn collections_survive_a_round_trip() {
        for count in [0, 1, 12] {
            let text = serde_json::to_string(&some(count)).unwrap();
            assert_eq!(serde_json::from_str::<Collection>(&text).unwrap(), some(count));
        }
        for broken in [
            r#"{"labels":[1],"images":[]}"#,
            r#"{"labels":[1],"images":["00"]}"#,
            r#"{"labels":[1],"images":["é"]}"#,
        ] {
            assert!(serde_json::from_str::<Collection>(broken).is_err(), "{broken}");
        }
        let text = serde_json::to_string(&some(1)).unwrap();
        assert!(serde_json::from_str::<Collection>(&text.replace("[0]", "[10]")).is_err());
        assert!(serde_json::from_str::<Collection>(&text.replacen('0', "x", 2)).is_err());
    }

    #[test]
    fn only_digits_of_the_right_size_are_added_and_the_newest_is_removed() {
        let mut collection = some(3);
        assert!(!collection.push(&[0; 10], 1) && !collection.push(&[0; PIXELS], 10));
        assert_eq!((collection.len(), collection.counts()[..3].to_vec()), (3, vec![1, 1, 1]));
        assert!(collection.pop());
        assert_eq!(collection, some(2));
        assert!(collection.pop() && collection.pop() && !collection.pop());
        let mut full = some(MOST);
        assert!(!full.push(&[0; PIXELS], 1));
    }

    #[test]
    fn an_exported_set_is_a_data_set() {
        for (count, train, test) in [(1, 1, 1), (4, 4, 4), (5, 4, 1), (23, 19, 4)] {
            let folder = tempfile::tempdir().unwrap();
            for (name, bytes) in some(count).idx_files().unwrap() {
                std::fs::write(folder.path().join(name), bytes).unwrap();
            }
            let set = DataSet::read_dir(folder.path()).unwrap();
            assert_eq!((set.train.len(), set.test.len()), (train, test));
            assert_eq!(set.train.image(0), &some(count).images[..PIXELS]);
        }
    }
}

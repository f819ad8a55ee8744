//! What was understood of a data set, and what a person can choose where its format leaves that open.

use serde::{Deserialize, Serialize};

use crate::text::{Sentence, key, plural, written};

/// The most skipped files that a report lists.
const MOST_LISTED: usize = 50;

/// The format of IDX files.
pub(super) const IDX: &str = key("IDX files");

/// Where the labels of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabelColumn {
    /// In the first column.
    First,
    /// In the last column.
    Last,
}

/// What a person chooses where a format leaves it open. What a format does not leave open is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Choices {
    /// The side of the squares that pictures are scaled to, in pixels; `None` is the commonest size.
    pub side: Option<usize>,
    /// Whether pictures are in colour; `None` is grey if all are grey.
    pub is_color: Option<bool>,
    /// Whether dark ink on bright paper becomes white ink on black; `None` is if nearly all pictures have bright borders.
    pub is_inverted: Option<bool>,
    /// The share of the images of each class that are test images, if the set has none; above 0 and below 1.
    pub test_share: f32,
    /// The seed by which they are drawn.
    pub seed: u64,
    /// Where the labels of a table are; `None` is told by the values.
    pub labels: Option<LabelColumn>,
}

impl Choices {
    /// The smallest and the largest [`Choices::side`].
    pub const SIDES: [usize; 2] = [4, 512];
    /// The smallest and the largest [`Choices::test_share`].
    pub const SHARES: [f32; 2] = [0.01, 0.9];
}

impl Default for Choices {
    fn default() -> Self {
        Self { side: None, is_color: None, is_inverted: None, test_share: 0.2, seed: 1, labels: None }
    }
}

/// Which choices change what is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// [`Choices::side`], [`Choices::is_color`] and [`Choices::is_inverted`].
    pub pictures: bool,
    /// [`Choices::labels`].
    pub labels: bool,
    /// [`Choices::test_share`] and [`Choices::seed`].
    pub split: bool,
}

/// A file that was not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its path inside the set.
    pub name: String,
    /// Why.
    pub reason: Sentence,
}

/// What was understood of a data set.
#[derive(Clone, Debug)]
pub struct Report {
    /// The format.
    pub format: Sentence,
    /// What else was understood, a sentence each.
    pub notes: Vec<Sentence>,
    /// The first files that were not used.
    pub skipped: Vec<Skipped>,
    /// The number of files that were not used.
    pub skipped_count: usize,
    /// Which choices change something.
    pub offers: Offers,
    /// The choices that it was read with; each that was open is decided.
    pub choices: Choices,
}

impl Report {
    /// A report of a format, of which nothing is said yet.
    pub(super) fn new(format: &'static str, choices: &Choices) -> Self {
        Self {
            format: Sentence::new(format),
            notes: Vec::new(),
            skipped: Vec::new(),
            skipped_count: 0,
            offers: Offers::default(),
            choices: *choices,
        }
    }

    /// Notes a file that is not used.
    pub(super) fn skip(&mut self, name: String, reason: Sentence) {
        self.skipped_count += 1;
        if self.skipped.len() < MOST_LISTED {
            self.skipped.push(Skipped { name, reason });
        }
    }

    /// Whether nothing was left open, told apart or skipped: four IDX files as MNIST has them.
    pub fn is_plain(&self) -> bool {
        self.format.key() == IDX && self.notes.is_empty() && self.skipped_count == 0
    }

    /// How the test images were chosen.
    pub fn split_in_words(&self) -> Sentence {
        if !self.offers.split {
            return Sentence::new("its own test images");
        }
        Sentence::new("{share} of each class for the test, drawn by seed {seed}")
            .with("share", written::percent_to(f64::from(self.choices.test_share), 0))
            .with("seed", self.choices.seed)
    }

    /// How many files were not used, and why the first was not; `None` if there are none.
    pub fn skipped_in_words(&self) -> Option<Sentence> {
        let first = self.skipped.first()?;
        Some(
            Sentence::new("skipped {files}; the first: {name}: {reason}")
                .with("files", plural(self.skipped_count, "{count} file", "{count} files"))
                .with("name", &first.name)
                .part("reason", first.reason.clone()),
        )
    }
}

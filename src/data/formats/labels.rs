//! Labels as bytes.

use std::collections::BTreeSet;

use crate::text::{ClassNames, Sentence};

/// The most classes of a set.
pub(super) const MOST_CLASSES: usize = 255;

/// Names in order, each a class: numbers by their value, other names by the alphabet. All-numeric names below
/// [`MOST_CLASSES`] are their own labels.
#[derive(Debug)]
pub(super) struct Classes {
    names: Vec<String>,
    are_labels: bool,
}

impl Classes {
    /// The classes of these names.
    ///
    /// # Errors
    /// If there are too many.
    pub(super) fn new(names: BTreeSet<String>) -> Result<Self, Sentence> {
        let number = |name: &String| name.parse::<usize>().ok().filter(|&label| label < MOST_CLASSES);
        let are_labels = !names.is_empty() && names.iter().all(|name| number(name).is_some());
        if names.len() > MOST_CLASSES {
            return Err(Sentence::new("has {classes} classes, but at most {most} fit")
                .with("classes", names.len())
                .with("most", MOST_CLASSES));
        }
        let mut names: Vec<String> = names.into_iter().collect();
        if are_labels {
            names.sort_by_key(|name| number(name).unwrap_or_default());
        }
        Ok(Self { names, are_labels })
    }

    /// The label of a name.
    pub(super) fn label(&self, name: &str) -> Option<u8> {
        if self.are_labels {
            return name.parse().ok();
        }
        self.names.binary_search_by(|other| other.as_str().cmp(name)).ok().map(|at| at as u8)
    }

    /// The names by label.
    pub(super) fn names(self) -> ClassNames {
        if self.are_labels { ClassNames::default() } else { ClassNames::new(self.names) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(names: &[&str]) -> Classes {
        Classes::new(names.iter().map(|&name| name.to_owned()).collect()).unwrap()
    }

    #[test]
    fn numbers_are_labels_and_other_names_are_sorted() {
        let digits = classes(&["10", "9", "0"]);
        assert_eq!((digits.label("10"), digits.label("0")), (Some(10), Some(0)));
        assert!(digits.names().is_empty());
        let animals = classes(&["dog", "cat"]);
        assert_eq!(
            (animals.label("cat"), animals.label("dog"), animals.label("cow")),
            (Some(0), Some(1), None)
        );
        assert_eq!(animals.names().list(), ["cat", "dog"]);
        assert_eq!(classes(&["1", "b"]).label("b"), Some(1));
        let many = (0..256).map(|number| format!("c{number}")).collect();
        assert_eq!(Classes::new(many).unwrap_err().to_string(), "has 256 classes, but at most 255 fit");
    }
}

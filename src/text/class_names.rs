//! The names of classes.

use super::harmless::harmless;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, sync::Arc};

/// The names of a data set's classes in the order of their labels; none if classes are called by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct ClassNames(Option<Arc<[String]>>);

impl ClassNames {
    /// The longest name that is kept, in characters.
    pub const LONGEST: usize = 60;

    /// The name of class 0, 1 and so on. Names that are these very numbers are left out.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let names: Vec<String> = names.into_iter().map(|name| shown(&name)).collect();
        let are_numbers = names.iter().enumerate().all(|(class, name)| *name == class.to_string());
        Self((!are_numbers).then(|| names.into()))
    }

    /// What a class is called: its name, or its number.
    pub fn of(&self, class: usize) -> Cow<'_, str> {
        match self.list().get(class) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(class.to_string()),
        }
    }

    /// The names; empty if classes are called by their numbers.
    pub fn list(&self) -> &[String] {
        self.0.as_deref().unwrap_or_default()
    }

    /// The number of names.
    pub fn len(&self) -> usize {
        self.list().len()
    }

    /// Whether classes are called by their numbers.
    pub fn is_empty(&self) -> bool {
        self.list().is_empty()
    }
}

impl From<Vec<String>> for ClassNames {
    fn from(names: Vec<String>) -> Self {
        Self::new(names)
    }
}

impl From<ClassNames> for Vec<String> {
    fn from(names: ClassNames) -> Self {
        names.list().to_vec()
    }
}

/// A name as it is shown: harmless, in one line, and not too long.
fn shown(name: &str) -> String {
    let name: String = harmless(name).split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() <= ClassNames::LONGEST {
        return name;
    }
    name.chars().take(ClassNames::LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> ClassNames {
        ClassNames::new(names.iter().map(|&name| name.to_owned()))
    }

    #[test]
    fn a_class_has_its_name_or_its_number() {
        let letters = names(&["A", "B"]);
        assert_eq!((letters.of(1), letters.of(2), letters.len()), ("B".into(), "2".into(), 2));
        assert!(names(&["0", "1", "2"]).is_empty());
        assert_eq!(names(&["1", "0"]).of(0), "1");
        assert_eq!(ClassNames::default().of(7), "7");
    }

    #[test]
    fn a_name_is_short_and_harmless() {
        let long = names(&["a\u{1b}[31m\n b", &"x".repeat(500)]);
        assert!(!long.of(0).contains(['\u{1b}', '\n']));
        assert_eq!(long.of(1).chars().count(), ClassNames::LONGEST);
    }
}

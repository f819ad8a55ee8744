//! Sentences as data.

use super::{
    harmless::harmless,
    tr::{fill, tr},
};
use std::fmt;

/// An English sentence with named values, which a language may put in its own order.
///
/// [`fmt::Display`] writes it as the command line prints it; [`Sentence::translated`] is what the window shows. Both are
/// in the language of the thread.
///
/// ```
/// use convlens::text::Sentence;
/// let sentence = Sentence::new("{setting} is {value}, but must be at least 1")
///     .name("setting", "kernel_size")
///     .with("value", 0);
/// assert_eq!(sentence.to_string(), "kernel_size is 0, but must be at least 1");
/// assert_eq!(sentence.translated(), "kernel size is 0, but must be at least 1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    key: &'static str,
    values: Vec<(&'static str, Value)>,
}

/// A value of a [`Sentence`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text that no language changes: a number, a file's name.
    Text(String),
    /// A name from spec files and the command line, such as `kernel_size`. The window writes it without underscores.
    Name(&'static str),
    /// A part that is a sentence itself.
    Sentence(Sentence),
}

/// What can be said in a sentence: every error that a person can read.
pub trait Say {
    /// The sentence, without a capital at its beginning and a full stop at its end.
    fn say(&self) -> Sentence;
}

impl Sentence {
    /// A sentence with this key, still without values.
    pub fn new(key: &'static str) -> Self {
        Self { key, values: Vec::new() }
    }

    /// Adds a value that no language changes. It may come from a file: it is shown [`harmless`].
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "numbers and text alike are passed")]
    pub fn with(self, name: &'static str, value: impl ToString) -> Self {
        self.value(name, Value::Text(harmless(&value.to_string())))
    }

    /// Adds a name from spec files and the command line; see [`Value::Name`].
    #[must_use]
    pub fn name(self, name: &'static str, value: &'static str) -> Self {
        self.value(name, Value::Name(value))
    }

    /// Adds a part that is a sentence itself.
    #[must_use]
    pub fn part(self, name: &'static str, part: Sentence) -> Self {
        self.value(name, Value::Sentence(part))
    }

    fn value(mut self, name: &'static str, value: Value) -> Self {
        self.values.push((name, value));
        self
    }

    /// The English key.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// The sentence in the language of the window.
    pub fn translated(&self) -> String {
        self.filled(tr(self.key), |value| match value {
            Value::Text(text) => text.clone(),
            Value::Name(name) => tr(name).replace('_', " "),
            Value::Sentence(part) => part.translated(),
        })
    }

    /// [`Sentence::translated`] with a capital at its beginning, as a message of its own.
    pub fn capitalised(&self) -> String {
        let text = self.translated();
        let mut chars = text.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
    }

    fn filled(&self, key: &str, text: impl Fn(&Value) -> String) -> String {
        let values: Vec<_> = self.values.iter().map(|(name, value)| (*name, text(value))).collect();
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fill(key, &values)
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.filled(tr(self.key), |value| match value {
            Value::Text(text) => text.clone(),
            Value::Name(name) => (*name).to_owned(),
            Value::Sentence(part) => part.to_string(),
        }))
    }
}

impl Say for Sentence {
    fn say(&self) -> Sentence {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_names_are_written_in_place() {
        let reason = Sentence::new("{setting} is {value}").name("setting", "output_padding").with("value", 2);
        let whole = Sentence::new("layer {number}: {reason}").with("number", 3).part("reason", reason);
        assert_eq!(whole.to_string(), "layer 3: output_padding is 2");
        assert_eq!(whole.capitalised(), "Layer 3: output padding is 2");
    }

    #[test]
    fn a_value_with_braces_stays_as_it_is() {
        let sentence = Sentence::new("{file} of {name}").with("file", "{name}.png").with("name", "a");
        assert_eq!(sentence.to_string(), "{name}.png of a");
    }
}

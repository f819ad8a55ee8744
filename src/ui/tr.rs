//! The one function every visible string goes through.

use std::borrow::Cow;

/// A language's sentences, found by their English text, which is the key.
type Table = &'static [(&'static str, &'static str)];

/// The table in use. English needs none: the key is the text.
const TABLE: Table = &[];

/// The text to show for an English one: its translation, or itself where there is none.
///
/// Sentences with values in them keep them as `{name}` in the key; see [`fill`].
pub fn tr(text: &'static str) -> &'static str {
    TABLE.iter().find(|(key, _)| *key == text).map_or(text, |(_, translated)| translated)
}

/// Puts values in place of the `{name}`s of a translated sentence, so that a language may order them its own way.
///
/// ```
/// use convlens::ui::tr::{fill, tr};
/// assert_eq!(fill(tr("Probability of {class}"), &[("class", "7")]), "Probability of 7");
/// ```
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut text = Cow::Borrowed(sentence);
    for (name, value) in values {
        text = Cow::Owned(text.replace(&format!("{{{name}}}"), value));
    }
    text.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_its_own_translation() {
        assert_eq!(tr("Draw a digit"), "Draw a digit");
    }

    #[test]
    fn values_take_their_places() {
        assert_eq!(fill("{a} of {b}", &[("b", "9"), ("a", "3")]), "3 of 9");
        assert_eq!(fill("no values", &[]), "no values");
    }
}

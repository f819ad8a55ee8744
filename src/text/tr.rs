//! Translation of fixed sentences.

use super::language::language;

/// The translation of an English text into the language of this thread, or the text itself where there is none.
///
/// A sentence with values keeps them as `{name}` in its key; see [`fill`]. A test reads the sources and finds every
/// literal that is passed here, or marked by [`key`], in the table of each language.
pub fn tr(text: &'static str) -> &'static str {
    translation(text).unwrap_or(text)
}

/// The translation of a text that may be no key.
pub fn translation(text: &str) -> Option<&'static str> {
    language().table()?.get(text).map(String::as_str)
}

/// Marks an English text that [`tr`] gets later, such as one in a constant.
pub const fn key(text: &'static str) -> &'static str {
    text
}

/// Replaces each `{name}` of a sentence by its value, in one pass: braces inside a value stay as they are. A name
/// without a value stays, too.
///
/// ```
/// use convlens::text::{fill, tr};
/// assert_eq!(fill(tr("Probability of {class}"), &[("class", "7")]), "Probability of 7");
/// ```
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(start) = rest.find('{') {
        let (before, from_brace) = rest.split_at(start);
        text.push_str(before);
        let value = from_brace.find('}').and_then(|end| {
            let (_, value) = values.iter().find(|(name, _)| *name == &from_brace[1..end])?;
            Some((end + 1, *value))
        });
        let (taken, value) = value.unwrap_or((1, "{"));
        text.push_str(value);
        rest = &from_brace[taken..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Language, set_language};

    #[test]
    fn english_is_its_own_translation() {
        assert_eq!(tr("Undo"), "Undo");
        assert_eq!(translation("Undo"), None);
    }

    #[test]
    fn the_language_of_the_thread_is_used() {
        set_language(Language::of_code("zh").unwrap());
        assert_eq!(tr("Undo"), "撤销");
        assert_eq!(tr(key("no text of the program")), "no text of the program");
        set_language(Language::ENGLISH);
        assert_eq!(tr("Undo"), "Undo");
    }

    #[test]
    fn values_take_their_places() {
        assert_eq!(fill("{a} of {b}", &[("b", "9"), ("a", "3")]), "3 of 9");
        assert_eq!(fill("no values", &[]), "no values");
        assert_eq!(fill("{unknown} and {open", &[("open", "1")]), "{unknown} and {open");
    }

    #[test]
    fn a_value_is_not_filled_in_again() {
        let values = [("file", "{spec}.png"), ("spec", "lenet5")];
        assert_eq!(fill("{file} of {spec}", &values), "{spec}.png of lenet5");
    }
}

//! Translation of fixed sentences.

/// A language's sentences by their English text, which is the key.
type Table = &'static [(&'static str, &'static str)];

/// The table in use. English needs none: the key is the text.
const TABLE: Table = &[];

/// The translation of an English text, or the text itself where there is none.
///
/// A sentence with values keeps them as `{name}` in its key; see [`fill`].
pub fn tr(text: &'static str) -> &'static str {
    TABLE.iter().find(|(key, _)| *key == text).map_or(text, |(_, translated)| translated)
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

    #[test]
    fn english_is_its_own_translation() {
        assert_eq!(tr("Draw a digit"), "Draw a digit");
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

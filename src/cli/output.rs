//! Everything that is printed: results to stdout, everything else to stderr.

use crate::text::{Language, harmless, in_language, language};
use serde::Serialize;
use std::{
    fmt::{Display, Write as _},
    io::{self, Write as _},
};

/// Prints a line of the result. Text in it may come from files: it is printed [`harmless`].
pub fn line(text: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{}", harmless(&text.to_string()))
}

/// Prints a line that may have colour codes; nothing in it may come from files except numbers.
pub fn colored_line(text: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}

/// Finds a result in the language of the thread, or for JSON, which is the same in every language, in English.
pub(super) fn found<T>(json: bool, find: impl FnOnce() -> T) -> T {
    in_language(if json { Language::ENGLISH } else { language() }, find)
}

/// Prints a JSON object on a line.
pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    Ok(colored_line(escaped(&serde_json::to_string(value)?))?)
}

/// Prints a message on one line of stderr. A failure to do so is ignored: there is nowhere left to report it.
pub fn complain(text: &str) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = writeln!(io::stderr().lock(), "convlens: {}", harmless(&text));
}

/// JSON with escapes for control characters that JSON allows in strings but terminals act on.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_control() {
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_no_control_characters_and_the_same_value() {
        let name = "a\u{9b}31m\u{7f}\u{1b}\n";
        let json = escaped(&serde_json::to_string(name).unwrap());
        assert!(!json.contains(char::is_control), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), name);
    }
}

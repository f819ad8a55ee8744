//! Accessible names in the language of the window, and back.
//!
//! Lessons name places of the window in English, such as `input 0, 4`, which the window made of the keys
//! `{grid} {row}, {column}` and `input`. A name is taken apart by the keys of a language's table and put together again
//! from its texts.

use super::{
    fill,
    language::{Language, Table, language},
};
use std::{cell::RefCell, collections::HashMap};

/// A sentence in pieces: literal text and the names of values.
type Pieces<'a> = Vec<Piece<'a>>;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece<'a> {
    Text(&'a str),
    Value(&'a str),
}

/// How often a value may hold a sentence that holds a value.
const DEPTH: usize = 3;

/// Texts to look up, and what each becomes. A text may become several, of which the first is usual.
struct Dictionary {
    whole: HashMap<&'static str, Vec<&'static str>>,
    patterns: Vec<(Pieces<'static>, &'static str)>,
}

impl Dictionary {
    fn new(pairs: impl Iterator<Item = (&'static str, &'static str)>) -> Self {
        let mut whole: HashMap<_, Vec<_>> = HashMap::new();
        let mut patterns = Vec::new();
        for (from, to) in pairs {
            let pieces = pieces(from);
            if pieces.iter().any(|piece| matches!(piece, Piece::Value(_))) {
                patterns.push((pieces, to));
            } else {
                whole.entry(from).or_default().push(to);
            }
        }
        // One order, whatever the order of the table was: the most literal text first.
        patterns.sort_by(|(a, a_to), (b, b_to)| weight(b).cmp(&weight(a)).then(a_to.cmp(b_to)));
        for found in whole.values_mut() {
            found.sort_unstable();
        }
        Self { whole, patterns }
    }

    fn find(&self, text: &str, is_capital: bool, depth: usize) -> Option<String> {
        // Some names are made of a label in small letters.
        let found = self.whole.get(text).or_else(|| self.whole.get(capitalised(text).as_str()));
        if let Some(found) = found {
            let wanted = found
                .iter()
                .find(|text| text.starts_with(char::is_uppercase) == is_capital)
                .or(found.first());
            return wanted.map(|text| (*text).to_owned());
        }
        if depth == 0 {
            return None;
        }
        self.patterns.iter().find_map(|(pieces, to)| {
            let values = take_apart(pieces, text)?;
            let values: Vec<(&str, String)> = values
                .into_iter()
                .map(|(name, value)| {
                    (name, self.find(value, is_capital, depth - 1).unwrap_or_else(|| value.to_owned()))
                })
                .collect();
            let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            Some(fill(to, &values))
        })
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The characters of the literal text.
fn weight(pieces: &Pieces<'_>) -> usize {
    let length = |piece: &Piece<'_>| match piece {
        Piece::Text(text) => text.chars().count(),
        Piece::Value(_) => 0,
    };
    pieces.iter().map(length).sum()
}

fn pieces(mut text: &str) -> Pieces<'_> {
    let mut pieces = Vec::new();
    while let Some((before, (name, after))) =
        text.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Value(name));
        text = after;
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

/// The values with which the pieces give the text. A value is as short as it can be, and never empty.
fn take_apart<'a>(pieces: &[Piece<'a>], text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    match pieces {
        [] => text.is_empty().then(Vec::new),
        [Piece::Text(literal), rest @ ..] => take_apart(rest, text.strip_prefix(literal)?),
        [Piece::Value(name)] => (!text.is_empty()).then(|| vec![(*name, text)]),
        [Piece::Value(name), rest @ ..] => {
            let ends = text.char_indices().map(|(at, _)| at).skip(1);
            ends.into_iter().find_map(|end| {
                let mut values = take_apart(rest, &text[end..])?;
                values.insert(0, (*name, &text[..end]));
                Some(values)
            })
        }
    }
}

/// The dictionaries of a language, and what was looked up in them.
struct Names {
    language: Language,
    to_shown: Dictionary,
    to_english: Dictionary,
    shown: HashMap<String, String>,
    english: HashMap<(String, bool), String>,
}

impl Names {
    fn new(language: Language, table: &'static Table) -> Self {
        let pairs = || table.iter().map(|(key, text)| (key.as_str(), text.as_str()));
        Self {
            language,
            to_shown: Dictionary::new(pairs()),
            to_english: Dictionary::new(pairs().map(|(key, text)| (text, key))),
            shown: HashMap::new(),
            english: HashMap::new(),
        }
    }
}

thread_local! {
    static NAMES: RefCell<Option<Names>> = const { RefCell::new(None) };
}

fn with_names(look: impl FnOnce(&mut Names) -> String, text: &str) -> String {
    let language = language();
    let Some(table) = language.table() else { return text.to_owned() };
    NAMES.with_borrow_mut(|names| {
        if names.as_ref().is_none_or(|names| names.language != language) {
            *names = None;
        }
        look(names.get_or_insert_with(|| Names::new(language, table)))
    })
}

/// The most names that are remembered.
const REMEMBERED: usize = 10_000;

/// What the window calls a place that has this name in English.
pub fn shown_name(english: &str) -> String {
    let look = |names: &mut Names| {
        if let Some(found) = names.shown.get(english) {
            return found.clone();
        }
        let found = names.to_shown.find(english, false, DEPTH).unwrap_or_else(|| english.to_owned());
        if names.shown.len() < REMEMBERED {
            names.shown.insert(english.to_owned(), found.clone());
        }
        found
    };
    with_names(look, english)
}

/// The English name of a place that the window calls so. Where English has two, such as `Input` and `input`,
/// `is_capital` chooses.
pub fn english_name(shown: &str, is_capital: bool) -> String {
    let look = |names: &mut Names| {
        let asked = (shown.to_owned(), is_capital);
        if let Some(found) = names.english.get(&asked) {
            return found.clone();
        }
        let found = names.to_english.find(shown, is_capital, DEPTH).unwrap_or_else(|| shown.to_owned());
        if names.english.len() < REMEMBERED {
            names.english.insert(asked, found.clone());
        }
        found
    };
    with_names(look, shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::set_language;

    #[test]
    fn sentences_are_taken_apart() {
        let whole = pieces("{grid} {row}, {column}");
        let values = take_apart(&whole, "input 0, 4").unwrap();
        assert_eq!(values, [("grid", "input"), ("row", "0"), ("column", "4")]);
        assert_eq!(take_apart(&whole, "input"), None);
        assert_eq!(take_apart(&pieces("of {a}"), "of "), None);
    }

    #[test]
    fn names_go_there_and_back() {
        let pairs = [
            ("{grid} {row}, {column}", "{grid} 第{row}行第{column}列"),
            ("input", "输入"),
            ("Input", "输入"),
            ("Probability of {class}", "{class}的概率"),
        ];
        let to = Dictionary::new(pairs.into_iter());
        let back = Dictionary::new(pairs.into_iter().map(|(key, text)| (text, key)));
        for name in ["input 0, 4", "Probability of 7", "input", "Input"] {
            let shown = to.find(name, false, DEPTH).unwrap();
            assert_ne!(shown, name);
            let is_capital = name.starts_with(char::is_uppercase);
            assert_eq!(back.find(&shown, is_capital, DEPTH).unwrap(), name, "{shown}");
        }
        assert_eq!(to.find("conv2d 0", false, DEPTH), None);
    }

    #[test]
    fn english_names_stay() {
        assert_eq!(shown_name("input 0, 4"), "input 0, 4");
        assert_eq!(english_name("input 0, 4", false), "input 0, 4");
    }

    #[test]
    fn names_of_the_window_are_translated() {
        set_language(Language::of_code("zh").unwrap());
        let shown = shown_name("Drawing canvas");
        assert_ne!(shown, "Drawing canvas");
        assert_eq!(english_name(&shown, true), "Drawing canvas");
        set_language(Language::ENGLISH);
    }
}

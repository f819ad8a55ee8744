//! Every text that a person reads is in the table of every language.

use super::reader::{Literal, literals, sources};
use convlens::cli::help_texts;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Strings with words that no person reads in the window, one a line, as `{:?}` writes them.
const NOT_SHOWN: &str = include_str!("not_shown.txt");

/// The code before a string that `tr` or a sentence gets.
const KEYS: &[&str] = &["tr(", "Sentence::new(", "key("];

/// The code before a string that only developers read, or that is an identifier.
const TECHNICAL: &[&str] = &[
    "reason =",
    "expect(",
    "panic!(",
    "unreachable!(",
    "include_str!(",
    "include_bytes!(",
    "env!(",
    "concat!(",
    "id_salt(",
    "serde(",
    "from =",
    "into =",
    "with =",
    "_if =",
    "default =",
    "rename =",
    "expecting =",
    "error(",
    "request_discard(",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Code and texts of every language but English.
fn tables() -> BTreeMap<String, BTreeMap<String, String>> {
    let files = fs::read_dir(root().join("assets/languages")).unwrap().flatten();
    let tables = files.filter_map(|file| {
        let name = file.file_name().into_string().unwrap();
        let code = name.strip_suffix(".toml")?.to_owned();
        Some((code, toml::from_str(&fs::read_to_string(file.path()).unwrap()).unwrap()))
    });
    tables.collect()
}

/// All strings of the program, without those of tests, with their places.
fn strings() -> Vec<(String, Literal)> {
    let folder = root().join("src");
    let mut files = Vec::new();
    sources(&folder, &mut files);
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let name = file.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        if name.ends_with("tests.rs") || name.contains("/testing") || name.contains("/gallery") {
            continue;
        }
        let source = fs::read_to_string(&file).unwrap();
        let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
        found.extend(literals(code).into_iter().map(|one| (format!("{name}:{}", one.line), one)));
    }
    found
}

fn is_key(literal: &Literal) -> bool {
    KEYS.iter().any(|call| {
        let before = literal.before.strip_suffix(call);
        before.is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
}

/// Whether a string has words for a person: a capitalised word, or two words.
fn has_words(text: &str) -> bool {
    let plain = plain(text);
    let words: Vec<&str> = plain
        .split_whitespace()
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 2)
        .filter(|word| word.chars().all(|c| c.is_alphabetic() || ".,:;?!…’'()“”-–".contains(c)))
        .collect();
    let is_capitalised = |word: &&str| {
        let mut chars = word.chars();
        chars.next().is_some_and(char::is_uppercase) && chars.next().is_some_and(char::is_lowercase)
    };
    words.len() >= 2 || words.first().is_some_and(is_capitalised) && !text.contains("::")
}

/// A text without what is in braces.
fn plain(text: &str) -> String {
    let mut depth = 0;
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

/// The names in braces of a text.
fn values(text: &str) -> BTreeSet<&str> {
    let names = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    names.filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.is_empty()).collect()
}

#[test]
fn every_text_is_in_every_table() {
    let not_shown: BTreeSet<&str> = NOT_SHOWN.lines().collect();
    let strings = strings();
    let mut missing = BTreeSet::new();
    for (code, table) in tables() {
        for (place, literal) in &strings {
            let text = &literal.text;
            let is_technical = || {
                TECHNICAL.iter().any(|call| literal.before.ends_with(call))
                    || not_shown.contains(format!("{text:?}").as_str())
            };
            let is_wanted = is_key(literal) && plain(text).chars().any(char::is_alphabetic)
                || has_words(text) && !is_technical();
            if is_wanted && !table.contains_key(text) {
                missing.insert(format!("{place}: {code}.toml has no {text:?}"));
            }
        }
        let help = help_texts().into_iter().filter(|text| !table.contains_key(text));
        missing.extend(help.map(|text| format!("--help: {code}.toml has no {text:?}")));
    }
    assert!(
        missing.is_empty(),
        "{} texts:\n{}",
        missing.len(),
        missing.into_iter().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn every_table_has_only_texts_of_the_program() {
    let strings = strings();
    let help = help_texts();
    let literals = strings.iter().map(|(_, literal)| literal.text.as_str());
    let known: BTreeSet<&str> = literals.chain(help.iter().map(String::as_str)).collect();
    for (code, table) in tables() {
        let dead: Vec<&String> = table.keys().filter(|key| !known.contains(key.as_str())).collect();
        assert!(dead.is_empty(), "{code}.toml has texts that the program does not: {dead:#?}");
    }
}

#[test]
fn translations_have_the_same_values() {
    for (code, table) in tables() {
        for (text, translation) in table {
            assert!(!translation.trim().is_empty() || text.trim().is_empty(), "{code}: {text:?} is empty");
            assert_eq!(values(&text), values(&translation), "{code}: {text:?} is {translation:?}");
        }
    }
}

#[test]
fn words_are_told_from_identifiers() {
    for text in ["Undo", "the last row", "{count} of them are left", "must be at least 1"] {
        assert!(has_words(text), "{text}");
    }
    for text in ["conv2d", "kernel_size", "{a} {b}", "0.0 {x}", "Ctrl+Z", "max({}) {sign}", "a::B c"] {
        assert!(!has_words(text), "{text}");
    }
}

//! A reader of Rust sources: the paths that a file names, and the modules that they lead to.

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

/// What a piece of source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Code,
    /// A comment or a character.
    Blank,
    /// A string, with the characters before and after its text.
    Text {
        prefix: usize,
        suffix: usize,
        is_raw: bool,
    },
}

/// The pieces of a source, in order.
fn pieces(chars: &[char]) -> Vec<(Kind, Range<usize>)> {
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut found: Vec<(Kind, Range<usize>)> = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let is_word_before = i > 0 && (at(i - 1).is_alphanumeric() || at(i - 1) == '_');
        let hashes = chars[i + 1..].iter().take_while(|&&c| c == '#').count();
        let (kind, end) = if at(i) == '/' && at(i + 1) == '/' {
            (Kind::Blank, i + chars[i..].iter().take_while(|&&c| c != '\n').count())
        } else if at(i) == '/' && at(i + 1) == '*' {
            let end = (i + 2..chars.len()).find(|&j| at(j) == '*' && at(j + 1) == '/');
            (Kind::Blank, end.map_or(chars.len(), |j| j + 2))
        } else if at(i) == 'r' && at(i + 1 + hashes) == '"' && (!is_word_before || at(i - 1) == 'b') {
            let is_end = |j: usize| at(j) == '"' && (1..=hashes).all(|k| at(j + k) == '#');
            let end = (i + hashes + 2..chars.len()).find(|&j| is_end(j));
            let kind = Kind::Text { prefix: hashes + 2, suffix: hashes + 1, is_raw: true };
            (kind, end.map_or(chars.len(), |j| j + 1 + hashes))
        } else if at(i) == '"' {
            let mut end = i + 1;
            while end < chars.len() && at(end) != '"' {
                end += if at(end) == '\\' { 2 } else { 1 };
            }
            (Kind::Text { prefix: 1, suffix: 1, is_raw: false }, end + 1)
        } else if at(i) == '\'' && (at(i + 2) == '\'' || at(i + 1) == '\\') {
            let end = (i + 2 + usize::from(at(i + 1) == '\\')..chars.len()).find(|&j| at(j) == '\'');
            (Kind::Blank, end.map_or(chars.len(), |j| j + 1))
        } else {
            (Kind::Code, i + 1)
        };
        let end = end.min(chars.len());
        match found.last_mut() {
            Some((Kind::Code, range)) if kind == Kind::Code => range.end = end,
            _ => found.push((kind, i..end)),
        }
        i = end;
    }
    found
}

/// The code with comments, strings and character literals blanked, line by line as it was.
pub(crate) fn bare(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (kind, range) in pieces(&chars) {
        let blank = |&c: &char| if kind == Kind::Code || c == '\n' { c } else { ' ' };
        out.extend(chars[range].iter().map(blank));
    }
    out
}

/// A string of a source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    /// Its line, from 1.
    pub(crate) line: usize,
    /// The code right before it, without white space at its end.
    pub(crate) before: String,
    /// Its text.
    pub(crate) text: String,
}

/// All strings of a source.
pub(crate) fn literals(source: &str) -> Vec<Literal> {
    const BEFORE: usize = 80;
    let chars: Vec<char> = source.chars().collect();
    let mut found = Vec::new();
    let mut line = 1;
    for (kind, range) in pieces(&chars) {
        let lines = chars[range.clone()].iter().filter(|&&c| c == '\n').count();
        if let Kind::Text { prefix, suffix, is_raw } = kind {
            let before: String = chars[range.start.saturating_sub(BEFORE)..range.start].iter().collect();
            let end = range.end.saturating_sub(suffix).max(range.start + prefix);
            let text = &chars[range.start + prefix..end];
            let text = if is_raw { text.iter().collect() } else { unescaped(text) };
            found.push(Literal { line, before: before.trim_end().to_owned(), text });
        }
        line += lines;
    }
    found
}

/// The text that the characters of a string stand for.
fn unescaped(chars: &[char]) -> String {
    let mut text = String::new();
    let mut rest = chars.iter().copied().peekable();
    while let Some(c) = rest.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('0') => text.push('\0'),
            Some('\n') => while rest.next_if(|c| c.is_whitespace()).is_some() {},
            Some('u') => {
                let code: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                text.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some(other) => text.push(other),
            None => {}
        }
    }
    text
}

/// A name with the line it stands on.
pub(crate) type Word = (usize, String);

/// Names, `::`, braces, commas and other signs, in order.
pub(crate) fn words(code: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            let length = if is_name(first) {
                rest.find(|c| !is_name(c)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            if !first.is_whitespace() {
                words.push((number + 1, rest[..length].to_owned()));
            }
            rest = &rest[length..];
        }
    }
    words
}

/// Every path of the code with its braces multiplied out: `a::{b, c::d}` is `a::b` and `a::c::d`.
pub(crate) fn paths(words: &[Word]) -> Vec<(usize, Vec<String>)> {
    let is_name = |word: &str| word.starts_with(|c: char| c.is_alphabetic() || c == '_') || word == "*";
    let mut found = Vec::new();
    let mut path: Vec<String> = Vec::new();
    // The paths that the open braces of a path stand after; `None` for any other brace.
    let mut open: Vec<Option<Vec<String>>> = Vec::new();
    let mut after_colons = false;
    for (line, word) in words {
        match word.as_str() {
            "::" => after_colons = true,
            "{" => {
                open.push(after_colons.then(|| path.clone()));
                after_colons = false;
            }
            name if is_name(name) => {
                if !after_colons {
                    path = open.last().cloned().flatten().unwrap_or_default();
                }
                path.push(name.to_owned());
                after_colons = false;
                found.push((*line, path.clone()));
            }
            sign => {
                if sign == "}" {
                    open.pop();
                }
                path = open.last().cloned().flatten().unwrap_or_default();
                after_colons = false;
            }
        }
    }
    found
}

/// The module of a file of `src`: `ui/views/draw.rs` and `ui/views/draw/mod.rs` are both `ui::views::draw`.
pub(crate) fn module_of(file: &str) -> Vec<String> {
    let stem = file.trim_end_matches(".rs").trim_end_matches("/mod");
    stem.split('/').map(str::to_owned).collect()
}

/// Where a path leads inside the crate; `None` if it leads out of it.
pub(crate) fn resolve(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let mut place = match path.first()?.as_str() {
        "crate" | "convlens" => Vec::new(),
        "self" => module.to_vec(),
        "super" => module[..module.len().saturating_sub(1)].to_vec(),
        _ => return None,
    };
    for name in &path[1..] {
        if name == "super" {
            place.pop();
        } else {
            place.push(name.clone());
        }
    }
    Some(place)
}

pub(crate) fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

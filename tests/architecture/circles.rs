//! Import circles between files.
//!
//! A path counts as an import of the file that defines its item: a re-export leads to where the item is, and `mod` and
//! `pub use` alone import nothing. Unit tests at the end of a file do not count.

use super::reader::{bare, module_of, paths, resolve, words};
use std::collections::{BTreeMap, BTreeSet};

/// A module's path from the crate's root.
type Place = Vec<String>;

/// What a file says: the places that it imports, and what its `use` lines make known, by name.
#[derive(Default)]
struct Module {
    file: String,
    imports: Vec<Place>,
    names: BTreeMap<String, Place>,
}

/// Each circle as its files, in alphabetical order.
pub(crate) fn circles(sources: &[(String, String)]) -> Vec<String> {
    // Files of unit tests import what they test.
    let is_tests = |file: &str| file.ends_with("/tests.rs") || file.contains("/tests/");
    let sources: Vec<&(String, String)> = sources.iter().filter(|(file, _)| !is_tests(file)).collect();
    let known: BTreeSet<Place> = sources.iter().map(|(file, _)| place_of(file)).collect();
    let modules: BTreeMap<Place, Module> =
        sources.iter().map(|(file, text)| (place_of(file), read(file, text, &known))).collect();
    let edges: BTreeMap<&Place, BTreeSet<Place>> = modules
        .iter()
        .map(|(place, module)| {
            let targets = module.imports.iter().filter_map(|import| definition(import, &modules, 0));
            (place, targets.filter(|target| target != place).collect())
        })
        .collect();
    let reached: BTreeMap<&Place, BTreeSet<Place>> =
        edges.keys().map(|place| (*place, reach(place, &edges))).collect();
    let mut found = BTreeSet::new();
    for (place, all) in &reached {
        if all.contains(*place) {
            let is_back = |other: &&Place| reached[*other].contains(*place);
            let mut members: Vec<_> =
                all.iter().filter(is_back).map(|other| modules[other].file.as_str()).collect();
            members.sort_unstable();
            found.insert(format!("import circle: {}", members.join(", ")));
        }
    }
    found.into_iter().collect()
}

/// The module of a file; the crate's root for `lib.rs` and `main.rs`.
fn place_of(file: &str) -> Place {
    match file {
        "lib.rs" => Vec::new(),
        _ => module_of(file),
    }
}

fn read(file: &str, text: &str, known: &BTreeSet<Place>) -> Module {
    let code = bare(text);
    let end = code.lines().position(|line| line.trim() == "#[cfg(test)]").unwrap_or(usize::MAX);
    let words = words(&code).into_iter().take_while(|(line, _)| *line <= end);
    let words = without_visibilities(words.collect());
    let (used, exported) = use_lines(&words);
    let place = place_of(file);
    let all = paths(&words);
    let mut module = Module { file: file.to_owned(), ..Module::default() };
    // Modules that a `use` made known by a name of their own.
    let mut names: BTreeMap<String, Place> = BTreeMap::new();
    for (i, (line, path)) in all.iter().enumerate() {
        // `self` and `super` alone are a receiver and a visibility.
        if path.len() == 1 && !names.contains_key(&path[0]) {
            continue;
        }
        let is_longer = |next: &(usize, Vec<String>)| next.1.len() > path.len() && next.1.starts_with(path);
        let child = || {
            let mut child = place.clone();
            child.push(path[0].clone());
            known.contains(&child).then(|| child.into_iter().chain(path[1..].iter().cloned()).collect())
        };
        let alias = || names.get(&path[0]).map(|at| at.iter().chain(&path[1..]).cloned().collect());
        let Some(target) = resolve(&place, path).or_else(alias).or_else(child) else {
            continue;
        };
        if all.get(i + 1).is_some_and(is_longer) {
            continue;
        }
        let target: Place = target.into_iter().filter(|name| name != "self").collect();
        let Some(name) = target.last().cloned() else { continue };
        if used.contains(line) {
            module.names.insert(name.clone(), target.clone());
        }
        if !exported.contains(line) {
            if known.contains(&target) {
                names.insert(name, target.clone());
            }
            module.imports.push(target);
        }
    }
    module
}

/// The words without the scopes of `pub(…)`.
fn without_visibilities(words: Vec<(usize, String)>) -> Vec<(usize, String)> {
    let mut kept: Vec<(usize, String)> = Vec::with_capacity(words.len());
    let mut is_scope = false;
    for word in words {
        is_scope |= word.1 == "(" && kept.last().is_some_and(|(_, last)| last == "pub");
        if !is_scope {
            kept.push(word);
        } else if word.1 == ")" {
            is_scope = false;
        }
    }
    kept
}

/// The lines of `use …;`, and those of `pub use …;` among them.
fn use_lines(words: &[(usize, String)]) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let (mut used, mut exported) = (BTreeSet::new(), BTreeSet::new());
    for (i, (_, word)) in words.iter().enumerate() {
        if word != "use" {
            continue;
        }
        let lines = || words[i..].iter().take_while(|(_, w)| w != ";").map(|(line, _)| *line);
        used.extend(lines());
        let before = &words[i.saturating_sub(12)..i];
        let start = before.iter().rposition(|(_, w)| w == ";" || w == "}").map_or(0, |at| at + 1);
        if before[start..].iter().any(|(_, w)| w == "pub") {
            exported.extend(lines());
        }
    }
    (used, exported)
}

/// The module of the file that defines what is at `place`.
fn definition(place: &[String], modules: &BTreeMap<Place, Module>, depth: usize) -> Option<Place> {
    let at = (0..=place.len()).rev().find(|&len| modules.contains_key(&place[..len]))?;
    let (module, rest) = place.split_at(at);
    let Some(name) = rest.first() else { return Some(module.to_vec()) };
    match modules[module].names.get(name) {
        Some(target) if depth < 8 && target != place => definition(target, modules, depth + 1),
        _ => Some(module.to_vec()),
    }
}

/// Everything that is imported from `start`, directly or through others.
fn reach(start: &Place, edges: &BTreeMap<&Place, BTreeSet<Place>>) -> BTreeSet<Place> {
    let mut found = BTreeSet::new();
    let mut open = vec![start];
    while let Some(place) = open.pop() {
        for next in edges.get(place).into_iter().flatten() {
            if found.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::circles;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let own = |(file, text): &(&str, &str)| ((*file).to_owned(), (*text).to_owned());
        circles(&files.iter().map(own).collect::<Vec<_>>())
    }

    #[test]
    fn circles_are_found() {
        let two = ["import circle: nn/a.rs, nn/b.rs"];
        assert_eq!(found(&[("nn/a.rs", "use super::b::B;"), ("nn/b.rs", "use crate::nn::a;")]), two);
        // Through a re-export, and through a module's name.
        let files = [
            ("nn/mod.rs", "mod a; mod b;\npub use b::B;"),
            ("nn/a.rs", "use super::B;"),
            ("nn/b.rs", "fn f() { super::a::g() }"),
        ];
        assert_eq!(found(&files), two);
        let three = [
            ("nn/a.rs", "use super::b; fn f() { b::g() }"),
            ("nn/b.rs", "use crate::ui::c::{self, C};"),
            ("ui/c.rs", "use crate::nn::a::{f};"),
        ];
        assert_eq!(found(&three), ["import circle: nn/a.rs, nn/b.rs, ui/c.rs"]);
        let parent = [("nn/mod.rs", "mod a;\nuse self::a::A;\npub struct B;"), ("nn/a.rs", "use super::B;")];
        assert_eq!(found(&parent), ["import circle: nn/a.rs, nn/mod.rs"]);
    }

    #[test]
    fn what_runs_one_way_is_none() {
        let files = [
            ("lib.rs", "pub mod nn;"),
            ("nn/mod.rs", "mod a;\nmod b;\npub use self::{a::A, b::B};\npub trait T {}"),
            ("nn/a.rs", "use super::{B, T};\n#[cfg(test)]\nmod tests { use crate::nn::c; }"),
            ("nn/b.rs", "use super::T; // use super::a::A;"),
            ("nn/c.rs", "use crate::nn::{A, B};"),
        ];
        assert_eq!(found(&files), Vec::<String>::new());
    }
}

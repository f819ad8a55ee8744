//! The rules of `ARCHITECTURE.md` that the compiler does not hold, held by reading the sources; and what packages hold, by
//! reading theirs.

#![allow(clippy::unwrap_used, reason = "what a test's helpers cannot have fails the test")]

mod circles;
mod languages;
mod packages;
mod packaging;
mod reader;

use reader::{Word, bare, module_of, paths, resolve, sources, words};
use std::{fs, path::Path};

/// Who may import whom: a folder of `src` and those that it may name beside itself.
const IMPORTS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("files", &[]),
    ("figure", &["text"]),
    ("nn", &["text"]),
    ("data", &["text"]),
    ("lesson", &["nn", "text"]),
    ("explain", &["nn", "text"]),
    ("model_file", &["nn", "text", "files"]),
    ("foreign", &["nn", "model_file", "text", "files"]),
    ("train", &["nn", "data", "model_file", "text", "files"]),
    ("worksheet", &["nn", "data", "explain", "lesson", "text", "files"]),
    ("export", &["nn", "model_file", "text", "files"]),
    ("report", &["nn", "data", "explain", "model_file", "train", "text", "files"]),
    (
        "ui",
        &[
            "nn",
            "data",
            "explain",
            "export",
            "foreign",
            "lesson",
            "model_file",
            "report",
            "train",
            "worksheet",
            "text",
            "files",
            "figure",
        ],
    ),
    (
        "cli",
        &[
            "nn",
            "data",
            "explain",
            "export",
            "foreign",
            "lesson",
            "model_file",
            "report",
            "train",
            "worksheet",
            "text",
            "files",
        ],
    ),
];

/// A rule about words in the code.
struct Ban {
    /// Names of paths; `a::b` is `b` right after `a`, and `*` at the end stands for any ending.
    names: &'static [&'static str],
    /// Where the rule holds: beginnings of paths in `src`.
    within: &'static [&'static str],
    /// Where it does not, although it is within.
    except: &'static [&'static str],
    /// Whether it holds in the tests at the end of a file too.
    in_tests: bool,
    /// What is told.
    sentence: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        names: &["egui", "eframe", "rfd", "egui_plot", "winit", "epaint", "emath"],
        within: &[""],
        except: &["ui/"],
        in_tests: true,
        sentence: "egui, eframe and rfd are for `ui` alone",
    },
    Ban {
        names: &["thread::spawn", "thread::Builder", "thread::scope", "ThreadPoolBuilder", "rayon::spawn"],
        within: &[""],
        except: &["train/worker/", "ui/work/tasks.rs"],
        in_tests: false,
        sentence: "threads are started in train/worker/ and ui/work/tasks.rs alone",
    },
    Ban {
        names: &["Instant", "SystemTime"],
        within: &["nn/", "explain/", "train/session/", "worksheet/"],
        except: &[],
        in_tests: true,
        sentence: "the core has no clock: time is passed in",
    },
    Ban {
        names: &[
            "thread_rng",
            "ThreadRng",
            "rand::rng",
            "rand::random",
            "OsRng",
            "SysRng",
            "from_os_rng",
            "from_entropy",
        ],
        within: &[""],
        except: &[],
        in_tests: true,
        sentence: "every random number has a seed",
    },
    Ban {
        names: &["Color32::from_*", "Rgba::from_*", "Hsva::new", "RGBColor", "Color::from_*", "Color::new"],
        within: &["ui/", "cli/"],
        except: &["ui/style/tokens", "ui/style/colormap.rs", "cli/pictures/"],
        in_tests: false,
        sentence: "colours are made in ui/style/tokens, ui/style/colormap.rs and cli/pictures alone",
    },
    Ban {
        names: &[
            "std::net",
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "ToSocketAddrs",
            "UnixStream",
            "UnixListener",
            "UnixDatagram",
        ],
        within: &[""],
        except: &[],
        in_tests: true,
        sentence: "the program opens no connection",
    },
    Ban { names: &["unsafe"], within: &[""], except: &[], in_tests: true, sentence: "no unsafe code" },
    Ban {
        names: &["println", "eprintln", "stdout", "stderr"],
        within: &[""],
        except: &["cli/output.rs", "cli/terminal.rs"],
        in_tests: false,
        sentence: "only cli/output.rs prints",
    },
];

fn matches(path: &[String], name: &str) -> bool {
    let wanted: Vec<&str> = name.split("::").collect();
    let same = |have: &String, want: &str| match want.strip_suffix('*') {
        Some(start) => have.starts_with(start),
        None => have == want,
    };
    path.len() >= wanted.len()
        && path[path.len() - wanted.len()..].iter().zip(wanted).all(|(have, want)| same(have, want))
}

/// What a file of `src` does that it must not, each as `file:line: rule`.
fn violations(file: &str, text: &str) -> Vec<String> {
    let code = bare(text);
    let words = words(&code);
    let tests_begin = code.lines().position(|line| line.trim() == "#[cfg(test)]").unwrap_or(usize::MAX);
    let module = module_of(file);
    let mut told = unexplained(file, &words);
    let mut tell = |line: usize, sentence: &str| told.push(format!("src/{file}:{line}: {sentence}"));
    for (line, path) in paths(&words) {
        for ban in BANS {
            let holds = ban.within.iter().any(|start| file.starts_with(start))
                && !ban.except.iter().any(|start| file.starts_with(start))
                && (ban.in_tests || line <= tests_begin);
            if holds && ban.names.iter().any(|name| matches(&path, name)) {
                tell(line, ban.sentence);
            }
        }
        let Some(place) = resolve(&module, &path) else { continue };
        let own = IMPORTS
            .iter()
            .find(|(name, _)| module.len() + usize::from(file.contains('/')) > 1 && module[0] == *name);
        if let (Some((own, allowed)), [head]) = (own, place.as_slice())
            && IMPORTS.iter().any(|(name, _)| name == head)
            && head != own
            && !allowed.contains(&head.as_str())
        {
            tell(line, &format!("`{own}` may not import `{head}`"));
        }
        if let (["ui", "views", own, ..], [ui, views, other]) =
            (module.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), place.as_slice())
            && ui == "ui"
            && views == "views"
            && other != own
            && other.starts_with(char::is_lowercase)
        {
            tell(line, &format!("a view may not import another view (`{other}`)"));
        }
    }
    told.sort();
    told.dedup();
    told
}

/// Attributes that silence a lint without saying why.
fn unexplained(file: &str, words: &[Word]) -> Vec<String> {
    let mut told = Vec::new();
    let text = |i: usize| words.get(i).map_or("", |(_, word)| word.as_str());
    for start in 0..words.len() {
        let is_attribute = text(start) == "#"
            && (text(start + 1) == "[" || text(start + 1) == "!" && text(start + 2) == "[");
        if !is_attribute {
            continue;
        }
        let mut depth = 0;
        let mut inside = Vec::new();
        for (_, word) in &words[start + 1..] {
            depth += i32::from(word == "[") - i32::from(word == "]");
            inside.push(word.as_str());
            if depth == 0 && word == "]" {
                break;
            }
        }
        let silences = inside.windows(2).any(|pair| matches!(pair, ["allow" | "expect", "("]));
        if silences && !inside.contains(&"reason") {
            told.push(format!("src/{file}:{}: every #[allow] and #[expect] has a reason", words[start].0));
        }
    }
    told
}

/// The files of `src` by their paths in it, with their text.
fn all_sources() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    files.sort();
    assert!(files.len() > 30, "the sources are not where they were");
    let name = |file: &Path| file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
    files.iter().map(|file| (name(file), fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn no_file_imports_itself_through_others() {
    let found = circles::circles(&all_sources());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_sources_keep_the_rules() {
    let mut told = Vec::new();
    for (name, text) in all_sources() {
        told.extend(violations(&name, &text));
    }
    assert!(told.is_empty(), "\n{}\n", told.join("\n"));
}

#[test]
fn every_rule_can_be_broken() {
    let cases = [
        ("nn/a.rs", "\nuse crate::data::Split;", "src/nn/a.rs:2: `nn` may not import `data`"),
        ("data/a.rs", "use crate::nn;", "src/data/a.rs:1: `data` may not import `nn`"),
        ("nn/a.rs", "use crate::files;", "src/nn/a.rs:1: `nn` may not import `files`"),
        ("files/a.rs", "use crate::nn;", "src/files/a.rs:1: `files` may not import `nn`"),
        (
            "explain/a.rs",
            "fn f() { super::super::train::go() }",
            "src/explain/a.rs:1: `explain` may not import `train`",
        ),
        (
            "train/a.rs",
            "use crate::{\n    nn::Network,\n    ui::{app, state},\n};",
            "src/train/a.rs:3: `train` may not import `ui`",
        ),
        ("cli/a/b.rs", "use crate::ui;", "src/cli/a/b.rs:1: `cli` may not import `ui`"),
        ("ui/mod.rs", "use super::cli::Cli;", "src/ui/mod.rs:1: `ui` may not import `cli`"),
        ("cli/a.rs", "use egui::Color32;", "src/cli/a.rs:1: egui, eframe and rfd are for `ui` alone"),
        (
            "main.rs",
            "fn f() { eframe::run_native() }",
            "src/main.rs:1: egui, eframe and rfd are for `ui` alone",
        ),
        (
            "ui/views/draw.rs",
            "use super::{View, train::Curves};",
            "src/ui/views/draw.rs:1: a view may not import another view (`train`)",
        ),
        (
            "ui/views/draw/pen.rs",
            "use crate::ui::views::train;",
            "src/ui/views/draw/pen.rs:1: a view may not import another view (`train`)",
        ),
        (
            "ui/app.rs",
            "use std::thread;\nfn f() { thread::spawn(|| ()); }",
            "src/ui/app.rs:2: threads are started in train/worker/ and ui/work/tasks.rs alone",
        ),
        (
            "cli/a.rs",
            "use std::{io, thread::{Builder, sleep}};",
            "src/cli/a.rs:1: threads are started in train/worker/ and ui/work/tasks.rs alone",
        ),
        ("nn/a.rs", "use std::time::Instant;", "src/nn/a.rs:1: the core has no clock: time is passed in"),
        ("nn/a.rs", "let x = rand::rng();", "src/nn/a.rs:1: every random number has a seed"),
        (
            "ui/a.rs",
            "let c = egui::Color32::from_rgb(1, 2, 3);",
            "src/ui/a.rs:1: colours are made in ui/style/tokens, ui/style/colormap.rs and cli/pictures alone",
        ),
        ("data/a.rs", "use std::{fs, net::TcpStream};", "src/data/a.rs:1: the program opens no connection"),
        ("files/a.rs", "use std::net;", "src/files/a.rs:1: the program opens no connection"),
        ("ui/a.rs", "fn f() { unsafe { g() } }", "src/ui/a.rs:1: no unsafe code"),
        ("data/a.rs", "println!(\"x\");", "src/data/a.rs:1: only cli/output.rs prints"),
        (
            "nn/a.rs",
            "\n#[allow(dead_code)]\nfn f() {}",
            "src/nn/a.rs:2: every #[allow] and #[expect] has a reason",
        ),
        (
            "nn/a.rs",
            "#![expect(\n    missing_docs\n)]",
            "src/nn/a.rs:1: every #[allow] and #[expect] has a reason",
        ),
        (
            "nn/a.rs",
            "#[cfg_attr(unix, expect(dead_code))]",
            "src/nn/a.rs:1: every #[allow] and #[expect] has a reason",
        ),
    ];
    for (file, text, expected) in cases {
        assert_eq!(violations(file, text), [expected], "{text}");
    }
}

#[test]
fn what_only_looks_like_a_breach_is_none() {
    let cases = [
        (
            "nn/a.rs",
            "// use crate::data;\n/* unsafe */ let s = \"egui::x\"; let r = r#\"crate::data \"quoted\"\"#;",
        ),
        ("nn/a.rs", "let c = '\"'; let d = '\\''; use crate::nn::data_like; // Instant"),
        ("nn/a.rs", "use super::{layers, spec::data};"),
        ("train/a.rs", "use crate::{nn::{self, Network}, data, model_file};"),
        ("train/worker/mod.rs", "std::thread::Builder::new();"),
        ("ui/views/draw/mod.rs", "mod pen; use self::pen::Pen; use crate::ui::view::View;"),
        ("ui/views/mod.rs", "mod draw; mod train; pub use self::{draw::Draw, train::Train};"),
        ("ui/style/tokens/mod.rs", "Color32::from_rgb(1, 2, 3);"),
        ("ui/a.rs", "Color32::WHITE;\n#[cfg(test)]\nmod tests { fn f() { Color32::from_gray(3); } }"),
        (
            "nn/a.rs",
            "#[expect(dead_code, reason = \"used later\")]\nfn f<'a>(x: &'a str) { x.parse::<u8>().expect(\"a\"); }",
        ),
        ("main.rs", "use convlens::{cli, ui};"),
    ];
    for (file, text) in cases {
        assert_eq!(violations(file, text), Vec::<String>::new(), "{text}");
    }
}

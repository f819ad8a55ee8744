//! What the program is built from, by `Cargo.lock`: nothing that speaks to a network, one egui, and the licence of each
//! package in `assets/licences.txt`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};
use toml::{Table, Value};

/// Packages that speak to a network or encrypt for one. The program opens no connection: it sends nothing, and asks for
/// nothing.
///
/// `deny.toml` has the same list; `packaging/README.md` says what remains, which are sockets on the machine itself.
const NETWORK: &[&str] = &[
    "async-net",
    "attohttpc",
    "awc",
    "curl",
    "curl-sys",
    "h2",
    "hickory-resolver",
    "hyper",
    "hyper-util",
    "isahc",
    "mio",
    "minreq",
    "native-tls",
    "openssl",
    "openssl-sys",
    "quinn",
    "reqwest",
    "ring",
    "rustls",
    "sentry",
    "socket2",
    "surf",
    "tiny_http",
    "tungstenite",
    "ureq",
    "webbrowser",
];

/// Packages of which a second version would be a second window library.
const ONCE: &[&str] = &["eframe", "egui", "egui-winit", "egui_glow", "egui_plot", "epaint", "rfd", "winit"];

/// A package of `Cargo.lock`.
struct Package {
    name: String,
    version: String,
    /// Names, or name and version where a name is not enough.
    dependencies: Vec<String>,
}

impl Package {
    /// As another package's list of dependencies names it.
    fn is(&self, dependency: &str) -> bool {
        let mut words = dependency.split(' ');
        words.next() == Some(&self.name) && words.next().is_none_or(|version| version == self.version)
    }
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn locked() -> Vec<Package> {
    let lock: Table = toml::from_str(&read("Cargo.lock")).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = lock["package"].as_array().unwrap().iter().map(|package| Package {
        name: text(&package["name"]),
        version: text(&package["version"]),
        dependencies: match package.get("dependencies") {
            Some(names) => names.as_array().unwrap().iter().map(text).collect(),
            None => Vec::new(),
        },
    });
    packages.collect()
}

/// The names of what the program itself depends on, for any system; not what its tests depend on.
fn direct() -> BTreeSet<String> {
    let manifest: Table = toml::from_str(&read("Cargo.toml")).unwrap();
    let mut tables = vec![&manifest["dependencies"]];
    if let Some(targets) = manifest.get("target") {
        tables.extend(targets.as_table().unwrap().values().filter_map(|target| target.get("dependencies")));
    }
    tables.iter().flat_map(|table| table.as_table().unwrap().keys().cloned()).collect()
}

/// The packages that can be in the program, on any system: what `direct` leads to.
fn in_the_program(all: &[Package]) -> Vec<&Package> {
    let root = all.iter().find(|package| package.name == "convlens").unwrap();
    let direct = direct();
    let mut found: BTreeMap<(&str, &str), &Package> = BTreeMap::new();
    let is_direct = |name: &&String| direct.contains(name.split(' ').next().unwrap());
    let mut open: Vec<&String> = root.dependencies.iter().filter(is_direct).collect();
    while let Some(dependency) = open.pop() {
        let package = all.iter().find(|package| package.is(dependency)).unwrap();
        if found.insert((&package.name, &package.version), package).is_none() {
            open.extend(&package.dependencies);
        }
    }
    found.into_values().collect()
}

#[test]
fn no_package_speaks_to_a_network() {
    let all = locked();
    let found: Vec<&str> = in_the_program(&all)
        .iter()
        .map(|one| one.name.as_str())
        .filter(|name| NETWORK.contains(name))
        .collect();
    assert!(found.is_empty(), "the program opens no connection, but {found:?} are for networks");
    let deny: Table = toml::from_str(&read("deny.toml")).unwrap();
    let denied = deny["bans"]["deny"].as_array().unwrap().iter();
    let denied: BTreeSet<&str> = denied.map(|one| one["crate"].as_str().unwrap()).collect();
    assert_eq!(denied, NETWORK.iter().copied().collect(), "deny.toml and this list differ");
}

#[test]
fn there_is_one_window_library() {
    let all = locked();
    for name in ONCE {
        let versions: Vec<&str> =
            all.iter().filter(|one| one.name == *name).map(|one| one.version.as_str()).collect();
        assert_eq!(versions.len(), 1, "{name}: {versions:?}");
    }
}

#[test]
fn every_package_has_its_licence_in_the_list() {
    let list = read("assets/licences.txt");
    let lines: BTreeSet<&str> = list.lines().collect();
    let all = locked();
    let packages = in_the_program(&all);
    assert!(packages.len() > 100, "{}", packages.len());
    let is_listed = |one: &&&Package| {
        let start = format!("{} {} · ", one.name, one.version);
        lines.iter().any(|line| line.starts_with(&start))
    };
    let missing = packages.iter().filter(|one| !is_listed(one));
    let missing: Vec<String> = missing.map(|one| format!("{} {}", one.name, one.version)).collect();
    assert!(missing.is_empty(), "run packaging/licences.py: assets/licences.txt lacks {missing:#?}");
    for asset in ["Inter", "JetBrains Mono", "Noto Sans SC", "Lucide", "MNIST"] {
        assert!(lines.iter().any(|line| line.starts_with(asset)), "assets/licences.txt lacks {asset}");
    }
}

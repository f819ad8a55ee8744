//! The files of `packaging/` agree with each other and with `Cargo.toml`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// What stands between `before` and `after`, each time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> BTreeSet<&'a str> {
    text.split(before).skip(1).filter_map(|rest| Some(rest.split_once(after)?.0)).collect()
}

#[test]
fn the_types_of_files_are_the_same_everywhere() {
    let mime = read("packaging/linux/convlens-mime.xml");
    let types = between(&mime, "<mime-type type=\"", "\"");
    assert_eq!(types.len(), 4);
    let desktop = read("packaging/linux/convlens.desktop");
    let opened = desktop.lines().find_map(|line| line.strip_prefix("MimeType=")).unwrap();
    assert_eq!(opened.split_terminator(';').collect::<BTreeSet<_>>(), types);
    let appstream = read("packaging/linux/io.github.convlens.convlens.metainfo.xml");
    assert_eq!(between(&appstream, "<mediatype>", "</mediatype>"), types);
}

#[test]
fn the_version_is_the_same_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    let appstream = read("packaging/linux/io.github.convlens.convlens.metainfo.xml");
    assert!(appstream.contains(&format!("<release version=\"{version}\"")), "{appstream}");
    assert!(read("packaging/macos/Info.plist").contains(&format!("<string>{version}</string>")));
    assert!(read("packaging/windows/convlens.manifest").contains(&format!("version=\"{version}.0\"")));
}

#[test]
fn what_a_package_holds_is_there() {
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    let assets = manifest["package"]["metadata"]["deb"]["assets"].as_array().unwrap();
    let sources: Vec<&str> = assets.iter().map(|asset| asset[0].as_str().unwrap()).collect();
    assert!(sources.len() > 15);
    // target/ is what packaging/build.sh makes.
    let missing: Vec<_> =
        sources.iter().filter(|path| !path.starts_with("target/") && !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[cfg(unix)]
#[test]
fn release_notes_are_the_section_of_their_version() {
    let folder = tempfile::tempdir().unwrap();
    let changelog = folder.path().join("CHANGELOG.md");
    let text = "# Changelog\n\n## [Unreleased]\n\n- new\n\n## [1.10.0] - 2026-02-01\n\n### Added\n\n- a\n\n## [1.1.0]\n\n- b\n\n\
                [1.1.0]: somewhere\n";
    fs::write(&changelog, text).unwrap();
    let notes = |version: &str, changelog: PathBuf| {
        let mut script = std::process::Command::new("bash");
        let script = script.arg(root().join("packaging/release-notes.sh")).arg(version);
        let output = script.env("CHANGELOG", changelog).output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(notes("1.10.0", changelog.clone()).as_deref(), Some("### Added\n\n- a\n"));
    assert_eq!(notes("1.1.0", changelog.clone()).as_deref(), Some("- b\n"));
    assert_eq!(notes("1.1", changelog), None);
    assert!(notes("Unreleased", root().join("CHANGELOG.md")).is_some_and(|text| text.len() > 100));
}

//! The options of the window, on a machine without a display.

use crate::support::Bench;
use convlens::ui::{start::view_named, views::VIEWS};
use std::fs;

#[test]
fn the_views_have_their_names() {
    for entry in VIEWS {
        assert_eq!(view_named(entry.name), Some(entry.id));
        assert_eq!(view_named(&entry.name.to_lowercase()), Some(entry.id));
    }
    assert_eq!(view_named("moon"), None);
    let bench = Bench::new();
    let said = bench.run("--view moon").fails(2);
    assert!(VIEWS.iter().all(|entry| said.contains(entry.name)) && said.contains("--view"), "{said}");
    let help = bench.run("--help").ok();
    for words in ["--view <NAME>", "--present", "--fresh", "--state <FILE>", "Convolution"] {
        assert!(help.contains(words), "{words}: {help}");
    }
}

/// A state that cannot be opened is said in one line, before there is a window.
#[test]
fn a_wrong_state_is_one_line() {
    let bench = Bench::new();
    let said = bench.run("--state none.convlens").fails(1);
    assert!(said.contains("none.convlens does not exist"), "{said}");
    fs::write(bench.path("a.convlens"), "hello").unwrap();
    let said = bench.run("--state a.convlens").fails(1);
    assert!(said.contains("a.convlens is not a state saved by ConvLens"), "{said}");
}

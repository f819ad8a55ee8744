//! Runs the target that `CONVLENS_TARGET` names on what libFuzzer makes up.

#![no_main]

mod targets;

use libfuzzer_sys::{Corpus, fuzz_target};
use std::sync::LazyLock;

static TARGET: LazyLock<targets::Target> = LazyLock::new(|| {
    let name = std::env::var("CONVLENS_TARGET").unwrap_or_default();
    let found = targets::TARGETS.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("CONVLENS_TARGET={name} is none of targets.rs")).1
});

fuzz_target!(|bytes: &[u8]| -> Corpus {
    (*TARGET)(bytes);
    Corpus::Keep
});

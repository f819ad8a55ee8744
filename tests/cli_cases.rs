//! Inputs on which ConvLens once did something wrong.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

#[path = "cli/cases.rs"]
mod cases;
#[allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]
#[path = "cli_support/mod.rs"]
mod support;

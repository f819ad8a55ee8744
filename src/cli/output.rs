//! All printing: results go to stdout, everything else to stderr.

use serde::Serialize;
use std::{
    fmt::Display,
    io::{self, Write},
};

/// Prints a line of the result.
pub fn line(text: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}

/// Prints one JSON object on a line of its own.
pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string(value)?;
    Ok(line(text)?)
}

/// Prints what went wrong, in one line, to stderr; there is nobody to tell if that fails.
pub fn complain(text: &str) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = writeln!(io::stderr().lock(), "convlens: {text}");
}

//! TOML blocks with the line of what is wrong in them.

use serde::de::DeserializeOwned;

/// What is wrong with a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BlockError {
    /// The line in the block, from 0.
    pub(super) line: usize,
    /// The reason, in one line.
    pub(super) reason: String,
}

impl BlockError {
    /// One about the block as a whole.
    pub(super) fn sentence(reason: String) -> Self {
        Self { line: 0, reason }
    }
}

/// Reads a block.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, BlockError> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start.min(text.len()));
        let line = text.get(..at).map_or(0, |before| before.matches('\n').count());
        let reason = error.message().lines().map(str::trim).collect::<Vec<_>>().join(", ");
        BlockError { line, reason }
    })
}

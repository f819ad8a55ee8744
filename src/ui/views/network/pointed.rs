//! The cell under the pointer.

use crate::explain::cell::WindowCell;

/// A cell of the layer's input under the pointer; of a vector, value `channel`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointed {
    /// The input channel.
    pub channel: usize,
    /// The row, from the top.
    pub row: usize,
    /// The column, from the left.
    pub column: usize,
}

impl Pointed {
    /// The cell that a cell of a window has its value from; `None` for a zero of the padding.
    pub fn at(channel: usize, seen: &WindowCell) -> Option<Self> {
        seen.from.map(|(row, column)| Self { channel, row, column })
    }
}

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
    /// A cell of a window; `None` in the padding.
    pub fn at(channel: usize, seen: &WindowCell) -> Option<Self> {
        let (row, column) = (usize::try_from(seen.row).ok()?, usize::try_from(seen.column).ok()?);
        seen.inside.then_some(Self { channel, row, column })
    }
}

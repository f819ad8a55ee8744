//! The part of a map that is pointed at.

use crate::explain::cell::WindowCell;

/// The cell of the layer's input that the pointer is on; of a vector, value `channel`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointed {
    /// The map.
    pub channel: usize,
    /// From the top.
    pub row: usize,
    /// From the left.
    pub column: usize,
}

impl Pointed {
    /// A cell under a window; none in the padding.
    pub fn at(channel: usize, seen: &WindowCell) -> Option<Self> {
        let (row, column) = (usize::try_from(seen.row).ok()?, usize::try_from(seen.column).ok()?);
        seen.inside.then_some(Self { channel, row, column })
    }
}

//! The selection in the Network view: a map, a pixel of it, an input channel.

use serde::{Deserialize, Serialize};

/// A map in the Network view: column 0 is the input, column i + 1 layer i; the column after the last layer is the softmax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapId {
    /// The column.
    pub column: usize,
    /// The map in it; for a vector, the value; for the softmax, the class.
    pub map: usize,
}

/// A selected map, and a part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// The map.
    pub map: Option<MapId>,
    /// The (row, column) in the map.
    pub pixel: Option<(usize, usize)>,
    /// The input channel whose products are shown; `None` is the strongest one.
    pub channel: Option<usize>,
}

impl Selection {
    /// A whole map.
    pub fn of(map: MapId) -> Self {
        Self { map: Some(map), ..Self::default() }
    }
}

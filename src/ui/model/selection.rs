//! What is being looked at in the network: a map, a place in it, an input channel.

use serde::{Deserialize, Serialize};

/// A map in the Network view: column 0 is the input, column i + 1 layer i; the column after the last layer is the softmax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapId {
    /// Which column.
    pub column: usize,
    /// Which map in it; of a vector, which value; of the softmax, which class.
    pub map: usize,
}

/// A map, and what of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// The map.
    pub map: Option<MapId>,
    /// The (row, column) in the map.
    pub pixel: Option<(usize, usize)>,
    /// The input channel whose products are looked at; the strongest one if it is none.
    pub channel: Option<usize>,
}

impl Selection {
    /// A map as a whole.
    pub fn of(map: MapId) -> Self {
        Self { map: Some(map), ..Self::default() }
    }
}

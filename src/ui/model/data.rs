//! The data set.

use crate::data::DataSet;

/// The state of the data set.
pub enum DataState {
    /// It is being read.
    Loading,
    /// It was read.
    Ready(DataSet),
    /// It could not be read; a message says why.
    Missing,
}

impl DataState {
    /// The data set, once it was read.
    pub fn ready(&self) -> Option<&DataSet> {
        match self {
            Self::Ready(data) => Some(data),
            Self::Loading | Self::Missing => None,
        }
    }
}

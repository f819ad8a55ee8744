//! The data set.

use crate::data::DataSet;

/// The data set.
pub enum DataState {
    /// It is being read.
    Loading,
    /// Here it is.
    Ready(DataSet),
    /// It could not be read, which a toast has said.
    Missing,
}

impl DataState {
    /// The set, once it is there.
    pub fn ready(&self) -> Option<&DataSet> {
        match self {
            Self::Ready(data) => Some(data),
            Self::Loading | Self::Missing => None,
        }
    }
}

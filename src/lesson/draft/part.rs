//! A part of a lesson file: read, or as it is written.

use serde::{Deserialize, Serialize};

/// A part of the file: read, or, while it cannot be, as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Part<T> {
    /// One that can be read.
    Read(T),
    /// The kind of the block and its text.
    Raw(String, String),
}

impl<T: Default> Default for Part<T> {
    fn default() -> Self {
        Self::Read(T::default())
    }
}

impl<T> Part<T> {
    /// What was read.
    pub fn read(&self) -> Option<&T> {
        match self {
            Self::Read(read) => Some(read),
            Self::Raw(..) => None,
        }
    }
}

//! What the reader of a format found.

use super::report::Report;
use crate::{data::Split, text::ClassNames};

/// What a reader found: the labelled images, with test images if the set has its own.
pub(super) struct Found {
    pub train: Split,
    pub test: Option<Split>,
    pub classes: ClassNames,
    pub report: Report,
}

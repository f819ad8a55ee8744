//! What a step cannot hold.

use crate::text::fill;

/// A sentence with a number.
pub(super) fn left_out(sentence: &str, count: usize) -> String {
    fill(sentence, &[("count", &count.to_string())])
}

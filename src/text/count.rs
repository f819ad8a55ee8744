//! Counts and ranges of indices in sentences.

use super::{fill, tr};
use std::{fmt::Display, ops::Range};

/// `one` for one thing, or `several` with its number in the place of `{count}`.
///
/// ```
/// use convlens::text::plural;
/// assert_eq!(plural(1, "the last row", "the last {count} rows"), "the last row");
/// assert_eq!(plural(3, "the last row", "the last {count} rows"), "the last 3 rows");
/// ```
pub fn plural(count: usize, one: &'static str, several: &'static str) -> String {
    fill(tr(if count == 1 { one } else { several }), &[("count", &count.to_string())])
}

/// A range of indices: `0 to 15`. Rows, columns, channels, filters and layers count from 0, as in PyTorch.
pub fn indices(first: impl Display, last: impl Display) -> String {
    fill(tr("{first} to {last}"), &[("first", &first.to_string()), ("last", &last.to_string())])
}

/// The indices to choose from, after the field that holds one of them: `of 0 to 15`.
pub fn index_range(range: &Range<usize>) -> String {
    fill(tr("of {range}"), &[("range", &indices(range.start, range.end.saturating_sub(1)))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_none_is_plural() {
        let rows = |count| plural(count, "{count} row", "{count} rows");
        assert_eq!([rows(0), rows(1), rows(2)], ["0 rows", "1 row", "2 rows"]);
    }

    #[test]
    fn ranges_name_their_last_index() {
        assert_eq!(index_range(&(0..16)), "of 0 to 15");
        assert_eq!(indices(9, 13), "9 to 13");
    }
}

//! Counts and ranges of indices in sentences.

use super::{fill, tr};

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

/// The indices that one can choose, as the field beside it has them: `of 0–15`. Rows, columns, channels, filters and
/// layers count from 0, as in PyTorch.
pub fn index_range(indices: &std::ops::Range<usize>) -> String {
    let (first, last) = (indices.start.to_string(), indices.end.saturating_sub(1).to_string());
    fill(tr("of {first}–{last}"), &[("first", &first), ("last", &last)])
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
        assert_eq!(index_range(&(0..16)), "of 0–15");
        assert_eq!(index_range(&(4..5)), "of 4–4");
    }
}

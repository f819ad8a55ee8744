//! Numbers as they stand on paper.

use crate::text::Sentence;

/// A number with at most two decimals, and a minus sign as printers set it.
pub(crate) fn number(value: f32) -> String {
    let text = format!("{value:.2}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    match text.strip_prefix('-') {
        Some("0") => "0".to_owned(),
        Some(digits) => format!("−{digits}"),
        None => text.to_owned(),
    }
}

/// A number as an answer.
pub(super) fn plain(value: impl ToString) -> Sentence {
    Sentence::new("{number}").with("number", value)
}

/// Indices: `2, 5, 8`.
pub(super) fn list(indices: &[usize]) -> String {
    indices.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

/// Rows and columns of a square that no window covers. Both have the same indices.
pub(super) fn uncovered(indices: &[usize]) -> Sentence {
    match indices {
        [] => Sentence::new("none: all are covered"),
        indices => Sentence::new("row {rows} and column {rows}").with("rows", list(indices)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_needless_digits() {
        let shown = [3.0, -2.0, 9.25, 31.0 / 9.0, -0.001, 10.0, 0.5].map(number);
        assert_eq!(shown, ["3", "−2", "9.25", "3.44", "0", "10", "0.5"]);
    }
}

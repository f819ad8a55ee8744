//! Text as Python and C write it.

use crate::nn::{Pair, Shape};
use std::fmt::Write as _;

/// A name from a file as a word of a comment: nothing in it ends a comment or a string.
pub(super) fn plain(name: &str) -> String {
    let keep = |c: char| if c.is_alphanumeric() || " ._-+()".contains(c) { c } else { '_' };
    name.chars().take(80).map(keep).collect()
}

/// A pair: `3`, or `(3, 5)`.
pub(super) fn pair(pair: Pair) -> String {
    if pair.h == pair.w { pair.h.to_string() } else { format!("({}, {})", pair.h, pair.w) }
}

/// `True` or `False`.
pub(super) fn boolean(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// A shape as a tuple without parentheses: `1, 28, 28`.
pub(super) fn dims(shape: Shape) -> String {
    shape.dims().iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

/// A call with its arguments, of which only those that are `Some` are written.
pub(super) fn call(name: &str, arguments: &[Option<String>]) -> String {
    let given: Vec<&str> = arguments.iter().flatten().map(String::as_str).collect();
    format!("{name}({})", given.join(", "))
}

/// An argument by position.
#[expect(
    clippy::unnecessary_wraps,
    clippy::needless_pass_by_value,
    reason = "it stands among arguments that are left out; numbers and text alike are passed"
)]
pub(super) fn given(value: impl ToString) -> Option<String> {
    Some(value.to_string())
}

/// An argument by name, if it differs from its default.
#[expect(clippy::needless_pass_by_value, reason = "settings are small, and their defaults are constants")]
pub(super) fn unless<T: PartialEq>(
    name: &str,
    value: T,
    default: T,
    written: impl Fn(T) -> String,
) -> Option<String> {
    (value != default).then(|| format!("{name}={}", written(value)))
}

/// Lines of code with a comment each, the comments below each other where the code is short.
pub(super) fn commented(lines: &[(String, String)], indent: usize, mark: &str) -> String {
    const LONGEST: usize = 64;
    let length = |code: &str| code.chars().count();
    let column = lines.iter().map(|(code, _)| length(code)).filter(|&n| n <= LONGEST).max().unwrap_or(0);
    let mut text = String::new();
    for (code, comment) in lines {
        let line = format!("{:indent$}{code:<column$}  {mark} {comment}", "");
        let line = if comment.is_empty() { format!("{:indent$}{code}", "") } else { line };
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_a_comment() {
        assert_eq!(plain("a\"\"\"\nimport os */ \\ é-1"), "a____import os __ _ é-1");
    }

    #[test]
    fn what_is_default_is_left_out() {
        let padding = |p| unless("padding", p, Pair::square(0), pair);
        let call = |p| call("nn.Conv2d", &[given(1), given(6), given(5), padding(p)]);
        assert_eq!(call(Pair::square(0)), "nn.Conv2d(1, 6, 5)");
        assert_eq!(call(Pair { h: 2, w: 1 }), "nn.Conv2d(1, 6, 5, padding=(2, 1))");
    }
}

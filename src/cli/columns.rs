//! Text in the columns of a terminal, where a Chinese character is two columns wide.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// The columns that a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// A text with blanks after it, up to this width.
pub(super) fn left(text: &str, width: usize) -> String {
    format!("{text}{}", blanks(text, width))
}

/// A text with blanks before it, up to this width.
pub(super) fn right(text: &str, width: usize) -> String {
    format!("{}{text}", blanks(text, width))
}

fn blanks(text: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(columns(text)))
}

/// A text in lines of at most this width. Chinese has no blanks to break at: it breaks between any two characters, but a
/// mark that closes does not begin a line, and one that opens does not end it.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    text.split('\n').map(|line| wrapped_line(line, width)).collect::<Vec<_>>().join("\n")
}

fn wrapped_line(line: &str, width: usize) -> String {
    let mut text = String::new();
    let mut used = 0;
    for piece in pieces(line) {
        if used > 0 && used + columns(piece.trim_end()) > width {
            text.truncate(text.trim_end().len());
            text.push('\n');
            used = 0;
        }
        text.push_str(piece);
        used += columns(piece);
    }
    text
}

/// What stays on one line: a word with the blank after it, or a Chinese character with the marks around it.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for ((_, before), (at, c)) in line.char_indices().zip(line.char_indices().skip(1)) {
        let is_wide = |c: char| c.width().unwrap_or(0) > 1;
        let may_break = before == ' ' && c != ' ' || is_wide(before) || is_wide(c) && c != ' ';
        if may_break && !"，。：；？！、）】》”’…,.:;?!)] ".contains(c) && !"（【《“‘([".contains(before)
        {
            pieces.push(&line[start..at]);
            start = at;
        }
    }
    pieces.push(&line[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_characters_are_two_columns_wide() {
        assert_eq!(columns("层 a"), 4);
        assert_eq!((left("层", 4), right("层", 4)), ("层  ".to_owned(), "  层".to_owned()));
        assert_eq!(right("layer", 3), "layer");
    }

    #[test]
    fn lines_break_where_they_may() {
        assert_eq!(wrapped("one two  three", 8), "one two\nthree");
        assert_eq!(wrapped("一二三四五", 6), "一二三\n四五");
        assert_eq!(wrapped("一二，三（四）", 4), "一\n二，\n三\n（四）");
        assert_eq!(wrapped("用 --save 保存\n\n模型", 10), "用 --save\n保存\n\n模型");
        assert_eq!(wrapped("longer-than-this", 4), "longer-than-this");
    }
}

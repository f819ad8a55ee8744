//! HTML: everything that comes from a file, or has a sign of HTML in it, goes through [`text`].

use crate::text::harmless;

/// Text in an element or in an attribute with double quotes.
#[expect(clippy::needless_pass_by_value, reason = "numbers and text alike are passed")]
pub(super) fn text(text: impl ToString) -> String {
    let mut safe = String::new();
    for c in harmless(&text.to_string()).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

/// A section with its heading.
pub(super) fn section(title: &str, content: &str) -> String {
    format!("<section>\n<h2>{}</h2>\n{content}</section>\n", text(title))
}

/// A table. Columns from `numbers` on are numbers, which stand on the right.
pub(super) fn table(class: &str, heads: &[&str], rows: &[Vec<String>], numbers: usize) -> String {
    let side = |column: usize| if column >= numbers { " class=\"n\"" } else { "" };
    let head = |(i, head): (usize, &&str)| format!("<th scope=\"col\"{}>{}</th>", side(i), text(head));
    let head: String = heads.iter().enumerate().map(head).collect();
    let row = |cells: &Vec<String>| {
        let cell = |(i, cell): (usize, &String)| format!("<td{}>{}</td>", side(i), text(cell));
        let cells: String = cells.iter().enumerate().map(cell).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let body: String = rows.iter().map(row).collect();
    format!(
        "<div class=\"wide\"><table class=\"{class}\"><thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n"
    )
}

/// Pairs of a name and its value.
pub(super) fn pairs(rows: &[(String, String)]) -> String {
    let row = |(name, value): &(String, String)| {
        format!("<div><dt>{}</dt><dd>{}</dd></div>\n", text(name), text(value))
    };
    format!("<dl class=\"pairs\">\n{}</dl>\n", rows.iter().map(row).collect::<String>())
}

/// A paragraph.
pub(super) fn paragraph(words: &str) -> String {
    format!("<p>{}</p>\n", text(words))
}

/// A whole number with a thin space between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) && digits.len() > 4 {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_file_is_markup() {
        assert_eq!(text("<script>\"&'\u{1b}"), "&lt;script&gt;&quot;&amp;&#39;\u{fffd}");
        assert!(!table("t", &["<b>"], &[vec!["<i>".into()]], 0).contains("<i>"));
    }

    #[test]
    fn thousands_are_apart() {
        let texts = [0, 1234, 12345, 1_234_567].map(grouped);
        assert_eq!(texts, ["0", "1234", "12\u{202f}345", "1\u{202f}234\u{202f}567"]);
    }
}

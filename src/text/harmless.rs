//! Text from files and file names, made safe to show.

/// The longest text that is shown of a file's own words, in characters.
const MAX_CHARS: usize = 1000;

/// Text from outside the program in one line that a terminal only prints: a control character, which could be part of
/// an escape code, and a character that turns the direction of writing become `�`. White space becomes a blank, and
/// what is very long is cut.
///
/// ```
/// use convlens::text::harmless;
/// assert_eq!(harmless("name\u{1b}[31m\n"), "name�[31m ");
/// ```
pub fn harmless(text: &str) -> String {
    let mut line: String = text.chars().take(MAX_CHARS).map(shown).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        line.push('…');
    }
    line
}

fn shown(c: char) -> char {
    // Marks and overrides of direction, and the separators of lines and paragraphs.
    let is_format =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    match c {
        '\t' | '\n' | '\r' => ' ',
        _ if c.is_control() || is_format => char::REPLACEMENT_CHARACTER,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_on_a_terminal_is_left() {
        let text = "a\u{1b}]0;title\u{7}\u{9b}31m\u{202e}b\u{2028}c\nd\u{7f}";
        let line = harmless(text);
        assert_eq!(line, "a�]0;title��31m�b�c d�");
        assert!(!line.contains(char::is_control));
        assert_eq!(harmless("Größe 3×3 → 数字"), "Größe 3×3 → 数字");
    }

    #[test]
    fn a_megabyte_is_cut() {
        assert_eq!(harmless(&"é".repeat(1 << 20)).chars().count(), MAX_CHARS + 1);
        assert_eq!(harmless(&"é".repeat(MAX_CHARS)).chars().count(), MAX_CHARS);
    }
}

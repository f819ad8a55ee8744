//! The faces of the pages, and the width of text.

use crate::text::faces;
use ab_glyph::{Font as _, FontRef};
use std::{ops::Range, sync::LazyLock};

/// The font files.
pub static FILES: [&[u8]; 6] = [
    faces::INTER,
    faces::INTER_SEMIBOLD,
    faces::JETBRAINS_MONO,
    faces::JETBRAINS_MONO_SEMIBOLD,
    faces::NOTO_SANS_SC,
    faces::NOTO_SANS_SC_BOLD,
];

/// For each face, in the order of [`Face`], the files in which a character is looked up, one after the other. A face for
/// another script is one more file, and its index here.
pub const FALLBACK: [&[usize]; 4] = [&[0, 4, 2], &[1, 5, 3], &[2, 0, 4], &[3, 1, 5]];

/// A face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Words.
    Words,
    /// Headings.
    Bold,
    /// Numbers.
    Numbers,
    /// Answers.
    BoldNumbers,
}

/// A glyph of a font file.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The index in [`FILES`].
    pub file: usize,
    /// The glyph.
    pub id: u16,
    /// How far it moves on, in parts of the size.
    pub advance: f32,
    /// The bytes of the text that it shows.
    pub range: Range<usize>,
}

/// The fonts that can be read; the files are those of the program, so all of them.
pub fn fonts() -> &'static [Option<FontRef<'static>>] {
    static FONTS: LazyLock<Vec<Option<FontRef<'static>>>> =
        LazyLock::new(|| FILES.iter().map(|bytes| FontRef::try_from_slice(bytes).ok()).collect());
    &FONTS
}

/// The glyphs of a text. A character that no file has is left out.
pub fn shape(text: &str, face: Face) -> Vec<Placed> {
    let fonts = fonts();
    let place = |(start, c): (usize, char)| {
        FALLBACK[face as usize].iter().find_map(|&file| {
            let font = fonts.get(file)?.as_ref()?;
            let id = font.glyph_id(c);
            let advance = font.h_advance_unscaled(id) / font.units_per_em()?;
            (id.0 != 0).then_some(Placed { file, id: id.0, advance, range: start..start + c.len_utf8() })
        })
    };
    text.char_indices().filter_map(place).collect()
}

/// The width of a text.
pub fn width(text: &str, face: Face, size: f32) -> f32 {
    size * shape(text, face).iter().map(|glyph| glyph.advance).sum::<f32>()
}

/// The lines of a text that are at most `room` wide. It breaks at blanks, and beside characters of scripts without them.
pub fn wrap(text: &str, face: Face, size: f32, room: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words(text) {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() || width(&format!("{line}{}", word.trim_end()), face, size) <= room {
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The parts of a text between which a line can end, each with the blank after it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    // From here on characters are ideographs and their punctuation.
    let is_wide = |c: char| c >= '\u{2e80}';
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices().peekable();
        let (_, first) = chars.next()?;
        let mut before = first;
        let mut end = rest.len();
        for (at, c) in chars {
            let is_mark =
                matches!(c, '，' | '。' | '、' | '：' | '；' | '？' | '！' | '）' | '”' | '’' | '》');
            if before == ' ' && c != ' '
                || (is_wide(before) || is_wide(c)) && c != ' ' && !is_mark && before != '（' && before != '“'
            {
                end = at;
                break;
            }
            before = c;
        }
        let (word, left) = rest.split_at(end);
        rest = left;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_font_files_can_be_read_and_have_what_pages_show() {
        assert!(fonts().iter().all(Option::is_some));
        for face in [Face::Words, Face::Bold, Face::Numbers, Face::BoldNumbers] {
            let text = "Size = ⌊(n + 2·P − D·(K − 1) − 1) / S⌋ + 1 × 3 “a” …";
            assert_eq!(shape(text, face).len(), text.chars().count(), "{face:?}");
        }
        let digits: Vec<f32> =
            "0123456789−".chars().map(|c| width(&c.to_string(), Face::Numbers, 10.0)).collect();
        assert!(digits.iter().all(|one| (one - digits[0]).abs() < 1e-4));
    }

    #[test]
    fn lines_are_no_wider_than_their_room_and_lose_no_word() {
        let text = "Multiply each cell by the kernel’s number at the same place, and add the products.";
        let lines = wrap(text, Face::Words, 10.0, 120.0);
        assert!(
            lines.len() > 2 && lines.iter().all(|line| width(line, Face::Words, 10.0) <= 120.0),
            "{lines:?}"
        );
        assert_eq!(lines.join(" "), text);
        let wide: Vec<&str> = words("把核 (K) 乘上。好").collect();
        assert_eq!(wide.concat(), "把核 (K) 乘上。好");
        assert!(wide.contains(&"上。"), "{wide:?}");
    }
}

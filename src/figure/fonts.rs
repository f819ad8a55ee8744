//! The faces of drawings, and their glyphs.

use crate::text::faces;
use ab_glyph::{Font as _, FontRef, GlyphId, OutlineCurve};
use std::sync::LazyLock;

/// The font files, by which drawings name faces.
pub static FACES: [&[u8]; 7] = [
    faces::INTER,
    faces::INTER_SEMIBOLD,
    faces::JETBRAINS_MONO,
    faces::JETBRAINS_MONO_SEMIBOLD,
    faces::NOTO_SANS_SC,
    faces::NOTO_SANS_SC_BOLD,
    faces::LUCIDE,
];

static FONTS: LazyLock<Vec<Option<FontRef<'static>>>> =
    LazyLock::new(|| FACES.iter().map(|bytes| FontRef::try_from_slice(bytes).ok()).collect());

fn font(face: usize) -> Option<&'static FontRef<'static>> {
    FONTS.get(face)?.as_ref()
}

/// The glyph of a character; `None` if the face has none.
pub fn glyph_of(face: usize, c: char) -> Option<u16> {
    let id = font(face)?.glyph_id(c);
    (id.0 != 0).then_some(id.0)
}

/// The units of an em.
pub(super) fn units(face: usize) -> f32 {
    font(face).and_then(FontRef::units_per_em).unwrap_or(1000.0)
}

/// The outline in units of the face, upwards, as curves.
pub(super) fn outline(face: usize, id: u16) -> Vec<OutlineCurve> {
    font(face).and_then(|font| font.outline(GlyphId(id))).map(|outline| outline.curves).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_is_read_and_has_outlines() {
        for (face, c) in [(0, 'a'), (1, 'a'), (2, '7'), (3, '7'), (4, '核'), (5, '核')] {
            let id = glyph_of(face, c).unwrap();
            assert!(outline(face, id).len() > 3 && units(face) >= 1000.0, "{face}");
        }
        assert!(font(6).is_some());
        assert_eq!(glyph_of(0, '核'), None);
        assert_eq!(glyph_of(99, 'a'), None);
    }
}

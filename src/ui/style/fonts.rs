//! The faces: Inter for words, Noto Sans SC for Chinese, JetBrains Mono for numbers, Lucide for icons, all embedded. What
//! none of them has, such as what a person types in another script, comes from the fonts of the system.

use crate::text::faces;
use egui::{Context, FontData, FontDefinitions, FontFamily, FontId, FontTweak};
use std::sync::Arc;

const INTER: &str = "inter";
const INTER_SEMIBOLD: &str = "inter-semibold";
const CHINESE: &str = "noto-sans-sc";
const CHINESE_BOLD: &str = "noto-sans-sc-bold";
const MONO: &str = "jetbrains-mono";
const MONO_BOLD: &str = "jetbrains-mono-bold";
/// Icons in a line of text.
const ICONS_INLINE: &str = "lucide-inline";
/// The icons alone, each exactly filling a square of its size.
const ICONS: &str = "lucide";

/// Lucide's glyphs start at the baseline and are one em high; text is centred at half the height of its capitals.
const ICON_DROP: f32 = 0.5 - 0.364;

/// Lucide's glyphs beside words are a little larger than these.
const ICON_SCALE: f32 = 1.08;

/// Makes the embedded faces the context's only ones.
pub fn install(ctx: &Context) {
    ctx.set_fonts(definitions());
}

/// A size of the face for words.
pub fn words(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// The semibold face for headings, names and selected items.
pub fn semibold(size: f32) -> FontId {
    FontId::new(size, semibold_family())
}

/// A size of the face for numbers.
pub fn mono(size: f32) -> FontId {
    FontId::new(size, FontFamily::Monospace)
}

/// A size of the heavier face for numbers: results.
pub fn mono_bold(size: f32) -> FontId {
    FontId::new(size, mono_bold_family())
}

/// A size of the icons on their own; in a line of words they need no face.
pub fn icons(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(ICONS.into()))
}

/// The family of [`semibold`], for rich text.
pub fn semibold_family() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// The family of [`mono_bold`], for rich text.
pub fn mono_bold_family() -> FontFamily {
    FontFamily::Name("mono-bold".into())
}

/// A face of [`crate::figure::FACES`] in a family.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceOf {
    /// Its index.
    pub face: usize,
    /// How large it is, in sizes of the text.
    pub scale: f32,
    /// How far it is moved down, in its own sizes.
    pub drop: f32,
}

/// The faces of a family, in the order in which glyphs are looked up.
pub fn faces_of(family: &FontFamily) -> [FaceOf; 4] {
    let names = families().into_iter().find(|(of, _)| of == family);
    let names = names.map_or([INTER, CHINESE, ICONS_INLINE, MONO], |(_, names)| names);
    names.map(|name| {
        let (scale, drop) = if name == ICONS_INLINE { (ICON_SCALE, ICON_DROP) } else { (1.0, 0.0) };
        let faces = [INTER, INTER_SEMIBOLD, MONO, MONO_BOLD, CHINESE, CHINESE_BOLD];
        // The icons are the last one, by both names.
        let face = faces.iter().position(|face| *face == name).unwrap_or(faces.len());
        FaceOf { face, scale, drop }
    })
}

fn families() -> [(FontFamily, [&'static str; 4]); 5] {
    [
        (FontFamily::Proportional, [INTER, CHINESE, ICONS_INLINE, MONO]),
        (semibold_family(), [INTER_SEMIBOLD, CHINESE_BOLD, ICONS_INLINE, MONO_BOLD]),
        (FontFamily::Monospace, [MONO, INTER, CHINESE, ICONS_INLINE]),
        (mono_bold_family(), [MONO_BOLD, INTER_SEMIBOLD, CHINESE_BOLD, ICONS_INLINE]),
        (FontFamily::Name(ICONS.into()), [ICONS, INTER, CHINESE, MONO]),
    ]
}

fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let mut add = |name: &str, data: FontData| {
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    };
    add(INTER, FontData::from_static(faces::INTER));
    add(INTER_SEMIBOLD, FontData::from_static(faces::INTER_SEMIBOLD));
    add(MONO, FontData::from_static(faces::JETBRAINS_MONO));
    add(MONO_BOLD, FontData::from_static(faces::JETBRAINS_MONO_SEMIBOLD));
    add(CHINESE, FontData::from_static(faces::NOTO_SANS_SC));
    add(CHINESE_BOLD, FontData::from_static(faces::NOTO_SANS_SC_BOLD));
    let lucide = FontData::from_static(faces::LUCIDE);
    add(ICONS, lucide.clone());
    let drop = FontTweak { y_offset_factor: ICON_DROP, scale: ICON_SCALE, ..FontTweak::default() };
    add(ICONS_INLINE, lucide.tweak(drop));
    for (family, faces) in families() {
        fonts.families.insert(family, faces.map(str::to_owned).to_vec());
    }
    fonts
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;

    use super::*;
    use crate::ui::style::icons as glyphs;

    /// The characters of the Chinese table and of the lessons have glyphs of their own: the harness panics on one that no
    /// face has.
    #[test]
    fn every_character_of_every_language_has_a_glyph() {
        let folder = |name: &str| {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name);
            std::fs::read_dir(path)
                .unwrap()
                .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        };
        let text: String = folder("languages").chain(folder("lessons")).collect();
        let text: std::collections::BTreeSet<char> = text.chars().filter(|c| !c.is_control()).collect();
        assert!(text.len() > 1_000, "{}", text.len());
        let text: String = text.into_iter().collect();
        let mut harness = Harness::builder().with_context_setup(install).build_ui(|ui| {
            for font in [words(14.0), semibold(14.0), mono(14.0), mono_bold(14.0)] {
                ui.label(egui::RichText::new(&text).font(font));
            }
        });
        harness.run();
    }

    /// The harness panics on a glyph that no face has.
    #[test]
    fn every_family_has_every_glyph_the_app_uses() {
        let mut harness = Harness::builder().with_context_setup(install).build_ui(|ui| {
            let all_icons = glyphs::ALL.concat();
            let symbols = "ABCxyz 0123456789 −3.1 +3.1 × · Σ ∑ ∂ ≤ ≥ → ← … “quoted” ’ %";
            for font in [words(14.0), semibold(14.0), mono(14.0), mono_bold(14.0), icons(16.0)] {
                ui.label(egui::RichText::new(symbols).font(font.clone()));
                ui.label(egui::RichText::new(&all_icons).font(font));
            }
        });
        harness.run();
    }

    #[test]
    fn icons_fill_a_square() {
        let mut size = egui::Vec2::ZERO;
        let mut harness = Harness::builder().with_context_setup(install).build_ui(|ui| {
            let galley = ui.painter().layout_no_wrap(
                glyphs::PENCIL.to_owned(),
                icons(16.0),
                egui::Color32::PLACEHOLDER,
            );
            size = galley.size();
        });
        harness.run();
        drop(harness);
        assert!((size.x - 16.0).abs() < 0.6 && (size.y - 16.0).abs() <= 1.0, "{size:?}");
    }
}

//! Pages as PDF, with the faces embedded. The same pages give the same bytes.

use super::{
    fonts::{FILES, Placed, shape},
    item::{HEIGHT, Item, Page, Tone, WIDTH},
};
use crate::text::{Say, Sentence};
use krilla::{
    Document, SerializeSettings,
    color::luma,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    page::PageSettings,
    paint::{Fill, Stroke, StrokeDash},
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph},
};
use std::fmt;

/// The library refused to write the file. Pages that this program makes give it no reason to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfError(String);

impl Say for PdfError {
    fn say(&self) -> Sentence {
        Sentence::new("the PDF cannot be made: {reason}").with("reason", &self.0)
    }
}

impl fmt::Display for PdfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say().fmt(f)
    }
}

impl std::error::Error for PdfError {}

/// A PDF file with these pages.
pub fn to_pdf(title: &str, pages: &[Page]) -> Result<Vec<u8>, PdfError> {
    let refused = |reason: &str| PdfError(reason.to_owned());
    let fonts: Option<Vec<Font>> = FILES.iter().map(|bytes| Font::new((*bytes).into(), 0)).collect();
    let fonts = fonts.ok_or_else(|| refused("a font cannot be read"))?;
    let mut document = Document::new_with(SerializeSettings::default());
    let about = Metadata::new().title(title.to_owned()).creator("ConvLens".to_owned());
    document.set_metadata(about);
    for page in pages {
        let a4 = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| refused("the page has no size"))?;
        let mut sheet = document.start_page_with(a4);
        let mut surface = sheet.surface();
        for item in &page.items {
            draw(&mut surface, &fonts, item);
        }
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|error| PdfError(format!("{error:?}")))
}

fn ink(tone: Tone) -> Fill {
    Fill { paint: luma::Color::new(tone.0).into(), ..Fill::default() }
}

fn draw(surface: &mut Surface<'_>, fonts: &[Font], item: &Item) {
    match item {
        Item::Text { at, size, face, tone, text } => {
            surface.set_stroke(None);
            surface.set_fill(Some(ink(*tone)));
            let mut x = at.0;
            // Glyphs of one file after the other.
            for run in shape(text, *face).chunk_by(|a, b| a.file == b.file) {
                let font = run.first().and_then(|first| fonts.get(first.file));
                let glyphs: Vec<KrillaGlyph> = run.iter().map(glyph).collect();
                if let Some(font) = font {
                    surface.draw_glyphs(Point::from_xy(x, at.1), &glyphs, font.clone(), text, *size, false);
                }
                x += size * run.iter().map(|glyph| glyph.advance).sum::<f32>();
            }
        }
        Item::Line { from, to, width, tone, is_dashed } => {
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: luma::Color::new(tone.0).into(),
                width: *width,
                dash: is_dashed.then(|| StrokeDash { array: vec![1.5, 1.5], offset: 0.0 }),
                ..Stroke::default()
            }));
            let mut path = PathBuilder::new();
            path.move_to(from.0, from.1);
            path.line_to(to.0, to.1);
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        Item::Area { at, size, tone } => {
            surface.set_stroke(None);
            surface.set_fill(Some(ink(*tone)));
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(at.0, at.1, size.0, size.1) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

fn glyph(placed: &Placed) -> KrillaGlyph {
    let id = GlyphId::new(u32::from(placed.id));
    KrillaGlyph::new(id, placed.advance, 0.0, 0.0, 0.0, placed.range.clone(), None)
}

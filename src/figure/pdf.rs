//! Drawings as PDF: one page of the drawing's size. Text is text, in the embedded faces.

use super::{Drawing, FACES, FigureError, Form, Ink, Mark, Pen, Piece};
use krilla::{
    Document, SerializeSettings,
    color::rgb,
    geom::{Path, PathBuilder, Point, Size, Transform},
    image::Image,
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule, Stroke},
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph},
};

/// Points of a PDF, which are 1/72 inch, in a point of the window, which is 1/96 inch.
const POINTS: f32 = 0.75;

/// A PDF file with this title.
pub fn to_pdf(drawing: &Drawing, title: &str) -> Result<Vec<u8>, FigureError> {
    let refused = |reason: &str| FigureError::Refused("PDF", reason.to_owned());
    let fonts: Option<Vec<Font>> = FACES.iter().map(|bytes| Font::new((*bytes).into(), 0)).collect();
    let fonts = fonts.ok_or_else(|| refused("a font cannot be read"))?;
    let [width, height] = drawing.size;
    let page = PageSettings::from_wh(width * POINTS, height * POINTS).ok_or(FigureError::Empty)?;
    let mut document = Document::new_with(SerializeSettings::default());
    document.set_metadata(Metadata::new().title(title.to_owned()).creator("ConvLens".to_owned()));
    let mut sheet = document.start_page_with(page);
    let mut surface = sheet.surface();
    surface.push_transform(&Transform::from_scale(POINTS, POINTS));
    if let Some(ground) = drawing.ground {
        let whole = Drawing::rectangle([0.0, 0.0, width, height]);
        draw(&mut surface, &fonts, &Form::Path { pieces: whole, fill: Some(ground), pen: None });
    }
    for Mark { clip, form } in &drawing.marks {
        let clip = clip.and_then(|clip| path(&Drawing::rectangle(clip)));
        if let Some(clip) = &clip {
            surface.push_clip_path(clip, &FillRule::NonZero);
        }
        draw(&mut surface, &fonts, form);
        if clip.is_some() {
            surface.pop();
        }
    }
    surface.pop();
    surface.finish();
    sheet.finish();
    document.finish().map_err(|error| FigureError::Refused("PDF", format!("{error:?}")))
}

fn draw(surface: &mut Surface<'_>, fonts: &[Font], form: &Form) {
    match form {
        Form::Path { pieces, fill, pen } => {
            surface.set_fill(fill.map(filled));
            surface.set_stroke(pen.map(|Pen { width, ink: [r, g, b, a] }| Stroke {
                paint: rgb::Color::new(r, g, b).into(),
                width,
                opacity: opacity(a),
                ..Stroke::default()
            }));
            if let Some(path) = path(pieces).filter(|_| fill.is_some() || pen.is_some()) {
                surface.draw_path(&path);
            }
        }
        Form::Glyphs { face, size, ink, text, glyphs, turn } => {
            let (Some(font), Some(first)) = (fonts.get(*face), glyphs.first()) else { return };
            surface.set_stroke(None);
            surface.set_fill(Some(filled(*ink)));
            if let Some(turn) = turn {
                let [x, y] = turn.around;
                surface.push_transform(&Transform::from_rotate_at(turn.angle.to_degrees(), x, y));
            }
            // Each glyph stands where it stands in the window.
            let mut at = first.at[0];
            let placed: Vec<KrillaGlyph> = glyphs
                .iter()
                .map(|glyph| {
                    let offset = (glyph.at[0] - at) / size;
                    at += glyph.advance;
                    let (id, advance) = (GlyphId::new(u32::from(glyph.id)), glyph.advance / size);
                    KrillaGlyph::new(id, advance, offset, 0.0, 0.0, glyph.range.clone(), None)
                })
                .collect();
            let [x, y] = first.at;
            surface.draw_glyphs(Point::from_xy(x, y), &placed, font.clone(), text, *size, false);
            if turn.is_some() {
                surface.pop();
            }
        }
        Form::Picture { at: [left, top, right, bottom], pixels, is_smooth: _ } => {
            let [width, height] = pixels.size.map(|side| side as u32);
            let Some(size) = Size::from_wh(right - left, bottom - top).filter(|_| width > 0 && height > 0)
            else {
                return;
            };
            surface.push_transform(&Transform::from_translate(*left, *top));
            surface.draw_image(Image::from_rgba8(pixels.rgba.as_flattened().to_vec(), width, height), size);
            surface.pop();
        }
    }
}

fn filled([r, g, b, a]: Ink) -> Fill {
    Fill { paint: rgb::Color::new(r, g, b).into(), opacity: opacity(a), ..Fill::default() }
}

fn opacity(alpha: u8) -> NormalizedF32 {
    NormalizedF32::new(f32::from(alpha) / 255.0).unwrap_or(NormalizedF32::ONE)
}

fn path(pieces: &[Piece]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for piece in pieces {
        match *piece {
            Piece::Move([x, y]) => path.move_to(x, y),
            Piece::Line([x, y]) => path.line_to(x, y),
            Piece::Curve([[ax, ay], [bx, by], [x, y]]) => path.cubic_to(ax, ay, bx, by, x, y),
            Piece::Close => path.close(),
        }
    }
    path.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::svg::tests::example;

    #[test]
    fn a_page_has_the_size_of_the_drawing_and_the_same_bytes_again() {
        let pdf = to_pdf(&example(), "One").unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.contains("/MediaBox") && text.contains("48") && text.contains("/FontFile3"), "{text}");
        assert_eq!(to_pdf(&example(), "One").unwrap(), pdf);
        assert_eq!(to_pdf(&Drawing::default(), ""), Err(FigureError::Empty));
    }

    #[test]
    fn odd_numbers_are_left_out() {
        let mut drawing = example();
        for mark in &mut drawing.marks {
            if let Form::Path { pieces, .. } = &mut mark.form {
                pieces.push(Piece::Line([f32::NAN, f32::INFINITY]));
            }
        }
        assert!(to_pdf(&drawing, "").unwrap().starts_with(b"%PDF-"));
    }
}

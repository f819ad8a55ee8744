//! Pages as pictures.

use super::{
    fonts::{fonts, shape},
    item::{HEIGHT, Item, Page, Tone, WIDTH},
};
use ab_glyph::{Font as _, FontRef, GlyphId, OutlineCurve};
use image::{ExtendedColorType, ImageEncoder as _, ImageError, codecs::png::PngEncoder};
use tiny_skia::{FillRule, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, StrokeDash, Transform};

/// Pixels a point: 150 an inch.
const FINE: f32 = 150.0 / 72.0;

/// A grey PNG of a page.
pub fn to_png(page: &Page) -> Result<Vec<u8>, ImageError> {
    let (width, height) = ((WIDTH * FINE).round() as u32, (HEIGHT * FINE).round() as u32);
    let mut bytes = Vec::new();
    let Some(mut paper) = Pixmap::new(width, height) else { return Ok(bytes) };
    paper.fill(tiny_skia::Color::WHITE);
    for item in &page.items {
        draw(&mut paper, item);
    }
    // White paper is opaque, and greys have equal parts.
    let grey: Vec<u8> = paper.pixels().iter().map(|pixel| pixel.red()).collect();
    PngEncoder::new(&mut bytes).write_image(&grey, width, height, ExtendedColorType::L8)?;
    Ok(bytes)
}

fn paint(tone: Tone) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(tone.0, tone.0, tone.0, 255);
    paint
}

fn draw(paper: &mut Pixmap, item: &Item) {
    let fine = Transform::from_scale(FINE, FINE);
    match item {
        Item::Text { at, size, face, tone, text } => {
            let mut x = at.0;
            for glyph in shape(text, *face) {
                let font = fonts().get(glyph.file).and_then(Option::as_ref);
                if let Some(path) = font.and_then(|font| outline(font, GlyphId(glyph.id), (x, at.1), *size)) {
                    paper.fill_path(&path, &paint(*tone), FillRule::Winding, fine, None);
                }
                x += size * glyph.advance;
            }
        }
        Item::Line { from, to, width, tone, is_dashed } => {
            let mut path = PathBuilder::new();
            path.move_to(from.0, from.1);
            path.line_to(to.0, to.1);
            let dash = if *is_dashed { StrokeDash::new(vec![1.5, 1.5], 0.0) } else { None };
            let stroke = Stroke { width: *width, dash, ..Stroke::default() };
            if let Some(path) = path.finish() {
                paper.stroke_path(&path, &paint(*tone), &stroke, fine, None);
            }
        }
        Item::Area { at, size, tone } => {
            if let Some(rect) = Rect::from_xywh(at.0, at.1, size.0, size.1) {
                paper.fill_rect(rect, &paint(*tone), fine, None);
            }
        }
    }
}

/// The outline of a glyph whose origin is `at`; `None` for blanks.
fn outline(font: &FontRef<'_>, id: GlyphId, at: (f32, f32), size: f32) -> Option<Path> {
    let scale = size / font.units_per_em()?;
    let place = |point: &ab_glyph::Point| (at.0 + point.x * scale, at.1 - point.y * scale);
    let mut path = PathBuilder::new();
    let mut last = None;
    for curve in font.outline(id)?.curves {
        let (first, end) = match &curve {
            OutlineCurve::Line(a, b) | OutlineCurve::Quad(a, _, b) | OutlineCurve::Cubic(a, _, _, b) => {
                (*a, *b)
            }
        };
        if last != Some(first) {
            if last.is_some() {
                path.close();
            }
            let (x, y) = place(&first);
            path.move_to(x, y);
        }
        let (x, y) = place(&end);
        match curve {
            OutlineCurve::Line(..) => path.line_to(x, y),
            OutlineCurve::Quad(_, c, _) => {
                let (cx, cy) = place(&c);
                path.quad_to(cx, cy, x, y);
            }
            OutlineCurve::Cubic(_, c, d, _) => {
                let ((cx, cy), (dx, dy)) = (place(&c), place(&d));
                path.cubic_to(cx, cy, dx, dy, x, y);
            }
        }
        last = Some(end);
    }
    path.close();
    path.finish()
}

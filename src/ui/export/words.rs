//! Text in drawings: the glyphs that egui has laid out, at their places.

use super::plain::ink;
use crate::{
    figure::{Form, Glyph, Ink, Pen, Piece, Turn, glyph_of},
    ui::style::fonts::{FaceOf, faces_of},
};
use egui::{
    Color32, Pos2, Stroke, Vec2,
    epaint::TextShape,
    text::{LayoutJob, TextFormat},
};

/// What the glyphs of a run have in common.
#[derive(Clone, Copy, PartialEq)]
struct Kind {
    face: usize,
    size: f32,
    ink: Ink,
    baseline: f32,
}

/// The glyphs of a text, a form for each run of one face, size, colour and line.
pub(super) fn glyphs(shape: &TextShape) -> Vec<Form> {
    let galley = &shape.galley;
    let turn =
        (shape.angle != 0.0).then_some(Turn { angle: shape.angle, around: [shape.pos.x, shape.pos.y] });
    let mut forms = Vec::new();
    let mut reader = Reader { job: &galley.job, at: 0 };
    for row in &galley.rows {
        let corner = shape.pos + row.pos.to_vec2();
        let mut run: Option<(Kind, String, Vec<Glyph>)> = None;
        for glyph in &row.row.glyphs {
            let Some(format) = reader.format(glyph.chr) else { continue };
            let place = corner + glyph.pos.to_vec2();
            if let Some(line) = underline(format, place, glyph.advance_width) {
                forms.push(line);
            }
            if glyph.chr.is_whitespace() || glyph.advance_width == 0.0 && glyph.uv_rect.is_nothing() {
                if let Some((_, text, _)) = &mut run {
                    text.push(' ');
                }
                continue;
            }
            let Some(ink) = colour(shape, format.color) else { continue };
            let faces = faces_of(&format.font_id.family);
            let found = faces.into_iter().find_map(|face| Some((glyph_of(face.face, glyph.chr)?, face)));
            let Some((id, FaceOf { face, scale, drop })) = found else { continue };
            let size = format.font_id.size * scale;
            let at = place + Vec2::new(0.0, drop * size);
            let kind = Kind { face, size, ink, baseline: at.y };
            if run.as_ref().is_none_or(|(of, ..)| *of != kind) {
                forms.extend(run.take().map(|run| form(run, turn)));
                run = Some((kind, String::new(), Vec::new()));
            }
            if let Some((_, text, glyphs)) = &mut run {
                let begin = text.len();
                text.push(glyph.chr);
                let range = begin..text.len();
                glyphs.push(Glyph { id, at: [at.x, at.y], advance: glyph.advance_width, range });
            }
        }
        forms.extend(run.map(|run| form(run, turn)));
        if row.ends_with_newline {
            reader.newline();
        }
    }
    forms
}

fn form(
    (Kind { face, size, ink, .. }, text, glyphs): (Kind, String, Vec<Glyph>),
    turn: Option<Turn>,
) -> Form {
    Form::Glyphs { face, size, ink, text, glyphs, turn }
}

fn colour(shape: &TextShape, of_format: Color32) -> Option<Ink> {
    let own = if of_format == Color32::PLACEHOLDER { shape.fallback_color } else { of_format };
    let colour = shape.override_text_color.unwrap_or(own);
    ink(colour.gamma_multiply(shape.opacity_factor))
}

fn underline(format: &TextFormat, Pos2 { x, y }: Pos2, width: f32) -> Option<Form> {
    let Stroke { width: pen, color } = format.underline;
    let ink = ink(color).filter(|_| pen > 0.0)?;
    let y = y + 2.0;
    let pieces = vec![Piece::Move([x, y]), Piece::Line([x + width, y])];
    Some(Form::Path { pieces, fill: None, pen: Some(Pen { width: pen, ink }) })
}

/// Finds the format of each character, one after the other.
struct Reader<'a> {
    job: &'a LayoutJob,
    at: usize,
}

impl<'a> Reader<'a> {
    fn format(&mut self, chr: char) -> Option<&'a TextFormat> {
        let rest = self.job.text.get(self.at..).unwrap_or_default();
        let here = self.at;
        // What stands for a text that was cut off is not in it.
        if rest.starts_with(chr) {
            self.at += chr.len_utf8();
        }
        let is_here = |range: &std::ops::Range<usize>| range.contains(&here);
        let sections = &self.job.sections;
        let section =
            sections.iter().find(|section| is_here(&(section.byte_range.start.0..section.byte_range.end.0)));
        section.or(sections.last()).map(|section| &section.format)
    }

    fn newline(&mut self) {
        if self.job.text.get(self.at..).unwrap_or_default().starts_with('\n') {
            self.at += 1;
        }
    }
}

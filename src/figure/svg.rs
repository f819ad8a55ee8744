//! Drawings as SVG: glyphs are outlines, so that no font is needed; pictures are PNG files inside.

use super::{
    Drawing, FigureError, Form, Glyph, Ink, Mark, Pen, Piece, Turn,
    fonts::{outline, units},
    to_png,
};
use ab_glyph::OutlineCurve;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{collections::BTreeSet, fmt::Write as _};

/// An SVG file.
pub fn to_svg(drawing: &Drawing) -> Result<String, FigureError> {
    let [width, height] = drawing.size.map(number);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n"
    );
    symbols(&mut out, &drawing.marks);
    if let Some(ground) = drawing.ground {
        let fill = ink("fill", ground);
        let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\"{fill}/>");
    }
    let mut clips = 0;
    for marks in drawing.marks.chunk_by(|a, b| a.clip == b.clip) {
        let clip = marks.first().and_then(|mark| mark.clip);
        if let Some([left, top, right, bottom]) = clip {
            let [x, y, w, h] = [left, top, right - left, bottom - top].map(number);
            let _ = write!(
                out,
                "<clipPath id=\"c{clips}\"><rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/></clipPath><g clip-path=\"url(#c{clips})\">"
            );
            clips += 1;
        }
        for mark in marks {
            form(&mut out, &mark.form)?;
        }
        if clip.is_some() {
            out.push_str("</g>\n");
        }
    }
    out.push_str("</svg>\n");
    Ok(out)
}

/// The outline of every glyph that is used, once.
fn symbols(out: &mut String, marks: &[Mark]) {
    let mut used = BTreeSet::new();
    for mark in marks {
        if let Form::Glyphs { face, glyphs, .. } = &mark.form {
            used.extend(glyphs.iter().map(|glyph| (*face, glyph.id)));
        }
    }
    if used.is_empty() {
        return;
    }
    out.push_str("<defs>\n");
    for (face, id) in used {
        let _ = write!(out, "<path id=\"g{face}-{id}\" d=\"");
        let mut at = None;
        for curve in outline(face, id) {
            let (OutlineCurve::Line(from, to)
            | OutlineCurve::Quad(from, _, to)
            | OutlineCurve::Cubic(from, _, _, to)) = &curve;
            if at != Some((from.x, from.y)) {
                let _ = write!(out, "{}M{}", if at.is_some() { "Z" } else { "" }, pair([from.x, from.y]));
            }
            let _ = match &curve {
                OutlineCurve::Line(_, to) => write!(out, "L{}", pair([to.x, to.y])),
                OutlineCurve::Quad(_, a, to) => write!(out, "Q{} {}", pair([a.x, a.y]), pair([to.x, to.y])),
                OutlineCurve::Cubic(_, a, b, to) => {
                    let [a, b, to] = [a, b, to].map(|point| pair([point.x, point.y]));
                    write!(out, "C{a} {b} {to}")
                }
            };
            at = Some((to.x, to.y));
        }
        out.push_str(if at.is_some() { "Z\"/>\n" } else { "\"/>\n" });
    }
    out.push_str("</defs>\n");
}

fn form(out: &mut String, form: &Form) -> Result<(), FigureError> {
    match form {
        Form::Path { pieces, fill, pen } => {
            let fill = fill.map_or_else(|| " fill=\"none\"".to_owned(), |fill| ink("fill", fill));
            let line = pen.map_or_else(String::new, |Pen { width, ink: colour }| {
                format!(" stroke-width=\"{}\"{}", number(width), ink("stroke", colour))
            });
            let _ = writeln!(out, "<path d=\"{}\"{fill}{line}/>", path(pieces));
        }
        Form::Glyphs { face, size, ink: colour, text, glyphs, turn } => {
            let scale = number(size / units(*face));
            let turned = turn.map_or_else(String::new, |Turn { angle, around: [x, y] }| {
                let [angle, x, y] = [angle.to_degrees(), x, y].map(number);
                format!(" transform=\"rotate({angle} {x} {y})\"")
            });
            // What is read aloud and searched for.
            let _ = write!(out, "<g{}{turned} aria-label=\"{}\">", ink("fill", *colour), escaped(text));
            for Glyph { id, at: [x, y], .. } in glyphs {
                let (x, y) = (number(*x), number(*y));
                let _ = write!(
                    out,
                    "<use xlink:href=\"#g{face}-{id}\" transform=\"matrix({scale} 0 0 -{scale} {x} {y})\"/>"
                );
            }
            out.push_str("</g>\n");
        }
        Form::Picture { at: [left, top, right, bottom], pixels, is_smooth } => {
            let png = STANDARD.encode(to_png(pixels, 1.0)?);
            let [x, y, w, h] = [*left, *top, right - left, bottom - top].map(number);
            let how = if *is_smooth { "" } else { " style=\"image-rendering:pixelated\"" };
            let _ = writeln!(
                out,
                "<image x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" preserveAspectRatio=\"none\"{how} xlink:href=\"data:image/png;base64,{png}\"/>"
            );
        }
    }
    Ok(())
}

fn path(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        let _ = match piece {
            Piece::Move(at) => write!(out, "M{}", pair(*at)),
            Piece::Line(to) => write!(out, "L{}", pair(*to)),
            Piece::Curve([a, b, to]) => write!(out, "C{} {} {}", pair(*a), pair(*b), pair(*to)),
            Piece::Close => write!(out, "Z"),
        };
    }
    out
}

fn ink(name: &str, [r, g, b, a]: Ink) -> String {
    let opacity = match a {
        255 => String::new(),
        a => format!(" {name}-opacity=\"{}\"", number(f32::from(a) / 255.0)),
    };
    format!(" {name}=\"#{r:02x}{g:02x}{b:02x}\"{opacity}")
}

fn pair([x, y]: [f32; 2]) -> String {
    format!("{} {}", number(x), number(y))
}

/// A number with as many decimals as a drawing needs.
fn number(value: f32) -> String {
    let text = if value.abs() < 0.1 { format!("{value:.5}") } else { format!("{value:.2}") };
    // Not a number, or endless.
    if !text.contains('.') {
        return "0".to_owned();
    }
    match text.trim_end_matches('0').trim_end_matches('.') {
        "-0" | "" => "0".to_owned(),
        text => text.to_owned(),
    }
}

fn escaped(text: &str) -> String {
    let sound = |c: &char| !c.is_control();
    let text: String = text.chars().filter(sound).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::figure::{Pixels, glyph_of};

    /// A drawing with one mark of each kind.
    pub(in crate::figure) fn example() -> Drawing {
        let glyph = |c: char, x: f32, range| Glyph {
            id: glyph_of(0, c).unwrap(),
            at: [x, 20.0],
            advance: 8.0,
            range,
        };
        let square = Drawing::rectangle([2.0, 2.0, 12.0, 12.0]);
        let pen = Some(Pen { width: 1.5, ink: [1, 2, 3, 128] });
        let pixels = Pixels { size: [2, 1], rgba: vec![[255, 0, 0, 255], [0, 0, 255, 255]] };
        let curve = vec![Piece::Move([0.0, 0.0]), Piece::Curve([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])];
        let forms = [
            Form::Path { pieces: square, fill: Some([255, 128, 0, 255]), pen },
            Form::Path { pieces: curve, fill: None, pen },
            Form::Glyphs {
                face: 0,
                size: 14.0,
                ink: [0, 0, 0, 255],
                text: "a<".into(),
                glyphs: vec![glyph('a', 20.0, 0..1), glyph('<', 28.0, 1..2)],
                turn: Some(Turn { angle: 0.5, around: [20.0, 20.0] }),
            },
            Form::Picture { at: [40.0, 0.0, 60.0, 10.0], pixels, is_smooth: false },
        ];
        let clips = [None, Some([0.0, 0.0, 4.0, 4.0]), None, None];
        let marks = forms.into_iter().zip(clips).map(|(form, clip)| Mark { clip, form }).collect();
        Drawing { size: [64.0, 32.0], ground: Some([255; 4]), marks }
    }

    #[test]
    fn every_mark_is_written_once() {
        let svg = to_svg(&example()).unwrap();
        for part in [
            "viewBox=\"0 0 64 32\"",
            "<path d=\"M2 2L12 2L12 12L2 12Z\" fill=\"#ff8000\" stroke-width=\"1.5\" stroke=\"#010203\" stroke-opacity=\"0.5\"/>",
            "clip-path=\"url(#c0)\"",
            "rotate(28.65 20 20)",
            "aria-label=\"a&lt;\"",
            "image-rendering:pixelated",
            "data:image/png;base64,",
        ] {
            assert_eq!(svg.matches(part).count(), 1, "{part}: {svg}");
        }
        assert_eq!(svg.matches("<use ").count(), 2);
        assert_eq!(svg.matches("<path id=").count(), 2);
        assert_eq!(svg.matches("<g").count(), svg.matches("</g>").count());
        assert_eq!(to_svg(&example()).unwrap(), svg);
    }

    #[test]
    fn numbers_are_short_and_always_numbers() {
        for (value, text) in [
            (1.0, "1"),
            (-0.001, "-0.001"),
            (12.345, "12.35"),
            (f32::NAN, "0"),
            (f32::INFINITY, "0"),
            (-1e-9, "0"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}

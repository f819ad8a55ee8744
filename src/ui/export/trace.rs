//! A drawing from what egui drew: areas, lines, glyphs and textures stay what they are; what has no such form is painted.

use super::{
    mesh, outline,
    plain::{edges, ink},
    sheet::{Sheet, moved, seen},
    words,
};
use crate::figure::{Drawing, Form, Mark, Pen};
use egui::{
    Color32, CornerRadius, Pos2, Rect, Shape,
    emath::TSTransform,
    epaint::{ClippedShape, ColorMode, PathShape, PathStroke, RectShape, Stroke},
};

/// Pixels of a point to which glyphs are aligned in a drawing.
pub const DRAWN: f32 = 4.0;

/// Pixels of a point of what is painted.
const RASTER: f32 = 4.0;

/// The drawing of a sheet's area.
pub fn drawing(sheet: &Sheet) -> Drawing {
    let mut drawing = Drawing {
        size: [sheet.area.width(), sheet.area.height()],
        ground: sheet.ground.map(|ground| ground.to_srgba_unmultiplied()),
        marks: Vec::new(),
    };
    for clipped in sheet.shapes() {
        let mut clipped = moved(clipped.clone(), sheet.area);
        let transform = std::mem::replace(&mut clipped.transform_after_tessellation, TSTransform::IDENTITY);
        clipped.shape.transform(transform);
        trace(sheet, clipped, &mut drawing.marks);
    }
    drawing
}

fn trace(sheet: &Sheet, clipped: ClippedShape, marks: &mut Vec<Mark>) {
    if let Shape::Vec(shapes) = clipped.shape {
        for shape in shapes {
            trace(sheet, ClippedShape::new(clipped.clip_rect, shape), marks);
        }
        return;
    }
    let bounds = clipped.shape.visual_bounding_rect();
    if !seen(&clipped).is_positive() && !matches!(clipped.shape, Shape::LineSegment { .. }) {
        return;
    }
    let clip = (!clipped.clip_rect.contains_rect(bounds)).then(|| edges(clipped.clip_rect));
    let forms = forms(sheet, &clipped.shape).unwrap_or_else(|| painted(sheet, clipped).into_iter().collect());
    marks.extend(forms.into_iter().map(|form| Mark { clip, form }));
}

/// What a shape is in a drawing; `None` if it has to be painted.
fn forms(sheet: &Sheet, shape: &Shape) -> Option<Vec<Form>> {
    let one = |pieces, fill: Color32, pen| {
        let fill = ink(fill);
        if fill.is_none() && pen_of(pen).is_none() {
            vec![]
        } else {
            vec![Form::Path { pieces, fill, pen: pen_of(pen) }]
        }
    };
    Some(match shape {
        Shape::Noop | Shape::Vec(_) | Shape::Callback(_) => Vec::new(),
        Shape::Circle(circle) => {
            one(outline::ellipse(circle.center, circle.radius, circle.radius), circle.fill, circle.stroke)
        }
        Shape::Ellipse(ellipse) if ellipse.angle == 0.0 => {
            let egui::Vec2 { x, y } = ellipse.radius;
            one(outline::ellipse(ellipse.center, x, y), ellipse.fill, ellipse.stroke)
        }
        Shape::LineSegment { points, stroke } => {
            one(outline::line(points, false), Color32::TRANSPARENT, *stroke)
        }
        Shape::Path(PathShape { points, closed, fill, stroke }) => {
            one(outline::line(points, *closed), *fill, plain(stroke)?)
        }
        Shape::Rect(rect) => rectangle(sheet, rect)?,
        Shape::QuadraticBezier(curve) => one(outline::quadratic(curve), curve.fill, plain(&curve.stroke)?),
        Shape::CubicBezier(curve) => one(outline::cubic(curve), curve.fill, plain(&curve.stroke)?),
        Shape::Text(text) => words::glyphs(text),
        Shape::Mesh(mesh) => mesh::forms(sheet, mesh)?,
        Shape::Ellipse(_) | Shape::Band(_) => return None,
    })
}

fn rectangle(sheet: &Sheet, shape: &RectShape) -> Option<Vec<Form>> {
    if shape.blur_width > 0.0 || shape.angle != 0.0 {
        return None;
    }
    let mut forms = Vec::new();
    if let Some(brush) = &shape.brush {
        if shape.corner_radius != CornerRadius::ZERO {
            return None;
        }
        let (texels, is_smooth) = sheet.texels(brush.fill_texture_id, brush.uv)?;
        forms.push(mesh::tinted(shape.rect, &texels, shape.fill, is_smooth));
    } else if let Some(fill) = ink(shape.fill) {
        let pieces = outline::rounded(shape.rect, shape.corner_radius);
        forms.push(Form::Path { pieces, fill: Some(fill), pen: None });
    }
    if let Some(pen) = pen_of(shape.stroke) {
        let half = pen.width / 2.0;
        let out = match shape.stroke_kind {
            egui::StrokeKind::Inside => -half,
            egui::StrokeKind::Middle => 0.0,
            egui::StrokeKind::Outside => half,
        };
        // Sharp corners stay sharp.
        let grown = |r: u8| if r == 0 { 0 } else { (f32::from(r) + out).round().max(0.0) as u8 };
        let CornerRadius { nw, ne, sw, se } = shape.corner_radius;
        let corners = CornerRadius { nw: grown(nw), ne: grown(ne), sw: grown(sw), se: grown(se) };
        let pieces = outline::rounded(shape.rect.expand(out), corners);
        forms.push(Form::Path { pieces, fill: None, pen: Some(pen) });
    }
    Some(forms)
}

/// A shape that has no other form.
fn painted(sheet: &Sheet, clipped: ClippedShape) -> Option<Form> {
    let room = seen(&clipped).expand(1.0).intersect(Rect::from_min_size(Pos2::ZERO, sheet.area.size()));
    if !room.is_positive() {
        return None;
    }
    let pixels = sheet.raster(clipped, room, RASTER);
    let size = egui::vec2(pixels.size[0] as f32, pixels.size[1] as f32) / RASTER;
    Some(Form::Picture { at: edges(Rect::from_min_size(room.min, size)), pixels, is_smooth: true })
}

/// A stroke of one colour on the line; `None` if it is another one.
fn plain(stroke: &PathStroke) -> Option<Stroke> {
    match stroke.color {
        ColorMode::Solid(color) => Some(Stroke { width: stroke.width, color }),
        ColorMode::UV(_) => None,
    }
}

fn pen_of(stroke: Stroke) -> Option<Pen> {
    let ink = ink(stroke.color).filter(|_| stroke.width > 0.0)?;
    Some(Pen { width: stroke.width, ink })
}

//! The outlines of shapes as paths.

use crate::figure::Piece;
use egui::{
    CornerRadius, Pos2, Rect,
    epaint::{CubicBezierShape, QuadraticBezierShape},
};

/// How far the control points of a quarter of a circle are from its ends, in radii.
const ROUND: f32 = 0.552_285;

fn at(point: Pos2) -> [f32; 2] {
    [point.x, point.y]
}

/// A line through points.
pub(super) fn line(points: &[Pos2], is_closed: bool) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = points
        .iter()
        .enumerate()
        .map(|(i, point)| if i == 0 { Piece::Move(at(*point)) } else { Piece::Line(at(*point)) })
        .collect();
    if is_closed {
        pieces.push(Piece::Close);
    }
    pieces
}

/// An ellipse.
pub(super) fn ellipse(centre: Pos2, rx: f32, ry: f32) -> Vec<Piece> {
    let to = |x: f32, y: f32| [centre.x + x * rx, centre.y + y * ry];
    let k = ROUND;
    vec![
        Piece::Move(to(1.0, 0.0)),
        Piece::Curve([to(1.0, k), to(k, 1.0), to(0.0, 1.0)]),
        Piece::Curve([to(-k, 1.0), to(-1.0, k), to(-1.0, 0.0)]),
        Piece::Curve([to(-1.0, -k), to(-k, -1.0), to(0.0, -1.0)]),
        Piece::Curve([to(k, -1.0), to(1.0, -k), to(1.0, 0.0)]),
        Piece::Close,
    ]
}

/// A rectangle with rounded corners.
pub(super) fn rounded(rect: Rect, corners: CornerRadius) -> Vec<Piece> {
    let most = (rect.width().min(rect.height()) / 2.0).max(0.0);
    let [nw, ne, se, sw] = [corners.nw, corners.ne, corners.se, corners.sw].map(|r| f32::from(r).min(most));
    let [left, top, right, bottom] = [rect.left(), rect.top(), rect.right(), rect.bottom()];
    // Each corner: where it begins, its control points and its end, in directions of its radius.
    let corner = |r: f32, [cx, cy]: [f32; 2], [bx, by]: [f32; 2], [ex, ey]: [f32; 2]| {
        let near = r * (1.0 - ROUND);
        let begin = [cx + bx * r, cy + by * r];
        let end = [cx + ex * r, cy + ey * r];
        (begin, [[cx + bx * near, cy + by * near], [cx + ex * near, cy + ey * near], end])
    };
    let all = [
        (nw, corner(nw, [left, top], [0.0, 1.0], [1.0, 0.0])),
        (ne, corner(ne, [right, top], [-1.0, 0.0], [0.0, 1.0])),
        (se, corner(se, [right, bottom], [0.0, -1.0], [-1.0, 0.0])),
        (sw, corner(sw, [left, bottom], [1.0, 0.0], [0.0, -1.0])),
    ];
    let mut pieces = Vec::new();
    for (i, (radius, (begin, curve))) in all.into_iter().enumerate() {
        pieces.push(if i == 0 { Piece::Move(begin) } else { Piece::Line(begin) });
        if radius > 0.0 {
            pieces.push(Piece::Curve(curve));
        }
    }
    pieces.push(Piece::Close);
    pieces
}

/// A quadratic curve as a cubic one.
pub(super) fn quadratic(curve: &QuadraticBezierShape) -> Vec<Piece> {
    let [from, by, to] = curve.points;
    let (a, b) = (from.lerp(by, 2.0 / 3.0), to.lerp(by, 2.0 / 3.0));
    bezier([from, a, b, to], curve.closed)
}

/// A cubic curve.
pub(super) fn cubic(curve: &CubicBezierShape) -> Vec<Piece> {
    bezier(curve.points, curve.closed)
}

fn bezier([from, a, b, to]: [Pos2; 4], is_closed: bool) -> Vec<Piece> {
    let mut pieces = vec![Piece::Move(at(from)), Piece::Curve([at(a), at(b), at(to)])];
    if is_closed {
        pieces.push(Piece::Close);
    }
    pieces
}

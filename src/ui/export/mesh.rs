//! Meshes in drawings: textures on rectangles are pictures, triangles of one colour an area.

use super::{
    plain::{edges, ink},
    sheet::Sheet,
};
use crate::figure::{Form, Piece, Pixels};
use egui::{
    Color32, ColorImage, Pos2, Rect, TextureId,
    epaint::{Mesh, Vertex, WHITE_UV},
};

/// What a mesh is in a drawing; `None` if it has to be painted.
pub(super) fn forms(sheet: &Sheet, mesh: &Mesh) -> Option<Vec<Form>> {
    let is_plain = mesh.texture_id == TextureId::default() && mesh.vertices.iter().all(|v| v.uv == WHITE_UV);
    if is_plain { areas(mesh) } else { pictures(sheet, mesh) }
}

/// An area for each run of triangles of one colour.
fn areas(mesh: &Mesh) -> Option<Vec<Form>> {
    let triangles = mesh.indices.chunks_exact(3).map(|corners| {
        let corner = |i: usize| mesh.vertices.get(corners[i] as usize).copied();
        let [a, b, c] = [corner(0)?, corner(1)?, corner(2)?];
        (a.color == b.color && b.color == c.color).then_some([a, b, c])
    });
    let triangles: Vec<[Vertex; 3]> = triangles.collect::<Option<_>>()?;
    let run = |run: &[[Vertex; 3]]| {
        let fill = ink(run.first()?[0].color)?;
        let pieces = run.iter().flat_map(|[a, b, c]| {
            // All the same way round, so that no seam is seen between two.
            let is_clockwise = (b.pos - a.pos).rot90().dot(c.pos - a.pos) < 0.0;
            let [b, c] = if is_clockwise { [b, c] } else { [c, b] };
            let [a, b, c] = [a, b, c].map(|vertex| [vertex.pos.x, vertex.pos.y]);
            [Piece::Move(a), Piece::Line(b), Piece::Line(c), Piece::Close]
        });
        Some(Form::Path { pieces: pieces.collect(), fill: Some(fill), pen: None })
    };
    Some(triangles.chunk_by(|a, b| a[0].color == b[0].color).filter_map(run).collect())
}

/// A picture for each rectangle with a texture.
fn pictures(sheet: &Sheet, mesh: &Mesh) -> Option<Vec<Form>> {
    if !mesh.vertices.len().is_multiple_of(4) || mesh.indices.len() != mesh.vertices.len() / 4 * 6 {
        return None;
    }
    let quads = mesh.vertices.chunks_exact(4).zip(mesh.indices.chunks_exact(6)).enumerate();
    let picture = |(i, (corners, indices)): (usize, (&[Vertex], &[u32]))| {
        let own = (4 * i) as u32..(4 * i + 4) as u32;
        let colour = corners[0].color;
        let is_whole = indices.iter().all(|index| own.contains(index));
        if !is_whole || corners.iter().any(|corner| corner.color != colour) {
            return None;
        }
        let (place, uv) = (around(corners.iter().map(|v| v.pos)), around(corners.iter().map(|v| v.uv)));
        // Each corner of the texture at the same corner of the rectangle.
        let is_upright = corners.iter().all(|v| {
            let is_at = |at: f32, edge: f32, size: f32| (at - edge).abs() <= size * 1e-3;
            let side = |at: Pos2, room: Rect| {
                let (x, y) = (at.x, at.y);
                let left = is_at(x, room.left(), room.width());
                let top = is_at(y, room.top(), room.height());
                let is_corner = (left || is_at(x, room.right(), room.width()))
                    && (top || is_at(y, room.bottom(), room.height()));
                is_corner.then_some((left, top))
            };
            side(v.pos, place).is_some_and(|one| side(v.uv, uv) == Some(one))
        });
        let (texels, is_smooth) = sheet.texels(mesh.texture_id, uv).filter(|_| is_upright)?;
        Some(tinted(place, &texels, colour, is_smooth))
    };
    quads.map(picture).collect()
}

fn around(points: impl Iterator<Item = Pos2>) -> Rect {
    points.fold(Rect::NOTHING, |room, point| room.union(Rect::from_min_max(point, point)))
}

/// Texels on a rectangle, tinted.
pub(super) fn tinted(place: Rect, texels: &ColorImage, tint: Color32, is_smooth: bool) -> Form {
    let rgba = texels.pixels.iter().map(|texel| (*texel * tint).to_srgba_unmultiplied()).collect();
    Form::Picture { at: edges(place), pixels: Pixels { size: texels.size, rgba }, is_smooth }
}

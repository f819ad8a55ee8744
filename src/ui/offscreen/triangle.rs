//! The pixels of a triangle.

use super::{
    span::{Ramp, Target},
    texture::Texture,
};
use egui::epaint::Vertex;

/// Corners are rounded to this part of a pixel, as graphics adapters do.
const SUBPIXELS: i64 = 256;

/// Corners further out than this many pixels are moved to it, so that products of coordinates fit their integers.
const FURTHEST: f32 = 4_194_304.0;

/// Fills a triangle. A pixel is covered if its centre is inside; a centre on an edge that two triangles share belongs to
/// the one for which the edge is at the left or on top.
pub(super) fn fill(target: &mut Target<'_>, corners: [Vertex; 3], texture: &Texture, pixels_per_point: f32) {
    let places = corners.map(|corner| [corner.pos.x * pixels_per_point, corner.pos.y * pixels_per_point]);
    if !places.as_flattened().iter().all(|value| value.is_finite()) {
        return;
    }
    let Some(outline) = Outline::new(places) else { return };
    let [width, height] = texture.size();
    let colour = Plane::new(places, corners.map(|corner| corner.color.to_array().map(f32::from)));
    let place =
        Plane::new(places, corners.map(|corner| [corner.uv.x * width as f32, corner.uv.y * height as f32]));
    let sampler = texture.sampler(place.steepness());
    let [top, bottom] = outline.rows(target.clip);
    for row in top..bottom {
        let [left, right] = outline.columns(row, target.clip);
        if left < right {
            let (colour, place) = (colour.along(left, row), place.along(left, row));
            target.blend_row(row, [left, right], &colour, &place, sampler);
        }
    }
}

/// The three edges of a triangle in whole subpixels, clockwise on a screen whose y axis points down.
struct Outline {
    edges: [Edge; 3],
    /// The first and the last row of subpixels.
    rows: [i64; 2],
}

/// The half plane x · `a` + y · `b` + `c` ≥ 0 of subpixels.
#[derive(Clone, Copy)]
struct Edge {
    a: i64,
    b: i64,
    c: i64,
}

impl Outline {
    /// `None` for a triangle without an area.
    fn new(places: [[f32; 2]; 3]) -> Option<Self> {
        let subpixel = |value: f32| (value.clamp(-FURTHEST, FURTHEST) * SUBPIXELS as f32).round() as i64;
        let [p, mut q, mut r] = places.map(|place| place.map(subpixel));
        let area = (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
        if area == 0 {
            return None;
        }
        if area < 0 {
            std::mem::swap(&mut q, &mut r);
        }
        let rows = [p[1].min(q[1]).min(r[1]), p[1].max(q[1]).max(r[1])];
        Some(Self { edges: [Edge::new(p, q), Edge::new(q, r), Edge::new(r, p)], rows })
    }

    /// The rows of pixels that can have a centre inside, clipped: the first, and the one after the last.
    fn rows(&self, [_, top, _, bottom]: [usize; 4]) -> [usize; 2] {
        let half = SUBPIXELS / 2;
        let first = ceiling(self.rows[0] - half, SUBPIXELS).clamp(top as i64, bottom as i64);
        let end = ((self.rows[1] - half).div_euclid(SUBPIXELS) + 1).clamp(first, bottom as i64);
        [first as usize, end as usize]
    }

    /// The pixels of a row whose centres are inside, clipped: the first, and the one after the last.
    fn columns(&self, row: usize, [left, _, right, _]: [usize; 4]) -> [usize; 2] {
        let y = row as i64 * SUBPIXELS + SUBPIXELS / 2;
        let (mut first, mut end) = (left as i64, right as i64);
        for Edge { a, b, c } in self.edges {
            // The edge's value at the centre of pixel 0, and its change by a pixel.
            let start = a * (SUBPIXELS / 2) + b * y + c;
            let step = a * SUBPIXELS;
            match step {
                1.. => first = first.max(ceiling(-start, step)),
                0 if start < 0 => return [left, left],
                0 => {}
                _ => end = end.min(start.div_euclid(-step) + 1),
            }
        }
        [first as usize, end.max(first) as usize]
    }
}

impl Edge {
    /// The half plane on the right of the line from `p` to `q`.
    fn new(p: [i64; 2], q: [i64; 2]) -> Self {
        let (dx, dy) = (q[0] - p[0], q[1] - p[1]);
        let is_top_or_left = dy < 0 || dy == 0 && dx > 0;
        let c = dy * p[0] - dx * p[1];
        Self { a: -dy, b: dx, c: if is_top_or_left { c } else { c - 1 } }
    }
}

/// `a` / `b`, rounded up, for a positive `b`.
fn ceiling(a: i64, b: i64) -> i64 {
    -(-a).div_euclid(b)
}

/// Values at three corners, continued evenly in all directions.
struct Plane<const N: usize> {
    corner: [f32; 2],
    value: [f32; N],
    by_x: [f32; N],
    by_y: [f32; N],
}

impl<const N: usize> Plane<N> {
    fn new([p, q, r]: [[f32; 2]; 3], [at_p, at_q, at_r]: [[f32; N]; 3]) -> Self {
        let ([x1, y1], [x2, y2]) = ([q[0] - p[0], q[1] - p[1]], [r[0] - p[0], r[1] - p[1]]);
        let area = x1 * y2 - x2 * y1;
        // Without an area in float, its values are the first corner's.
        let inverse = if area == 0.0 { 0.0 } else { 1.0 / area };
        let differences = |i: usize| (at_q[i] - at_p[i], at_r[i] - at_p[i]);
        Self {
            corner: p,
            value: at_p,
            by_x: std::array::from_fn(|i| {
                let (to_q, to_r) = differences(i);
                (to_q * y2 - to_r * y1) * inverse
            }),
            by_y: std::array::from_fn(|i| {
                let (to_q, to_r) = differences(i);
                (to_r * x1 - to_q * x2) * inverse
            }),
        }
    }

    /// The values at the centres of a row of pixels that begins at `column`.
    fn along(&self, column: usize, row: usize) -> Ramp<N> {
        let (x, y) = (column as f32 + 0.5 - self.corner[0], row as f32 + 0.5 - self.corner[1]);
        let start = std::array::from_fn(|i| self.value[i] + self.by_x[i] * x + self.by_y[i] * y);
        Ramp { start, step: self.by_x }
    }

    /// The largest change of the values by one pixel, along x or y.
    fn steepness(&self) -> f32 {
        let length = |change: &[f32; N]| change.iter().map(|d| d * d).sum::<f32>().sqrt();
        length(&self.by_x).max(length(&self.by_y))
    }
}

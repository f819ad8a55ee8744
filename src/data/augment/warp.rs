//! Geometric transforms, as maps from output pixels to input positions.

use super::Augment;
use rand::{Rng, RngExt};

/// An affine map.
pub(in crate::data) struct Affine {
    matrix: [f32; 4],
    center: [f32; 2],
    from: [f32; 2],
}

impl Affine {
    /// A random map within the ranges of `settings`.
    pub(super) fn draw(settings: &Augment, rng: &mut impl Rng, height: usize, width: usize) -> Self {
        let mut within = |range: f32| range * (2.0 * rng.random::<f32>() - 1.0);
        let (sin, cos) = within(settings.rotation).to_radians().sin_cos();
        let lean = within(settings.shear).to_radians().tan();
        let grow = 1.0 / (1.0 + within(settings.scale));
        let shift = [within(settings.shift) * width as f32, within(settings.shift) * height as f32];
        let wider = if settings.aspect > 0.0 { 1.0 / (1.0 + within(settings.aspect)) } else { 1.0 };
        let mirror = if settings.flip && rng.random::<bool>() { -1.0 } else { 1.0 };
        // Mirror · shear · rotation · scale, about the image's centre.
        let matrix = [cos + lean * sin, lean * cos - sin, sin, cos].map(|v| v * grow);
        let matrix = [mirror * wider * matrix[0], mirror * wider * matrix[1], matrix[2], matrix[3]];
        let center = [(width as f32 - 1.0) / 2.0, (height as f32 - 1.0) / 2.0];
        Self { matrix, center, from: [center[0] + shift[0], center[1] + shift[1]] }
    }

    /// A rotation about the image's centre by these degrees counter-clockwise, and then a shift down and to the right.
    pub(in crate::data) fn turned(
        degrees: f32,
        (down, right): (i32, i32),
        height: usize,
        width: usize,
    ) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let center = [(width as f32 - 1.0) / 2.0, (height as f32 - 1.0) / 2.0];
        Self {
            matrix: [cos, -sin, sin, cos],
            center,
            from: [center[0] + right as f32, center[1] + down as f32],
        }
    }

    /// The input position of an output pixel.
    pub(in crate::data) fn back(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - self.from[0], y - self.from[1]);
        let [a, b, c, d] = self.matrix;
        (a * x + b * y + self.center[0], c * x + d * y + self.center[1])
    }
}

/// Bilinear interpolation; 0 outside the image.
pub(in crate::data) fn bilinear(pixels: &[u8], height: usize, width: usize, x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (right_part, lower_part) = (x - left, y - top);
    let at = |dx: f32, dy: f32| {
        let (x, y) = (left + dx, top + dy);
        let is_inside = x >= 0.0 && y >= 0.0 && x < width as f32 && y < height as f32;
        if is_inside { f32::from(pixels[y as usize * width + x as usize]) } else { 0.0 }
    };
    let upper = at(0.0, 0.0) * (1.0 - right_part) + at(1.0, 0.0) * right_part;
    let lower = at(0.0, 1.0) * (1.0 - right_part) + at(1.0, 1.0) * right_part;
    upper * (1.0 - lower_part) + lower * lower_part
}

/// A smooth random displacement field, in pixels.
pub(super) struct Elastic {
    pub(super) dx: Vec<f32>,
    pub(super) dy: Vec<f32>,
}

impl Elastic {
    pub(super) fn draw(alpha: f32, rng: &mut impl Rng, height: usize, width: usize) -> Self {
        let mut field = || {
            let noise: Vec<f32> =
                (0..height * width).map(|_| alpha * (2.0 * rng.random::<f32>() - 1.0)).collect();
            let once = smooth_rows(&noise, width);
            transposed(&smooth_rows(&transposed(&once, width), height), height)
        };
        Self { dx: field(), dy: field() }
    }
}

/// Smooths each row with the Gaussian; beyond its ends are zeros.
fn smooth_rows(field: &[f32], width: usize) -> Vec<f32> {
    let sigma = Augment::ELASTIC_SIGMA;
    let reach = (3.0 * sigma) as usize;
    let bell = |offset: usize| (-0.5 * (offset as f32 / sigma).powi(2)).exp();
    let total: f32 = bell(0) + 2.0 * (1..=reach).map(bell).sum::<f32>();
    let kernel: Vec<f32> = (0..=2 * reach).map(|i| bell(i.abs_diff(reach)) / total).collect();
    let mut smooth = vec![0.0; field.len()];
    for (row, out) in field.chunks_exact(width).zip(smooth.chunks_exact_mut(width)) {
        for (i, &weight) in kernel.iter().enumerate() {
            // out[x] += weight · row[x + i − reach], wherever both exist.
            let (to, from) = (reach.saturating_sub(i), i.saturating_sub(reach));
            let count = width.saturating_sub(to.max(from));
            for (o, v) in out.iter_mut().skip(to).zip(&row[from.min(width)..]).take(count) {
                *o += weight * v;
            }
        }
    }
    smooth
}

/// The transpose of a matrix with `width` columns.
fn transposed(field: &[f32], width: usize) -> Vec<f32> {
    (0..width).flat_map(|x| field.iter().skip(x).step_by(width).copied()).collect()
}

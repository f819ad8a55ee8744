//! Uneven lighting of a photographed sheet of paper, modelled as a quadratic surface.

use image::GrayImage;

/// The surface is fitted to this many samples along each side.
const SAMPLES: u32 = 48;
/// Rounds of reweighted least squares; outliers such as ink get less weight in each round.
const ROUNDS: usize = 20;
/// A sample this far from the surface has half the weight (Cauchy's weight function).
const HALF: f64 = 4.0;
/// The surface has the terms 1, x, y, x², xy and y².
const TERMS: usize = 6;

/// The paper's tone as a function of the position.
pub(super) struct Light {
    terms: [f64; TERMS],
}

impl Light {
    /// Fits the surface to a picture that is mostly paper, by reweighted least squares, which is robust against ink.
    pub(super) fn fit(picture: &GrayImage) -> Self {
        let (width, height) = picture.dimensions();
        let place =
            |i: u32, side: u32| (u64::from(2 * i + 1) * u64::from(side) / u64::from(2 * SAMPLES)) as u32;
        let samples: Vec<([f64; TERMS], f64)> = (0..SAMPLES * SAMPLES)
            .map(|i| {
                let (x, y) = (place(i % SAMPLES, width), place(i / SAMPLES, height));
                (basis(unit(x, width), unit(y, height)), f64::from(picture.get_pixel(x, y).0[0]))
            })
            .collect();
        let mut light = Self { terms: [0.0; TERMS] };
        for round in 0..ROUNDS {
            let weight = |basis: &[f64; TERMS], tone: f64| {
                let off = if round == 0 { 0.0 } else { (tone - dot(&light.terms, basis)) / HALF };
                1.0 / (1.0 + off * off)
            };
            let Some(terms) =
                least_squares(samples.iter().map(|(basis, tone)| (basis, *tone, weight(basis, *tone))))
            else {
                break;
            };
            light.terms = terms;
        }
        light
    }

    /// The picture under even lighting, with the paper's tone in the middle of the picture everywhere.
    pub(super) fn removed_from(&self, picture: &GrayImage) -> GrayImage {
        let (width, height) = picture.dimensions();
        let middle = dot(&self.terms, &basis(0.0, 0.0));
        let [c, bx, by, xx, xy, yy] = self.terms;
        let mut even = picture.clone();
        for (y, row) in even.chunks_exact_mut((width as usize).max(1)).enumerate() {
            let v = unit(y as u32, height);
            let (start, slope) = (c + by * v + yy * v * v - middle, bx + xy * v);
            for (x, tone) in row.iter_mut().enumerate() {
                let u = unit(x as u32, width);
                let light = start + (slope + xx * u) * u;
                *tone = (f64::from(*tone) - light).round().clamp(0.0, 255.0) as u8;
            }
        }
        even
    }
}

/// A pixel's position along a side, scaled to −1 … 1.
fn unit(at: u32, side: u32) -> f64 {
    (2.0 * f64::from(at) + 1.0) / f64::from(side) - 1.0
}

fn basis(x: f64, y: f64) -> [f64; TERMS] {
    [1.0, x, y, x * x, x * y, y * y]
}

fn dot(a: &[f64; TERMS], b: &[f64; TERMS]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Weighted least squares by the normal equations; `None` if they are singular.
fn least_squares<'a>(samples: impl Iterator<Item = (&'a [f64; TERMS], f64, f64)>) -> Option<[f64; TERMS]> {
    let mut rows = [[0.0; TERMS + 1]; TERMS];
    for (basis, tone, weight) in samples {
        for (row, factor) in rows.iter_mut().zip(basis) {
            for (sum, term) in row.iter_mut().zip(basis) {
                *sum += weight * factor * term;
            }
            row[TERMS] += weight * factor * tone;
        }
    }
    // Gauss-Jordan elimination. The matrix is symmetric positive definite, so it needs no pivoting.
    for i in 0..TERMS {
        let pivot = rows[i][i];
        if !pivot.is_finite() || pivot.abs() < 1e-9 {
            return None;
        }
        rows[i].iter_mut().for_each(|value| *value /= pivot);
        let done = rows[i];
        for (k, row) in rows.iter_mut().enumerate() {
            let factor = row[i];
            if k != i {
                row.iter_mut().zip(done).for_each(|(value, other)| *value -= factor * other);
            }
        }
    }
    Some(rows.map(|row| row[TERMS]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn light_from_one_side_is_removed_and_ink_stays() {
        let picture = GrayImage::from_fn(200, 150, |x, y| {
            let light = 240.0 - 0.4 * x as f32 - 0.003 * (y as f32 - 40.0).powi(2);
            let is_ink = (60..140).contains(&x) && (50..100).contains(&y);
            Luma([(light - f32::from(u8::from(is_ink)) * 90.0) as u8])
        });
        let even = Light::fit(&picture).removed_from(&picture);
        let paper = even.get_pixel(3, 3).0[0];
        for (x, y) in [(196, 3), (3, 146), (196, 146), (100, 20)] {
            assert!(even.get_pixel(x, y).0[0].abs_diff(paper) <= 4, "{x} {y}");
        }
        assert!(paper - even.get_pixel(100, 75).0[0] > 80);
    }

    #[test]
    fn evenly_lit_pictures_are_unchanged() {
        for tone in [0, 128, 255] {
            let plain = GrayImage::from_pixel(50, 60, Luma([tone]));
            assert_eq!(Light::fit(&plain).removed_from(&plain), plain);
        }
    }
}

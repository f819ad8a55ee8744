//! The image that is painted on, and the blending of one row of pixels.

use super::texture::{Rgba, Sampler};

/// The image with the part that may be painted on.
pub(super) struct Target<'a> {
    pixels: &'a mut [Rgba],
    width: usize,
    /// (left, top, right, bottom) in pixels, the latter two exclusive.
    pub(super) clip: [usize; 4],
}

/// A value that changes evenly from pixel to pixel.
#[derive(Clone, Copy)]
pub(super) struct Ramp<const N: usize> {
    pub(super) start: [f32; N],
    pub(super) step: [f32; N],
}

impl<const N: usize> Ramp<N> {
    #[inline]
    fn at(&self, pixel: usize) -> [f32; N] {
        std::array::from_fn(|i| self.start[i] + self.step[i] * pixel as f32)
    }

    fn is_constant(&self) -> bool {
        self.step.iter().all(|&step| step == 0.0)
    }
}

impl<'a> Target<'a> {
    pub(super) fn new(pixels: &'a mut [Rgba], width: usize, clip: [usize; 4]) -> Self {
        Self { pixels, width, clip }
    }

    /// Blends a row of pixels from `left` to `right`, exclusive. `colour` is from 0 to 255, `place` in texels.
    pub(super) fn blend_row(
        &mut self,
        row: usize,
        [left, right]: [usize; 2],
        colour: &Ramp<4>,
        place: &Ramp<2>,
        sampler: Sampler<'_>,
    ) {
        let pixels = &mut self.pixels[row * self.width..][left..right];
        match (place.is_constant(), colour.is_constant()) {
            (true, true) => blend_constant(pixels, multiply(colour.start, sampler.at(place.start))),
            (true, false) => {
                let texel = sampler.at(place.start);
                for (i, pixel) in pixels.iter_mut().enumerate() {
                    *pixel = over(multiply(colour.at(i), texel), *pixel);
                }
            }
            (false, _) => {
                for (i, pixel) in pixels.iter_mut().enumerate() {
                    *pixel = over(multiply(colour.at(i), sampler.at(place.at(i))), *pixel);
                }
            }
        }
    }
}

fn blend_constant(pixels: &mut [Rgba], colour: [f32; 4]) {
    if colour[3] >= 255.0 {
        pixels.fill(over(colour, [0; 4]));
    } else if colour != [0.0; 4] {
        for pixel in pixels {
            *pixel = over(colour, *pixel);
        }
    }
}

/// The product of two colours from 0 to 255; rounding at the rim of a narrow triangle may have left this range.
#[inline]
fn multiply(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    [0, 1, 2, 3].map(|i| (a[i] * b[i] / 255.0).clamp(0.0, 255.0))
}

/// A premultiplied colour over a pixel.
#[inline]
fn over(colour: [f32; 4], pixel: Rgba) -> Rgba {
    let rest = 1.0 - colour[3] / 255.0;
    // The conversion from float saturates.
    [0, 1, 2, 3].map(|i| (colour[i] + f32::from(pixel[i]) * rest + 0.5) as u8)
}

//! The high-resolution sheet on which strokes are changed.

use super::{
    area,
    warp::{Affine, Elastic, bilinear},
};
use crate::data::digit;
use image::GrayImage;

/// Pixels of the sheet per pixel of the image, along each axis.
pub(super) const FINE: usize = 2;

/// An image with values from 0 to 255, row by row, usually at [`FINE`] times the resolution.
pub(super) struct Sheet {
    pub(super) values: Vec<f32>,
    pub(super) height: usize,
    pub(super) width: usize,
}

impl Sheet {
    /// Reads an image, transformed, at [`FINE`] times its resolution.
    pub(super) fn read(
        pixels: &[u8],
        (height, width): (usize, usize),
        map: &Affine,
        bend: Option<&Elastic>,
    ) -> Self {
        let mut sheet = Self { values: Vec::new(), height: height * FINE, width: width * FINE };
        let coarse = |fine: usize| (fine as f32 + 0.5) / FINE as f32 - 0.5;
        let value = |at: usize| {
            let (column, row) = (at % sheet.width, at / sheet.width);
            let (mut x, mut y) = map.back(coarse(column), coarse(row));
            if let Some(bend) = bend {
                let at = row / FINE * width + column / FINE;
                x += bend.dx[at];
                y += bend.dy[at];
            }
            bilinear(pixels, height, width, x, y)
        };
        sheet.values = (0..sheet.width * sheet.height).map(value).collect();
        sheet
    }

    /// Writes the sheet to an image of `height × width` bytes, optionally scaled and centred as MNIST's digits are. A blank
    /// sheet is not scaled.
    pub(super) fn write(&self, out: &mut [u8], (height, width): (usize, usize), normalise: bool) {
        let bytes = self.values.iter().map(|value| value.round() as u8).collect();
        let mut image = GrayImage::from_raw(self.width as u32, self.height as u32, bytes).unwrap_or_default();
        if normalise && let Some(stages) = digit::fitted(&image) {
            image = stages.input;
        }
        let values = area::resample(&image, width, height);
        for (pixel, value) in out.iter_mut().zip(values) {
            *pixel = value.round() as u8;
        }
    }
}

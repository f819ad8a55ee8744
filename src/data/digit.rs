//! Preprocesses drawings the way MNIST's digits were preprocessed.
//!
//! The set's authors describe it in "Gradient-based learning applied to document recognition" (1998): a digit is scaled with
//! anti-aliasing to fit 20×20 pixels, keeping its aspect ratio, and placed in a 28×28 image so that its centre of mass is
//! the image's centre. In MNIST's files that centre is pixel 14, counted from 0, and shifts are whole pixels.
//!
//! All images here are white ink (255) on black (0).

use image::{GrayImage, imageops};

pub use super::objection::Objection;
use super::{
    area::{self, fit},
    components, shape,
};

/// The side of the network's input image, in pixels.
pub const FIELD: u32 = 28;
/// The longer side of a digit inside the input image, in pixels.
pub const FIT: u32 = 20;

/// The row and column of the centre of mass in the input image.
const CENTRE: f32 = 14.0;
/// Fainter pixels do not count as ink.
const INK: u8 = 16;
/// A drawing with less ink than this fraction of the canvas, or than one full pixel, counts as blank.
const MIN_SHARE: f32 = 1.0 / 20_000.0;

/// The widest pen that keeps a digit legible, as a fraction of the longer side of its strokes' bounding box. MNIST's
/// strokes are about as wide.
const WIDEST_PEN: f32 = 0.15;

/// The steps from a drawing to the network's input.
#[derive(Clone, Debug, PartialEq)]
pub struct Stages {
    /// The original drawing.
    pub drawn: GrayImage,
    /// The drawing without specks, cropped to its ink.
    pub cropped: GrayImage,
    /// Scaled to [`FIT`] pixels along the longer side, the strongest ink stretched to 255.
    pub scaled: GrayImage,
    /// Placed in the middle of a [`FIELD`] × [`FIELD`] image by its bounding box.
    pub placed: GrayImage,
    /// Placed in the middle of a [`FIELD`] × [`FIELD`] image by its centre of mass: the network's input.
    pub input: GrayImage,
    /// The fraction of the canvas that ink covers, 0 to 1; grey pixels count in part.
    pub ink: f32,
    /// Why the drawing cannot be a single digit, if its shape shows that.
    pub objection: Option<Objection>,
}

/// Preprocesses a drawing of any size like a digit of MNIST, and removes specks. `None` if the drawing is blank.
pub fn normalise(drawing: &GrayImage) -> Option<Stages> {
    let (cleaned, objection) = components::clean(drawing);
    let stages = fitted(cleaned.as_ref().unwrap_or(drawing))?;
    let objection = objection.or_else(|| shape::objection(&stages.cropped));
    let drawn = if cleaned.is_some() { drawing.clone() } else { stages.drawn };
    Some(Stages { drawn, objection, ..stages })
}

/// [`normalise`] without removing specks or checking the shape.
pub(super) fn fitted(drawing: &GrayImage) -> Option<Stages> {
    let bounds = ink_bounds(drawing)?;
    let cropped = crop(drawing, &bounds);
    let mass = cropped.as_raw().iter().map(|&pixel| u64::from(pixel)).sum::<u64>() as f32 / 255.0;
    let canvas = drawing.width() as f32 * drawing.height() as f32;
    if mass < (canvas * MIN_SHARE).max(1.0) {
        return None;
    }
    let scaled = scale(&cropped);
    let (width, height) = scaled.dimensions();
    let placed = place(&scaled, (FIELD - width) / 2, (FIELD - height) / 2);
    let (x, y) = centre_of_mass(&scaled);
    let input = place(&scaled, shift(x, width), shift(y, height));
    let ink = mass / canvas;
    Some(Stages { drawn: drawing.clone(), cropped, scaled, placed, input, ink, objection: None })
}

/// The factor, at most 1, that narrows a pen of width `pen` so that writing with it stays legible. `side` is the longer
/// side of the bounding box of its strokes' centre lines, in the same unit.
///
/// A line shorter than the pen is wide is a dot. It keeps its pen, so that [`Objection::Dot`] is found.
pub fn pen_factor(side: f32, pen: f32) -> f32 {
    if side > pen { (WIDEST_PEN * side / pen).min(1.0) } else { 1.0 }
}

/// The whole canvas scaled to fit [`FIELD`] × [`FIELD`] pixels, keeping its aspect ratio: no normalisation.
pub fn raw(drawing: &GrayImage) -> GrayImage {
    let (width, height) = fit(drawing.dimensions(), FIELD);
    let squeezed = to_bytes(&area::resample(drawing, width as usize, height as usize), width, height, 1.0);
    place(&squeezed, (FIELD - width) / 2, (FIELD - height) / 2)
}

/// The mean ink, from 0 to 255, of each of `side` × `side` areas of a normalised digit without its outermost pixels, which
/// are empty in nearly all digits.
pub fn reduced(input: &GrayImage, side: usize) -> Vec<f32> {
    let border = (input.width().min(input.height()).saturating_sub(FIT + 2)) / 2;
    let (width, height) = (input.width() - 2 * border, input.height() - 2 * border);
    let inner = imageops::crop_imm(input, border, border, width, height).to_image();
    area::resample(&inner, side, side)
}

/// The centre of mass `(x, y)` in pixels, where a pixel's centre is its index. The middle of the image if it is black.
pub fn centre_of_mass(image: &GrayImage) -> (f32, f32) {
    let (mut mass, mut along_x, mut along_y) = (0.0, 0.0, 0.0);
    for (x, y, pixel) in image.enumerate_pixels() {
        let ink = f64::from(pixel.0[0]);
        mass += ink;
        along_x += ink * f64::from(x);
        along_y += ink * f64::from(y);
    }
    if mass == 0.0 {
        let middle = |side: u32| side.saturating_sub(1) as f32 / 2.0;
        return (middle(image.width()), middle(image.height()));
    }
    ((along_x / mass) as f32, (along_y / mass) as f32)
}

struct Bounds {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

/// The bounding box of all ink.
fn ink_bounds(drawing: &GrayImage) -> Option<Bounds> {
    let width = drawing.width() as usize;
    // Maxima by column and row: unlike a search for pixels of ink, these loops vectorise.
    let mut columns = vec![0; width];
    let mut rows = Vec::with_capacity(drawing.height() as usize);
    for row in drawing.as_raw().chunks_exact(width.max(1)) {
        rows.push(row.iter().fold(0, |max, &pixel| pixel.max(max)));
        for (max, &pixel) in columns.iter_mut().zip(row) {
            *max = pixel.max(*max);
        }
    }
    let is_ink = |&pixel: &u8| pixel >= INK;
    let extent = |maxima: &[u8]| {
        let (first, last) = (maxima.iter().position(is_ink)?, maxima.iter().rposition(is_ink)?);
        Some((first as u32, (last - first + 1) as u32))
    };
    let ((left, width), (top, height)) = (extent(&columns)?, extent(&rows)?);
    Some(Bounds { left, top, width, height })
}

fn crop(drawing: &GrayImage, bounds: &Bounds) -> GrayImage {
    let (left, width) = (bounds.left as usize, bounds.width as usize);
    let rows = drawing.as_raw().chunks_exact((drawing.width() as usize).max(1));
    let mut pixels = Vec::with_capacity(width * bounds.height as usize);
    for row in rows.skip(bounds.top as usize).take(bounds.height as usize) {
        pixels.extend_from_slice(&row[left..left + width]);
    }
    GrayImage::from_raw(bounds.width, bounds.height, pixels).unwrap_or_default()
}

/// Scales to [`FIT`] and stretches the strongest ink to 255, since averaging makes thin strokes faint.
fn scale(cropped: &GrayImage) -> GrayImage {
    let (width, height) = fit(cropped.dimensions(), FIT);
    let values = area::resample(cropped, width as usize, height as usize);
    let max = values.iter().copied().fold(0.0, f32::max);
    let stretch = if max > 0.0 { 255.0 / max } else { 1.0 };
    to_bytes(&values, width, height, stretch)
}

fn to_bytes(values: &[f32], width: u32, height: u32, stretch: f32) -> GrayImage {
    let bytes = values.iter().map(|value| (value * stretch).round() as u8).collect();
    GrayImage::from_raw(width, height, bytes).unwrap_or_default()
}

/// The image at `(left, top)` of a black [`FIELD`] × [`FIELD`] image.
fn place(image: &GrayImage, left: u32, top: u32) -> GrayImage {
    let mut field = GrayImage::new(FIELD, FIELD);
    imageops::replace(&mut field, image, i64::from(left), i64::from(top));
    field
}

/// The offset that brings the centre of mass to [`CENTRE`] and keeps all `side` pixels inside.
fn shift(centre_of_mass: f32, side: u32) -> u32 {
    ((CENTRE - centre_of_mass).round().max(0.0) as u32).min(FIELD - side)
}

#[cfg(test)]
mod tests {

    use image::Luma;

    use super::*;
    use crate::data::mnist;

    /// A 7 drawn with a round brush of radius `unit`; its corners are multiples of `unit` too.
    fn seven(width: u32, height: u32, left: f32, top: f32, unit: f32) -> GrayImage {
        let points = [(0.0, 0.0), (8.0, 0.0), (3.0, 12.0)].map(|(x, y)| (left + x * unit, top + y * unit));
        GrayImage::from_fn(width, height, |x, y| {
            let distance = points.windows(2).map(|ends| {
                let ((ax, ay), (bx, by)) = (ends[0], ends[1]);
                let (dx, dy, px, py) = (bx - ax, by - ay, x as f32 - ax, y as f32 - ay);
                let along = ((px * dx + py * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
                (px - along * dx).hypot(py - along * dy)
            });
            let distance = distance.fold(f32::MAX, f32::min);
            Luma([((unit - distance + 0.5).clamp(0.0, 1.0) * 255.0) as u8])
        })
    }

    fn difference(a: &GrayImage, b: &GrayImage) -> f32 {
        let sum: f32 = a.as_raw().iter().zip(b.as_raw()).map(|(&a, &b)| (a as f32 - b as f32).abs()).sum();
        sum / a.as_raw().len() as f32
    }

    fn check(stages: &Stages) {
        let (width, height) = stages.scaled.dimensions();
        assert_eq!(width.max(height), FIT);
        assert_eq!(stages.scaled.as_raw().iter().max(), Some(&255));
        assert_eq!((stages.placed.dimensions(), stages.input.dimensions()), ((28, 28), (28, 28)));
        let mass = |image: &GrayImage| image.as_raw().iter().map(|&p| p as u64).sum::<u64>();
        assert_eq!(mass(&stages.scaled), mass(&stages.input), "ink lost");
        assert_eq!(mass(&stages.scaled), mass(&stages.placed), "ink lost");
        assert!(stages.ink > 0.0 && stages.ink <= 1.0);
        let (x, y) = centre_of_mass(&stages.input);
        assert!((x - 14.0).abs() <= 0.501 && (y - 14.0).abs() <= 0.501, "{x} {y}");
    }

    #[test]
    fn moving_the_drawing_keeps_the_input() {
        let drawing = seven(240, 260, 30.0, 30.0, 16.0);
        let first = normalise(&drawing).unwrap();
        check(&first);
        for (x, y) in [(0, 0), (200, 33), (320, 300), (-13, 300)] {
            let mut canvas = GrayImage::new(560, 560);
            imageops::replace(&mut canvas, &drawing, x, y);
            assert!(normalise(&canvas).unwrap().input == first.input, "moved by {x}, {y}");
        }
        let between = normalise(&seven(240, 260, 30.4, 30.7, 16.0)).unwrap();
        assert!(difference(&between.input, &first.input) < 3.0);
    }

    #[test]
    fn scaling_the_drawing_nearly_keeps_the_input() {
        let first = normalise(&seven(560, 560, 40.0, 40.0, 16.0)).unwrap();
        for unit in [6.0, 11.3, 25.7, 33.0] {
            let other = normalise(&seven(560, 560, 60.0, 50.0, unit)).unwrap();
            check(&other);
            let difference = difference(&other.input, &first.input);
            assert!(difference < 4.0, "{unit}: {difference}");
        }
    }

    #[test]
    fn mnist_digits_are_unchanged() {
        let test = mnist::load_test().unwrap();
        let mut changed = 0;
        for index in 0..500 {
            let digit = GrayImage::from_raw(28, 28, test.image(index).to_vec()).unwrap();
            let stages = normalise(&digit).unwrap();
            changed += u32::from(difference(&stages.input, &digit) > 0.5);
            assert_eq!(raw(&digit), digit);
        }
        assert!(changed <= 2, "{changed} of 500");
    }

    #[test]
    fn blank_drawings_are_none() {
        for (width, height) in [(0, 0), (0, 9), (1, 1), (28, 28), (560, 300)] {
            assert_eq!(normalise(&GrayImage::new(width, height)), None);
            assert_eq!(raw(&GrayImage::new(width, height)), GrayImage::new(28, 28));
        }
        let faint = GrayImage::from_pixel(100, 100, Luma([INK - 1]));
        assert_eq!(normalise(&faint), None);
        let mut speck = GrayImage::new(560, 560);
        speck.put_pixel(5, 5, Luma([255]));
        assert_eq!(normalise(&speck), None);
    }

    #[test]
    fn extreme_sizes_and_full_canvases_are_preprocessed() {
        let mut dot = GrayImage::new(28, 28);
        dot.put_pixel(27, 0, Luma([255]));
        check(&normalise(&dot).unwrap());
        for (width, height) in [(1, 1), (28, 28), (560, 560), (3000, 20), (7, 900)] {
            let full = normalise(&GrayImage::from_pixel(width, height, Luma([255]))).unwrap();
            check(&full);
            assert_eq!(full.ink, 1.0);
        }
    }

    #[test]
    fn lines_of_one_pixel_stay_visible() {
        let across = GrayImage::from_fn(560, 560, |x, y| Luma([u8::from(y == 300 && x > 50) * 255]));
        let stages = normalise(&across).unwrap();
        check(&stages);
        assert_eq!(stages.scaled.dimensions(), (20, 1));
        let down = GrayImage::from_fn(560, 560, |x, y| Luma([u8::from(x == 3 && y < 400) * 255]));
        check(&normalise(&down).unwrap());
        let slope = GrayImage::from_fn(560, 560, |x, y| Luma([u8::from(x == y) * 255]));
        let stages = normalise(&slope).unwrap();
        check(&stages);
        assert!((0..20).all(|i| stages.scaled.get_pixel(i, i).0[0] > 200));
    }

    #[test]
    fn raw_keeps_position_and_aspect_ratio() {
        let wide = GrayImage::from_pixel(560, 280, Luma([255]));
        let squeezed = raw(&wide);
        assert_eq!(squeezed.get_pixel(0, 6).0[0], 0);
        assert_eq!(squeezed.get_pixel(0, 7).0[0], 255);
        assert_eq!(squeezed.get_pixel(27, 20).0[0], 255);
        assert_eq!(squeezed.get_pixel(27, 21).0[0], 0);
        let corner = GrayImage::from_fn(560, 560, |x, y| Luma([u8::from(x < 20 && y < 20) * 255]));
        assert_eq!(raw(&corner).get_pixel(0, 0).0[0], 255);
    }
}

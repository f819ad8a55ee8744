//! Separates ink from paper: turns a picture with any ink and paper tones into white ink on black.

use super::{area, light::Light};
use image::GrayImage;

/// A border at least this bright is paper with darker ink; below [`DARK`], it is a board with brighter ink.
const BRIGHT: u8 = 192;
const DARK: u8 = 64;
/// Contrast below this is noise.
const MIN_CONTRAST: u8 = 16;
/// One pixel in this many may be a flaw: that fraction is ignored at either end of the histogram.
const FLAWS: usize = 20_000;
/// Tones within this many median absolute deviations of the border count as paper; about three standard deviations.
const PAPER_DEVIATIONS: u32 = 5;

/// The lighting is uneven if the 10th and 90th percentiles of the border differ by more than this.
const UNEVEN: u8 = 10;
/// Larger pictures are scaled down to this many pixels along the longer side.
const MAX_SIDE: u32 = 1120;
/// A picture with a shorter side than this, in pixels, is too small to tell lighting from ink.
const MIN_LIT_SIDE: u32 = 40;

/// Turns a grey picture into white ink (255) on black paper (0), with dark or bright ink.
///
/// The paper's tone is the median along the picture's border. If that is a mid grey, the ink is on the side that has the
/// higher contrast. A picture without ink becomes black.
///
/// Uneven lighting is removed first. A picture with a side of more than [`MAX_SIDE`] pixels is scaled down, which also
/// averages out grain.
pub fn to_ink(picture: &GrayImage) -> GrayImage {
    to_ink_with_tone(picture).0
}

/// The same as [`to_ink`], and whether the picture's ink is darker than its paper.
pub fn to_ink_with_tone(picture: &GrayImage) -> (GrayImage, bool) {
    let reduced;
    let picture = if let Some(size) = reduced_size(picture.dimensions()) {
        reduced = reduce(picture, size);
        &reduced
    } else {
        picture
    };
    let (width, height) = picture.dimensions();
    let mut border = border(picture);
    let evened;
    let picture = if spread(&mut border) > UNEVEN && width.min(height) >= MIN_LIT_SIDE {
        evened = Light::fit(picture).removed_from(picture);
        border = self::border(&evened);
        &evened
    } else {
        picture
    };
    let paper = median(&mut border);
    let mut histogram = [0_usize; 256];
    for &pixel in picture.as_raw() {
        histogram[pixel as usize] += 1;
    }
    let flaws = picture.as_raw().len() / FLAWS;
    let below = paper.saturating_sub(level((0..=255).map(|tone| (tone, histogram[tone as usize])), flaws));
    let above =
        level((0..=255).rev().map(|tone| (tone, histogram[tone as usize])), flaws).saturating_sub(paper);
    let ink_is_dark = paper >= BRIGHT || (paper >= DARK && below > above);
    let peak = if ink_is_dark { below } else { above };
    for pixel in &mut border {
        *pixel = pixel.abs_diff(paper);
    }
    let margin = (u32::from(median(&mut border)) * PAPER_DEVIATIONS).min(u32::from(peak) / 3);
    let range = u32::from(peak) - margin;
    if range < u32::from(MIN_CONTRAST) {
        return (GrayImage::new(width, height), ink_is_dark);
    }
    let tone = |byte: usize| {
        let byte = byte as u8;
        let distance = if ink_is_dark { paper.saturating_sub(byte) } else { byte.saturating_sub(paper) };
        ((u32::from(distance).saturating_sub(margin) * 255 + range / 2) / range).min(255) as u8
    };
    let table: [u8; 256] = std::array::from_fn(tone);
    let pixels = picture.as_raw().iter().map(|&pixel| table[pixel as usize]).collect();
    (GrayImage::from_raw(width, height, pixels).unwrap_or_default(), ink_is_dark)
}

/// The pixels of the first and last row and column.
fn border(picture: &GrayImage) -> Vec<u8> {
    let (right, bottom) = (picture.width().saturating_sub(1), picture.height().saturating_sub(1));
    let on_border = |x: u32, y: u32| x == 0 || y == 0 || x == right || y == bottom;
    let rows = picture.as_raw().chunks_exact((picture.width() as usize).max(1)).enumerate();
    let mut pixels = Vec::with_capacity(2 * (right + bottom) as usize + 4);
    for (y, row) in rows {
        let y = y as u32;
        if on_border(right / 2, y) {
            pixels.extend_from_slice(row);
        } else {
            pixels.extend([row[0], row[right as usize]]);
        }
    }
    pixels
}

/// The size to scale a picture down to, if it is too large.
fn reduced_size((width, height): (u32, u32)) -> Option<(u32, u32)> {
    let longer = width.max(height);
    let scaled = |side: u32| ((u64::from(side) * u64::from(MAX_SIDE) / u64::from(longer)) as u32).max(1);
    (longer > MAX_SIDE).then(|| (scaled(width), scaled(height)))
}

fn reduce(picture: &GrayImage, (width, height): (u32, u32)) -> GrayImage {
    let tones = area::resample(picture, width as usize, height as usize);
    let bytes = tones.into_iter().map(|tone| tone.round() as u8).collect();
    GrayImage::from_raw(width, height, bytes).unwrap_or_default()
}

/// The difference between the 90th and the 10th percentile.
fn spread(values: &mut [u8]) -> u8 {
    if values.is_empty() {
        return 0;
    }
    let tenth = values.len() / 10;
    let high = *values.select_nth_unstable(values.len() - 1 - tenth).1;
    let low = *values.select_nth_unstable(tenth).1;
    high - low
}

/// The median; 0 for no values.
fn median(values: &mut [u8]) -> u8 {
    if values.is_empty() {
        return 0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable(middle).1
}

/// The first tone, in the order given, at which the running count of pixels exceeds `flaws`.
fn level(mut tones: impl Iterator<Item = (u8, usize)>, flaws: usize) -> u8 {
    let mut seen = 0;
    let reached = tones.find(|&(_, pixels)| {
        seen += pixels;
        seen > flaws
    });
    reached.map_or(0, |(tone, _)| tone)
}

#[cfg(test)]
mod tests {
    use image::{Luma, imageops};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::data::{digit, mnist};

    fn digit_of_mnist(index: usize) -> GrayImage {
        GrayImage::from_raw(28, 28, mnist::load_test().unwrap().image(index).to_vec()).unwrap()
    }

    #[test]
    fn clean_ink_is_kept_and_clean_paper_inverted() {
        let ink = digit_of_mnist(0);
        let most = *ink.as_raw().iter().max().unwrap();
        let right = GrayImage::from_fn(28, 28, |x, y| {
            Luma([((ink.get_pixel(x, y).0[0] as u32 * 255 + most as u32 / 2) / most as u32) as u8])
        });
        assert_eq!(to_ink(&ink), right);
        let mut paper = ink.clone();
        imageops::invert(&mut paper);
        assert_eq!(to_ink(&paper), right);
    }

    #[test]
    fn dim_noisy_photographs_are_cleaned() {
        let large = imageops::resize(&digit_of_mnist(3), 200, 200, imageops::FilterType::Triangle);
        let mut random = ChaCha8Rng::seed_from_u64(1);
        for (paper, ink) in [(210.0, 60.0), (140.0, 40.0), (70.0, 160.0), (30.0, 90.0)] {
            let photo = GrayImage::from_fn(200, 200, |x, y| {
                let part = large.get_pixel(x, y).0[0] as f32 / 255.0;
                let noise: f32 = random.random_range(-6.0..6.0);
                Luma([(paper + (ink - paper) * part + noise) as u8])
            });
            let cleaned = to_ink(&photo);
            let dirty = cleaned.as_raw().iter().zip(large.as_raw()).filter(|&(&c, &l)| l == 0 && c > 0);
            assert!(dirty.count() < 40, "{paper}");
            assert!(cleaned.as_raw().iter().any(|&p| p > 250), "{paper}");
            let (seen, meant) = (digit::normalise(&cleaned).unwrap(), digit::normalise(&large).unwrap());
            let pairs = seen.input.as_raw().iter().zip(meant.input.as_raw());
            let difference = pairs.map(|(&a, &b)| a.abs_diff(b) as f32).sum::<f32>() / 784.0;
            assert!(difference < 12.0, "{paper}: {difference}");
        }
    }

    #[test]
    fn pictures_without_ink_become_black() {
        for tone in [0, 5, 128, 250, 255] {
            let plain = GrayImage::from_fn(30, 20, |x, _| Luma([tone.max((x % 6) as u8)]));
            assert!(to_ink(&plain).as_raw().iter().all(|&pixel| pixel == 0), "{tone}");
        }
        for (width, height) in [(0, 0), (0, 5), (5, 0), (1, 1), (1, 9), (9, 1), (2, 2)] {
            assert_eq!(to_ink(&GrayImage::new(width, height)), GrayImage::new(width, height));
        }
    }

    #[test]
    fn thin_lines_on_large_pictures_are_ink() {
        let line = GrayImage::from_fn(560, 560, |x, y| Luma([255 - u8::from(y == 280 && x > 100) * 200]));
        assert_eq!(to_ink(&line).get_pixel(300, 280).0[0], 255);
    }
}

//! White ink on black from a picture of ink in any tone on paper of any tone.

use super::{area, light::Light};
use image::GrayImage;

/// From this brightness on, a border is paper and the ink darker; below [`DARK`], the other way round.
const BRIGHT: u8 = 192;
const DARK: u8 = 64;
/// Ink that stands out by less than this is noise.
const MIN_CONTRAST: u8 = 16;
/// The brightest and the darkest one pixel in this many may be flaws of the picture.
const FLAWS: usize = 20_000;
/// How many times the border's median deviation counts as paper: three standard deviations of even noise.
const PAPER_DEVIATIONS: u32 = 5;

/// From this difference between the brighter and the darker tenth of the border on, the light is not even.
const UNEVEN: u8 = 10;
/// Pixels along the longer side of the largest picture that is worked on as it is.
const MOST: u32 = 1120;
/// Pixels along the shorter side of a picture that is large enough to tell light from ink.
const SMALLEST_LIT: u32 = 40;

/// Makes the ink white and the paper black, whichever way round the picture was, and stretches both to the full range.
///
/// The paper's tone is the median along the picture's border. A mid-grey border decides nothing by itself: then the ink
/// is what stands out further, up or down. A picture without ink becomes black.
///
/// Where the paper is not lit evenly, the light is taken out first. A picture with a side of more than [`MOST`] pixels is
/// made smaller: a digit of it has more than enough left, and less grain.
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
    let flat;
    let picture = if spread(&mut border) > UNEVEN && width.min(height) >= SMALLEST_LIT {
        flat = Light::on(picture).taken_out_of(picture);
        border = self::border(&flat);
        &flat
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

/// The pixels of the outermost rows and columns.
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

/// The size that a picture is made smaller to, if it is too large.
fn reduced_size((width, height): (u32, u32)) -> Option<(u32, u32)> {
    let longer = width.max(height);
    let scaled = |side: u32| ((u64::from(side) * u64::from(MOST) / u64::from(longer)) as u32).max(1);
    (longer > MOST).then(|| (scaled(width), scaled(height)))
}

fn reduce(picture: &GrayImage, (width, height): (u32, u32)) -> GrayImage {
    let tones = area::resample(picture, width as usize, height as usize);
    let bytes = tones.into_iter().map(|tone| tone.round() as u8).collect();
    GrayImage::from_raw(width, height, bytes).unwrap_or_default()
}

/// The difference between the tone that one tenth of the values exceeds and the one that nine tenths do.
fn spread(values: &mut [u8]) -> u8 {
    if values.is_empty() {
        return 0;
    }
    let tenth = values.len() / 10;
    let high = *values.select_nth_unstable(values.len() - 1 - tenth).1;
    let low = *values.select_nth_unstable(tenth).1;
    high - low
}

/// The middle value; 0 if there is none.
fn median(values: &mut [u8]) -> u8 {
    if values.is_empty() {
        return 0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable(middle).1
}

/// The first tone, in the order given, that more than `flaws` pixels have reached.
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
    fn clean_ink_is_left_as_it_is_and_clean_paper_turned() {
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
    fn a_dim_noisy_photograph_is_cleaned() {
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
    fn a_picture_without_ink_is_black() {
        for tone in [0, 5, 128, 250, 255] {
            let plain = GrayImage::from_fn(30, 20, |x, _| Luma([tone.max((x % 6) as u8)]));
            assert!(to_ink(&plain).as_raw().iter().all(|&pixel| pixel == 0), "{tone}");
        }
        for (width, height) in [(0, 0), (0, 5), (5, 0), (1, 1), (1, 9), (9, 1), (2, 2)] {
            assert_eq!(to_ink(&GrayImage::new(width, height)), GrayImage::new(width, height));
        }
    }

    #[test]
    fn a_thin_line_on_a_large_picture_is_ink() {
        let line = GrayImage::from_fn(560, 560, |x, y| Luma([255 - u8::from(y == 280 && x > 100) * 200]));
        assert_eq!(to_ink(&line).get_pixel(300, 280).0[0], 255);
    }
}

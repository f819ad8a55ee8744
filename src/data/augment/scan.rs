//! Blur and coarse scans.

use super::{Sheet, area};
use image::{GrayImage, imageops};
use rand::{Rng, RngExt};
use std::ops::RangeInclusive;

/// The range of a coarse scan's longer side, in pixels.
const SIDES: RangeInclusive<u32> = 7..=12;
/// The fraction of scans that are enlarged as blocks; the others are interpolated.
const BLOCKS: f32 = 0.5;

/// Reduces the ink's bounding box to a few pixels and enlarges it again.
pub(super) fn coarsen(sheet: &mut Sheet, rng: &mut impl Rng) {
    let (side, is_blocky) = (rng.random_range(SIDES), rng.random::<f32>() < BLOCKS);
    let Some((left, top, width, height)) = ink_box(sheet) else { return };
    let bytes = sheet.values.iter().map(|value| value.round() as u8).collect();
    let whole = GrayImage::from_raw(sheet.width as u32, sheet.height as u32, bytes).unwrap_or_default();
    let ink = imageops::crop_imm(&whole, left, top, width, height).to_image();
    let longer = width.max(height) as f32;
    let scaled = |length: u32| ((length as f32 * side as f32 / longer).round() as u32).clamp(1, side);
    let (scan_width, scan_height) = (scaled(width), scaled(height));
    let scan = to_image(&area::resample(&ink, scan_width as usize, scan_height as usize), scan_width);
    let filter = if is_blocky { imageops::FilterType::Nearest } else { imageops::FilterType::Triangle };
    let enlarged = imageops::resize(&scan, width, height, filter);
    sheet.values.fill(0.0);
    for (x, y, pixel) in enlarged.enumerate_pixels() {
        sheet.values[(top + y) as usize * sheet.width + (left + x) as usize] = f32::from(pixel.0[0]);
    }
}

fn to_image(values: &[f32], width: u32) -> GrayImage {
    let bytes: Vec<u8> = values.iter().map(|value| value.round() as u8).collect();
    GrayImage::from_raw(width, bytes.len() as u32 / width.max(1), bytes).unwrap_or_default()
}

/// The bounding box of the ink: left, top, width, height.
fn ink_box(sheet: &Sheet) -> Option<(u32, u32, u32, u32)> {
    let inked = || sheet.values.iter().enumerate().filter(|(_, value)| **value > 16.0).map(|(at, _)| at);
    let columns = || inked().map(|at| at % sheet.width);
    let (left, right) = (columns().min()?, columns().max()?);
    let (top, bottom) = (inked().next()? / sheet.width, inked().next_back()? / sheet.width);
    Some((left as u32, top as u32, (right - left + 1) as u32, (bottom - top + 1) as u32))
}

/// Gaussian blur with standard deviation `sigma`, in pixels of the sheet.
pub(super) fn blur(sheet: &mut Sheet, sigma: f32) {
    if sigma < 0.2 {
        return;
    }
    let reach = (3.0 * sigma).ceil() as isize;
    let bell = |offset: isize| (-0.5 * (offset as f32 / sigma).powi(2)).exp();
    let total: f32 = (-reach..=reach).map(bell).sum();
    let kernel: Vec<f32> = (-reach..=reach).map(|offset| bell(offset) / total).collect();
    let (height, width) = (sheet.height as isize, sheet.width as isize);
    for (along_x, along_y) in [(1, 0), (0, 1)] {
        let mut after = vec![0.0; sheet.values.len()];
        for (offset, weight) in (-reach..=reach).zip(&kernel) {
            let (dx, dy) = (offset * along_x, offset * along_y);
            let columns = (-dx).max(0)..(width - dx).min(width).max((-dx).max(0));
            for y in (-dy).max(0)..(height - dy).min(height) {
                let to = (y * width + columns.start) as usize..(y * width + columns.end) as usize;
                let from = ((y + dy) * width + columns.start + dx) as usize;
                for (out, value) in after[to].iter_mut().zip(&sheet.values[from..]) {
                    *out += weight * value;
                }
            }
        }
        sheet.values = after;
    }
}

//! Pictures inside the file: PNG as data URIs.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::{DynamicImage, GrayImage, ImageFormat, RgbaImage};
use std::io::Cursor;

/// Blue below zero and orange above, as everywhere in the program; nothing at zero, on any ground.
const BELOW: [u8; 3] = [0x2F, 0x86, 0xE8];
const ABOVE: [u8; 3] = [0xF0, 0x80, 0x28];

fn uri(picture: &DynamicImage) -> String {
    let mut png = Cursor::new(Vec::new());
    // Writing to memory does not fail.
    let _ = picture.write_to(&mut png, ImageFormat::Png);
    format!("data:image/png;base64,{}", STANDARD.encode(png.into_inner()))
}

/// A grey picture.
pub(super) fn grey(pixels: &[u8], width: usize, height: usize) -> String {
    let picture = GrayImage::from_raw(width as u32, height as u32, pixels.to_vec()).unwrap_or_default();
    uri(&DynamicImage::ImageLuma8(picture))
}

/// Signed numbers from −`limit` to `limit`.
pub(super) fn signed(values: &[f32], width: usize, height: usize, limit: f32) -> String {
    let pixel = |&value: &f32| {
        let [r, g, b] = if value < 0.0 { BELOW } else { ABOVE };
        [r, g, b, ((value / limit.max(f32::MIN_POSITIVE)).abs().min(1.0) * 255.0).round() as u8]
    };
    let pixels = values.iter().flat_map(pixel).collect();
    let picture = RgbaImage::from_raw(width as u32, height as u32, pixels).unwrap_or_default();
    uri(&DynamicImage::ImageRgba8(picture))
}

//! Opening picture files as grey pixels, in any format, depth, transparency and orientation.

use std::{
    fs::{self, File},
    io::{Cursor, Read},
    path::Path,
};

use image::{
    DynamicImage, GrayImage, ImageDecoder, ImageFormat, ImageReader, RgbImage, RgbaImage,
    metadata::Orientation,
};

pub use super::ink::{to_ink, to_ink_with_tone};
use super::{DataError, jpeg};

/// The most pixels of a picture.
const MAX_PIXELS: u64 = 50_000_000;
/// The longest file, in bytes.
const MAX_FILE_BYTES: u64 = 400_000_000;

/// Opens a PNG, JPEG, BMP, GIF (its first frame) or WebP file. The format is told by the content, not by the name.
///
/// Transparent parts become white, or black if the drawing is visible only on black.
pub fn open(path: &Path) -> Result<GrayImage, DataError> {
    let name = path.display().to_string();
    let bytes = read(path, &name)?;
    from_bytes(&name, &bytes)
}

/// Opens a file like [`open`], in colour. Transparent parts become white.
pub fn open_colors(path: &Path) -> Result<RgbImage, DataError> {
    let name = path.display().to_string();
    let bytes = read(path, &name)?;
    let picture = decode(&name, &bytes)?;
    if !picture.color().has_alpha() {
        return Ok(picture.into_rgb8());
    }
    let picture = picture.into_rgba8();
    Ok(RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [colors @ .., alpha] = picture.get_pixel(x, y).0.map(u32::from);
        image::Rgb(colors.map(|color| ((color * alpha + 255 * (255 - alpha) + 127) / 255) as u8))
    }))
}

/// Decodes a picture from memory, like [`open`]. `name` is what errors call it.
pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<GrayImage, DataError> {
    let picture = decode(name, bytes)?;
    Ok(if picture.color().has_alpha() { composite(&picture) } else { picture.into_luma8() })
}

/// Decodes a picture in its own colours, turned upright.
fn decode(name: &str, bytes: &[u8]) -> Result<DynamicImage, DataError> {
    let not_a_picture = || DataError::NotAPicture { name: name.into() };
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| not_a_picture())?;
    let format = reader.format().and_then(format_name).ok_or_else(not_a_picture)?;
    if reader.format() == Some(ImageFormat::Jpeg) && !jpeg::is_complete(bytes) {
        return Err(DataError::CutOff { name: name.into(), format });
    }
    let bad = |error: image::ImageError| {
        let reason = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        DataError::BadPicture { name: name.into(), format, reason }
    };
    let mut decoder = reader.into_decoder().map_err(bad)?;
    let (width, height) = decoder.dimensions();
    check_size(name, width, height)?;
    // A damaged orientation does not make a picture unreadable.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(bad)?;
    match &mut picture {
        DynamicImage::ImageLuma16(image) => use_all_bits(image, 1, 1),
        DynamicImage::ImageLumaA16(image) => use_all_bits(image, 2, 1),
        DynamicImage::ImageRgb16(image) => use_all_bits(image, 3, 3),
        DynamicImage::ImageRgba16(image) => use_all_bits(image, 4, 3),
        _ => {}
    }
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Some programs store values of 8, 10 or 12 bits in the low bits of 16, where they would look black. Such values are
/// moved to the high bits. A pixel has `channels` values, of which the first `colors` are not opacity.
fn use_all_bits(values: &mut [u16], channels: usize, colors: usize) {
    let shift = match values.chunks_exact(channels).flat_map(|pixel| &pixel[..colors]).max() {
        Some(1..256) => 8,
        Some(256..1024) => 6,
        Some(1024..4096) => 4,
        _ => return,
    };
    for value in values.chunks_exact_mut(channels).flat_map(|pixel| &mut pixel[..colors]) {
        *value <<= shift;
    }
}

/// A picture from its pixels: red, green, blue and opacity, row by row. `name` is what errors call it.
pub fn from_rgba(
    name: &str,
    (width, height): (usize, usize),
    pixels: impl Iterator<Item = [u8; 4]>,
) -> Result<GrayImage, DataError> {
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let (width, height) = (side(width), side(height));
    check_size(name, width, height)?;
    let picture = RgbaImage::from_raw(width, height, pixels.flatten().collect())
        .ok_or_else(|| DataError::NotAPicture { name: name.into() })?;
    let is_opaque = picture.pixels().all(|pixel| pixel.0[3] == 255);
    let picture = DynamicImage::from(picture);
    Ok(if is_opaque { picture.into_luma8() } else { composite(&picture) })
}

fn check_size(name: &str, width: u32, height: u32) -> Result<(), DataError> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        let limit = MAX_PIXELS / 1_000_000;
        return Err(DataError::PictureTooLarge { name: name.into(), width, height, limit });
    }
    Ok(())
}

fn read(path: &Path, name: &str) -> Result<Vec<u8>, DataError> {
    let unreadable = |reason| DataError::Read { name: name.into(), reason };
    let bytes = fs::metadata(path).map_err(unreadable)?.len();
    if bytes > MAX_FILE_BYTES {
        return Err(DataError::FileTooLong { name: name.into(), bytes, limit: MAX_FILE_BYTES });
    }
    let mut content = Vec::with_capacity(bytes as usize);
    File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES).read_to_end(&mut content))
        .map_err(unreadable)?;
    Ok(content)
}

fn format_name(format: ImageFormat) -> Option<&'static str> {
    match format {
        ImageFormat::Png => Some("PNG"),
        ImageFormat::Jpeg => Some("JPEG"),
        ImageFormat::Bmp => Some("BMP"),
        ImageFormat::Gif => Some("GIF"),
        ImageFormat::WebP => Some("WebP"),
        _ => None,
    }
}

/// Puts a transparent picture on white, or on black if that has more than twice the contrast: white strokes on a
/// transparent ground would be invisible on white.
fn composite(picture: &DynamicImage) -> GrayImage {
    let picture = picture.to_luma_alpha8();
    let over = |backdrop: u32| {
        let pixels = picture.pixels().map(move |pixel| {
            let [grey, alpha] = pixel.0.map(u32::from);
            ((grey * alpha + backdrop * (255 - alpha) + 127) / 255) as u8
        });
        GrayImage::from_raw(picture.width(), picture.height(), pixels.collect()).unwrap_or_default()
    };
    let white = over(255);
    // With this contrast, what is drawn is visible on white.
    if contrast(&white) > 127 {
        return white;
    }
    let black = over(0);
    if contrast(&black) / 2 > contrast(&white) { black } else { white }
}

fn contrast(image: &GrayImage) -> u8 {
    let (min, max) = image.as_raw().iter().fold((255, 0), |(min, max), &p| (p.min(min), p.max(max)));
    max.saturating_sub(min)
}

#[cfg(test)]
mod tests {
    use image::{ExtendedColorType, ImageEncoder, Luma, LumaA, Rgb, codecs};

    use super::*;

    const FORMATS: [ImageFormat; 5] =
        [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Bmp, ImageFormat::Gif, ImageFormat::WebP];

    /// Black with a white left third and a white lower edge.
    fn sample() -> RgbImage {
        RgbImage::from_fn(24, 16, |x, y| Rgb([u8::from(x < 8 || y > 13) * 255; 3]))
    }

    fn encode(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.into().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn message(result: Result<GrayImage, DataError>) -> String {
        let message = result.unwrap_err().to_string();
        assert!(!message.contains('\n') && message.starts_with("f: "), "{message}");
        message
    }

    #[test]
    fn every_format_is_opened_under_any_name() {
        let folder = tempfile::tempdir().unwrap();
        for format in FORMATS {
            let path = folder.path().join("picture.txt");
            fs::write(&path, encode(sample(), format)).unwrap();
            let picture = open(&path).unwrap();
            assert_eq!(picture.dimensions(), (24, 16));
            assert!(picture.get_pixel(3, 3).0[0] > 240 && picture.get_pixel(20, 3).0[0] < 15, "{format:?}");
        }
    }

    /// No part of a file is read as another picture.
    #[test]
    fn a_cut_file_is_an_error_unless_the_picture_is_complete() {
        let noise = RgbImage::from_fn(90, 70, |x, y| Rgb([(x * y % 251) as u8, (x * 7 + y * 13) as u8, 99]));
        for format in FORMATS {
            let bytes = encode(noise.clone(), format);
            let whole = from_bytes("f", &bytes).unwrap();
            for end in (0..bytes.len()).rev().step_by(1 + bytes.len() / 900) {
                match from_bytes("f", &bytes[..end]) {
                    Ok(picture) => assert_eq!(picture, whole, "{format:?} cut at {end} of {}", bytes.len()),
                    Err(_) => drop(message(from_bytes("f", &bytes[..end]))),
                }
            }
        }
        let jpeg = encode(noise, ImageFormat::Jpeg);
        assert_eq!(
            message(from_bytes("f", &jpeg[..jpeg.len() / 2])),
            "f: is incomplete: the JPEG file is cut off"
        );
    }

    #[test]
    fn a_damaged_file_never_panics() {
        for format in FORMATS {
            let bytes = encode(sample(), format);
            for bit in 0..bytes.len().min(400) * 8 {
                let mut flipped = bytes.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                drop(from_bytes("f", &flipped));
            }
        }
    }

    #[test]
    fn other_files_are_refused() {
        let said = message(from_bytes("f", b"hello, this is not a picture"));
        assert_eq!(said, "f: is not a picture in one of the formats PNG, JPEG, BMP, GIF and WebP");
        message(from_bytes("f", &[]));
        let missing = open(Path::new("/nowhere/f.png")).unwrap_err().to_string();
        assert!(missing.starts_with("/nowhere/f.png: cannot be read: "), "{missing}");
        let folder = tempfile::tempdir().unwrap();
        open(folder.path()).unwrap_err();
    }

    #[test]
    fn a_picture_of_too_many_pixels_is_refused_from_its_header() {
        let mut bytes = encode(sample(), ImageFormat::Bmp);
        bytes[18..26].copy_from_slice(&[0x10, 0x27, 0, 0, 0x10, 0x27, 0, 0]);
        assert_eq!(message(from_bytes("f", &bytes)), "f: is 10000×10000, 100.0 megapixels; the limit is 50");
    }

    #[test]
    fn sixteen_bits_become_eight() {
        let deep = image::ImageBuffer::from_fn(4, 4, |x, _| Luma([x as u16 * 0x5555]));
        let picture = from_bytes("f", &encode(deep, ImageFormat::Png)).unwrap();
        assert_eq!(picture.as_raw()[..4], [0, 85, 170, 255]);
    }

    #[test]
    fn values_in_the_low_bits_of_sixteen_are_used() {
        for bits in [8, 10, 12] {
            let white = (1_u16 << bits) - 1;
            let grey = image::ImageBuffer::from_fn(4, 4, |x, _| Luma([if x == 1 { white } else { 0 }]));
            let picture = from_bytes("f", &encode(grey, ImageFormat::Png)).unwrap();
            assert!(picture.as_raw()[1] >= 254 && picture.as_raw()[0] == 0, "{bits}: {:?}", picture.as_raw());
            // Opacity uses all sixteen bits.
            let color = image::ImageBuffer::from_fn(4, 4, |x, _| {
                image::Rgba([if x == 1 { white } else { 0 }, 0, 0, u16::MAX])
            });
            let bytes = encode(color, ImageFormat::Png);
            let file = tempfile::NamedTempFile::new().unwrap();
            fs::write(file.path(), bytes).unwrap();
            let picture = open_colors(file.path()).unwrap();
            assert!(picture.get_pixel(1, 0).0[0] >= 254 && picture.get_pixel(0, 0).0 == [0; 3], "{bits}");
        }
        let dark = image::ImageBuffer::from_fn(4, 4, |x, _| Luma([x as u16 * 5000]));
        assert_eq!(from_bytes("f", &encode(dark, ImageFormat::Png)).unwrap().as_raw()[3], 58);
    }

    #[test]
    fn transparent_parts_become_the_colour_that_shows_the_drawing() {
        let strokes = |ink: u8| {
            let image = image::GrayAlphaImage::from_fn(9, 9, |x, _| LumaA([ink, u8::from(x == 4) * 255]));
            let picture = from_bytes("f", &encode(image, ImageFormat::Png)).unwrap();
            (picture.get_pixel(4, 4).0[0], picture.get_pixel(0, 0).0[0])
        };
        assert_eq!(strokes(0), (0, 255));
        assert_eq!(strokes(255), (255, 0));
        assert_eq!(strokes(100), (100, 255));
        assert_eq!(strokes(230), (230, 0));
        let paper = image::GrayAlphaImage::from_fn(9, 9, |x, y| {
            LumaA([u8::from(x != 4) * 255, u8::from(x + y > 1) * 255])
        });
        let picture = from_bytes("f", &encode(paper, ImageFormat::Png)).unwrap();
        assert_eq!(picture.get_pixel(0, 0).0[0], 255);
    }

    /// EXIF with nothing but an orientation.
    fn exif(orientation: u8) -> Vec<u8> {
        let entry = [0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
        [&b"II*\0\x08\0\0\0\x01\0"[..], &entry, &[0; 4]].concat()
    }

    #[test]
    fn a_photograph_is_turned_as_the_camera_was() {
        let mut jpeg = Vec::new();
        let mut encoder = codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 95);
        encoder.set_exif_metadata(exif(6)).unwrap();
        encoder.write_image(&sample(), 24, 16, ExtendedColorType::Rgb8).unwrap();
        let mut png = Vec::new();
        let mut encoder = codecs::png::PngEncoder::new(&mut png);
        encoder.set_exif_metadata(exif(6)).unwrap();
        encoder.write_image(&sample(), 24, 16, ExtendedColorType::Rgb8).unwrap();
        for bytes in [jpeg, png] {
            let picture = from_bytes("f", &bytes).unwrap();
            // A quarter turn to the right: what was left is above, what was below is left.
            assert_eq!(picture.dimensions(), (16, 24));
            assert!(picture.get_pixel(8, 3).0[0] > 240 && picture.get_pixel(8, 20).0[0] < 15);
            assert!(picture.get_pixel(0, 20).0[0] > 240);
        }
    }
}

//! Opening picture files as grey pixels, in any format, depth, transparency and orientation.

use std::{
    fs::{self, File},
    io::{BufReader, Cursor, Read},
    path::Path,
};

use image::{
    DynamicImage, GrayAlphaImage, GrayImage, ImageDecoder, ImageFormat, ImageReader, RgbImage, RgbaImage,
    metadata::Orientation,
};

pub use super::ink::{to_ink, to_ink_with_tone};
use super::{DataError, jpeg, packed, svg};
use crate::text::Sentence;

/// The most pixels of a picture.
const MAX_PIXELS: u64 = 50_000_000;
/// The longest file, in bytes.
pub const MAX_FILE_BYTES: u64 = 400_000_000;

/// Opens a PNG, JPEG, BMP, GIF (its first frame), WebP, TIFF (its first page) or SVG file. The format is told by the content, not by the name.
///
/// Transparent parts become white, or black if the drawing is visible only on black.
pub fn open(path: &Path) -> Result<GrayImage, DataError> {
    let name = path.display().to_string();
    let bytes = read(path, &name)?;
    from_bytes(&name, &bytes)
}

/// Opens a file like [`open`], in colour.
pub fn open_colors(path: &Path) -> Result<RgbImage, DataError> {
    let name = path.display().to_string();
    colors_from_bytes(&name, &read(path, &name)?)
}

/// Decodes a picture from memory, like [`open_colors`]. `name` is what errors call it.
pub fn colors_from_bytes(name: &str, bytes: &[u8]) -> Result<RgbImage, DataError> {
    let picture = decode(name, bytes)?;
    if !picture.color().has_alpha() {
        return Ok(picture.into_rgb8());
    }
    let backdrop = u32::from(backdrop(&picture.to_luma_alpha8()));
    let picture = picture.into_rgba8();
    Ok(RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [colors @ .., alpha] = picture.get_pixel(x, y).0.map(u32::from);
        image::Rgb(colors.map(|color| ((color * alpha + backdrop * (255 - alpha) + 127) / 255) as u8))
    }))
}

/// Width and height of a picture, from its header alone.
pub fn size(path: &Path) -> Result<(u32, u32), DataError> {
    let name = path.display().to_string();
    let unreadable = |reason| DataError::Read { name: name.clone(), reason };
    let file = packed::open_file(path, MAX_FILE_BYTES).map_err(unreadable)?;
    let reader = ImageReader::new(BufReader::new(file)).with_guessed_format().map_err(unreadable)?;
    let not_a_picture = || DataError::NotAPicture { name: name.clone() };
    if reader.format().is_none() {
        // SVG, or none at all: small, and without a header.
        let picture = decode(&name, &read(path, &name)?)?;
        return Ok((picture.width(), picture.height()));
    }
    let format = reader.format().and_then(format_name).ok_or_else(not_a_picture)?;
    let (width, height) = reader.into_dimensions().map_err(|error| bad(&name, format, &error))?;
    check_size(&name, width, height)?;
    Ok((width, height))
}

/// Decodes a picture from memory, like [`open`]. `name` is what errors call it.
pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<GrayImage, DataError> {
    let picture = decode(name, bytes)?;
    Ok(if picture.color().has_alpha() { composite(&picture) } else { picture.into_luma8() })
}

/// Decodes a picture in its own colours, turned upright.
fn decode(name: &str, bytes: &[u8]) -> Result<DynamicImage, DataError> {
    let not_a_picture = || DataError::NotAPicture { name: name.into() };
    if let Some(reason) = other_format(bytes) {
        return Err(DataError::Form { name: name.into(), reason });
    }
    if svg::is_svg(bytes) {
        return svg::decode(name, bytes).map(DynamicImage::ImageRgba8);
    }
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| not_a_picture())?;
    let format = reader.format().and_then(format_name).ok_or_else(not_a_picture)?;
    if reader.format() == Some(ImageFormat::Jpeg) && !jpeg::is_complete(bytes) {
        return Err(DataError::CutOff { name: name.into(), format });
    }
    let bad = |error: image::ImageError| bad(name, format, &error);
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

/// What to do about a picture in a format that is not read.
fn other_format(bytes: &[u8]) -> Option<Sentence> {
    let brand = bytes.get(4..12).and_then(|kind| kind.strip_prefix(b"ftyp"));
    let format = match brand {
        Some(b"avif" | b"avis") => "AVIF",
        Some(b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1") => "HEIC",
        _ if bytes.starts_with(b"%PDF") => "PDF",
        _ if bytes.starts_with(b"\xff\x0a") || bytes.starts_with(b"\0\0\0\x0cJXL ") => "JPEG XL",
        _ => return None,
    };
    let sentence = Sentence::new(
        "is {format}, which is not read here: export it as JPEG or PNG, or take a screenshot of it",
    );
    Some(sentence.with("format", format))
}

fn bad(name: &str, format: &'static str, error: &image::ImageError) -> DataError {
    let reason = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    DataError::BadPicture { name: name.into(), format, reason }
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

/// Reads the bytes of a picture file that is not too long. `name` is what errors call it.
pub fn read(path: &Path, name: &str) -> Result<Vec<u8>, DataError> {
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
        ImageFormat::Tiff => Some("TIFF"),
        _ => None,
    }
}

/// Puts a transparent picture on its backdrop.
fn composite(picture: &DynamicImage) -> GrayImage {
    let picture = picture.to_luma_alpha8();
    over(&picture, backdrop(&picture))
}

fn over(picture: &GrayAlphaImage, backdrop: u8) -> GrayImage {
    let pixels = picture.pixels().map(|pixel| {
        let [grey, alpha] = pixel.0.map(u32::from);
        ((grey * alpha + u32::from(backdrop) * (255 - alpha) + 127) / 255) as u8
    });
    GrayImage::from_raw(picture.width(), picture.height(), pixels.collect()).unwrap_or_default()
}

/// What is put behind a transparent picture: white, or black if that has more than twice the contrast. White strokes on a
/// transparent ground would be invisible on white.
fn backdrop(picture: &GrayAlphaImage) -> u8 {
    let on_white = contrast(&over(picture, 255));
    // With this contrast, what is drawn is visible on white.
    if on_white > 127 || contrast(&over(picture, 0)) / 2 <= on_white { 255 } else { 0 }
}

fn contrast(image: &GrayImage) -> u8 {
    let (min, max) = image.as_raw().iter().fold((255, 0), |(min, max), &p| (p.min(min), p.max(max)));
    max.saturating_sub(min)
}

#[cfg(test)]
mod tests {
    use image::{ExtendedColorType, ImageEncoder, Luma, LumaA, Rgb, codecs};

    use super::*;

    const FORMATS: [ImageFormat; 6] = [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::Bmp,
        ImageFormat::Gif,
        ImageFormat::WebP,
        ImageFormat::Tiff,
    ];

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
        assert_eq!(said, "f: is not a picture in one of the formats PNG, JPEG, BMP, GIF, WebP, TIFF and SVG");
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
            let image = GrayAlphaImage::from_fn(9, 9, |x, _| LumaA([ink, u8::from(x == 4) * 255]));
            let picture = from_bytes("f", &encode(image, ImageFormat::Png)).unwrap();
            (picture.get_pixel(4, 4).0[0], picture.get_pixel(0, 0).0[0])
        };
        assert_eq!(strokes(0), (0, 255));
        assert_eq!(strokes(255), (255, 0));
        assert_eq!(strokes(100), (100, 255));
        assert_eq!(strokes(230), (230, 0));
        let paper =
            GrayAlphaImage::from_fn(9, 9, |x, y| LumaA([u8::from(x != 4) * 255, u8::from(x + y > 1) * 255]));
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

    /// The size of a picture of 48×32 pixels as it is seen, and where a pixel of it is.
    fn seen(orientation: u8, x: u32, y: u32) -> ((u32, u32), (u32, u32)) {
        let (width, height) = (48, 32);
        let (right, below) = (width - 1 - x, height - 1 - y);
        match orientation {
            2 => ((width, height), (right, y)),
            3 => ((width, height), (right, below)),
            4 => ((width, height), (x, below)),
            5 => ((height, width), (y, x)),
            6 => ((height, width), (below, x)),
            7 => ((height, width), (below, right)),
            8 => ((height, width), (y, right)),
            _ => ((width, height), (x, y)),
        }
    }

    /// An uncompressed grey TIFF file.
    fn tiff(image: &GrayImage, orientation: u8) -> Vec<u8> {
        let (width, height) = image.dimensions();
        let entries = [
            (256_u16, width),
            (257, height),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, 8 + 2 + 10 * 12 + 4),
            (274, u32::from(orientation)),
            (277, 1),
            (278, height),
            (279, width * height),
        ];
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        bytes.extend((entries.len() as u16).to_le_bytes());
        for (tag, value) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend([4, 0, 1, 0, 0, 0]);
            bytes.extend(value.to_le_bytes());
        }
        bytes.extend([0; 4]);
        bytes.extend(image.as_raw());
        bytes
    }

    #[test]
    fn every_orientation_of_every_format_is_turned_upright() {
        let stored =
            GrayImage::from_fn(48, 32, |x, y| Luma([if x < 16 { 250 } else { 5 + 100 * u8::from(y < 16) }]));
        for orientation in 1..=8 {
            let mut jpeg = Vec::new();
            let mut encoder = codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 100);
            encoder.set_exif_metadata(exif(orientation)).unwrap();
            encoder.write_image(&stored, 48, 32, ExtendedColorType::L8).unwrap();
            let mut png = Vec::new();
            let mut encoder = codecs::png::PngEncoder::new(&mut png);
            encoder.set_exif_metadata(exif(orientation)).unwrap();
            encoder.write_image(&stored, 48, 32, ExtendedColorType::L8).unwrap();
            let mut webp = Vec::new();
            let mut encoder = codecs::webp::WebPEncoder::new_lossless(&mut webp);
            encoder.set_exif_metadata(exif(orientation)).unwrap();
            encoder.write_image(&stored, 48, 32, ExtendedColorType::L8).unwrap();
            for (format, bytes) in
                [("JPEG", jpeg), ("PNG", png), ("WebP", webp), ("TIFF", tiff(&stored, orientation))]
            {
                let picture = from_bytes("f", &bytes).unwrap();
                for (x, y) in [(8, 8), (8, 24), (40, 8), (40, 24)] {
                    let (size, (to_x, to_y)) = seen(orientation, x, y);
                    assert_eq!(picture.dimensions(), size, "{format} {orientation}");
                    let (here, there) = (stored.get_pixel(x, y).0[0], picture.get_pixel(to_x, to_y).0[0]);
                    assert!(here.abs_diff(there) < 12, "{format} {orientation}: {x}, {y}");
                }
            }
        }
    }

    #[test]
    fn ink_of_four_colours_is_read() {
        for bytes in [
            &include_bytes!("../../tests/data/pictures/cmyk.jpg")[..],
            include_bytes!("../../tests/data/pictures/cmyk.tiff"),
        ] {
            let picture = from_bytes("f", bytes).unwrap();
            assert_eq!(picture.dimensions(), (16, 16));
            assert!(picture.get_pixel(7, 8).0[0] < 40 && picture.get_pixel(2, 8).0[0] > 230, "{picture:?}");
        }
    }

    #[test]
    fn formats_that_are_not_read_are_named_with_what_to_do() {
        for (bytes, format) in [
            (&b"\0\0\0\x18ftypheic\0\0\0\0"[..], "HEIC"),
            (b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0", "HEIC"),
            (b"%PDF-1.7", "PDF"),
        ] {
            let said = message(from_bytes("f", bytes));
            assert_eq!(
                said,
                format!(
                    "f: is {format}, which is not read here: export it as JPEG or PNG, or take a screenshot of it"
                )
            );
        }
    }

    #[test]
    fn the_size_of_a_picture_is_in_its_header() {
        let folder = tempfile::tempdir().unwrap();
        for format in FORMATS {
            let path = folder.path().join("p");
            fs::write(&path, encode(sample(), format)).unwrap();
            assert_eq!(size(&path).unwrap(), (24, 16), "{format:?}");
        }
        fs::write(folder.path().join("t"), "text").unwrap();
        size(&folder.path().join("t")).unwrap_err();
    }

    #[test]
    fn transparent_ink_of_either_tone_is_seen_in_colour_too() {
        for (ink, ground) in [([0, 0, 0], 255), ([255, 250, 255], 0)] {
            let image = RgbaImage::from_fn(9, 9, |x, _| {
                image::Rgba([ink[0], ink[1], ink[2], u8::from(x == 4) * 255])
            });
            let picture = colors_from_bytes("f", &encode(image, ImageFormat::Png)).unwrap();
            assert_eq!((picture.get_pixel(4, 4).0, picture.get_pixel(0, 0).0), (ink, [ground; 3]));
        }
    }
}

//! Drawings as SVG, rendered without text: fonts are left out.

use super::DataError;
use crate::text::Sentence;
use image::RgbaImage;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

/// The longer side of the rendered drawing, in pixels.
const SIDE: f32 = 512.0;
/// The longest file, in bytes.
const MAX_BYTES: usize = 8 << 20;
/// The bytes at the beginning that are looked at.
const LOOK: usize = 4096;

/// Whether a file is SVG by its first bytes.
pub(super) fn is_svg(bytes: &[u8]) -> bool {
    let first = &bytes[..bytes.len().min(LOOK)];
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start();
    text.starts_with(b"<") && text.windows(4).any(|part| part == b"<svg")
}

/// Renders a drawing. `name` is what errors call it.
pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<RgbaImage, DataError> {
    let wrong = |reason| DataError::Form { name: name.into(), reason };
    if bytes.len() > MAX_BYTES {
        let sentence = Sentence::new("is {bytes} bytes long, but SVG files have at most {most}");
        return Err(wrong(sentence.with("bytes", bytes.len()).with("most", MAX_BYTES)));
    }
    let tree = Tree::from_data(bytes, &Options::default())
        .map_err(|e| wrong(Sentence::new("is not a complete SVG file: {reason}").with("reason", e)))?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = SIDE / width.max(height);
    let side = |length: f32| ((length * scale).round() as u32).clamp(1, SIDE as u32);
    let mut picture = Pixmap::new(side(width), side(height)).ok_or_else(|| {
        wrong(
            Sentence::new("has no area: it is {width}×{height}").with("width", width).with("height", height),
        )
    })?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    if picture.pixels().iter().all(|pixel| pixel.alpha() == 0)
        && bytes.windows(5).any(|part| part == b"<text")
    {
        return Err(wrong(Sentence::new("holds text alone, which is not drawn here: convert it to paths")));
    }
    let pixels = picture.pixels().iter().flat_map(|pixel| {
        let color = pixel.demultiply();
        [color.red(), color.green(), color.blue(), color.alpha()]
    });
    Ok(RgbaImage::from_raw(picture.width(), picture.height(), pixels.collect()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use crate::data::picture::from_bytes;

    const DRAWING: &str = r#"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">
        <path d="M10 0v10" stroke="INK" stroke-width="4"/></svg>"#;

    #[test]
    fn paths_of_either_tone_are_drawn() {
        for (ink, tone, ground) in [("black", 0, 255), ("white", 255, 0)] {
            let picture = from_bytes("f", DRAWING.replace("INK", ink).as_bytes()).unwrap();
            assert_eq!(picture.dimensions(), (512, 256));
            assert_eq!(
                (picture.get_pixel(256, 100).0[0], picture.get_pixel(9, 9).0[0]),
                (tone, ground),
                "{ink}"
            );
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let say = |text: &str| from_bytes("f", text.as_bytes()).unwrap_err().to_string();
        assert!(say("<svg><g>").contains("f: is not a complete SVG file"));
        let text = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>7</text></svg>"#;
        assert!(say(text).contains("convert it to paths"));
        for end in 0..DRAWING.len() {
            drop(from_bytes("f", &DRAWING.as_bytes()[..end]));
        }
        for bit in 0..DRAWING.len() * 8 {
            let mut flipped = DRAWING.as_bytes().to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            drop(from_bytes("f", &flipped));
        }
    }
}

//! The pictures of `convlens demo` and `convlens bench`.

mod axes;
mod curves;
mod filters;
mod growth;
mod ink;

pub(in crate::cli) use curves::curves;
pub(in crate::cli) use filters::filters;
pub(in crate::cli) use growth::{Growth, growth};

use super::file;
use crate::text::{Sentence, faces};
use anyhow::{Context, Result, anyhow};
use image::{ExtendedColorType, ImageEncoder, RgbImage, codecs::png::PngEncoder, imageops};
use plotters::{
    coord::Shift,
    prelude::{BitMapBackend, DrawingArea, IntoDrawingArea, IntoFont, Text},
    style::{Color, FontStyle, RGBColor, TextStyle, register_font},
};
use std::path::Path;

/// The drawing area.
type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

/// Pictures are drawn this many times as large and then scaled down, which smooths their edges.
const FINE: u32 = 3;

/// The typeface of titles. It has a name of its own because plotters keeps the first style of a name.
const TITLE: &str = "inter-semibold";

/// The typeface of all other text.
const WORDS: &str = "inter";

/// Converts a length in the picture's pixels to a length in the drawing.
const fn px(length: u32) -> i32 {
    (length * FINE) as i32
}

/// A text style.
fn style(face: &'static str, size: u32, color: RGBColor) -> TextStyle<'static> {
    TextStyle { color: color.to_backend_color(), ..TextStyle::from((face, px(size)).into_font()) }
}

/// Writes `text` with its upper left corner at (`x`, `y`).
fn write(area: &Area<'_>, text: &str, (x, y): (u32, u32), style: TextStyle<'static>) -> Result<()> {
    area.draw(&Text::new(text.to_owned(), (px(x), px(y)), style)).map_err(unpainted)
}

/// Draws a picture of `width` × `height` pixels.
fn render(width: u32, height: u32, draw: impl FnOnce(&Area<'_>) -> Result<()>) -> Result<RgbImage> {
    register_faces()?;
    let (fine_width, fine_height) = (width * FINE, height * FINE);
    let mut pixels = vec![0; 3 * (fine_width * fine_height) as usize];
    {
        let area = BitMapBackend::with_buffer(&mut pixels, (fine_width, fine_height)).into_drawing_area();
        area.fill(&ink::GROUND).map_err(unpainted)?;
        draw(&area)?;
        area.present().map_err(unpainted)?;
    }
    let fine = RgbImage::from_raw(fine_width, fine_height, pixels).unwrap_or_default();
    Ok(imageops::thumbnail(&fine, width, height))
}

fn register_faces() -> Result<()> {
    let faces: [(&str, &'static [u8]); 2] = [(WORDS, faces::INTER), (TITLE, faces::INTER_SEMIBOLD)];
    for (name, bytes) in faces {
        register_font(name, FontStyle::Normal, bytes)
            .map_err(|_| anyhow!(Sentence::new("the typeface {name} is damaged").with("name", name)))?;
    }
    Ok(())
}

/// Turns plotters' errors, which hold references to the drawing, into their messages.
fn unpainted(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!(Sentence::new("the picture cannot be drawn: {reason}").with("reason", error))
}

/// Writes a picture as PNG.
pub(super) fn save(path: &Path, picture: &RgbImage) -> Result<()> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .with_context(|| Sentence::new("{file}: cannot be encoded").with("file", path.display()))?;
    file::write(path, &bytes)
}

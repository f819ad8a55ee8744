//! Pictures as PNG: with a palette where there are few colours, without alpha where all is opaque.

use super::{FigureError, Pixels};
use png::{BitDepth, ColorType, Compression, Encoder, Filter, PixelDimensions, Unit};

/// The most colours of a palette.
const MOST: usize = 256;

/// CSS pixels, which points are, in a metre.
const PER_METRE: f32 = 96.0 / 0.0254;

/// A PNG file with `scale` pixels a point.
pub fn to_png(picture: &Pixels, scale: f32) -> Result<Vec<u8>, FigureError> {
    let [width, height] = picture.size.map(|side| side as u32);
    if width == 0 || height == 0 {
        return Err(FigureError::Empty);
    }
    let refused = |e: png::EncodingError| FigureError::Refused("PNG", e.to_string());
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    let per_metre = (scale * PER_METRE).round() as u32;
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: per_metre, yppu: per_metre, unit: Unit::Meter }));
    let data: Vec<u8> = if let Some(palette) = picture.palette(MOST) {
        encoder.set_color(ColorType::Indexed);
        encoder.set_filter(Filter::NoFilter);
        encoder.set_palette(palette.keys().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect::<Vec<u8>>());
        if !picture.is_opaque() {
            encoder.set_trns(palette.keys().map(|pixel| pixel[3]).collect::<Vec<u8>>());
        }
        picture.rgba.iter().map(|pixel| palette.get(pixel).copied().unwrap_or(0)).collect()
    } else if picture.is_opaque() {
        encoder.set_color(ColorType::Rgb);
        // What repeats from row to row and from tile to tile is found again only without a filter.
        encoder.set_filter(Filter::NoFilter);
        picture.rgba.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect()
    } else {
        encoder.set_color(ColorType::Rgba);
        encoder.set_filter(Filter::NoFilter);
        picture.rgba.as_flattened().to_vec()
    };
    let mut writer = encoder.write_header().map_err(refused)?;
    writer.write_image_data(&data).map_err(refused)?;
    writer.finish().map_err(refused)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(colours: usize, alpha: u8) -> Pixels {
        let pixel = |i: usize| [(i % colours) as u8, (i % colours / 256) as u8, 7, alpha];
        Pixels { size: [40, 30], rgba: (0..1200).map(pixel).collect() }
    }

    #[test]
    fn every_kind_of_picture_comes_back() {
        for (colours, alpha) in [(2, 255), (256, 255), (256, 9), (700, 255), (700, 8)] {
            let picture = picture(colours, alpha);
            let bytes = to_png(&picture, 2.0).unwrap();
            let read = image::load_from_memory(&bytes).unwrap().to_rgba8();
            assert_eq!(read.as_raw(), picture.rgba.as_flattened());
            assert_eq!((read.width(), read.height()), (40, 30));
        }
        assert_eq!(to_png(&Pixels { size: [0, 3], rgba: Vec::new() }, 1.0), Err(FigureError::Empty));
    }
}

//! Films as animated PNG.

use super::{
    FigureError, Pixels,
    frames::{FilmTime, changed},
};
use png::{BitDepth, BlendOp, ColorType, Compression, DisposeOp, Encoder, EncodingError, Filter};
use std::io::Write as _;

/// An animated PNG that is being made.
pub struct Apng {
    time: FilmTime,
    size: [usize; 2],
    /// Where each picture differs from the one before, and what is there.
    parts: Vec<([usize; 4], Vec<u8>)>,
    before: Option<Pixels>,
    /// What the parts take, about.
    bytes: usize,
}

impl Apng {
    /// Begins without pictures.
    pub fn new(time: FilmTime) -> Self {
        Self { time, size: [0, 0], parts: Vec::new(), before: None, bytes: 0 }
    }

    /// Adds a picture.
    pub(super) fn push(&mut self, picture: &Pixels) -> Result<(), FigureError> {
        let place = changed(picture, self.before.as_ref())?;
        let part: Vec<u8> = picture.part(place).rgba.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        let packed = packed.write_all(&part).and_then(|()| packed.finish());
        self.bytes += packed.map_or(part.len(), |packed| packed.len());
        self.parts.push((place, part));
        self.size = picture.size;
        self.before = Some(picture.clone());
        Ok(())
    }

    /// About the bytes of the file so far.
    pub(super) fn len(&self) -> usize {
        self.bytes
    }

    /// The file.
    pub(super) fn finish(self) -> Result<Vec<u8>, FigureError> {
        if self.parts.is_empty() {
            return Err(FigureError::Empty);
        }
        let mut bytes = Vec::new();
        self.write(&mut bytes).map_err(|e| FigureError::Refused("APNG", e.to_string()))?;
        Ok(bytes)
    }

    fn write(&self, bytes: &mut Vec<u8>) -> Result<(), EncodingError> {
        let [width, height] = self.size.map(|side| side as u32);
        let mut encoder = Encoder::new(bytes, width, height);
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_compression(Compression::High);
        encoder.set_filter(Filter::NoFilter);
        encoder.set_animated(self.parts.len() as u32, u32::from(!self.time.is_looping))?;
        encoder.set_frame_delay(self.time.hundredths, 100)?;
        encoder.set_blend_op(BlendOp::Source)?;
        encoder.set_dispose_op(DisposeOp::None)?;
        let mut writer = encoder.write_header()?;
        for ([left, top, width, height], part) in &self.parts {
            writer.reset_frame_position()?;
            writer.set_frame_dimension(*width as u32, *height as u32)?;
            writer.set_frame_position(*left as u32, *top as u32)?;
            writer.write_image_data(part)?;
        }
        writer.finish()
    }
}

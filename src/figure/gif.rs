//! Films as GIF.

use super::{
    FigureError, Pixels,
    frames::{FilmTime, changed},
};
use gif::{Encoder, EncodingError, Frame, Repeat};

/// How coarsely the palette of a picture with many colours is sought, from 1 to 30.
const SPEED: i32 = 10;

/// A GIF that is being written.
pub struct Gif {
    time: FilmTime,
    encoder: Option<Encoder<Vec<u8>>>,
    before: Option<Pixels>,
}

fn refused(error: &EncodingError) -> FigureError {
    FigureError::Refused("GIF", error.to_string())
}

impl Gif {
    /// Begins without pictures.
    pub fn new(time: FilmTime) -> Self {
        Self { time, encoder: None, before: None }
    }

    /// Adds a picture.
    pub(super) fn push(&mut self, picture: &Pixels) -> Result<(), FigureError> {
        let place = changed(picture, self.before.as_ref())?;
        let [left, top, width, height] = place.map(|side| side as u16);
        let encoder = if let Some(encoder) = &mut self.encoder {
            encoder
        } else {
            let mut encoder = Encoder::new(Vec::new(), width, height, &[]).map_err(|e| refused(&e))?;
            let repeat = if self.time.is_looping { Repeat::Infinite } else { Repeat::Finite(0) };
            encoder.set_repeat(repeat).map_err(|e| refused(&e))?;
            self.encoder.insert(encoder)
        };
        let mut part = picture.part(place).rgba.as_flattened().to_vec();
        let frame = Frame::from_rgba_speed(width, height, &mut part, SPEED);
        let frame = Frame { left, top, delay: self.time.hundredths, ..frame };
        encoder.write_frame(&frame).map_err(|e| refused(&e))?;
        self.before = Some(picture.clone());
        Ok(())
    }

    /// The bytes so far.
    pub(super) fn len(&self) -> usize {
        self.encoder.as_ref().map_or(0, |encoder| encoder.get_ref().len())
    }

    /// The file.
    pub(super) fn finish(self) -> Result<Vec<u8>, FigureError> {
        let encoder = self.encoder.ok_or(FigureError::Empty)?;
        encoder.into_inner().map_err(|e| FigureError::Refused("GIF", e.to_string()))
    }
}

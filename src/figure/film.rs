//! Films: pictures of one size, one after the other, of which only what changes is stored.

use super::{Apng, FigureError, Gif, Pixels};

/// A film that is being written.
pub enum Film {
    /// A GIF: at most 256 colours in what changes.
    Gif(Gif),
    /// An animated PNG: all colours.
    Apng(Apng),
}

impl Film {
    /// Adds a picture. It has the size of the first.
    pub fn push(&mut self, picture: &Pixels) -> Result<(), FigureError> {
        match self {
            Self::Gif(gif) => gif.push(picture),
            Self::Apng(apng) => apng.push(picture),
        }
    }

    /// The bytes so far.
    pub fn len(&self) -> usize {
        match self {
            Self::Gif(gif) => gif.len(),
            Self::Apng(apng) => apng.len(),
        }
    }

    /// Whether there is no picture yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The file.
    pub fn finish(self) -> Result<Vec<u8>, FigureError> {
        match self {
            Self::Gif(gif) => gif.finish(),
            Self::Apng(apng) => apng.finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::FilmTime;
    use image::{
        AnimationDecoder, Frame,
        codecs::{gif::GifDecoder, png::PngDecoder},
    };
    use std::io::Cursor;

    const TIME: FilmTime = FilmTime { hundredths: 25, is_looping: true };

    /// Pictures in which a square moves, and one that is like the one before.
    fn pictures() -> Vec<Pixels> {
        let picture = |step: usize| {
            let pixel = |i: usize| {
                let (y, x) = (i / 20, i % 20);
                if (step..step + 3).contains(&x) && (4..7).contains(&y) {
                    [200, 30, 0, 255]
                } else {
                    [255; 4]
                }
            };
            Pixels { size: [20, 12], rgba: (0..240).map(pixel).collect() }
        };
        [0, 1, 1, 9].into_iter().map(picture).collect()
    }

    fn written(mut film: Film) -> Vec<u8> {
        for picture in pictures() {
            film.push(&picture).unwrap();
        }
        film.finish().unwrap()
    }

    fn is_as_pushed(frames: &[Frame]) {
        let wanted = pictures();
        assert_eq!(frames.len(), wanted.len());
        for (frame, picture) in frames.iter().zip(&wanted) {
            assert_eq!(frame.buffer().as_raw(), picture.rgba.as_flattened());
            assert_eq!(frame.delay().numer_denom_ms().0 / frame.delay().numer_denom_ms().1, 250);
        }
    }

    #[test]
    fn every_picture_comes_back() {
        let gif = written(Film::Gif(Gif::new(TIME)));
        let frames = GifDecoder::new(Cursor::new(&gif)).unwrap().into_frames().collect_frames().unwrap();
        is_as_pushed(&frames);
        let png = written(Film::Apng(Apng::new(TIME)));
        let frames = PngDecoder::new(Cursor::new(&png)).unwrap().apng().unwrap().into_frames();
        is_as_pushed(&frames.collect_frames().unwrap());
        assert_eq!(gif, written(Film::Gif(Gif::new(TIME))));
        assert_eq!(png, written(Film::Apng(Apng::new(TIME))));
    }

    #[test]
    fn many_colours_and_odd_sizes_are_no_trouble() {
        let many = Pixels {
            size: [40, 40],
            rgba: (0..1600u32).map(|i| [i as u8, (i / 7) as u8, (i / 256) as u8 * 40, 255]).collect(),
        };
        for film in [Film::Gif(Gif::new(TIME)), Film::Apng(Apng::new(TIME))] {
            let mut film = film;
            assert!(film.is_empty());
            film.push(&many).unwrap();
            assert!(film.push(&Pixels { size: [3, 3], rgba: vec![[0; 4]; 9] }).is_err());
            assert!(film.push(&Pixels { size: [0, 0], rgba: Vec::new() }).is_err());
            assert!(!film.is_empty() && !film.finish().unwrap().is_empty());
        }
        assert_eq!(Gif::new(TIME).finish(), Err(FigureError::Empty));
        assert_eq!(Apng::new(TIME).finish(), Err(FigureError::Empty));
    }
}

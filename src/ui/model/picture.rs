//! What a picture or a film of a view is to be, and the dialog that asks for it.

use crate::text::Sentence;
use egui::ColorImage;
use serde::{Deserialize, Serialize};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize},
    },
};

/// What is below a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ground {
    /// White paper.
    #[default]
    Paper,
    /// Nothing.
    Transparent,
    /// The ground of the window.
    Window,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PictureFormat {
    /// Pixels.
    #[default]
    Png,
    /// A drawing, for the web and for slides.
    Svg,
    /// A drawing, for print.
    Pdf,
    /// A film of at most 256 colours.
    Gif,
    /// A film of all colours.
    Apng,
}

impl PictureFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Png, Self::Svg, Self::Pdf, Self::Gif, Self::Apng];

    /// Whether it plays.
    pub fn is_film(self) -> bool {
        matches!(self, Self::Gif | Self::Apng)
    }

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Pdf => "pdf",
            Self::Gif => "gif",
            Self::Apng => "apng",
        }
    }
}

/// The line below a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Captioned {
    /// None.
    #[default]
    Nothing,
    /// View, settings, step and network.
    State,
    /// These words.
    Words(String),
}

/// From where to where a film goes, and how fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilmRange {
    /// The first position, from 0.
    pub from: usize,
    /// The last position.
    pub to: usize,
    /// Hundredths of a second a position.
    pub hundredths: u16,
    /// Whether it begins again at its end.
    pub is_looping: bool,
}

/// How far a film is.
#[derive(Debug, Default)]
pub struct FilmProgress {
    /// The pictures that are done.
    pub done: AtomicUsize,
    /// The bytes so far.
    pub bytes: AtomicUsize,
    /// Whether it was called off.
    pub is_called_off: AtomicBool,
}

/// What a person sets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PictureSetup {
    /// The kind of file.
    pub format: PictureFormat,
    /// Pixels of a point: 1, 2 or 4.
    pub scale: u8,
    /// What is below the content.
    pub ground: Ground,
    /// Whether view, settings, step and network are named below the content.
    pub has_caption: bool,
    /// Whether the view is laid out in little room, so that a picture has large letters and a film few bytes.
    pub is_small: bool,
    /// The first position of a film, from 0.
    pub from: usize,
    /// Its last position.
    pub to: usize,
    /// Positions in a second.
    pub rate: f32,
    /// Whether it begins again at its end.
    pub is_looping: bool,
}

/// The slowest film, in positions a second.
pub const SLOWEST: f32 = 0.1;

/// The fastest film, in positions a second.
pub const FASTEST: f32 = 50.0;

/// The most positions of a film.
pub const MAX_PICTURES: usize = 2_000;

impl PictureSetup {
    /// The whole of what plays, of `length` positions.
    pub fn new(length: usize) -> Self {
        Self {
            format: PictureFormat::Png,
            scale: 2,
            ground: Ground::Paper,
            has_caption: true,
            is_small: false,
            from: 0,
            to: length.clamp(1, MAX_PICTURES) - 1,
            rate: 2.0,
            is_looping: true,
        }
    }

    /// The nearest setup that can be made, where `length` positions play.
    #[must_use]
    pub fn valid(self, length: usize) -> Self {
        let last = length.max(1) - 1;
        let from = self.from.min(last);
        let to = self.to.clamp(from, last.min(from + MAX_PICTURES - 1));
        let rate = if self.rate.is_finite() { self.rate.clamp(SLOWEST, FASTEST) } else { 2.0 };
        let format = if self.format.is_film() && length == 0 { PictureFormat::Png } else { self.format };
        let scale = if [1, 2, 4].contains(&self.scale) { self.scale } else { 1 };
        Self { format, scale, from, to, rate, ..self }
    }

    /// The pictures of a film; one without.
    pub fn count(&self) -> usize {
        if self.format.is_film() { self.to - self.from.min(self.to) + 1 } else { 1 }
    }

    /// The range of a film.
    pub fn range(&self) -> FilmRange {
        let hundredths = (100.0 / self.rate).round().clamp(2.0, 60_000.0) as u16;
        FilmRange { from: self.from, to: self.to, hundredths, is_looping: self.is_looping }
    }

    /// The line below the content.
    pub fn captioned(&self) -> Captioned {
        if self.has_caption { Captioned::State } else { Captioned::Nothing }
    }
}

/// What can be done with pictures.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum PictureAct {
    /// Opens the dialog.
    Open,
    /// Changes what is set.
    Set(PictureSetup),
    /// Puts a picture on the clipboard.
    Copy,
    /// Asks for the file.
    Save,
    /// Ends the making of a film.
    Stop,
    /// Closes the dialog.
    Close,
}

/// Where a picture goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureTarget {
    /// To a file.
    File(PathBuf),
    /// To the clipboard.
    Clipboard,
    /// To the dialog.
    Preview,
}

/// A picture that is to be taken.
#[derive(Clone, Debug)]
pub struct PictureOrder {
    /// What it is to be.
    pub setup: PictureSetup,
    /// Where it goes.
    pub target: PictureTarget,
    /// How far it is, and whether it was called off.
    pub progress: Arc<FilmProgress>,
}

/// A picture, or the beginning of a film, in the dialog.
#[derive(Clone, Debug)]
pub struct PicturePreview {
    /// What it is of.
    pub setup: PictureSetup,
    /// The pictures.
    pub frames: Vec<Arc<ColorImage>>,
    /// (width, height) of the file, in pixels.
    pub size: [usize; 2],
    /// The bytes of the file, about.
    pub bytes: usize,
}

/// The dialog.
#[derive(Clone, Debug)]
pub struct PictureDialog {
    /// What is set.
    pub setup: PictureSetup,
    /// How many positions play.
    pub length: usize,
    /// Why there is no picture.
    pub problem: Option<Sentence>,
    /// The work, while it is going on.
    pub progress: Option<Arc<FilmProgress>>,
    /// The file that was written last, and its bytes.
    pub written: Option<(PathBuf, usize)>,
    /// Whether a picture was copied.
    pub is_copied: bool,
    /// What it would look like.
    pub preview: Option<Arc<PicturePreview>>,
    /// What the preview that is being made is of.
    pub previewing: Option<PictureSetup>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_setup_becomes_one_that_can_be_made() {
        let odd = PictureSetup {
            format: PictureFormat::Gif,
            scale: 9,
            from: 7,
            to: 3,
            rate: f32::NAN,
            ..PictureSetup::new(5)
        };
        let valid = odd.valid(5);
        assert_eq!((valid.from, valid.to, valid.scale, valid.count()), (4, 4, 1, 1));
        assert_eq!(valid.range().hundredths, 50);
        assert_eq!(odd.valid(0).format, PictureFormat::Png);
        assert_eq!(PictureSetup::new(1_000_000).count(), 1);
        let long = PictureSetup { format: PictureFormat::Gif, to: usize::MAX, ..odd }.valid(1_000_000);
        assert_eq!(long.count(), MAX_PICTURES);
    }
}

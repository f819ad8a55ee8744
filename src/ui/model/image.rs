//! The current image.

use super::answer::About;
use crate::{
    data::{
        Split,
        digit::{self, Objection, Stages},
        mnist,
    },
    nn::Network,
    train::evaluate::{network_input, network_input_colors},
    ui::{
        style::picture::PictureGround,
        widgets::{Drawing, RASTER},
    },
};
use image::{GrayImage, RgbImage};
use serde::{Deserialize, Serialize};

/// Where the current image comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImageSource {
    /// The canvas.
    #[default]
    Drawing,
    /// An image of the test set.
    Sample {
        /// The set's name.
        set: String,
        /// Its number there, from 0.
        index: usize,
        /// What it is.
        label: u8,
    },
    /// An image of the training set.
    TrainingSample {
        /// The set's name.
        set: String,
        /// Its number there, from 0.
        index: usize,
        /// What it is.
        label: u8,
    },
    /// A picture file of this name.
    Picture(String),
}

impl ImageSource {
    /// What an image of a data set is; `None` for other images.
    pub fn label(&self) -> Option<u8> {
        match self {
            Self::Sample { label, .. } | Self::TrainingSample { label, .. } => Some(*label),
            Self::Drawing | Self::Picture(_) => None,
        }
    }
}

/// The background of a data set's images: digits are drawings; other sets may hold photographs, which have their own.
pub fn ground_of_set(name: &str) -> PictureGround {
    if name == mnist::NAME { PictureGround::Paper } else { PictureGround::Black }
}

/// The current image, from its source to the input of a network.
#[derive(Clone, Debug)]
pub struct CurrentImage {
    /// Its source.
    pub source: ImageSource,
    /// How much ink a pixel has, 0 none to 255 full.
    pub ink: GrayImage,
    /// The background of the ink, which decides how the image is shown.
    pub ground: PictureGround,
    /// A drawing whose brush was too wide for its size, drawn with one that fits; see [`Drawing::thinned`].
    thinned: Option<GrayImage>,
    /// The steps of its normalisation; `None` when there is no ink.
    pub stages: Option<Stages>,
    /// The input of a network before its own preprocessing: 28×28.
    pub seen: GrayImage,
    /// The same in colour, of an image of a data set in colour.
    pub colors: Option<RgbImage>,
    /// A number that identifies the image.
    pub revision: u64,
}

impl CurrentImage {
    /// What is on the canvas.
    pub fn from_drawing(drawing: &Drawing, is_normalised: bool, revision: u64) -> Self {
        let side = RASTER as u32;
        let image = |pixels: Vec<u8>| GrayImage::from_raw(side, side, pixels).unwrap_or_default();
        let (ink, thinned) = (image(drawing.bitmap().to_vec()), drawing.thinned().map(image));
        Self::preprocess(ImageSource::Drawing, ink, thinned, is_normalised, revision)
            .on_ground(drawing.ground())
    }

    /// The same on another background.
    #[must_use]
    pub fn on_ground(self, ground: PictureGround) -> Self {
        Self { ground, ..self }
    }

    /// The content of the canvas, with its source, so that a picture keeps its name after a restart.
    pub fn restored(source: ImageSource, drawing: &Drawing, is_normalised: bool, revision: u64) -> Self {
        let image = Self::from_drawing(drawing, is_normalised, revision);
        match source {
            ImageSource::Drawing => image,
            // The canvas shows a test image in exact blocks, whose averages are its pixels.
            ImageSource::Sample { .. } | ImageSource::TrainingSample { .. } => {
                let seen = digit::raw(&image.ink);
                Self { source, seen, ..image }
            }
            ImageSource::Picture(_) => Self { source, ..image },
        }
    }

    /// A drawing or picture: normalised, or only scaled.
    pub fn from_ink(source: ImageSource, ink: GrayImage, is_normalised: bool, revision: u64) -> Self {
        Self::preprocess(source, ink, None, is_normalised, revision)
    }

    /// The same image, normalised or not.
    #[must_use]
    pub fn with_normalisation(&self, is_normalised: bool, revision: u64) -> Self {
        let (source, ink, thinned) = (self.source.clone(), self.ink.clone(), self.thinned.clone());
        Self::preprocess(source, ink, thinned, is_normalised, revision).on_ground(self.ground)
    }

    fn preprocess(
        source: ImageSource,
        ink: GrayImage,
        thinned: Option<GrayImage>,
        is_normalised: bool,
        revision: u64,
    ) -> Self {
        let stages = digit::normalise(thinned.as_ref().unwrap_or(&ink));
        let seen = match &stages {
            Some(stages) if is_normalised => stages.input.clone(),
            _ => digit::raw(&ink),
        };
        Self { source, ink, ground: PictureGround::Paper, thinned, stages, seen, colors: None, revision }
    }

    /// Images of a test set are not preprocessed.
    pub fn from_sample(set: &str, split: &Split, index: usize, revision: u64) -> Self {
        let source = ImageSource::Sample { set: set.to_owned(), index, label: split.label(index) };
        Self::from_split(source, (set, split, index), revision)
    }

    /// Nor are those of a training set.
    pub fn from_training(set: &str, split: &Split, index: usize, revision: u64) -> Self {
        let source = ImageSource::TrainingSample { set: set.to_owned(), index, label: split.label(index) };
        Self::from_split(source, (set, split, index), revision)
    }

    fn from_split(source: ImageSource, (set, split, index): (&str, &Split, usize), revision: u64) -> Self {
        let (height, width) = (split.height() as u32, split.width() as u32);
        let ink = GrayImage::from_raw(width, height, split.grey(index).into_owned()).unwrap_or_default();
        let colors = split.colors(index).map(|pixels| pixels.concat());
        let colors = colors.and_then(|pixels| RgbImage::from_raw(width, height, pixels));
        Self {
            source,
            thinned: None,
            stages: digit::normalise(&ink),
            seen: ink.clone(),
            colors,
            ink,
            ground: ground_of_set(set),
            revision,
        }
    }

    /// Why it cannot be a single digit. `None` for images of a data set, which are not preprocessed.
    pub fn objection(&self) -> Option<Objection> {
        let stages = self.stages.as_ref().filter(|_| self.source.label().is_none())?;
        stages.objection
    }

    /// What an answer has to know about the image.
    pub fn about(&self) -> About {
        About { is_blank: self.is_blank(), objection: self.objection() }
    }

    /// Whether the network reads it as drawn with a brush narrower than the one it was drawn with.
    pub fn is_thinned(&self) -> bool {
        self.thinned.is_some()
    }

    /// Whether there is no ink.
    pub fn is_blank(&self) -> bool {
        self.stages.is_none()
    }

    /// The input of `network`, (C, H, W): the image in the network's size, padded and scaled as its spec says.
    pub fn input_for(&self, network: &Network) -> Vec<f32> {
        match &self.colors {
            Some(colors) => network_input_colors(network, colors),
            None => network_input(network, &self.seen),
        }
    }
}

//! The current image.

use super::answer::About;
use crate::{
    data::{
        Split,
        digit::{self, Objection, Stages},
        mnist,
    },
    nn::Network,
    train::evaluate::network_input,
    ui::{
        style::picture::PictureGround,
        widgets::{Drawing, RASTER},
    },
};
use image::GrayImage;

/// Where the current image comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageSource {
    /// The canvas.
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
    /// A picture file of this name.
    Picture(String),
}

/// The ground of a data set's images: digits are drawings; what other sets hold may be photographs, which have theirs.
pub fn ground_of_set(name: &str) -> PictureGround {
    if name == mnist::NAME { PictureGround::Paper } else { PictureGround::Black }
}

/// The current image, on its way from where it comes from to what a network sees.
#[derive(Clone, Debug)]
pub struct CurrentImage {
    /// Where it comes from.
    pub source: ImageSource,
    /// How much ink a pixel has, 0 none to 255 full.
    pub ink: GrayImage,
    /// What the ink is on, which decides how the image is shown.
    pub ground: PictureGround,
    /// The steps of its normalisation; `None` when there is no ink.
    pub stages: Option<Stages>,
    /// What the network sees, before its own preprocessing: 28×28.
    pub seen: GrayImage,
    /// Another number for every other image.
    pub revision: u64,
}

impl CurrentImage {
    /// What is on the canvas.
    pub fn from_drawing(drawing: &Drawing, is_normalised: bool, revision: u64) -> Self {
        let side = RASTER as u32;
        let ink = GrayImage::from_raw(side, side, drawing.bitmap().to_vec()).unwrap_or_default();
        Self::from_ink(ImageSource::Drawing, ink, is_normalised, revision).on_ground(drawing.ground())
    }

    /// The same on another ground.
    #[must_use]
    pub fn on_ground(self, ground: PictureGround) -> Self {
        Self { ground, ..self }
    }

    /// A drawing or picture: normalised, or squeezed as it is.
    pub fn from_ink(source: ImageSource, ink: GrayImage, is_normalised: bool, revision: u64) -> Self {
        let stages = digit::normalise(&ink);
        let seen = match &stages {
            Some(stages) if is_normalised => stages.input.clone(),
            _ => digit::raw(&ink),
        };
        Self { source, ink, ground: PictureGround::Paper, stages, seen, revision }
    }

    /// An image of a test set goes in as it is.
    pub fn from_sample(set: &str, split: &Split, index: usize, revision: u64) -> Self {
        let source = ImageSource::Sample { set: set.to_owned(), index, label: split.label(index) };
        let (height, width) = (split.height() as u32, split.width() as u32);
        let ink = GrayImage::from_raw(width, height, split.image(index).to_vec()).unwrap_or_default();
        Self {
            source,
            stages: digit::normalise(&ink),
            seen: ink.clone(),
            ink,
            ground: ground_of_set(set),
            revision,
        }
    }

    /// What speaks against its being one digit, where drawings are made digits. Images of a set are what they are.
    pub fn objection(&self) -> Option<Objection> {
        let stages = self.stages.as_ref().filter(|_| !matches!(self.source, ImageSource::Sample { .. }))?;
        stages.objection
    }

    /// What an answer needs to know of it.
    pub fn about(&self) -> About {
        About { is_blank: self.is_blank(), objection: self.objection() }
    }

    /// Whether there is nothing to see.
    pub fn is_blank(&self) -> bool {
        self.stages.is_none()
    }

    /// The values that `network` gets for it, (C, H, W): the picture in its size, padded and scaled as its spec says.
    pub fn input_for(&self, network: &Network) -> Vec<f32> {
        network_input(network, &self.seen)
    }
}

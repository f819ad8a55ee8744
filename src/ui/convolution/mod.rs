//! What the Convolution view is about: what a person set, what the core made of it, where the animation stands.

mod family;
mod kept;
mod make;
mod round;
mod setup;

pub use family::{Block, FamilyChoice, FamilySetup, Functions, MAX_LENGTHS, Shown, ShownChain};
pub use kept::{KeptLab, or_default};
pub use make::{Refusal, Setting, World, made};
pub use round::{Answered, Round};
pub use setup::{Kernels, MAX_CHANNELS, MAX_FILTERS, MAX_SIDE, Setup, Source, Weights};

use super::widgets::{Playback, PlaybackAct, Track};
use crate::explain::Convolution;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One act of a person in the Convolution view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ConvolutionAct {
    /// Other settings; what they need of numbers, kernels and biases is made to fit.
    Set(Box<Setup>),
    /// One of the small examples, by its number.
    UseExample(usize),
    /// Other numbers to convolve.
    UseSource(Source),
    /// Another number in the input of small numbers, by its element.
    SetNumber(usize, f32),
    /// Another weight, by its element in (filters, C / groups, KH, KW).
    SetWeight(usize, f32),
    /// Another bias, by its filter.
    SetBias(usize, f32),
    /// A kernel with a name for all channels of a filter: the filter, the kernel's number.
    UseKernel(usize, usize),
    /// Other random kernels.
    RandomKernels,
    /// The kernels that the current network learnt in this layer.
    UseLearned(usize),
    /// Moves the animation.
    Play(PlaybackAct),
    /// The input channel that is looked at; `None` is the strongest.
    LookAt(Option<usize>),
    /// Whether outputs are shown that the animation has not come to.
    ShowWhole(bool),
    /// What is shown of the convolution.
    SetMode(Mode),
    /// What a person thinks the hidden output is.
    Guess(f32),
    /// On to the next hidden output.
    NextGuess,
    /// A new round of guesses.
    NewRound,
    /// A kind of convolution to look at.
    UseFamily(FamilyChoice),
    /// Other settings of that kind.
    SetFamily(Box<FamilySetup>),
    /// The kind as its example has it.
    ResetFamily,
    /// Another number in the input of that kind, by its element.
    SetFamilyNumber(usize, f32),
    /// Another weight: the number of its tensor, its element there, its value.
    SetFamilyWeight(usize, usize, f32),
}

/// What is shown of a convolution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// The window, the products, the sum.
    #[default]
    Sum,
    /// The product of matrices that it is.
    Im2col,
    /// Its outputs are hidden until they are guessed.
    Predict,
    /// The kinds of convolution beside the standard one.
    Family,
}

/// A photograph to convolve.
#[derive(Clone, Debug, PartialEq)]
pub struct Photo {
    /// The file's name.
    pub name: String,
    /// (channels, height, width), at most [`Photo::MOST`] high and wide.
    pub size: (usize, usize, usize),
    /// 0 to 1, (C, H, W).
    pub values: Vec<f32>,
    /// (height, width) in the file.
    pub original: (usize, usize),
}

impl Photo {
    /// The largest side that is shown, in pixels; larger photographs are scaled.
    pub const MOST: u32 = 128;

    /// A photograph of this name, scaled to fit; one without colours has one channel.
    pub fn new(name: String, photo: &image::RgbImage) -> Self {
        let original = (photo.height() as usize, photo.width() as usize);
        let longest = photo.width().max(photo.height());
        let scaled;
        let photo = if longest > Self::MOST {
            let side = |n: u32| (n * Self::MOST / longest).max(1);
            let filter = image::imageops::FilterType::Triangle;
            scaled = image::imageops::resize(photo, side(photo.width()), side(photo.height()), filter);
            &scaled
        } else {
            photo
        };
        let is_grey = photo.pixels().all(|pixel| pixel.0[0] == pixel.0[1] && pixel.0[1] == pixel.0[2]);
        let channels = if is_grey { 1 } else { 3 };
        let values = (0..channels).flat_map(|c| photo.pixels().map(move |p| f32::from(p.0[c]) / 255.0));
        let size = (channels, photo.height() as usize, photo.width() as usize);
        Self { name, size, values: values.collect(), original }
    }

    /// Whether it is smaller than in its file.
    pub fn is_scaled(&self) -> bool {
        (self.size.1, self.size.2) != self.original
    }
}

/// The Convolution view's part of the state.
#[derive(Clone, Debug, Default)]
pub struct Lab {
    /// What a person set, which may be impossible.
    pub setup: Setup,
    /// Where the animation stands.
    pub playback: Playback,
    /// The input channel that is looked at; `None` is the strongest.
    pub channel: Option<usize>,
    /// Whether outputs are shown that the animation has not come to.
    pub is_whole: bool,
    /// What is shown.
    pub mode: Mode,
    /// The guesses.
    pub round: Round,
    /// The photograph that was opened last.
    pub photo: Option<Arc<Photo>>,
    /// The last convolution that was possible.
    pub shown: Option<Arc<Convolution>>,
    /// Why that is not what is set; `None` if it is.
    pub refusal: Option<Refusal>,
    /// How many times random kernels were drawn: their seed.
    pub draws: u64,
    /// What was set for each kind of source when another was turned to.
    pub kept: Vec<Setup>,
    /// The kind of convolution that is looked at, as a person set it, which may be impossible.
    pub family: FamilySetup,
    /// What was set of the other kinds.
    pub family_kept: Vec<FamilySetup>,
    /// What the core made of the last one that was possible.
    pub family_shown: Option<Arc<Shown>>,
    /// Why that is not what is set; `None` if it is.
    pub family_refusal: Option<Refusal>,
    /// Whether the animation is to begin at the output that answers most, since there is much ground to pass.
    pub seeks_strongest: bool,
}

impl Lab {
    /// What the animation plays: every output.
    pub fn track(&self) -> Track {
        if self.mode == Mode::Family {
            return self.family_shown.as_ref().map_or(Track { len: 1, row: 1 }, |shown| shown.track());
        }
        let shown = self.shown.as_ref();
        Track { len: shown.map_or(1, |conv| conv.len()), row: shown.map_or(1, |conv| conv.row()) }
    }

    /// The output that the animation has come to.
    pub fn position(&self) -> usize {
        self.playback.position(self.track())
    }
}

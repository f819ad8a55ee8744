//! The part of the window's state that an answer or a reached state is about, as data.

use crate::{
    lesson::{LessonAnswer, Quantity},
    train::RunRecord,
    ui::{
        model::{
            convolution::KeptLab,
            image::ImageSource,
            pooling::PoolingSetup,
            saved::stands::{ConvolutionStand, NetworkStand},
            view::ViewId,
        },
        widgets::{Drawing, Playback},
    },
};
use serde::{Deserialize, Serialize};

/// The part of the window's state that an answer or a reached state is about. What it does not depend on is left out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Stand {
    /// The view.
    pub view: ViewId,
    /// The image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<StandImage>,
    /// The network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<StandNetwork>,
    /// Its run, or the run beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<Box<RunRecord>>,
    /// The learning rate that is set, if there is no run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<f32>,
    /// What is selected in the Network view, and what is switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_view: Option<NetworkStand>,
    /// The Convolution view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub convolution: Option<Box<(KeptLab, ConvolutionStand)>>,
    /// The Pooling view.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Box<StandPooling>>,
}

/// The Pooling view.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StandPooling {
    /// Its settings.
    #[serde(deserialize_with = "PoolingSetup::from_file")]
    pub setup: PoolingSetup,
    /// Where its animations stand: windows, their filling, shifts.
    pub playbacks: [Playback; 3],
}

impl PartialEq for Stand {
    fn eq(&self, other: &Self) -> bool {
        serde_json::to_value(self).ok() == serde_json::to_value(other).ok()
    }
}

/// The current image.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StandImage {
    /// Where it comes from.
    pub source: ImageSource,
    /// Whether drawings are normalised.
    pub is_normalised: bool,
    /// The canvas.
    pub drawing: Drawing,
}

/// The current network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StandNetwork {
    /// The trained one inside the program.
    Shipped,
    /// That of the run.
    Run,
    /// One that the hand-in does not hold, of this name.
    Other(String),
}

/// What a number of the window depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent parts of the state")]
pub struct Needs {
    /// The image.
    pub image: bool,
    /// The network.
    pub network: bool,
    /// The run.
    pub run: bool,
    /// The Convolution view.
    pub convolution: bool,
    /// The Pooling view.
    pub pooling: bool,
}

impl Needs {
    /// What a number depends on, whatever Convolution and Pooling show.
    pub fn of(quantity: Quantity) -> Self {
        let nothing = Self::default();
        match quantity.name().split('.').next() {
            Some("conv") => Self { convolution: true, ..nothing },
            Some("pool") => Self { pooling: true, ..nothing },
            Some("draw") => Self { image: true, ..nothing },
            Some("train") => Self { run: true, ..nothing },
            Some("net") => Self { network: true, image: is_answer(quantity), ..nothing },
            _ => nothing,
        }
    }

    /// What both depend on.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            image: self.image || other.image,
            network: self.network || other.network,
            run: self.run || other.run,
            convolution: self.convolution || other.convolution,
            pooling: self.pooling || other.pooling,
        }
    }
}

/// Whether a number is of the network's answer.
pub fn is_answer(quantity: Quantity) -> bool {
    matches!(quantity, Quantity::NetTop | Quantity::NetProbability)
}

/// What shows that a task is solved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// The right answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<LessonAnswer>,
    /// The numbers of the window that the conditions name, or that was asked for, as they were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(Quantity, f64)>,
    /// The state that they were of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stand: Option<Stand>,
    /// Whether the state is left out, since it is too large.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_cut: bool,
}

impl Evidence {
    /// The value of a number.
    pub fn value(&self, quantity: Quantity) -> Option<f64> {
        self.values.iter().find(|(of, _)| *of == quantity).map(|(_, value)| *value)
    }
}

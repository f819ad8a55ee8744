//! What the views read: one current image, one current network, everywhere.

use super::{
    action::FileKind,
    convolution::Lab,
    exciting::Found,
    inference::{About, Answer, LossOf, Wanted},
    pooling::PoolingLab,
    saliency::Shown,
    selection::Selection,
    settings::{MapValues, Settings},
    views::ViewId,
    widgets::{Drawing, Toasts},
};
use crate::{
    data::{
        Collection, DataSet, Split,
        digit::{self, Objection, Stages},
    },
    explain::{Verdict, WhatIf, what_if::Change},
    nn::{Network, Trace},
    train::{Snapshot, TrainConfig, evaluate::input_transform},
};
use image::GrayImage;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32},
};

/// Everything that is shown.
pub struct AppState {
    /// The choices that are kept.
    pub settings: Settings,
    /// What is on the canvas.
    pub drawing: Drawing,
    /// What every network looks at.
    pub image: CurrentImage,
    /// What looks at it.
    pub network: CurrentNetwork,
    /// What that network computed from an image, of late; see [`AppState::trace`].
    pub answer: Option<Answer>,
    /// What is looked at in the network.
    pub selection: Selection,
    /// The class of whose loss gradients are shown; see [`AppState::loss_class`].
    pub loss_class: Option<usize>,
    /// What of the current network is switched off, to be seen in the Network view; all else shows the whole network.
    pub what_if: WhatIf,
    /// What convinced the network of the current image, of late; asked while the Network view is shown.
    pub saliency: Option<Shown>,
    /// The search for the most exciting patches, as far as it has come.
    pub exciting: Option<Found>,
    /// The training thread's newest moment.
    pub snapshot: Option<Arc<Snapshot>>,
    /// The settings of the next run, and as far as they can change, of this one.
    pub setup: TrainConfig,
    /// What is learnt from.
    pub data: DataState,
    /// What the Convolution view is about.
    pub convolution: Lab,
    /// What the Pooling view shows.
    pub pooling: PoolingLab,
    /// Short messages.
    pub toasts: Toasts,
    /// The question for a file, if one is open, and the path typed so far.
    pub question: Option<FileKind>,
    /// The network that was opened from a file last.
    pub opened: Option<(String, Arc<Network>)>,
    /// What the run learnt that was given up last: by a reset, another network or another data set.
    pub last_run: Option<LastRun>,
    /// The drawings that a person named.
    pub collection: Collection,
    /// Another number after every change of the named drawings.
    pub collection_revision: u64,
    /// What the network learns from them.
    pub lesson: LessonState,
    /// Whether something is being read or written that a person waits for.
    pub is_busy: bool,
}

/// How the learning of a person's drawings stands.
#[derive(Clone, Debug, Default)]
pub enum LessonState {
    /// Nothing was learnt, or it was undone.
    #[default]
    None,
    /// It is under way.
    Learning {
        /// How far it is.
        progress: Arc<LessonProgress>,
        /// The network that it started from.
        of: Arc<Network>,
    },
    /// It is done.
    Learnt {
        /// The accuracy on the test images before and after, 0 to 1.
        accuracy: [f64; 2],
        /// Drawings that are read rightly before and after.
        read: [usize; 2],
        /// Drawings that were learnt.
        drawings: usize,
        /// The network before.
        before: CurrentNetwork,
    },
}

/// What the window and the task that learns tell each other.
#[derive(Debug, Default)]
pub struct LessonProgress {
    /// How much is done, in thousandths.
    pub done: AtomicU32,
    /// Whether it is to stop.
    pub is_cancelled: AtomicBool,
}

/// A run that was given up.
#[derive(Clone, Debug)]
pub struct LastRun {
    /// Its weights then.
    pub network: Arc<Network>,
    /// Steps that it had made.
    pub step: u64,
}

/// The data set.
pub enum DataState {
    /// It is being read.
    Loading,
    /// Here it is.
    Ready(DataSet),
    /// It could not be read, which a toast has said.
    Missing,
}

impl DataState {
    /// The set, once it is there.
    pub fn ready(&self) -> Option<&DataSet> {
        match self {
            Self::Ready(data) => Some(data),
            Self::Loading | Self::Missing => None,
        }
    }
}

/// The current network and where it comes from.
#[derive(Clone, Debug)]
pub struct CurrentNetwork {
    /// Its weights.
    pub network: Arc<Network>,
    /// Where they come from.
    pub origin: Origin,
}

/// Where the current network's weights come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// They are part of the program.
    Shipped,
    /// A file of this name.
    Opened(String),
    /// A run that was given up after so many steps.
    LastRun(u64),
    /// It has learnt so many of a person's drawings.
    Taught(usize),
    /// The training thread, as it learns.
    Live,
}

/// Where the current image comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
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

/// The current image, on its way from where it comes from to what a network sees.
#[derive(Clone, Debug)]
pub struct CurrentImage {
    /// Where it comes from.
    pub source: Source,
    /// White ink on black.
    pub ink: GrayImage,
    /// The steps of its normalisation; `None` when there is no ink.
    pub stages: Option<Stages>,
    /// What the network sees, before its own preprocessing: 28×28.
    pub seen: GrayImage,
    /// Another number for every other image.
    pub revision: u64,
}

impl CurrentImage {
    /// A drawing or picture: normalised, or squeezed as it is.
    pub fn from_ink(source: Source, ink: GrayImage, is_normalised: bool, revision: u64) -> Self {
        let stages = digit::normalise(&ink);
        let seen = match &stages {
            Some(stages) if is_normalised => stages.input.clone(),
            _ => digit::raw(&ink),
        };
        Self { source, ink, stages, seen, revision }
    }

    /// An image of a test set goes in as it is.
    pub fn from_sample(set: &str, split: &Split, index: usize, revision: u64) -> Self {
        let source = Source::Sample { set: set.to_owned(), index, label: split.label(index) };
        let (height, width) = (split.height() as u32, split.width() as u32);
        let ink = GrayImage::from_raw(width, height, split.image(index).to_vec()).unwrap_or_default();
        Self { source, stages: digit::normalise(&ink), seen: ink.clone(), ink, revision }
    }

    /// What speaks against its being one digit, where drawings are made digits. Images of a set are what they are.
    pub fn objection(&self) -> Option<Objection> {
        let stages = self.stages.as_ref().filter(|_| !matches!(self.source, Source::Sample { .. }))?;
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
        let (height, width) = network.spec().picture_size();
        let (channels, ..) = network.input().as_maps();
        let mut values = vec![0.0; network.input().len()];
        let size = (width as u32, height as u32);
        let resized;
        let seen = if self.seen.dimensions() == size {
            &self.seen
        } else {
            resized =
                image::imageops::resize(&self.seen, size.0, size.1, image::imageops::FilterType::Triangle);
            &resized
        };
        let map = values.len() / channels.max(1);
        for channel in values.chunks_exact_mut(map.max(1)) {
            input_transform(network).apply(seen.as_raw(), height, width, channel);
        }
        values
    }
}

impl AppState {
    /// What the current network computed from the current image; from the one before while the answer is on its way.
    pub fn trace(&self) -> Option<&Arc<Trace>> {
        self.current_answer().map(|answer| &answer.whole)
    }

    /// The answer that [`AppState::trace`] is of, with the network that gave it: while one trains, the current network
    /// may be some steps ahead. Its own trace is without what is switched off.
    pub fn current_answer(&self) -> Option<&Answer> {
        let answer = self.answer.as_ref()?;
        (answer.network.spec() == self.network.network.spec()).then_some(answer)
    }

    /// What is wanted of the network beside its activations, for what is shown.
    pub fn wanted(&self) -> Wanted {
        if self.settings.view != ViewId::Network {
            return Wanted::default();
        }
        let making = self.selection.map.and_then(|map| {
            // A probability is the softmax of what the last layer makes.
            let layers = self.network.network.layers().len();
            Some((map.column.checked_sub(1)?.min(layers.saturating_sub(1)), map.map))
        });
        let loss = match (self.loss_class, &self.image.source) {
            (Some(class), _) => LossOf::Class(class),
            (None, Source::Sample { label, .. }) => LossOf::Class(usize::from(*label)),
            (None, _) => LossOf::Answer,
        };
        let gradients = (self.settings.map_values == MapValues::Gradients).then_some(loss);
        Wanted { making, gradients }
    }

    /// The answer that is said: about the current image, or about the one before while the answer is on its way. `None`
    /// while nothing is drawn, and about a canvas on which nothing was.
    fn said(&self) -> Option<&Answer> {
        self.current_answer().filter(|answer| !self.image.is_blank() && !answer.about.is_blank)
    }

    /// Whether what is said is about the current image, not about the one before.
    pub fn is_answered(&self) -> bool {
        self.said().is_some_and(|answer| answer.image_revision == self.image.revision)
    }

    /// What the whole network says about the current image, or about the one before while the answer is on its way: see
    /// [`AppState::is_answered`]. `None` when nothing is drawn, or nothing was answered yet.
    pub fn verdict(&self) -> Option<Verdict> {
        self.said().and_then(|answer| verdict_of(answer, &answer.whole))
    }

    /// The class probabilities of [`AppState::verdict`]; zeros where there is none.
    pub fn probabilities(&self) -> Vec<f32> {
        self.probabilities_of(|answer| &answer.whole)
    }

    /// The same as [`AppState::verdict`] with what is switched off.
    pub fn switched_verdict(&self) -> Option<Verdict> {
        self.said().and_then(|answer| verdict_of(answer, &answer.trace))
    }

    /// The class probabilities of [`AppState::switched_verdict`]; zeros where there is none.
    pub fn switched_probabilities(&self) -> Vec<f32> {
        self.probabilities_of(|answer| &answer.trace)
    }

    fn probabilities_of(&self, trace: impl Fn(&Answer) -> &Arc<Trace>) -> Vec<f32> {
        match self.said() {
            Some(answer) => trace(answer).first_probabilities().to_vec(),
            None => vec![0.0; self.network.network.classes()],
        }
    }

    /// What the switches change in the probabilities; `None` if nothing is off, or there is nothing to change.
    pub fn changes(&self) -> Option<Vec<Change>> {
        self.said()?.changes()
    }

    /// Whether the training thread is at work.
    pub fn is_training(&self) -> bool {
        self.snapshot.as_ref().is_some_and(|s| s.is_active())
    }

    /// Whether the settings differ from those of the run under way in more than what can change at once.
    pub fn needs_reset(&self) -> bool {
        self.snapshot.as_ref().is_some_and(|s| {
            let mut applied = self.setup;
            applied.epochs = s.config.epochs;
            if applied.optimizer.name() == s.config.optimizer.name() {
                applied.lr = s.config.lr;
                if let (Some(momentum), Some(now)) =
                    (applied.optimizer.momentum_mut(), s.config.optimizer.momentum())
                {
                    *momentum = now;
                }
            }
            applied != s.config
        })
    }
}

/// The probabilities and what speaks against the image are of the same image.
fn verdict_of(answer: &Answer, trace: &Trace) -> Option<Verdict> {
    Verdict::of(trace.first_probabilities(), answer.about.objection.map(Objection::reason))
}

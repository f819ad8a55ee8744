//! Two networks side by side: what is compared, and what is known of both.

use crate::{
    data::Augment,
    explain::Verdict,
    nn::{Network, NetworkSpec, cost::LayerCost, presets},
    text::{Sentence, Term, tr},
    train::{
        History, TrainConfig,
        compare::{Conditions, Contestant, Standing},
        shifted::MOST_SHIFT,
    },
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How the two runs are called.
pub const NAMES: [&str; 2] = ["A", "B"];

/// Places along a side of the grid of shifts.
pub const SHIFTS: usize = 2 * MOST_SHIFT + 1;

/// A network that can be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CompareNet {
    /// The preset of this name, trained by its recipe.
    Preset(String),
    /// The current network, from random weights, with the settings of *Train*.
    Current,
}

impl CompareNet {
    /// The network and its settings, where the current ones are these; `None` for a preset that does not exist.
    pub fn contestant(&self, current: &NetworkSpec, setup: &TrainConfig) -> Option<Contestant> {
        match self {
            Self::Preset(name) => {
                let preset = presets::by_name(name)?;
                let config = TrainConfig::from_recipe(&preset.recipe, setup.seed);
                Some(Contestant { spec: preset.spec, config })
            }
            Self::Current => Some(Contestant { spec: current.clone(), config: *setup }),
        }
    }
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompareSetup {
    /// The networks.
    pub nets: [CompareNet; 2],
    /// Passes over the training images.
    pub epochs: usize,
    /// The seed of both.
    pub seed: u64,
    /// A part of the training set; `None` is all of it.
    pub train_images: Option<usize>,
}

impl Default for CompareSetup {
    /// Fully connected against convolution.
    fn default() -> Self {
        let preset = |name: &str| CompareNet::Preset(name.to_owned());
        Self { nets: [preset("mlp-5"), preset("cnn-5")], epochs: 1, seed: 1, train_images: None }
    }
}

impl CompareSetup {
    /// What is the same for both networks.
    pub fn conditions(&self) -> Conditions {
        Conditions { epochs: self.epochs, seed: self.seed, train_images: self.train_images }
    }
}

/// What a person does in the Compare view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CompareAct {
    /// Changes what is compared next.
    Edit(CompareSetup),
    /// Trains both networks.
    Train,
    /// Ends their training; what is known of them stays.
    Stop,
    /// Moves the drawing to this place, in pixels down and to the right.
    MoveTo([isize; 2]),
}

/// How far the training of both is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompareStatus {
    /// Nothing was trained yet.
    #[default]
    Idle,
    /// They train, or their accuracy on moved images is being measured.
    Running,
    /// It was stopped.
    Stopped,
    /// All is done.
    Done,
}

/// What the Compare view shows, besides its settings.
#[derive(Clone, Debug)]
pub struct CompareLab {
    /// How far the training is.
    pub status: CompareStatus,
    /// The last moment of both runs.
    pub shown: Option<Arc<CompareShown>>,
    /// Where the drawing is moved to, in pixels down and to the right.
    pub moved: [isize; 2],
    /// What both networks say about the drawing, in every place.
    pub answers: Option<CompareAnswers>,
    /// The run of *Train* that goes on afterwards.
    pub waits: Option<u64>,
}

impl Default for CompareLab {
    fn default() -> Self {
        let (status, moved) = (CompareStatus::Idle, [0, 3]);
        Self { status, shown: None, moved, answers: None, waits: None }
    }
}

/// Both runs at one moment.
#[derive(Clone, Debug)]
pub struct CompareShown {
    /// The runs.
    pub runs: [RunShown; 2],
    /// The part of the work that is done, 0 to 1.
    pub progress: f32,
    /// Whether both are trained, and their accuracy on moved images is being measured.
    pub is_trained: bool,
    /// Test images that are moved.
    pub moved_images: usize,
    /// Whether all is done.
    pub is_over: bool,
}

/// A run at a moment.
#[derive(Clone, Debug)]
pub struct RunShown {
    /// The network.
    pub network: Arc<Network>,
    /// The settings.
    pub config: TrainConfig,
    /// The curves.
    pub history: Arc<History>,
    /// Optimiser steps made.
    pub step: u64,
    /// The time that they took.
    pub seconds: f64,
    /// The last evaluation of the whole test set.
    pub standing: Option<Standing>,
    /// The accuracy on images moved by 0, 1, … pixels, as far as it is known.
    pub accuracy_by_shift: Vec<f64>,
    /// Why the run does not go on.
    pub trouble: Option<Sentence>,
}

impl RunShown {
    /// The network's name.
    pub fn name(&self) -> &str {
        &self.network.spec().name
    }

    /// Multiply-adds of a forward pass.
    pub fn multiply_adds(&self) -> u64 {
        self.network.layers().iter().map(|layer| LayerCost::of(layer.as_ref()).multiply_adds).sum()
    }
}

/// What both networks say about one image in every place.
#[derive(Clone, Debug)]
pub struct CompareAnswers {
    /// The networks.
    pub networks: [Arc<Network>; 2],
    /// The image's revision.
    pub image_revision: u64,
    /// By network and place, row by row from −4, −4: the probability of each class.
    pub places: [Vec<Vec<f32>>; 2],
}

impl CompareAnswers {
    /// The probabilities of a run for the drawing moved like this.
    pub fn probabilities(&self, run: usize, [down, right]: [isize; 2]) -> &[f32] {
        let most = MOST_SHIFT as isize;
        let [row, column] = [down, right].map(|by| (by.clamp(-most, most) + most).unsigned_abs());
        self.places[run].get(row * SHIFTS + column).map_or(&[], Vec::as_slice)
    }

    /// In how many places a run is sure of this class.
    pub fn places_read_as(&self, run: usize, wanted: usize) -> usize {
        let is_read = |p: &&Vec<f32>| matches!(Verdict::of(p, None), Some(Verdict::Sure { class, .. }) if class == wanted);
        self.places[run].iter().filter(is_read).count()
    }
}

/// The settings of a run, by their names: those that can differ between two.
pub fn settings(spec: &NetworkSpec, config: &TrainConfig) -> Vec<(Term, String)> {
    let mut optimizer = config.optimizer;
    let or_off = |is_off: bool, value: String| if is_off { tr("off").to_owned() } else { value };
    let (_, height, width) = spec.input.as_maps();
    let augment = or_off(config.augment == Augment::default(), config.augment.to_string());
    let momentum = optimizer.momentum();
    vec![
        (Term::InputSize, format!("{height}×{width}")),
        (Term::Optimizer, optimizer.name().to_owned()),
        (Term::LearningRate, config.lr.to_string()),
        (Term::Momentum, momentum.map_or_else(|| tr("none").to_owned(), |momentum| momentum.to_string())),
        (Term::WeightDecay, optimizer.weight_decay_mut().to_string()),
        (Term::Schedule, config.schedule.to_string()),
        (Term::WarmUp, or_off(config.warmup == 0, config.warmup.to_string())),
        (Term::Clipping, or_off(config.clip_norm == 0.0, config.clip_norm.to_string())),
        (Term::BatchSize, config.batch.to_string()),
        (Term::Init, config.init.to_string()),
        (Term::LabelSmoothing, or_off(config.label_smoothing == 0.0, config.label_smoothing.to_string())),
        (Term::Augmentation, augment),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_by_its_shift() {
        let network = Network::new(presets::lenet5_relu().spec, crate::nn::Init::He, 1);
        let network = Arc::new(network.unwrap());
        let places =
            |sure: usize| (0..81).map(|i| vec![if i < sure { 0.9 } else { 0.5 }, i as f32]).collect();
        let answers = CompareAnswers {
            networks: [network.clone(), network],
            image_revision: 1,
            places: [places(0), places(0)],
        };
        assert_eq!(answers.probabilities(0, [-4, -4])[1], 0.0);
        assert_eq!(answers.probabilities(1, [0, 0])[1], 40.0);
        assert_eq!(answers.probabilities(1, [1, -2])[1], 47.0);
        assert_eq!(answers.probabilities(0, [99, 99])[1], 80.0);
        let sure = CompareAnswers { places: [vec![vec![0.9, 0.1]; 3], vec![vec![0.6, 0.4]; 3]], ..answers };
        assert_eq!([0, 1].map(|run| sure.places_read_as(run, 0)), [3, 0], "below 65 % it is not sure");
    }

    #[test]
    fn sigmoid_and_relu_differ_in_what_their_recipes_say() {
        let of = |name: &str| {
            let preset = presets::by_name(name).unwrap();
            settings(&preset.spec, &TrainConfig::from_recipe(&preset.recipe, 1))
        };
        let (a, b) = (of("lenet5"), of("lenet5-relu"));
        let differing: Vec<Term> = a.iter().zip(&b).filter(|(a, b)| a.1 != b.1).map(|(a, _)| a.0).collect();
        assert!(differing.contains(&Term::InputSize) && differing.contains(&Term::Init), "{differing:?}");
        assert!(!differing.contains(&Term::Augmentation));
    }
}

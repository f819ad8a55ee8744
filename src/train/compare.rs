//! Two networks side by side: trained in turns, with the same seed and the same order of images.

use super::{
    config::TrainConfig,
    error::TrainError,
    evaluate::Evaluator,
    part::{images_to_learn_from, part_to_learn_from},
    session::{Due, Session},
};
use crate::{
    data::DataSet,
    nn::{Executor, Network, NetworkSpec, SpecError},
    text::{Say, Sentence},
};
use thiserror::Error;

/// Up to this step, the curves have quick evaluations at 1, 2, 4, 8, …: much happens there.
const EARLY: u64 = 64;

/// A network to compare, and how it is trained.
#[derive(Clone, Debug)]
pub struct Contestant {
    /// The network.
    pub spec: NetworkSpec,
    /// Its training settings, except those of [`Conditions`].
    pub config: TrainConfig,
}

/// What is the same for both networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// Passes over the training images.
    pub epochs: usize,
    /// The seed of the initial weights, the order of the images, augmentation and dropout.
    pub seed: u64,
    /// A part of the training set; see [`TrainConfig::train_images`].
    pub train_images: Option<usize>,
}

/// Why two networks cannot be compared.
#[derive(Debug, Error)]
#[error("{}", self.say())]
pub enum CompareError {
    /// A spec makes no network.
    Spec {
        /// The network.
        net: String,
        /// Why.
        reason: SpecError,
    },
    /// A run is impossible, or failed.
    Run {
        /// The network.
        net: String,
        /// Why.
        reason: TrainError,
    },
}

impl Say for CompareError {
    fn say(&self) -> Sentence {
        let (net, reason) = match self {
            Self::Spec { net, reason } => (net, reason.say()),
            Self::Run { net, reason } => (net, reason.say()),
        };
        Sentence::new("{net}: {reason}").with("net", net).part("reason", reason)
    }
}

/// What [`Comparison::advance`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// An optimiser step.
    Step,
    /// A batch of an evaluation.
    Evaluation,
    /// The last batch of an evaluation: the curves have another point.
    Evaluated(Due),
    /// The run cannot go on; see [`ComparedRun::trouble`].
    Failed,
}

/// One of the two runs.
#[derive(Debug)]
pub struct ComparedRun {
    session: Session,
    evaluation: Option<(Due, Evaluator)>,
    seconds: f64,
    trouble: Option<TrainError>,
}

/// What is known of a run after an evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The network's name.
    pub net: String,
    /// Weights and biases.
    pub parameters: usize,
    /// The time that its training steps took.
    pub seconds: f64,
    /// The accuracy of the last evaluation of the whole test set, 0 to 1.
    pub accuracy: f64,
    /// Its loss, in nats.
    pub loss: f64,
}

/// Two runs that are trained in turns.
#[derive(Debug)]
pub struct Comparison {
    runs: [ComparedRun; 2],
    /// Whether quick evaluations are made.
    has_quick: bool,
}

impl Contestant {
    /// The run of this network under the conditions. Both networks are measured on the test images: a validation set
    /// would leave the two with different images to learn from.
    fn run(
        self,
        conditions: Conditions,
        data: &DataSet,
        has_quick: bool,
    ) -> Result<ComparedRun, CompareError> {
        let Conditions { epochs, seed, train_images } = conditions;
        let config =
            TrainConfig { epochs, seed, train_images, validation: 0.0, early_stop: 0, ..self.config };
        let net = self.spec.name.clone();
        let impossible = |reason| CompareError::Run { net: net.clone(), reason };
        config.check().map_err(impossible)?;
        let learnt = part_to_learn_from(&config, &data.train);
        let spec = config.featurewise.apply(self.spec, &learnt, images_to_learn_from(&config, &data.train));
        let network = Network::new(spec, config.init, config.seed)
            .map_err(|reason| CompareError::Spec { net: net.clone(), reason })?;
        let session = Session::new(config, network, data).map_err(impossible)?;
        // The curves begin at step 0.
        let evaluation = has_quick.then(|| (Due::QuickEvaluation, session.evaluator(Due::QuickEvaluation)));
        Ok(ComparedRun { session, evaluation, seconds: 0.0, trouble: None })
    }
}

impl ComparedRun {
    /// The session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The time that its training steps took, in seconds.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Why the run does not go on.
    pub fn trouble(&self) -> Option<&TrainError> {
        self.trouble.as_ref()
    }

    /// Whether it does not go on: it has made all epochs, or cannot.
    pub fn is_over(&self) -> bool {
        self.trouble.is_some()
            || self.evaluation.is_none() && self.session.epoch() >= self.session.config().epochs
    }

    /// How it stands, once the whole test set has been evaluated.
    pub fn standing(&self) -> Option<Standing> {
        let last = self.session.history().full.last()?;
        let network = self.session.network();
        Some(Standing {
            net: network.spec().name.clone(),
            parameters: network.parameter_count(),
            seconds: self.seconds,
            accuracy: last.accuracy,
            loss: last.loss,
        })
    }

    fn advance(&mut self, has_quick: bool, executor: &dyn Executor) -> Did {
        if let Some((due, evaluator)) = &mut self.evaluation {
            let due = *due;
            if self.session.evaluate(due, evaluator, executor).is_none() {
                return Did::Evaluation;
            }
            self.evaluation = None;
            // A run that is stuck shows it at an evaluation.
            self.trouble = self.session.trouble().cloned();
            return Did::Evaluated(due);
        }
        match self.session.step(executor) {
            Err(error) => {
                self.trouble = Some(error);
                Did::Failed
            }
            Ok(due) => {
                let step = self.session.steps();
                let is_early = step <= EARLY && step.is_power_of_two();
                let due = if due == Due::Step && is_early && has_quick { Due::QuickEvaluation } else { due };
                if due == Due::FullEvaluation || due == Due::QuickEvaluation && has_quick {
                    self.evaluation = Some((due, self.session.evaluator(due)));
                }
                Did::Step
            }
        }
    }
}

impl Comparison {
    /// Prepares two runs. With `has_quick`, the curves also have quick evaluations, at step 0 and during epochs.
    pub fn new(
        [a, b]: [Contestant; 2],
        conditions: Conditions,
        data: &DataSet,
        has_quick: bool,
    ) -> Result<Self, CompareError> {
        let runs = [a.run(conditions, data, has_quick)?, b.run(conditions, data, has_quick)?];
        Ok(Self { runs, has_quick })
    }

    /// The runs.
    pub fn runs(&self) -> &[ComparedRun; 2] {
        &self.runs
    }

    /// Makes a step, or evaluates a batch, of the run that has seen fewer images: so both are always at the same place of
    /// the same order, whatever their batch sizes. Returns which run and what, or `None` when both are over.
    ///
    /// The caller knows the time, and adds that of a [`Did::Step`] by [`Comparison::took`].
    pub fn advance(&mut self, executor: &dyn Executor) -> Option<(usize, Did)> {
        let place = |run: &ComparedRun| (run.session.images_seen(), run.evaluation.is_none());
        let going = (0..2).filter(|&i| !self.runs[i].is_over());
        let next = going.min_by_key(|&i| place(&self.runs[i]))?;
        Some((next, self.runs[next].advance(self.has_quick, executor)))
    }

    /// Adds the seconds that a step of run `run` took.
    pub fn took(&mut self, run: usize, seconds: f64) {
        self.runs[run].seconds += seconds;
    }

    /// The error of a run that could not go on, with its network's name.
    pub fn failure(&self) -> Option<CompareError> {
        self.runs.iter().find_map(|run| {
            let net = run.session.network().spec().name.clone();
            run.trouble.clone().map(|reason| CompareError::Run { net, reason })
        })
    }
}

//! A training run that its caller steps: without a thread and without a clock.

mod clip;
mod due;
mod edits;
mod evaluation;
mod frozen;
mod images;
mod progress;

pub use due::Due;

use self::{
    clip::clip_norm,
    images::{MOST_VALUES, first_images},
};
use super::{
    config::TrainConfig,
    early_stop::{Best, EarlyStop},
    error::{NotFinite, TrainError},
    evaluate::{activations, check_fit, input_transform},
    force::Force,
    hand::{FrozenPlace, HandMade, clear},
    health::{Health, Verdict},
    history::{History, Point, written_loss},
    layers::{StepLook, look_at_step},
    live::LiveChange,
    part::{check_images, images_available, images_to_learn_from, part_to_learn_from},
    state::SessionState,
};
use crate::{
    data::{self, Augment, Augmented, DataSet, InputTransform, Split},
    nn::{
        Executor, Network, Workspace, loss::NO_CLASS, network::Parameters, optim::Optimizer,
        parallel::is_finite, step::BatchResult,
    },
};
use std::sync::Arc;

// `nn` and `data` must agree on this label.
const _: () = assert!(NO_CLASS == data::NO_CLASS);

/// A network in training, with everything that decides its next step.
#[derive(Debug)]
pub struct Session {
    config: TrainConfig,
    network: Network,
    optimizer: Optimizer,
    workspace: Workspace,
    /// Parameters and buffers before the last step, to go back to if the step makes one of them NaN or infinite.
    before: [Parameters; 2],
    train: Arc<Split>,
    evaluation: Arc<Split>,
    /// Images of `train` to train on.
    train_len: usize,
    /// Whether `evaluation` is the end of the training set rather than the test set.
    has_validation: bool,
    transform: InputTransform,
    order: Vec<u32>,
    step: u64,
    history: History,
    early_stop: EarlyStop,
    health: Health,
    hand: HandMade,
    /// The values that a step leaves alone.
    frozen: Vec<FrozenPlace>,
}

impl Session {
    /// A run that starts from the weights of `network`.
    ///
    /// The network's outputs get the names of the data set's classes.
    pub fn new(config: TrainConfig, network: Network, data: &DataSet) -> Result<Self, TrainError> {
        let network = if data.classes.is_empty() { network } else { network.named(&data.classes) };
        config.check()?;
        check_fit(&network, &data.name, &data.train)?;
        check_fit(&network, &data.name, &data.test)?;
        if config.augment.outliers > 0.0 && network.classes() > usize::from(NO_CLASS) {
            return Err(TrainError::Setting {
                setting: "outliers",
                value: config.augment.outliers.to_string(),
                rule: "must be 0 for a network of 256 classes: it leaves no label for images of no class",
            });
        }
        if let Some((setting, value)) = config.augment.for_grey_alone().filter(|_| data.train.channels() > 1)
        {
            return Err(TrainError::Setting {
                setting,
                value: value.to_string(),
                rule: "must be 0 for images in colour: strokes are redrawn in grey images alone",
            });
        }
        let train_len = images_to_learn_from(&config, &data.train);
        if train_len == 0 {
            return Err(TrainError::NoImages(data.name.clone()));
        }
        check_images(&config, &data.name, &data.train)?;
        let batch = config.batch.min(train_len);
        if activations(&network).saturating_mul(batch) > MOST_VALUES {
            return Err(TrainError::Setting {
                setting: "batch size",
                value: batch.to_string(),
                rule: "must be smaller for this network: the activations of a batch can take at most 2 GiB",
            });
        }
        let smallest = if train_len.is_multiple_of(batch) { batch } else { train_len % batch };
        if network.check_batch(smallest).is_err() {
            return Err(TrainError::Setting {
                setting: "batch size",
                value: config.batch.to_string(),
                rule: "must leave no batch of a single image: a batch norm of this network needs more than one value per channel",
            });
        }
        let available = images_available(&config, &data.train);
        let has_validation = available < data.train.len();
        let evaluation = if has_validation {
            Arc::new(data.train.take(available..data.train.len()))
        } else {
            data.test.clone()
        };
        if evaluation.is_empty() {
            return Err(TrainError::NoTestImages(data.name.clone()));
        }
        let optimizer = Optimizer::new(config.optimizer, network.parameters());
        let start = SessionState {
            network: network.clone(),
            config,
            optimizer: optimizer.clone(),
            best: None,
            step: 0,
            history: History::default(),
            hand: HandMade::default(),
        };
        Ok(Self {
            health: Health::new(start),
            optimizer,
            workspace: Workspace::new(&network, batch, true).with_label_smoothing(config.label_smoothing),
            before: [network.parameters().clone(), network.buffers().clone()],
            transform: input_transform(&network),
            train: part_to_learn_from(&config, &data.train),
            evaluation,
            train_len,
            has_validation,
            order: data::shuffled(train_len, config.seed, 0),
            step: 0,
            history: History::default(),
            early_stop: EarlyStop::default(),
            hand: HandMade::default(),
            frozen: Vec::new(),
            config,
            network,
        })
    }

    /// A run that goes on from `state`, bit by bit as if it had never stopped, if `data` is the same as before.
    pub fn resume(state: SessionState, data: &DataSet) -> Result<Self, TrainError> {
        let mut session = Self::new(state.config, state.network.clone(), data)?;
        session.restore(state);
        Ok(session)
    }

    fn restore(&mut self, state: SessionState) {
        self.health = Health::new(state.clone());
        let SessionState { network, config, optimizer, best, step, history, hand } = state;
        self.network = network;
        self.frozen = hand.places(&self.network);
        self.hand = hand;
        self.config = config;
        self.optimizer = optimizer;
        self.optimizer.spec = config.optimizer;
        self.early_stop = EarlyStop::resume(best);
        (self.step, self.history) = (step, history);
        self.order = data::shuffled(self.train_len, config.seed, self.epoch() as u64);
    }

    /// Goes back to the last step at which the network had learnt something and its loss was near the best so far, or to the step that the session started
    /// from: weights, optimiser and curves. The settings stay as they are: a learning rate that was lowered after the
    /// run diverged counts from the next step on.
    pub fn rewind(&mut self) {
        let mut good = self.health.good().clone();
        good.config = self.config;
        self.restore(good);
    }

    /// The step that [`Session::rewind`] goes back to.
    pub fn good_step(&self) -> u64 {
        self.health.good().step
    }

    /// The state that [`Session::rewind`] goes back to.
    pub fn good_state(&self) -> &SessionState {
        self.health.good()
    }

    /// The learning rate at the step that [`Session::rewind`] goes back to.
    pub fn good_rate(&self) -> f32 {
        self.health.good().config.lr
    }

    /// Whether the weights are ruined: the run was in trouble and has not recovered.
    pub fn is_ruined(&self) -> bool {
        self.health.is_ruined()
    }

    /// The state to keep: the present one, or, if its weights may be ruined, the last good one.
    pub fn sound_state(&self) -> SessionState {
        if self.health.is_in_doubt(&self.network) { self.health.good().clone() } else { self.state() }
    }

    /// The step of [`Session::sound_state`].
    pub fn sound_step(&self) -> u64 {
        if self.health.is_in_doubt(&self.network) { self.good_step() } else { self.step }
    }

    /// Why the next step will fail, if the run is stuck or has diverged.
    pub fn trouble(&self) -> Option<&TrainError> {
        self.health.trouble.as_ref()
    }

    /// A copy of everything that decides how the run goes on.
    pub fn state(&self) -> SessionState {
        SessionState {
            network: self.network.clone(),
            config: self.config,
            optimizer: self.optimizer.clone(),
            // A run that stopped early has the best weights already, and goes on with full patience.
            best: self.best().filter(|_| !self.has_stopped_early()).cloned(),
            step: self.step,
            history: self.history.clone(),
            hand: self.hand.clone(),
        }
    }

    /// Makes one optimiser step and returns what is due next.
    ///
    /// # Errors
    /// - [`TrainError::Diverged`]: the next call tries the step again.
    /// - [`TrainError::Stuck`]: the next call fails, too, unless a setting changes.
    /// - [`TrainError::HighLoss`]: the next call makes the step.
    ///
    /// Weights, buffers and curves are as before the step.
    pub fn step(&mut self, executor: &dyn Executor) -> Result<Due, TrainError> {
        let mut due = None;
        executor.install(&mut || due = Some(self.step_inside(executor)));
        due.unwrap_or(Ok(Due::Step))
    }

    fn step_inside(&mut self, executor: &dyn Executor) -> Result<Due, TrainError> {
        if let Some(trouble) = self.health.trouble.clone() {
            if matches!(trouble, TrainError::HighLoss { .. }) {
                self.health.trouble = None;
            }
            return Err(trouble);
        }
        self.early_stop.restart();
        let start = self.batch_in_epoch() * self.config.batch;
        let indices = &self.order[start..(start + self.config.batch).min(self.train_len)];
        let TrainConfig { seed, augment: settings, .. } = self.config;
        let epoch = self.epoch() as u64;
        let learnt = self.train_len;
        let augmented =
            (settings != Augment::default()).then_some(Augmented { settings, seed, epoch, learnt });
        self.workspace.load(indices.len(), executor, |first, inputs, labels| {
            let part = &indices[first..first + labels.len()];
            data::fill(&self.train, part, &self.transform, augmented, inputs, labels);
        });
        self.workspace.set_seed(self.config.seed, self.step);
        let result = self.workspace.forward_backward(&self.network, executor);
        let force = Force::of(&self.config, self.rate());
        if let Err(what) = self.apply(result, executor) {
            let (step, loss) = (self.step + 1, written_loss(result.loss));
            return Err(TrainError::Diverged { step, what, loss, cause: self.health.blame(force) });
        }
        self.step += 1;
        self.history.push(Point {
            step: self.step,
            loss: result.loss,
            accuracy: result.correct as f64 / result.images.max(1) as f64,
            images: result.images,
        });
        let due = Due::after(self.batch_in_epoch(), self.batches_per_epoch());
        if due == Due::FullEvaluation {
            self.order = data::shuffled(self.train_len, self.config.seed, self.epoch() as u64);
        }
        self.health.add(result.loss, force);
        if due != Due::Step {
            let first = || first_images(&self.network, &self.train, self.train_len, &self.transform);
            match self.health.check(self.step, &self.network, first) {
                Some(Verdict::Learnt) => self.health.set_good(self.state()),
                Some(Verdict::Trouble(trouble)) => self.health.trouble = Some(trouble),
                None => {}
            }
        }
        Ok(due)
    }

    /// Updates weights and buffers by the batch that went through the workspace, or returns what is not finite.
    fn apply(&mut self, batch: BatchResult, executor: &dyn Executor) -> Result<(), NotFinite> {
        if !batch.loss.is_finite() {
            return Err(NotFinite::Loss);
        }
        let rate = self.rate();
        if !is_finite(executor, self.workspace.gradients()) {
            return Err(NotFinite::Gradient);
        }
        clear(self.workspace.gradients_mut(), &self.frozen);
        if self.config.clip_norm > 0.0 {
            clip_norm(self.workspace.gradients_mut(), self.config.clip_norm);
        }
        let gradients = self.workspace.gradients();
        let [parameters, buffers] = &mut self.before;
        copy(self.network.buffers(), buffers);
        self.workspace.update_buffers(&mut self.network);
        let weights = self.network.parameters_mut();
        let finite = self.optimizer.step_on(executor, weights, gradients, rate, Some(parameters));
        frozen::restore(weights, parameters, &self.frozen);
        if finite && is_finite(executor, self.network.buffers()) {
            return Ok(());
        }
        copy(parameters, self.network.parameters_mut());
        copy(buffers, self.network.buffers_mut());
        // The moments led to the infinity and may be infinite themselves.
        self.optimizer = Optimizer::new(self.config.optimizer, self.network.parameters());
        Err(NotFinite::Weight)
    }

    /// The gradients of the last step, and how far it moved the weights. Of a session that has just made a step.
    pub fn look_at_last_step(&self) -> StepLook {
        look_at_step(self.step, &self.before[0], self.network.parameters(), self.workspace.gradients())
    }

    /// Changes a setting from the next step on.
    ///
    /// # Errors
    /// [`TrainError::Setting`]: the value is out of range, and nothing changes.
    pub fn change(&mut self, change: LiveChange) -> Result<(), TrainError> {
        let mut config = self.config;
        config.apply(change);
        config.check()?;
        self.config = config;
        self.optimizer.spec = config.optimizer;
        self.health.clear();
        Ok(())
    }

    /// Whether training has stopped early. The network then has the weights of [`Session::best`]; another step goes on
    /// from there with full patience.
    pub fn has_stopped_early(&self) -> bool {
        self.early_stop.has_stopped()
    }

    /// The epoch with the lowest validation loss, if training can stop early.
    pub fn best(&self) -> Option<&Best> {
        self.early_stop.best()
    }

    /// Whether evaluations use validation images, the end of the training set, instead of the test set.
    pub fn has_validation(&self) -> bool {
        self.has_validation
    }

    /// The present settings.
    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    /// The present network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The optimiser.
    pub fn optimizer(&self) -> &Optimizer {
        &self.optimizer
    }

    /// The curves so far.
    pub fn history(&self) -> &History {
        &self.history
    }
}

fn copy(from: &Parameters, to: &mut Parameters) {
    for (from, to) in from.iter().flatten().zip(to.iter_mut().flatten()) {
        to.values_mut().copy_from_slice(from.values());
    }
}

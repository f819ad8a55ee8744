//! A training run that is stepped from outside: no thread, no clock.

use super::{
    checkpoint::Checkpoint,
    config::{TrainConfig, TrainError},
    early_stop::{Best, EarlyStop},
    evaluate::{Evaluation, Evaluator, activations, check_fit, input_transform},
    history::{History, Point},
    live::LiveSetting,
};
use crate::{
    data::{self, Augment, Augmented, DataSet, InputTransform, Split},
    nn::{
        Executor, Network, Tensor, Workspace,
        loss::NO_CLASS,
        network::Parameters,
        optim::{Optimizer, Progress},
        parallel::is_finite,
        step::BatchResult,
    },
};
use std::sync::Arc;

// Both sides mean the same label.
const _: () = assert!(NO_CLASS == data::NO_CLASS);

/// The most activations of a batch, 2 GiB.
const MOST_VALUES: usize = 1 << 29;

/// Images of the evaluation set that a quick look during an epoch takes.
const QUICK_IMAGES: usize = 1000;

/// Quick looks an epoch.
const QUICK_LOOKS: usize = 10;

/// What is due after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Another step.
    Step,
    /// A look at the first images of the evaluation set.
    QuickEvaluation,
    /// An epoch is over: an evaluation on the whole set.
    FullEvaluation,
}

/// A network in training, with all that decides its next step.
#[derive(Debug)]
pub struct Session {
    config: TrainConfig,
    network: Network,
    optimizer: Optimizer,
    workspace: Workspace,
    /// Parameters and buffers before the last step, in case it makes one of them infinite.
    before: [Parameters; 2],
    train: Arc<Split>,
    evaluation: Arc<Split>,
    /// Images of `train` to learn from; those behind them are kept for validation.
    train_len: usize,
    transform: InputTransform,
    order: Vec<u32>,
    step: u64,
    history: History,
    early_stop: EarlyStop,
}

impl Session {
    /// A run that starts from `network`'s weights as they are.
    pub fn new(config: TrainConfig, network: Network, data: &DataSet) -> Result<Self, TrainError> {
        config.check()?;
        check_fit(&network, &data.name, &data.train)?;
        check_fit(&network, &data.name, &data.test)?;
        if config.augment.outliers > 0.0 && network.classes() > usize::from(NO_CLASS) {
            return Err(TrainError::Setting {
                setting: "outliers",
                value: config.augment.outliers.to_string(),
                rule: "must be 0 for a network of 256 classes: no label is left that says none of them",
            });
        }
        let train_len = images_to_learn_from(&config, &data.train);
        if train_len == 0 {
            return Err(TrainError::NoImages(data.name.clone()));
        }
        let batch = config.batch.min(train_len);
        if activations(&network).saturating_mul(batch) > MOST_VALUES {
            return Err(TrainError::Setting {
                setting: "batch",
                value: batch.to_string(),
                rule: "must be less for so large a network: the activations of a batch may be 2 GiB",
            });
        }
        let smallest = if train_len.is_multiple_of(batch) { batch } else { train_len % batch };
        if network.check_batch(smallest).is_err() {
            return Err(TrainError::Setting {
                setting: "batch",
                value: config.batch.to_string(),
                rule: "must leave no batch of a single image: a batch norm of this network needs more than one value per channel",
            });
        }
        let evaluation = if train_len == data.train.len() {
            data.test.clone()
        } else {
            Arc::new(data.train.take(train_len..data.train.len()))
        };
        if evaluation.is_empty() {
            return Err(TrainError::NoTestImages(data.name.clone()));
        }
        Ok(Self {
            optimizer: Optimizer::new(config.optimizer, network.parameters()),
            workspace: Workspace::new(&network, batch, true),
            before: [network.parameters().clone(), network.buffers().clone()],
            transform: input_transform(&network),
            train: data.train.clone(),
            evaluation,
            train_len,
            order: data::shuffled(train_len, config.seed, 0),
            step: 0,
            history: History::default(),
            early_stop: EarlyStop::default(),
            config,
            network,
        })
    }

    /// The session that `checkpoint` was of: it goes on as it would have without a stop, to the bit.
    pub(super) fn resume(checkpoint: Checkpoint, data: &DataSet) -> Result<Self, TrainError> {
        let Checkpoint { network, config, optimizer, best, step, history, .. } = checkpoint;
        let mut session = Self::new(config, network, data)?;
        session.optimizer = optimizer;
        session.optimizer.spec = config.optimizer;
        session.early_stop = EarlyStop::resume(best);
        (session.step, session.history) = (step, history);
        session.order = data::shuffled(session.train_len, config.seed, session.epoch() as u64);
        Ok(session)
    }

    /// Makes one optimiser step and says what is due next. When the step cannot be made, weights, buffers and curves
    /// are what they were before it, and the next call tries it again.
    pub fn step(&mut self, executor: &dyn Executor) -> Result<Due, TrainError> {
        let mut due = None;
        executor.install(&mut || due = Some(self.step_inside(executor)));
        due.unwrap_or(Ok(Due::Step))
    }

    fn step_inside(&mut self, executor: &dyn Executor) -> Result<Due, TrainError> {
        self.early_stop.go_on();
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
        self.apply(result, executor).map_err(|what| TrainError::Diverged {
            step: self.step + 1,
            what,
            // By its power of ten where that is shorter.
            lr: format!("{:?}", self.rate()),
        })?;
        self.step += 1;
        self.history.push(Point {
            step: self.step,
            loss: result.loss,
            accuracy: result.correct as f64 / result.images.max(1) as f64,
            images: result.images,
        });
        let per_epoch = self.batches_per_epoch();
        let batch = self.batch_in_epoch();
        if batch == 0 {
            self.order = data::shuffled(self.train_len, self.config.seed, self.epoch() as u64);
            return Ok(Due::FullEvaluation);
        }
        let looks = |batches: usize| batches * QUICK_LOOKS / per_epoch;
        Ok(if looks(batch) > looks(batch - 1) { Due::QuickEvaluation } else { Due::Step })
    }

    /// Moves weights and buffers by the batch that went through the workspace, or says what is not finite.
    fn apply(
        &mut self,
        BatchResult { loss, .. }: BatchResult,
        executor: &dyn Executor,
    ) -> Result<(), String> {
        if !loss.is_finite() {
            return Err(format!("the loss became {loss}"));
        }
        let rate = self.rate();
        if !is_finite(executor, self.workspace.gradients()) {
            return Err(format!("the loss was {loss:.4}, but its gradient became infinite"));
        }
        if self.config.clip_norm > 0.0 {
            clip_norm(self.workspace.gradients_mut(), self.config.clip_norm);
        }
        let gradients = self.workspace.gradients();
        let [parameters, buffers] = &mut self.before;
        copy(self.network.buffers(), buffers);
        self.workspace.update_buffers(&mut self.network);
        let weights = self.network.parameters_mut();
        let finite = self.optimizer.step_on(executor, weights, gradients, rate, Some(parameters));
        if finite && is_finite(executor, self.network.buffers()) {
            return Ok(());
        }
        copy(parameters, self.network.parameters_mut());
        copy(buffers, self.network.buffers_mut());
        // Its moments led to the infinity and may hold one.
        self.optimizer = Optimizer::new(self.config.optimizer, self.network.parameters());
        Err(format!("the loss was {loss:.4}, but a weight became infinite"))
    }

    /// Begins the evaluation that is due.
    pub fn evaluator(&self, due: Due) -> Evaluator {
        let len = self.evaluation.len();
        let count = if due == Due::QuickEvaluation { len.min(QUICK_IMAGES) } else { len };
        Evaluator::new(&self.network, 0..count)
    }

    /// Goes on with an evaluation by a batch; its result, once there, is part of the history.
    pub fn evaluate(
        &mut self,
        due: Due,
        evaluator: &mut Evaluator,
        executor: &dyn Executor,
    ) -> Option<Evaluation> {
        let result = evaluator.step(&self.network, &self.evaluation, executor)?;
        let point =
            Point { step: self.step, loss: result.loss, accuracy: result.accuracy(), images: result.images };
        match due {
            Due::FullEvaluation => {
                self.history.full.push(point);
                let (epoch, patience) = (self.epoch(), self.config.early_stop);
                if patience > 0 {
                    self.early_stop.epoch(epoch, point.loss, patience, &mut self.network);
                }
            }
            Due::QuickEvaluation | Due::Step => self.history.quick.push(point),
        }
        Some(result)
    }

    /// Changes a setting from the next step on.
    ///
    /// # Errors
    ///
    /// [`TrainError::Setting`] if the value is out of its range; nothing is changed then.
    pub fn set(&mut self, setting: LiveSetting) -> Result<(), TrainError> {
        self.config = self.config.with(setting)?;
        self.optimizer.spec = self.config.optimizer;
        Ok(())
    }

    /// The learning rate of the next step.
    pub fn rate(&self) -> f32 {
        let per_epoch = self.batches_per_epoch() as u64;
        let progress = Progress { step: self.step, per_epoch, total: per_epoch * self.config.epochs as u64 };
        let rate = self.config.schedule.rate(self.config.lr, progress);
        let warmup = self.config.warmup;
        if self.step < warmup { rate * ((self.step + 1) as f64 / warmup as f64) as f32 } else { rate }
    }

    /// Whether training is over because the validation loss has not fallen for long enough; the network then has the
    /// weights of [`Session::best`]. Another step begins anew.
    pub fn has_stopped_early(&self) -> bool {
        self.early_stop.is_over()
    }

    /// The epoch with the lowest validation loss, where training may stop early.
    pub fn best(&self) -> Option<&Best> {
        self.early_stop.best()
    }

    /// The optimiser with what it remembers.
    pub fn optimizer(&self) -> &Optimizer {
        &self.optimizer
    }

    /// Whether the loss is measured on the end of the training set rather than on the test set.
    pub fn has_validation(&self) -> bool {
        self.train_len < self.train.len()
    }

    /// The settings as they are now.
    pub fn config(&self) -> &TrainConfig {
        &self.config
    }

    /// The network as it is now.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The curves so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Optimiser steps made.
    pub fn steps(&self) -> u64 {
        self.step
    }

    /// Steps an epoch; its last batch may be smaller.
    pub fn batches_per_epoch(&self) -> usize {
        self.train_len.div_ceil(self.config.batch)
    }

    /// Epochs that are over.
    pub fn epoch(&self) -> usize {
        (self.step / self.batches_per_epoch() as u64) as usize
    }

    /// Batches of the present epoch that are done.
    pub fn batch_in_epoch(&self) -> usize {
        (self.step % self.batches_per_epoch() as u64) as usize
    }

    /// Images an epoch.
    pub fn images_per_epoch(&self) -> usize {
        self.train_len
    }

    /// Images that the steps so far learnt from, each as often as it was seen.
    pub fn images_seen(&self) -> usize {
        self.epoch() * self.train_len + self.batch_in_epoch() * self.config.batch
    }
}

/// Images of a training set that are left for learning; those behind them are kept for validation.
pub fn images_to_learn_from(config: &TrainConfig, train: &Split) -> usize {
    let share = (train.len() as f64 * f64::from(config.validation)).round() as usize;
    let kept = if config.validation > 0.0 { share.max(1).min(train.len()) } else { 0 };
    train.len() - kept
}

/// Shortens the gradients, all taken as one vector, to the length `most` if they are longer:
/// `torch.nn.utils.clip_grad_norm_` (Pascanu, Mikolov and Bengio 2012, arXiv:1211.5063).
fn clip_norm(gradients: &mut Parameters, most: f32) {
    let squares = gradients.iter().flatten().flat_map(Tensor::values).map(|&g| f64::from(g) * f64::from(g));
    let norm = squares.sum::<f64>().sqrt();
    let factor = (f64::from(most) / (norm + 1e-6)) as f32;
    if factor < 1.0 {
        for g in gradients.iter_mut().flatten().flat_map(Tensor::values_mut) {
            *g *= factor;
        }
    }
}

fn copy(from: &Parameters, to: &mut Parameters) {
    for (from, to) in from.iter().flatten().zip(to.iter_mut().flatten()) {
        to.values_mut().copy_from_slice(from.values());
    }
}

//! A training run that is stepped from outside: no thread, no clock.

use super::{
    config::{TrainConfig, TrainError},
    evaluate::{Evaluation, Evaluator, check_fit, input_transform},
    history::{History, Point},
};
use crate::{
    data::{self, DataSet, InputTransform, Split},
    nn::{
        Executor, Network, Workspace,
        network::Parameters,
        optim::{Optimizer, Progress},
        workspace::{BatchResult, is_finite},
    },
};
use std::sync::Arc;

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
}

impl Session {
    /// A run that starts from `network`'s weights as they are.
    pub fn new(config: TrainConfig, network: Network, data: &DataSet) -> Result<Self, TrainError> {
        config.check()?;
        check_fit(&network, &data.name, &data.train)?;
        check_fit(&network, &data.name, &data.test)?;
        let share = (data.train.len() as f64 * f64::from(config.validation)).round() as usize;
        let kept = if config.validation > 0.0 { share.max(1).min(data.train.len()) } else { 0 };
        let train_len = data.train.len() - kept;
        if train_len == 0 {
            return Err(TrainError::NoImages(data.name.clone()));
        }
        let evaluation = match kept {
            0 => data.test.clone(),
            _ => Arc::new(data.train.take(train_len..data.train.len())),
        };
        if evaluation.is_empty() {
            return Err(TrainError::NoTestImages(data.name.clone()));
        }
        Ok(Self {
            optimizer: Optimizer::new(config.optimizer, network.parameters()),
            workspace: Workspace::new(&network, config.batch.min(train_len), true),
            before: [network.parameters().clone(), network.buffers().clone()],
            transform: input_transform(&network),
            train: data.train.clone(),
            evaluation,
            train_len,
            order: data::shuffled(train_len, config.seed, 0),
            step: 0,
            history: History::default(),
            config,
            network,
        })
    }

    /// Makes one optimiser step and says what is due next. When the step cannot be made, weights, buffers and curves
    /// are what they were before it, and the next call tries it again.
    pub fn step(&mut self, executor: &dyn Executor) -> Result<Due, TrainError> {
        let start = self.batch_in_epoch() * self.config.batch;
        let indices = &self.order[start..(start + self.config.batch).min(self.train_len)];
        self.workspace.load(indices.len(), |first, inputs, labels| {
            data::fill(&self.train, &indices[first..first + labels.len()], &self.transform, inputs, labels);
        });
        self.workspace.set_noise(self.config.seed, self.step);
        let result = self.workspace.forward_backward(&self.network, executor);
        self.apply(result, executor).map_err(|what| TrainError::Diverged {
            step: self.step + 1,
            what,
            lr: self.rate().to_string(),
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
        let gradients = self.workspace.gradients();
        if !is_finite(executor, gradients) {
            return Err(format!("the loss was {loss:.4}, but its gradient became infinite"));
        }
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
            Due::FullEvaluation => self.history.full.push(point),
            Due::QuickEvaluation | Due::Step => self.history.quick.push(point),
        }
        Some(result)
    }

    /// Changes the learning rate from the next step on.
    pub fn set_lr(&mut self, lr: f32) -> Result<(), TrainError> {
        self.change(|config| config.lr = lr)
    }

    /// Changes the momentum from the next step on, for optimisers that have one.
    pub fn set_momentum(&mut self, momentum: f32) -> Result<(), TrainError> {
        self.change(|config| {
            if let Some(m) = config.optimizer.momentum_mut() {
                *m = momentum;
            }
        })
    }

    fn change(&mut self, edit: impl FnOnce(&mut TrainConfig)) -> Result<(), TrainError> {
        let mut config = self.config;
        edit(&mut config);
        config.check()?;
        self.config = config;
        self.optimizer.spec = config.optimizer;
        Ok(())
    }

    /// The learning rate of the next step.
    pub fn rate(&self) -> f32 {
        let per_epoch = self.batches_per_epoch() as u64;
        let progress = Progress { step: self.step, per_epoch, total: per_epoch * self.config.epochs as u64 };
        self.config.schedule.rate(self.config.lr, progress)
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

fn copy(from: &Parameters, to: &mut Parameters) {
    for (from, to) in from.iter().flatten().zip(to.iter_mut().flatten()) {
        to.values_mut().copy_from_slice(from.values());
    }
}

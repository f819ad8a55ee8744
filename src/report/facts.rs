//! What a report is about, and what was measured for it.

use crate::{
    data::Split,
    nn::{Executor, Network},
    train::{
        Checkpoint, Evaluation, Evaluator, History, RunLog, TrainConfig, TrainError, confusion::Judgement,
        evaluate::check_fit,
    },
};

/// The run that a network comes from.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its settings.
    pub config: TrainConfig,
    /// Optimiser steps made.
    pub step: u64,
    /// Its curves.
    pub history: History,
    /// The time of its steps, if that is known.
    pub seconds: Option<f64>,
    /// What it was told on the way, if that is known.
    pub log: Option<RunLog>,
    /// The name of its data set.
    pub data: String,
    /// Whether a person painted or froze filters.
    pub has_edited_filters: bool,
}

impl Run {
    /// The run of a checkpoint.
    pub fn of(checkpoint: &Checkpoint) -> Self {
        let state = &checkpoint.state;
        Self {
            config: state.config,
            step: state.step,
            history: state.history.clone(),
            seconds: checkpoint.seconds,
            log: checkpoint.log.clone(),
            data: checkpoint.data_name().to_owned(),
            has_edited_filters: !state.hand.is_empty(),
        }
    }
}

/// Everything that a report shows.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The network.
    pub network: &'a Network,
    /// Its run, if that is known.
    pub run: Option<&'a Run>,
    /// The data set's name.
    pub data: &'a str,
    /// Its test images.
    pub test: &'a Split,
    /// ConvLens's version.
    pub version: &'a str,
    pub(super) result: Evaluation,
    pub(super) judgements: Vec<Judgement>,
}

impl<'a> Facts<'a> {
    /// Measures a network on test images. `goes_on` is told the fraction that is done, 0 to 1, after each batch; `None` if it
    /// said no.
    ///
    /// # Errors
    /// The images do not fit the network, or there are none.
    pub fn measure(
        network: &'a Network,
        run: Option<&'a Run>,
        (data, test): (&'a str, &'a Split),
        version: &'a str,
        executor: &dyn Executor,
        mut goes_on: impl FnMut(f32) -> bool,
    ) -> Result<Option<Self>, TrainError> {
        check_fit(network, data, test)?;
        if test.is_empty() {
            return Err(TrainError::NoTestImages(data.into()));
        }
        let mut evaluator = Evaluator::new(network, 0..test.len()).judging();
        let result = loop {
            if let Some(result) = evaluator.step(network, test, executor) {
                break result;
            }
            if !goes_on(evaluator.progress()) {
                return Ok(None);
            }
        };
        let judgements = evaluator.judgements().to_vec();
        Ok(Some(Self { network, run, data, test, version, result, judgements }))
    }

    /// The accuracy on the test images, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        self.result.accuracy()
    }
}

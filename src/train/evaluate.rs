//! A network judged on a labelled set, a batch at a time so that it can be paused or given up.

use super::config::{MAX_CLASSES, TrainError};
use crate::{
    data::{self, InputTransform, Split},
    nn::{Executor, Network, Shape, Workspace},
};
use serde::Serialize;
use std::ops::Range;

/// Images a batch of an evaluation, where the network's activations leave room for as many.
const BATCH: usize = 200;

/// The most activations of a batch, 256 MiB.
const MOST_VALUES: usize = 1 << 26;

/// How a network does on a set.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Evaluation {
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Images taken for what they are.
    pub correct: usize,
    /// Images judged.
    pub images: usize,
    /// `confusion[label][prediction]`, counts.
    pub confusion: Vec<Vec<usize>>,
}

impl Evaluation {
    /// The share of images taken for what they are, 0…1.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.images.max(1) as f64
    }

    /// The same for every class; a class without images counts as 0.
    pub fn per_class(&self) -> Vec<f64> {
        let rows = self.confusion.iter().enumerate();
        rows.map(|(class, row)| row[class] as f64 / row.iter().sum::<usize>().max(1) as f64).collect()
    }
}

/// An evaluation under way.
#[derive(Debug)]
pub struct Evaluator {
    workspace: Workspace,
    rest: Range<usize>,
    loss_sum: f64,
    result: Evaluation,
}

impl Evaluator {
    /// Prepares to judge a network of this form on the images of `range`.
    pub fn new(network: &Network, range: Range<usize>) -> Self {
        let classes = network.classes();
        let confusion = vec![vec![0; classes]; classes];
        let batch = (MOST_VALUES / activations(network).max(1)).clamp(1, BATCH);
        let workspace = Workspace::new(network, batch.min(range.len()), false);
        Self {
            workspace,
            rest: range,
            loss_sum: 0.0,
            result: Evaluation { confusion, ..Evaluation::default() },
        }
    }

    /// Judges the next batch; `None` while there are more.
    pub fn step(&mut self, network: &Network, split: &Split, executor: &dyn Executor) -> Option<Evaluation> {
        let start = self.rest.start;
        let count = self.workspace.capacity().min(self.rest.len());
        let transform = input_transform(network);
        let indices: Vec<u32> = (start as u32..(start + count) as u32).collect();
        self.workspace.load(count, executor, |first, inputs, labels| {
            data::fill(split, &indices[first..first + labels.len()], &transform, None, inputs, labels);
        });
        let batch = self.workspace.forward(network, executor);
        self.loss_sum += batch.loss * count as f64;
        for (i, prediction) in self.workspace.predictions().enumerate() {
            self.result.confusion[split.label(start + i) as usize][prediction as usize] += 1;
        }
        self.result.correct += batch.correct;
        self.result.images += count;
        self.result.loss = self.loss_sum / self.result.images.max(1) as f64;
        self.rest.start += count;
        self.rest.is_empty().then(|| self.result.clone())
    }

    /// The share that is done, 0…1.
    pub fn progress(&self) -> f32 {
        let done = self.result.images;
        done as f32 / (done + self.rest.len()).max(1) as f32
    }
}

/// The values that all layers make of one image.
pub(super) fn activations(network: &Network) -> usize {
    network.layers().iter().map(|layer| layer.output().len()).sum()
}

/// Judges `network` on all of `split`; `progress` hears the number of images judged so far.
pub fn evaluate(
    network: &Network,
    name: &str,
    split: &Split,
    executor: &dyn Executor,
    mut progress: impl FnMut(usize),
) -> Result<Evaluation, TrainError> {
    check_fit(network, name, split)?;
    if split.is_empty() {
        return Err(TrainError::NoTestImages(name.into()));
    }
    let mut evaluator = Evaluator::new(network, 0..split.len());
    loop {
        if let Some(result) = evaluator.step(network, split, executor) {
            return Ok(result);
        }
        progress(evaluator.result.images);
    }
}

/// From a picture to the network's input, as its spec says.
pub fn input_transform(network: &Network) -> InputTransform {
    let p = network.spec().preprocess;
    InputTransform { mean: p.mean, std: p.std, pad: p.pad }
}

/// Checks that the images of `split`, if there are any, fit the network's input and its labels the outputs.
pub fn check_fit(network: &Network, name: &str, split: &Split) -> Result<(), TrainError> {
    let spec = network.spec();
    let (wants_height, wants_width) = spec.picture_size();
    let (channels, ..) = spec.input.as_maps();
    let is_grey = matches!(spec.input, Shape::Maps { channels: 1, .. });
    if !is_grey || (split.height(), split.width()) != (wants_height, wants_width) {
        return Err(TrainError::ImageSize {
            data: name.into(),
            height: split.height(),
            width: split.width(),
            network: spec.name.clone(),
            channels,
            wants_height,
            wants_width,
        });
    }
    let classes = network.classes();
    if classes > MAX_CLASSES {
        return Err(TrainError::Outputs { network: spec.name.clone(), classes });
    }
    if split.classes() > classes {
        let label = split.classes() - 1;
        return Err(TrainError::Label { data: name.into(), label, network: spec.name.clone(), classes });
    }
    Ok(())
}

//! Evaluation of a network on labelled images, one batch at a time so that it can pause or stop.

use super::{config::MAX_CLASSES, confusion::Judgement, error::TrainError};
use crate::{
    data::{self, InputTransform, Split},
    nn::{
        Executor, Network, NetworkSpec, Shape, Workspace,
        loss::{argmax, softmax},
    },
};
use image::{GrayImage, RgbImage, imageops};
use serde::Serialize;
use std::ops::Range;

/// Images per batch of an evaluation, if their activations fit.
const BATCH: usize = 200;

/// The most activation values of a batch: 256 MiB.
const MOST_VALUES: usize = 1 << 26;

/// The result of an evaluation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Evaluation {
    /// Mean cross-entropy in nats.
    pub loss: f64,
    /// Images classified correctly.
    pub correct: usize,
    /// Images evaluated.
    pub images: usize,
    /// The confusion matrix: `confusion[label][prediction]` is a number of images.
    pub confusion: Vec<Vec<usize>>,
}

impl Evaluation {
    /// The accuracy: fraction of images classified correctly, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.images.max(1) as f64
    }
}

/// An evaluation in progress.
#[derive(Debug)]
pub struct Evaluator {
    workspace: Workspace,
    rest: Range<usize>,
    loss_sum: f64,
    result: Evaluation,
    /// What was said about each image, if that is wanted.
    judgements: Option<Vec<Judgement>>,
}

impl Evaluator {
    /// Prepares the evaluation of a network with this spec on the images of `range`.
    pub fn new(network: &Network, range: Range<usize>) -> Self {
        let classes = network.classes();
        let confusion = vec![vec![0; classes]; classes];
        let workspace = Workspace::new(network, batch_of(network).min(range.len()), false);
        Self {
            workspace,
            rest: range,
            loss_sum: 0.0,
            result: Evaluation { confusion, ..Evaluation::default() },
            judgements: None,
        }
    }

    /// The same, which also keeps what was said about each image; see [`Evaluator::judgements`].
    #[must_use]
    pub fn judging(self) -> Self {
        Self { judgements: Some(Vec::with_capacity(self.rest.len())), ..self }
    }

    /// Evaluates the next batch. Returns the result after the last one.
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
        self.judge(network, split, start, count);
        self.result.correct += batch.correct;
        self.result.images += count;
        self.result.loss = self.loss_sum / self.result.images.max(1) as f64;
        self.rest.start += count;
        self.rest.is_empty().then(|| self.result.clone())
    }

    /// Keeps what was said about the images of the last batch.
    fn judge(&mut self, network: &Network, split: &Split, start: usize, count: usize) {
        let (Some(judgements), Some(last)) = (&mut self.judgements, network.layers().len().checked_sub(1))
        else {
            return;
        };
        let classes = network.classes().max(1);
        let mut logits = vec![0.0; count * classes];
        self.workspace.copy_outputs(network, last, &mut logits);
        let mut probabilities = vec![0.0; classes];
        for (i, logits) in logits.chunks_exact(classes).enumerate() {
            softmax(logits, &mut probabilities);
            let (label, said) = (split.label(start + i), argmax(logits));
            let of_label = probabilities.get(usize::from(label)).copied().unwrap_or_default();
            judgements.push(Judgement {
                image: (start + i) as u32,
                label,
                said: said as u8,
                probability: probabilities[said],
                of_label,
            });
        }
    }

    /// What was said about each image so far, in order; nothing unless it was made by [`Evaluator::judging`].
    pub fn judgements(&self) -> &[Judgement] {
        self.judgements.as_deref().unwrap_or_default()
    }

    /// The images evaluated so far.
    pub fn images(&self) -> usize {
        self.result.images
    }

    /// The fraction that is done, 0 to 1.
    pub fn progress(&self) -> f32 {
        let done = self.result.images;
        done as f32 / (done + self.rest.len()).max(1) as f32
    }
}

/// The images of a batch whose activations fit.
pub(super) fn batch_of(network: &Network) -> usize {
    (MOST_VALUES / activations(network).max(1)).clamp(1, BATCH)
}

/// The number of activation values of all layers for one image.
pub(super) fn activations(network: &Network) -> usize {
    network.layers().iter().map(|layer| layer.output().len()).sum()
}

/// Evaluates `network` on all of `split`. `progress` is called with the number of images done.
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

/// The preprocessing of a network's spec.
pub fn input_transform(network: &Network) -> InputTransform {
    let p = network.spec().preprocess;
    InputTransform { mean: p.mean, std: p.std, pad: p.pad }
}

/// A network's input, of shape (C, H, W), for a grey picture: the picture is resized to the network's size, preprocessed as
/// the spec says, and used for every channel.
pub fn network_input(network: &Network, picture: &GrayImage) -> Vec<f32> {
    let (height, width) = network.spec().picture_size();
    let (channels, ..) = network.input().as_maps();
    let mut values = vec![0.0; network.input().len()];
    let size = (width as u32, height as u32);
    let resized;
    let picture = if picture.dimensions() == size {
        picture
    } else {
        resized = imageops::resize(picture, size.0, size.1, imageops::FilterType::Triangle);
        &resized
    };
    let map = values.len() / channels.max(1);
    for channel in values.chunks_exact_mut(map.max(1)) {
        input_transform(network).apply(picture.as_raw(), height, width, channel);
    }
    values
}

/// A network's input, of shape (3, H, W), for a picture in colour: resized to the network's size and preprocessed as the
/// spec says. A network for grey images gets its brightness in every channel, as from [`network_input`].
pub fn network_input_colors(network: &Network, picture: &RgbImage) -> Vec<f32> {
    let (height, width) = network.spec().picture_size();
    let (channels, ..) = network.input().as_maps();
    if channels != 3 {
        return network_input(network, &imageops::grayscale(picture));
    }
    let size = (width as u32, height as u32);
    let resized;
    let picture = if picture.dimensions() == size {
        picture
    } else {
        resized = imageops::resize(picture, size.0, size.1, imageops::FilterType::Triangle);
        &resized
    };
    let planes: Vec<u8> =
        (0..3).flat_map(|channel| picture.pixels().map(move |pixel| pixel.0[channel])).collect();
    let mut values = vec![0.0; network.input().len()];
    input_transform(network).apply(&planes, height, width, &mut values);
    values
}

fn size_in_words((channels, height, width): (usize, usize, usize)) -> String {
    if channels == 1 { format!("{height}×{width}") } else { format!("{channels}×{height}×{width}") }
}

/// Checks that the images of `split` have the network's input size and that its labels have outputs.
pub fn check_fit(network: &Network, name: &str, split: &Split) -> Result<(), TrainError> {
    check_spec_fit(network.spec(), network.classes(), name, split)
}

/// The same of a network without weights, with this number of outputs.
pub fn check_spec_fit(
    spec: &NetworkSpec,
    classes: usize,
    name: &str,
    split: &Split,
) -> Result<(), TrainError> {
    let (wants_height, wants_width) = spec.picture_size();
    let (channels, ..) = spec.input.as_maps();
    let has_maps = matches!(spec.input, Shape::Maps { .. });
    let image = (split.channels(), split.height(), split.width());
    if !has_maps || image != (channels, wants_height, wants_width) {
        return Err(TrainError::ImageSize {
            data: name.into(),
            image: size_in_words(image).into(),
            network: spec.name.clone(),
            channels,
            wants_height,
            wants_width,
        });
    }
    if classes > MAX_CLASSES {
        return Err(TrainError::Outputs { network: spec.name.clone(), classes, max: MAX_CLASSES });
    }
    if split.classes() > classes {
        let label = split.classes() - 1;
        return Err(TrainError::Label { data: name.into(), label, network: spec.name.clone(), classes });
    }
    Ok(())
}

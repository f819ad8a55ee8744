//! Why a run cannot start, or cannot make its next step.

use super::cause::Cause;
use crate::text::{Say, Sentence};
use thiserror::Error;

/// An error of a training run.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}", self.say())]
pub enum TrainError {
    /// A setting is out of its range.
    Setting {
        /// The setting's name.
        setting: &'static str,
        /// Its value.
        value: String,
        /// What the value must be.
        rule: &'static str,
    },
    /// The images do not have the network's input size.
    ImageSize {
        /// The data set.
        data: String,
        /// The images' size in words: height and width in pixels, after the channels if there are several.
        image: Box<str>,
        /// The network.
        network: String,
        /// The network's input channels.
        channels: usize,
        /// The network's input height before padding, in pixels.
        wants_height: usize,
        /// The network's input width before padding, in pixels.
        wants_width: usize,
    },
    /// The network has no output for a label.
    Label {
        /// The data set.
        data: String,
        /// Its largest label.
        label: usize,
        /// The network.
        network: String,
        /// The network's outputs.
        classes: usize,
    },
    /// The network has more outputs than labels can name.
    Outputs {
        /// The network.
        network: String,
        /// Its outputs.
        classes: usize,
        /// The most classes.
        max: usize,
    },
    /// A set has fewer images to train on than the settings want.
    TrainImages {
        /// The data set.
        data: String,
        /// The images that the settings want.
        wanted: usize,
        /// The images that are not for validation.
        available: usize,
    },
    /// A set has no images to train on.
    NoImages(String),
    /// A set has no images for the evaluation.
    NoTestImages(String),
    /// The last layer of a network has no weights that a temperature could divide.
    NoLastLinear(String),
    /// A network has no such layer.
    NoLayer {
        /// The network.
        network: String,
        /// The layer, from 0.
        layer: usize,
        /// The number of its layers.
        layers: usize,
    },
    /// Drawings do not have the size of the data set's images.
    DrawingSize {
        /// Height and width of the drawings in pixels.
        drawings: (usize, usize),
        /// Height and width of the data set's images in pixels.
        images: (usize, usize),
    },
    /// The network cannot learn any more: its output is the same for every image.
    Stuck {
        /// The last step.
        step: u64,
        /// The first layer whose units are all dead, counted from 0, if that is the reason.
        layer: Option<usize>,
        /// What ruined the weights.
        cause: Cause,
    },
    /// The loss has been far too high for many steps: far above that of the start, or no better than chance although the
    /// network had learnt something.
    HighLoss {
        /// The last step.
        step: u64,
        /// The mean loss of the last steps, for a message.
        loss: String,
        /// The last good step.
        good: u64,
        /// The loss at the last good step, or at the start, for a message.
        before: String,
        /// What ruined the weights.
        cause: Cause,
    },
    /// The loss, a gradient or a weight became NaN or infinite. The step was not made: the network keeps the weights
    /// before it.
    Diverged {
        /// The number of the step that was not made.
        step: u64,
        /// What became NaN or infinite.
        what: NotFinite,
        /// The loss of that step in nats, for a message.
        loss: String,
        /// What ruined the weights.
        cause: Cause,
    },
}

/// What became NaN or infinite in a training step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFinite {
    /// The loss.
    Loss,
    /// A gradient.
    Gradient,
    /// A weight or a buffer.
    Weight,
}

impl TrainError {
    /// What to do about a run that is stuck or has diverged, after the error itself. `good` is the step to go back to;
    /// `is_known`: the error was said before, and training went on all the same.
    pub fn advice(&self, good: u64, is_known: bool) -> Sentence {
        let Some(cause) = self.cause() else { return self.say() };
        let is_live = !matches!(cause, Cause::WeightDecay(_));
        let key = match (good, is_live) {
            (0, _) => "{problem}; {remedy} and reset",
            _ if is_known => "go back to step {step} first and {remedy}: {problem}",
            (_, true) => "{problem}; {remedy} and go back to step {step}, or reset",
            (_, false) => "{problem}; go back to step {step}, or {remedy} and reset",
        };
        Sentence::new(key).part("problem", self.say()).part("remedy", cause.remedy()).with("step", good)
    }

    /// What ruined the weights of a run that is stuck or has diverged.
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Stuck { cause, .. } | Self::HighLoss { cause, .. } | Self::Diverged { cause, .. } => {
                Some(cause)
            }
            _ => None,
        }
    }
}

impl Say for TrainError {
    fn say(&self) -> Sentence {
        match self {
            Self::Setting { setting, value, rule } => Sentence::new("{setting} is {value}, but {rule}")
                .name("setting", setting)
                .with("value", value)
                .part("rule", Sentence::new(rule)),
            Self::ImageSize { data, image, network, channels, wants_height, wants_width } => {
                Sentence::new(
                    "the images of {data} are {size}, but {network} takes {channels}×{wants_height}×{wants_width}: change its input, in Architecture or with --fit in the terminal",
                )
                .with("data", data)
                .with("size", image)
                .with("network", network)
                .with("channels", channels)
                .with("wants_height", wants_height)
                .with("wants_width", wants_width)
            }
            Self::Label { data, label, network, classes } => Sentence::new(
                "{data} has labels up to {label}, but {network} has only {classes} outputs (0 to {last}): give its last layer {needed}, in Architecture or with --fit in the terminal",
            )
            .with("data", data)
            .with("label", label)
            .with("network", network)
            .with("classes", classes)
            .with("last", classes.saturating_sub(1))
            .with("needed", label + 1),
            Self::Outputs { network, classes, max } => {
                Sentence::new("{network} has {classes} outputs, but labels can name at most {max} classes")
                    .with("network", network)
                    .with("classes", classes)
                    .with("max", max)
            }
            Self::TrainImages { data, wanted, available } => Sentence::new(
                "training images is {wanted}, but must be at most {available}, the images of {data} to learn from",
            )
            .with("wanted", wanted)
            .with("available", available)
            .with("data", data),
            Self::NoImages(data) => Sentence::new("{data} has no images to train on").with("data", data),
            Self::NoTestImages(data) => {
                Sentence::new("{data} has no images for the evaluation").with("data", data)
            }
            Self::NoLastLinear(network) => {
                Sentence::new("the last layer of {network} is not linear: it has no weights to calibrate")
                    .with("network", network)
            }
            Self::NoLayer { network, layer, layers } => {
                Sentence::new("{network} has no layer {layer}: its layers are 0 to {last}")
                    .with("network", network)
                    .with("layer", layer)
                    .with("last", layers.saturating_sub(1))
            }
            Self::DrawingSize { drawings, images } => Sentence::new(
                "the drawings are {height}×{width}, but the images of the data set are {image_height}×{image_width}",
            )
            .with("height", drawings.0)
            .with("width", drawings.1)
            .with("image_height", images.0)
            .with("image_width", images.1),
            Self::Stuck { step, layer: Some(layer), cause } => Sentence::new(
                "training is stuck at step {step} with {cause}: every unit of relu {layer} outputs 0 for every image, so the weights before it no longer change",
            )
            .part("cause", cause.say())
            .with("step", step)
            .with("layer", layer),
            Self::Stuck { step, layer: None, cause } => Sentence::new(
                "training is stuck at step {step} with {cause}: the network has the same output for every image",
            )
            .part("cause", cause.say())
            .with("step", step),
            Self::HighLoss { step, loss, good, before, cause } => Sentence::new(
                "training diverged with {cause}: the loss is {loss} at step {step}, but was {before} at step {good}",
            )
            .part("cause", cause.say())
            .with("loss", loss)
            .with("step", step)
            .with("before", before)
            .with("good", good),
            Self::Diverged { step, what, loss, cause } => {
                let sentence = Sentence::new(match what {
                    NotFinite::Loss => {
                        "training diverged at step {step}: the loss became {loss} with {cause}"
                    }
                    NotFinite::Gradient => {
                        "training diverged at step {step}: a gradient became infinite with loss {loss} and {cause}"
                    }
                    NotFinite::Weight => {
                        "training diverged at step {step}: a weight became infinite with loss {loss} and {cause}"
                    }
                });
                sentence.with("step", step).with("loss", loss).part("cause", cause.say())
            }
        }
    }
}

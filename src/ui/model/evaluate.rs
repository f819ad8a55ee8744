//! What the Evaluate view shows: measurements of a network on a set.

use crate::{
    data::{DataSet, Split},
    nn::Network,
    text::Sentence,
    train::{
        Evaluation, TrainConfig, confusion::Judgement, images_to_learn_from, reliability::Reliability,
        sweep::ChangeKind,
    },
};
use serde::{Deserialize, Serialize};
use std::{ops::Range, sync::Arc};

/// The intervals of the calibration curve.
pub const BINS: usize = 10;

/// The networks whose curves stay for comparison.
const MOST_CURVES: usize = 4;

/// Which images a network is measured on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EvaluateSet {
    /// The test set.
    #[default]
    Test,
    /// The images of the training set that the run keeps for validation.
    Validation,
    /// The images that the run learns from.
    Training,
}

impl EvaluateSet {
    /// The images, and which of them; `name` is what the whole set is called.
    pub fn images(self, data: &DataSet, config: &TrainConfig) -> (Arc<Split>, Range<usize>) {
        let learnt = images_to_learn_from(config, &data.train);
        match self {
            Self::Test => (data.test.clone(), 0..data.test.len()),
            Self::Validation => (data.train.clone(), learnt..data.train.len()),
            Self::Training => (data.train.clone(), 0..learnt),
        }
    }
}

/// What can be done in the Evaluate view.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum EvaluateAct {
    /// Measures on these images.
    UseSet(EvaluateSet),
    /// Whether a network that changes is measured again by itself.
    Follow(bool),
    /// Measures now.
    Measure,
    /// Calls the measurement off; the last complete one stays.
    Cancel,
    /// Shows the images that are the first class and were read as the second; `None` shows all mistakes.
    ShowCell(Option<(usize, usize)>),
    /// Shows the accuracy under this change.
    ShowChanges(ChangeKind),
    /// Makes this image of the measured set the current image.
    ShowImage(usize),
}

/// Which network was measured, and on what.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The network.
    pub network: Arc<Network>,
    /// Its step, if it is in training.
    pub step: Option<u64>,
    /// The number of its run, if it is in training.
    pub run: Option<u64>,
    /// The data set's name.
    pub data: String,
    /// Which images.
    pub set: EvaluateSet,
    /// The split that they are in.
    pub split: Arc<Split>,
    /// Which of its images.
    pub range: Range<usize>,
}

/// A complete measurement.
#[derive(Clone, Debug)]
pub struct Measurement {
    /// Of what.
    pub of: Measured,
    /// Accuracy, loss and the confusion matrix.
    pub result: Evaluation,
    /// What was said of each image.
    pub judgements: Vec<Judgement>,
    /// How often answers of each confidence are right.
    pub reliability: Reliability,
    /// All mistakes, the most confident first.
    pub mistakes: Vec<Judgement>,
    /// The images that the network is not sure about, the least confident first.
    pub unsure: Vec<Judgement>,
}

/// The accuracy of a network under a change of the images.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeCurve {
    /// The network's name.
    pub name: String,
    /// Its step, if it was in training.
    pub step: Option<u64>,
    /// The change.
    pub kind: ChangeKind,
    /// The set.
    pub set: EvaluateSet,
    /// The data set's name.
    pub data: String,
    /// The number of images.
    pub images: usize,
    /// Level and accuracy.
    pub points: Vec<(f32, f64)>,
}

/// How far a measurement is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EvaluateProgress {
    /// The step of the network that is measured, if it is in training.
    pub step: Option<u64>,
    /// Images done.
    pub done: usize,
    /// All images.
    pub of: usize,
}

/// The state of the Evaluate view.
#[derive(Debug, Default)]
pub struct EvaluateState {
    /// Which images.
    pub set: EvaluateSet,
    /// Whether a network that changes is not measured again by itself.
    pub is_frozen: bool,
    /// Whether a person has asked for a measurement that has not begun.
    pub is_asked: bool,
    /// The cell of the matrix whose images are shown; `None` shows all mistakes.
    pub cell: Option<(usize, usize)>,
    /// Which change the curves show.
    pub kind: ChangeKind,
    /// The last complete measurement.
    pub measured: Option<Arc<Measurement>>,
    /// Why nothing can be measured.
    pub problem: Option<Sentence>,
    /// Why the last measurement failed.
    pub failed: Option<Sentence>,
    /// The measurement that is running.
    pub progress: Option<EvaluateProgress>,
    /// The curves measured last, the newest first: one for each network's name and kind of change.
    pub curves: Vec<ChangeCurve>,
}

impl EvaluateState {
    /// Takes a complete curve. It replaces the one of the same network and change.
    pub fn take_curve(&mut self, curve: ChangeCurve) {
        let key = |c: &ChangeCurve| (c.name.clone(), c.kind, c.set, c.data.clone());
        self.curves.retain(|old| key(old) != key(&curve));
        self.curves.insert(0, curve);
        let mut kept = 0;
        let kind = self.curves[0].kind;
        self.curves.retain(|old| {
            kept += usize::from(old.kind == kind);
            old.kind != kind || kept <= MOST_CURVES
        });
    }

    /// The curves of the change that is shown on the set that is shown, the newest first.
    pub fn shown_curves<'a>(&'a self, data: &'a str) -> impl Iterator<Item = &'a ChangeCurve> {
        self.curves.iter().filter(move |c| (c.kind, c.set) == (self.kind, self.set) && c.data == data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_one_curve_of_a_kind_and_few_networks_stay() {
        let curve = |name: &str, kind, step| ChangeCurve {
            name: name.into(),
            step: Some(step),
            kind,
            set: EvaluateSet::Test,
            data: "d".into(),
            images: 9,
            points: Vec::new(),
        };
        let mut state = EvaluateState::default();
        for (step, name) in ["a", "b", "a", "c", "d", "e", "f"].into_iter().enumerate() {
            state.take_curve(curve(name, ChangeKind::Shift, step as u64));
            state.take_curve(curve("a", ChangeKind::Noise, 0));
        }
        let shown: Vec<_> = state.shown_curves("d").map(|c| c.name.as_str()).collect();
        assert_eq!(shown, ["f", "e", "d", "c"]);
        assert_eq!(state.curves.iter().filter(|c| c.kind == ChangeKind::Noise).count(), 1);
        assert_eq!(state.shown_curves("other").count(), 0);
    }
}

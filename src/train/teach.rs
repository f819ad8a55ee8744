//! Fine-tuning on a few drawings of one person, with images of the data set mixed in, so that nothing else is forgotten.

use super::{
    config::{Featurewise, TrainConfig, TrainError},
    evaluate::Evaluator,
    session::Session,
};
use crate::{
    data::{Augment, DataSet, Split, shuffled},
    nn::{
        Executor, Init, Network,
        optim::{OptimizerSpec, Schedule, Sgd},
    },
};
use std::sync::Arc;

/// Images of the data set that are mixed in.
const MIXED_IN: usize = 3000;
/// For so many of them there is one of a drawing: a drawing is repeated as often as that takes, each time changed.
const PER_DRAWING: usize = 3;
/// A single drawing is not repeated more often than this.
const MOST_REPEATS: usize = 100;
/// Passes over the mixture, and images a step.
const EPOCHS: usize = 4;
const BATCH: usize = 64;
/// The learning rate, a sixth of one that networks of this size are trained with, falling to 0.
const RATE: f32 = 0.005;

/// What came of it.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The network that has learnt.
    pub network: Network,
    /// The accuracy on the data set's test images before and after, 0 to 1.
    pub accuracy: [f64; 2],
    /// How many of the drawings are read rightly before and after.
    pub read: [usize; 2],
    /// How many drawings there are.
    pub drawings: usize,
}

/// Teaches a copy of the network. `go_on` is told the share that is done, 0 to 1, and says whether to go on; `Ok(None)` if it
/// said no. The seed decides which images are mixed in, their order and their changes.
pub fn teach(
    network: &Network,
    drawings: &Split,
    data: &DataSet,
    seed: u64,
    executor: &dyn Executor,
    mut go_on: impl FnMut(f32) -> bool,
) -> Result<Option<Lesson>, TrainError> {
    let mixture = mixture(drawings, &data.train, seed)?;
    let mixed = DataSet { name: data.name.clone(), train: Arc::new(mixture), test: data.test.clone() };
    // The drawings are what is to be learnt, not digits in other hands.
    let drawn = Augment { hands: 0.0, ..Augment::DRAWN };
    let augment = if network.classes() == 10 { drawn } else { Augment::default() };
    let config = TrainConfig {
        optimizer: OptimizerSpec::Sgd(Sgd { momentum: 0.9, ..Sgd::default() }),
        lr: RATE,
        schedule: Schedule::Cosine,
        warmup: 0,
        clip_norm: 1.0,
        batch: BATCH,
        epochs: EPOCHS,
        init: Init::He,
        seed,
        validation: 0.0,
        early_stop: 0,
        augment,
        featurewise: Featurewise::default(),
    };
    let mut session = Session::new(config, network.clone(), &mixed)?;
    let steps = session.batches_per_epoch() * EPOCHS;
    // An evaluation on MNIST takes about as long as a quarter of the steps.
    let judge = |network: &Network, from: f32, go_on: &mut dyn FnMut(f32) -> bool| {
        let read = correct(network, drawings, executor, |_| true);
        let accuracy = correct(network, &data.test, executor, |share| go_on(from + 0.2 * share));
        Some((accuracy? as f64 / data.test.len().max(1) as f64, read?))
    };
    let Some(before) = judge(network, 0.0, &mut go_on) else { return Ok(None) };
    for step in 0..steps {
        session.step(executor)?;
        if !go_on(0.2 + 0.6 * (step + 1) as f32 / steps as f32) {
            return Ok(None);
        }
    }
    let Some(after) = judge(session.network(), 0.8, &mut go_on) else { return Ok(None) };
    Ok(Some(Lesson {
        network: session.network().clone(),
        accuracy: [before.0, after.0],
        read: [before.1, after.1],
        drawings: drawings.len(),
    }))
}

/// Images of the set with the drawings among them, each as often as makes a fair share.
fn mixture(drawings: &Split, train: &Split, seed: u64) -> Result<Split, TrainError> {
    if drawings.is_empty() {
        return Err(TrainError::NoImages("the drawings".into()));
    }
    let known = shuffled(train.len(), seed, 0);
    let known: Vec<usize> = known.into_iter().take(MIXED_IN).map(|number| number as usize).collect();
    let repeats = (known.len() / PER_DRAWING / drawings.len()).clamp(1, MOST_REPEATS);
    let own = || (0..repeats).flat_map(|_| 0..drawings.len());
    let mut images = Vec::new();
    for &number in &known {
        images.extend_from_slice(train.image(number));
    }
    for number in own() {
        images.extend_from_slice(drawings.image(number));
    }
    let labels = known.iter().map(|&number| train.label(number));
    let labels = labels.chain(own().map(|number| drawings.label(number))).collect();
    let mixed = Split::new("the drawings", images, labels, train.height(), train.width());
    // The drawings' size was the only thing that could differ.
    mixed.map_err(|e| TrainError::Mixture(e.to_string()))
}

/// How many images are read rightly; `None` if it was not to go on.
fn correct(
    network: &Network,
    split: &Split,
    executor: &dyn Executor,
    mut go_on: impl FnMut(f32) -> bool,
) -> Option<usize> {
    if split.is_empty() {
        return Some(0);
    }
    let mut evaluator = Evaluator::new(network, 0..split.len());
    loop {
        if let Some(result) = evaluator.step(network, split, executor) {
            return Some((result.accuracy() * result.images as f64).round() as usize);
        }
        if !go_on(evaluator.progress()) {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::mnist, model_file, nn::Serial};

    fn data() -> DataSet {
        let test = mnist::load_test().unwrap();
        DataSet {
            name: "MNIST".into(),
            train: Arc::new(test.take(1000..4000)),
            test: Arc::new(test.take(0..400)),
        }
    }

    /// Digits of MNIST upside down: nobody's network reads these.
    fn turned() -> Split {
        let test = mnist::load_test().unwrap();
        let some: Vec<usize> = (0..200).filter(|&n| test.label(n) == 4).take(8).collect();
        let images = some.iter().flat_map(|&n| test.image(n).iter().rev().copied()).collect();
        Split::new("turned", images, vec![4; some.len()], 28, 28).unwrap()
    }

    #[test]
    fn drawings_are_learnt_and_the_rest_is_kept() {
        let network = model_file::shipped().unwrap();
        let mut shares = Vec::new();
        let lesson = teach(&network, &turned(), &data(), 1, &Serial, |share| {
            shares.push(share);
            true
        });
        let lesson = lesson.unwrap().unwrap();
        assert!(lesson.read[1] >= 7 && lesson.read[1] > lesson.read[0], "{:?}", lesson.read);
        assert!(lesson.accuracy[1] > lesson.accuracy[0] - 0.02, "{:?}", lesson.accuracy);
        assert!(shares.is_sorted() && shares.iter().all(|share| (0.0..=1.0).contains(share)));
    }

    #[test]
    fn it_can_be_given_up_and_needs_drawings() {
        let network = model_file::shipped().unwrap();
        assert!(teach(&network, &turned(), &data(), 1, &Serial, |share| share < 0.3).unwrap().is_none());
        let none = turned().take(0..0);
        assert!(teach(&network, &none, &data(), 1, &Serial, |_| true).is_err());
    }
}

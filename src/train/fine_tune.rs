//! Fine-tuning on a person's drawings, mixed with images of the data set so that the network does not forget these.

use super::{
    config::{Featurewise, TrainConfig},
    error::TrainError,
    evaluate::Evaluator,
    hand::{FilterEdit, HandMade},
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

/// Images of the data set in the mixture.
const MIXED_IN: usize = 3000;
/// Images of the data set per image of a drawing. Drawings are repeated to reach this ratio, each time augmented.
const PER_DRAWING: usize = 3;
/// The most repetitions of a drawing.
const MAX_REPEATS: usize = 100;
/// The fewest passes over the mixture.
const EPOCHS: usize = 4;
/// The fewest steps: a small data set is passed over more often.
const STEPS: usize = 200;
/// Images per step.
const BATCH: usize = 64;
/// The learning rate, which falls to 0: a sixth of the rate that trains networks of this size from scratch.
const RATE: f32 = 0.005;

/// The result of fine-tuning.
#[derive(Clone, Debug)]
pub struct FineTuned {
    /// The fine-tuned network.
    pub network: Network,
    /// Accuracy on the data set's test images before and after, 0 to 1.
    pub accuracy: [f64; 2],
    /// Drawings that are classified correctly before and after.
    pub read: [usize; 2],
    /// Drawings in all.
    pub drawings: usize,
}

/// Fine-tunes a copy of the network. `go_on` gets the fraction that is done, 0 to 1, and returns whether to go on; if not,
/// the result is `Ok(None)`. Filters that `hand` has frozen stay as they are. The seed decides which images are mixed in,
/// their order and their augmentation.
pub fn fine_tune(
    (network, hand): (&Network, &HandMade),
    drawings: &Split,
    data: &DataSet,
    seed: u64,
    executor: &dyn Executor,
    mut go_on: impl FnMut(f32) -> bool,
) -> Result<Option<FineTuned>, TrainError> {
    let mixture = mixture(drawings, &data.train, seed)?;
    let mixed = DataSet { train: Arc::new(mixture), ..data.clone() };
    // Drawings must keep their own shapes: `hands` would write the digits anew.
    let drawn = Augment { hands: 0.0, ..Augment::DRAWN };
    let augment = if network.classes() == 10 { drawn } else { Augment::default() };
    let epochs = (STEPS * BATCH).div_ceil(mixed.train.len().max(1)).max(EPOCHS);
    let config = TrainConfig {
        optimizer: OptimizerSpec::Sgd(Sgd { momentum: 0.9, ..Sgd::default() }),
        lr: RATE,
        schedule: Schedule::Cosine,
        warmup: 0,
        clip_norm: 1.0,
        batch: BATCH,
        epochs,
        init: Init::He,
        seed,
        validation: 0.0,
        train_images: None,
        label_smoothing: 0.0,
        early_stop: 0,
        augment,
        featurewise: Featurewise::default(),
    };
    let mut session = Session::new(config, network.clone(), &mixed)?;
    let freeze = |id| FilterEdit { id, values: None, is_frozen: true, is_painted: false };
    session.edit_filters(&hand.frozen().map(freeze).collect::<Vec<_>>());
    let steps = session.batches_per_epoch() * epochs;
    // For MNIST, an evaluation takes about a quarter of the time of all steps.
    let measure = |network: &Network, from: f32, go_on: &mut dyn FnMut(f32) -> bool| {
        let read = correct(network, drawings, executor, |_| true);
        let accuracy = correct(network, &data.test, executor, |share| go_on(from + 0.2 * share));
        Some((accuracy? as f64 / data.test.len().max(1) as f64, read?))
    };
    let Some(before) = measure(network, 0.0, &mut go_on) else { return Ok(None) };
    for step in 0..steps {
        session.step(executor)?;
        if !go_on(0.2 + 0.6 * (step + 1) as f32 / steps as f32) {
            return Ok(None);
        }
    }
    let Some(after) = measure(session.network(), 0.8, &mut go_on) else { return Ok(None) };
    Ok(Some(FineTuned {
        network: session.network().clone(),
        accuracy: [before.0, after.0],
        read: [before.1, after.1],
        drawings: drawings.len(),
    }))
}

/// Images of the training set with the drawings, each repeated to reach the ratio of [`PER_DRAWING`].
fn mixture(drawings: &Split, train: &Split, seed: u64) -> Result<Split, TrainError> {
    if drawings.is_empty() {
        return Err(TrainError::NoImages("the drawings".into()));
    }
    let sizes = [drawings, train].map(|split| (split.height(), split.width()));
    let refused = TrainError::DrawingSize { drawings: sizes[0], images: sizes[1] };
    if sizes[0] != sizes[1] || train.channels() != drawings.channels() {
        return Err(refused);
    }
    let known = shuffled(train.len(), seed, 0);
    let known: Vec<usize> = known.into_iter().take(MIXED_IN).map(|number| number as usize).collect();
    let repeats = (known.len() / PER_DRAWING / drawings.len()).clamp(1, MAX_REPEATS);
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
    // It fails for no other reason than the size.
    mixed.map_err(|_| refused)
}

/// The number of images that are classified correctly; `None` if `go_on` returned `false`.
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
            classes: crate::text::ClassNames::default(),
        }
    }

    /// MNIST digits upside down, which no network of MNIST reads.
    fn turned() -> Split {
        let test = mnist::load_test().unwrap();
        let some: Vec<usize> = (0..200).filter(|&n| test.label(n) == 4).take(8).collect();
        let images = some.iter().flat_map(|&n| test.image(n).iter().rev().copied()).collect();
        Split::new("turned", images, vec![4; some.len()], 28, 28).unwrap()
    }

    #[test]
    fn drawings_are_learnt_and_the_accuracy_stays() {
        let network = model_file::shipped().unwrap();
        let mut shares = Vec::new();
        let tuned = fine_tune((&network, &HandMade::default()), &turned(), &data(), 1, &Serial, |share| {
            shares.push(share);
            true
        });
        let tuned = tuned.unwrap().unwrap();
        assert!(tuned.read[1] >= 7 && tuned.read[1] > tuned.read[0], "{:?}", tuned.read);
        assert!(tuned.accuracy[1] > tuned.accuracy[0] - 0.02, "{:?}", tuned.accuracy);
        assert!(shares.is_sorted() && shares.iter().all(|share| (0.0..=1.0).contains(share)));
    }

    #[test]
    fn it_can_be_stopped_and_refuses_drawings_that_do_not_fit() {
        let network = model_file::shipped().unwrap();
        assert!(
            fine_tune((&network, &HandMade::default()), &turned(), &data(), 1, &Serial, |share| share < 0.3)
                .unwrap()
                .is_none()
        );
        let none = turned().take(0..0);
        assert!(fine_tune((&network, &HandMade::default()), &none, &data(), 1, &Serial, |_| true).is_err());
        let small = Split::new("small", vec![0; 6], vec![1], 2, 3).unwrap();
        let error =
            fine_tune((&network, &HandMade::default()), &small, &data(), 1, &Serial, |_| true).unwrap_err();
        assert_eq!(error.to_string(), "the drawings are 2×3, but the images of the data set are 28×28");
    }
}

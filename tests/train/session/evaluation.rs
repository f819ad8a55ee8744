//! Evaluations: when they are due, the validation set, and their results.

use super::{bits, epochs, refusal, session, train};
use crate::support::{COUPLED, PLAIN, SIDE, config, corners, data, network};
use convlens::{
    data::{DataSet, Split},
    nn::{Serial, loss::argmax},
    train::{
        Evaluator, History, Pool, Session, TrainConfig, TrainError,
        confusion::recall,
        evaluate::{evaluate, input_transform},
    },
};
use std::sync::Arc;

#[test]
fn evaluations_are_due_ten_times_an_epoch_and_at_its_end() {
    let mut session = session(TrainConfig { batch: 4, ..config() }, PLAIN, &data(100, 1100));
    epochs(&mut session, 1);
    let History { quick, full, .. } = session.history();
    assert_eq!(quick.iter().map(|p| p.images).collect::<Vec<_>>(), [1000; 9]);
    assert_eq!(full.iter().map(|p| (p.step, p.images)).collect::<Vec<_>>(), [(25, 1100)]);
    let steps: Vec<u64> = quick.iter().map(|p| p.step).collect();
    assert_eq!(steps, [3, 5, 8, 10, 13, 15, 18, 20, 23]);
}

#[test]
fn validation_is_the_end_of_the_training_set_and_is_not_learnt_from() {
    let run = |data: &DataSet| {
        let mut session = session(TrainConfig { validation: 0.25, ..config() }, PLAIN, data);
        assert!(session.has_validation());
        assert_eq!(session.images_per_epoch(), 60);
        epochs(&mut session, 2);
        session
    };
    let (train, test) = (corners(0, 80), Arc::new(corners(500, 8)));
    let of = |train: Split| DataSet {
        name: "corners".into(),
        train: Arc::new(train),
        test: test.clone(),
        classes: convlens::text::ClassNames::default(),
    };
    // The same beginning with an end of other images, all of one class.
    let mut images: Vec<u8> = (0..80).flat_map(|i| train.image(i).to_vec()).collect();
    images[60 * SIDE * SIDE..].fill(255);
    let mut labels = train.labels().to_vec();
    labels[60..].fill(2);
    let poisoned = Split::new("poisoned", images, labels, SIDE, SIDE).unwrap();

    let (clean, poisoned) = (run(&of(train.clone())), run(&of(poisoned)));
    assert_eq!(bits(clean.network()), bits(poisoned.network()));
    let points = |s: &Session| s.history().training().collect::<Vec<_>>();
    assert_eq!(points(&clean), points(&poisoned));

    let kept = evaluate(clean.network(), "kept", &train.take(60..80), &Serial, |_| {}).unwrap();
    let point = clean.history().full.last().unwrap();
    assert_eq!((point.loss, point.accuracy, point.images), (kept.loss, kept.accuracy(), 20));
    assert_ne!(poisoned.history().full.last().unwrap().loss, point.loss);
}

#[test]
fn a_share_above_none_keeps_an_image() {
    let with = |validation, images| {
        let session = Session::new(TrainConfig { validation, ..config() }, network(PLAIN), &data(images, 4));
        session.map(|s| (s.has_validation(), s.images_per_epoch()))
    };
    assert_eq!(with(0.0, 3), Ok((false, 3)));
    assert_eq!(with(0.01, 3), Ok((true, 2)));
    assert_eq!(with(0.9, 10), Ok((true, 1)));
    assert_eq!(with(0.5, 1), Err(TrainError::NoImages("corners".into())));
}

#[test]
fn empty_sets() {
    assert_eq!(refusal(config(), network(PLAIN), &data(0, 8)), "corners has no images to train on");
    let untested = "corners has no images for the evaluation";
    assert_eq!(refusal(config(), network(PLAIN), &data(8, 0)), untested);
    // The validation images are what it is judged by.
    let mut session = session(TrainConfig { validation: 0.5, ..config() }, PLAIN, &data(8, 0));
    epochs(&mut session, 1);
    assert_eq!(session.history().full.last().unwrap().images, 4);
    let error = evaluate(session.network(), "corners", &corners(0, 0), &Serial, |_| {}).unwrap_err();
    assert_eq!(error.to_string(), untested);
}

#[test]
fn an_evaluation_is_the_sum_of_its_parts() {
    let mut session = session(config(), COUPLED, &data(64, 450));
    train(&mut session, 3, &Serial);
    let (network, test) = (session.network(), corners(100_003, 450));
    let whole = evaluate(network, "corners", &test, &Serial, |_| {}).unwrap();
    assert_eq!(evaluate(network, "corners", &test, &Pool::new(3).unwrap(), |_| {}).unwrap(), whole);

    let classes = network.classes();
    let mut confusion = vec![vec![0; classes]; classes];
    let mut input = vec![0.0; SIDE * SIDE];
    let mut loss = 0.0;
    for i in 0..test.len() {
        input_transform(network).apply(test.image(i), SIDE, SIDE, &mut input);
        let probabilities = network.trace(&input).probabilities;
        let label = test.label(i) as usize;
        confusion[label][argmax(probabilities.values())] += 1;
        loss -= f64::from(probabilities.values()[label]).ln() / 450.0;
    }
    assert_eq!(whole.confusion, confusion);
    assert!((whole.loss - loss).abs() < 1e-5, "{} and {loss}", whole.loss);
    let correct: usize = (0..classes).map(|c| confusion[c][c]).sum();
    assert_eq!((whole.correct, whole.images), (correct, 450));
    assert!(correct > 0 && correct < 450, "or nothing is told apart: {correct}");
    assert_eq!(whole.accuracy(), correct as f64 / 450.0);
    for (class, share) in recall(&whole.confusion).into_iter().enumerate() {
        let of_class = test.labels().iter().filter(|&&label| label as usize == class).count();
        assert_eq!(share, Some(confusion[class][class] as f64 / of_class as f64));
    }

    // In ranges of any length.
    for length in [1, 7, 200, 449] {
        let (mut sum, mut loss) = (vec![vec![0; classes]; classes], 0.0);
        let mut start = 0;
        while start < 450 {
            let range = start..(start + length).min(450);
            let mut evaluator = Evaluator::new(network, range.clone());
            let part = loop {
                if let Some(part) = evaluator.step(network, &test, &Serial) {
                    break part;
                }
            };
            assert_eq!(part.images, range.len());
            loss += part.loss * part.images as f64 / 450.0;
            for (sum, part) in sum.iter_mut().flatten().zip(part.confusion.iter().flatten()) {
                *sum += part;
            }
            start = range.end;
        }
        assert_eq!(sum, confusion, "in {length}s");
        assert!((loss - whole.loss).abs() < 1e-6, "in {length}s: {loss} and {}", whole.loss);
    }
}

#[test]
fn progress_of_an_evaluation_rises_to_its_end() {
    let network = network(PLAIN);
    let mut heard = Vec::new();
    evaluate(&network, "corners", &corners(0, 450), &Serial, |done| heard.push(done)).unwrap();
    assert_eq!(heard, [200, 400]);
    let mut evaluator = Evaluator::new(&network, 0..450);
    let split = corners(0, 450);
    let mut shares = vec![evaluator.progress()];
    while evaluator.step(&network, &split, &Serial).is_none() {
        shares.push(evaluator.progress());
    }
    shares.push(evaluator.progress());
    assert_eq!(shares, [0.0, 200.0 / 450.0, 400.0 / 450.0, 1.0]);
}

#[test]
fn a_class_without_images_has_no_recall() {
    let ones = Split::new("ones", vec![0; 2 * SIDE * SIDE], vec![1, 1], SIDE, SIDE).unwrap();
    let result = evaluate(&network(PLAIN), "ones", &ones, &Serial, |_| {}).unwrap();
    let recall = recall(&result.confusion);
    assert!(recall[1].is_some());
    assert_eq!((recall[0], recall[2], recall[3]), (None, None, None));
    assert_eq!(result.confusion.iter().map(|row| row.iter().sum()).collect::<Vec<usize>>(), [0, 2, 0, 0]);
}

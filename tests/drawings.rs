//! How much the shipped network reads of what people really draw: drawings in many hands, handwriting fonts and coarse
//! scans. None of it has been learnt from.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic here is a test that fails")]

#[path = "drawings/sets.rs"]
mod sets;
#[path = "drawings/strokes.rs"]
mod strokes;

use convlens::{
    data::{digit, mnist},
    explain::Verdict,
    model_file,
    nn::{Network, loss::argmax},
    train::{
        Pool,
        evaluate::{evaluate, input_transform},
    },
};
use sets::Labelled;
use std::{collections::BTreeMap, path::Path};

/// The shipped network, or the one in the file that `CONVLENS_MODEL` names, to compare others by the same measure.
fn network() -> Network {
    match std::env::var_os("CONVLENS_MODEL") {
        Some(path) => model_file::load(Path::new(&path), None).unwrap(),
        None => model_file::shipped().unwrap(),
    }
}

/// What the network makes of white ink on black: probabilities.
fn probabilities(network: &Network, ink: &image::GrayImage) -> Vec<f32> {
    let field = digit::normalise(ink).unwrap().input;
    let mut input = vec![0.0; network.input().len()];
    input_transform(network).apply(field.as_raw(), 28, 28, &mut input);
    network.trace(&input).first_probabilities().to_vec()
}

/// The share that is read rightly, in percent; says what is not.
fn read(network: &Network, name: &str, set: Vec<Labelled>) -> f32 {
    let (mut right, mut sure) = (0, 0);
    let mut wrong: BTreeMap<String, usize> = BTreeMap::new();
    let total = set.len();
    for Labelled { label, kind, ink } in set {
        let probabilities = probabilities(network, &ink);
        let answer = argmax(&probabilities);
        right += usize::from(answer == label);
        sure += usize::from(matches!(Verdict::of(&probabilities), Some(Verdict::Sure { class, .. }) if class == label));
        if answer != label {
            *wrong.entry(format!("{kind}: {label} as {answer}")).or_default() += 1;
        }
    }
    let share = 100.0 * right as f32 / total as f32;
    println!("{name}: {share:.2} % of {total}, {:.2} % with a sure answer", 100.0 * sure as f32 / total as f32);
    for (what, count) in wrong {
        println!("    {count} × {what}");
    }
    share
}

#[test]
fn drawings_in_many_hands_are_read() {
    let share = read(&network(), "drawings", sets::drawings());
    assert!(share >= 98.0, "{share}");
}

#[test]
fn handwriting_fonts_are_read() {
    let share = read(&network(), "fonts", sets::fonts());
    assert!(share >= 98.0, "{share}");
}

#[test]
fn coarse_scans_are_read() {
    let share = read(&network(), "scans", sets::scans());
    assert!(share >= 96.0, "{share}");
}

#[test]
fn mnist_is_read() {
    let network = network();
    let test = mnist::load_test().unwrap();
    let accuracy = evaluate(&network, "MNIST", &test, &Pool::new(1).unwrap(), |_| {}).unwrap().accuracy();
    println!("MNIST: {:.2} %", accuracy * 100.0);
    assert!(accuracy >= 0.993, "{accuracy}");
}

//! The accuracy of the shipped network on drawings, handwriting fonts and coarse scans, none of which it was trained on.

mod sets;
mod strokes;

use convlens::{
    data::{digit, mnist},
    explain::Verdict,
    model_file,
    nn::{Network, loss::argmax},
    text::Say,
    train::{
        Pool,
        evaluate::{evaluate, input_transform},
    },
};
use image::GrayImage;
use sets::Labelled;
use std::{collections::BTreeMap, path::Path};

/// The shipped network, or the one in the file that `CONVLENS_MODEL` names.
fn network() -> Network {
    match std::env::var_os("CONVLENS_MODEL") {
        Some(path) => model_file::load(Path::new(&path), None).unwrap(),
        None => model_file::shipped().unwrap(),
    }
}

/// The most likely class of a drawing in white ink on black, and the verdict; `None` if it is blank.
fn answer(network: &Network, ink: &GrayImage) -> Option<(usize, Verdict)> {
    let stages = digit::normalise(ink)?;
    let mut input = vec![0.0; network.input().len()];
    input_transform(network).apply(stages.input.as_raw(), 28, 28, &mut input);
    let trace = network.trace(&input);
    let probabilities = trace.first_probabilities();
    Some((
        argmax(probabilities),
        Verdict::of(probabilities, stages.objection.map(|objection| objection.say()))?,
    ))
}

fn is_sure(verdict: &Verdict, label: usize) -> bool {
    matches!(verdict, Verdict::Sure { class, .. } if *class == label)
}

/// The accuracy in percent, "not sure" counted as wrong. Prints it and every mistake.
fn read(network: &Network, name: &str, set: Vec<Labelled>) -> f32 {
    let (mut right, mut sure) = (0, 0);
    let mut wrong: BTreeMap<String, usize> = BTreeMap::new();
    let total = set.len();
    for Labelled { label, kind, ink } in set {
        let (class, verdict) = answer(network, &ink).unwrap();
        right += usize::from(class == label);
        sure += usize::from(is_sure(&verdict, label));
        if !is_sure(&verdict, label) {
            let answer = match verdict {
                Verdict::Sure { .. } => format!("{class}"),
                Verdict::NotSure { why, .. } => format!("{class}? {why:?}"),
                Verdict::NotANumber => "not a number".to_owned(),
            };
            *wrong.entry(format!("{kind}: {label} as {answer}")).or_default() += 1;
        }
    }
    let share = 100.0 * sure as f32 / total as f32;
    println!(
        "{name}: {share:.2} % of {total}; {:.2} % if every guess counted",
        100.0 * right as f32 / total as f32
    );
    for (what, count) in wrong {
        println!("    {count} × {what}");
    }
    share
}

#[test]
fn drawings_are_read() {
    let share = read(&network(), "drawings", sets::drawings());
    assert!(share >= 98.0, "{share}");
}

#[test]
fn small_digits_are_read() {
    let share = read(&network(), "small digits", sets::small_digits());
    assert!(share >= 98.0, "{share}");
}

#[test]
fn pen_digits_are_read() {
    if let Some(digits) = sets::pen_digits() {
        let share = read(&network(), "pen digits", digits);
        assert!(share >= 96.0, "{share}");
    } else {
        println!("pen digits: not measured, since CONVLENS_STROKES names no file");
    }
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

#[test]
fn photographs_are_read() {
    let share = read(&network(), "photographs", sets::photographs());
    assert!(share >= 98.0, "{share}");
}

/// The fraction of pictures without an answer, in percent.
fn refused(network: &Network, name: &str, pictures: impl IntoIterator<Item = GrayImage>) -> f32 {
    let (mut refused, mut total) = (0, 0);
    let mut taken_for = [0; 10];
    for ink in pictures {
        total += 1;
        match answer(network, &ink) {
            Some((class, Verdict::Sure { .. })) => taken_for[class] += 1,
            _ => refused += 1,
        }
    }
    let share = 100.0 * refused as f32 / total as f32;
    println!("{name}: {share:.1} % of {total} refused; others taken for 0 to 9: {taken_for:?}");
    share
}

#[test]
fn pictures_without_a_digit_get_no_answer() {
    let network = network();
    let shares = [
        refused(&network, "letters", (0..200).map(strokes::letter)),
        refused(&network, "scribbles", (0..200).map(strokes::scribble)),
        refused(&network, "two digits", (0..200).map(strokes::two_digits)),
        refused(&network, "scenes", sets::scenes()),
        refused(&network, "blank", [GrayImage::new(280, 280)]),
    ];
    assert!(shares.iter().all(|&share| share >= 90.0), "{shares:?}");
}

#[test]
fn dots_dashes_and_filled_shapes_get_no_answer() {
    let network = network();
    let shares = [
        refused(&network, "dots", (0..200).map(strokes::dot)),
        refused(&network, "short dashes", (0..200).map(strokes::short_dash)),
    ];
    assert!(shares.iter().all(|&share| share == 100.0), "{shares:?}");
    let share = refused(&network, "level lines", (0..200).map(strokes::level_line));
    assert!(share >= 98.0, "{share}");
    let share = refused(&network, "filled shapes", (0..200).map(sets::filled_shape));
    assert!(share >= 97.0, "{share}");
}

#[test]
fn mnist_digits_get_an_answer() {
    let network = network();
    let test = mnist::load_test().unwrap();
    let mut unsure = 0;
    for index in 0..test.len() {
        let digit = GrayImage::from_raw(28, 28, test.image(index).to_vec()).unwrap();
        unsure += usize::from(matches!(answer(&network, &digit), Some((_, Verdict::NotSure { .. })) | None));
    }
    println!("not sure about {unsure} of {} test digits", test.len());
    assert!(unsure < test.len() / 100, "{unsure}");
}

//! The sums that the view writes are true as written.

#[path = "../../explain/support/equation.rs"]
mod equation;

use super::{act, example, shown};
use crate::support::Window;
use convlens::ui::{
    model::convolution::{Weights, act::ConvolutionAct},
    widgets::PlaybackAct,
};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use equation::{evaluate, is_true};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The sum below the grids.
fn written(window: &Window) -> String {
    let labels = window.h.query_all_by_label_contains("·");
    let mut texts = labels.filter_map(|node| node.accesskit_node().value());
    let is_sum = |text: &String| (text.contains(" = ") || text.contains(" ≈ ")) && !text.ends_with("= ");
    texts.rfind(is_sum).unwrap()
}

/// A side of an equation without its words: names of channels, “bias”, “all other products”.
fn numbers(side: &str) -> String {
    let mut text = String::new();
    let mut is_word = false;
    for letter in side.chars() {
        let is_power = letter == 'e' && text.ends_with(|c: char| c.is_ascii_digit());
        is_word = (letter.is_alphabetic() && !is_power) || (is_word && !letter.is_whitespace());
        if !is_word {
            text.push(letter);
        }
    }
    text
}

/// Checks every line. Returns how many are written with `=`, and how many with `≈`.
fn check(text: &str, stored: f32) -> (usize, usize) {
    let (mut exact, mut rounded) = (0, 0);
    let mut last = None;
    for line in text.lines() {
        let line = line.split("  →").next().unwrap();
        let Some((left, right)) = line.split_once(" = ") else {
            rounded += 1;
            last = line.split_once(" ≈ ").map(|(_, right)| right.to_owned());
            continue;
        };
        assert_eq!(is_true(&numbers(left), right.trim()), Some(true), "{line} in {text}");
        exact += 1;
        last = Some(right.trim().to_owned());
    }
    // The last number is the stored value, rounded.
    let result = last.unwrap();
    let error = (evaluate(&result).unwrap() - f64::from(stored)).abs();
    let decimals = result.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    assert!(error <= 0.5 * 10_f64.powi(-(decimals as i32)) * 1.001, "{result} for {stored}");
    (exact, rounded)
}

#[test]
fn sums_of_random_cells_are_true_as_written() {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let (mut exact, mut rounded) = (0, 0);
    for name in ["5×5", "7×7×3, two filters"] {
        let mut window = example(name);
        for round in 0..16 {
            let mut setup = window.state().convolution.setup.clone();
            let scale = [1.0_f32, 30.0, 0.05][round % 3];
            setup.numbers.iter_mut().for_each(|x| *x = random.random_range(-scale..scale));
            let Weights::Own(kernels) = &mut setup.weights else { panic!("learnt kernels") };
            kernels.values.iter_mut().for_each(|weight| *weight = random.random_range(-1.0..1.0));
            setup.bias.iter_mut().for_each(|bias| *bias = random.random_range(-1.0..1.0));
            (setup.has_bias, setup.then.averages) = (round % 4 != 1, round % 4 == 2);
            setup.then.relu = round % 5 == 0;
            act(&mut window, ConvolutionAct::Set(Box::new(setup)));
            let at = random.random_range(0..shown(&window).len());
            act(&mut window, ConvolutionAct::Play(PlaybackAct::Seek(at)));
            let (equal, about) = check(&written(&window), shown(&window).y()[at]);
            exact += equal;
            rounded += about;
        }
    }
    assert!(exact >= 70 && rounded <= 4, "{exact} with =, {rounded} with ≈");
}

#[test]
fn every_channel_has_its_subtotal() {
    let window = example("7×7×3, two filters");
    let text = written(&window);
    let step = shown(&window).step(0).unwrap();
    assert_eq!(text.lines().count(), 4, "{text}");
    for part in &step.parts {
        let name = format!("c{}: ", part.channel);
        let line = text.lines().find(|line| line.starts_with(&name)).unwrap();
        let (_, subtotal) = line.split_once(" = ").unwrap();
        assert_eq!(evaluate(subtotal.trim()), Some(f64::from(part.subtotal())), "{line}");
    }
    assert_eq!(check(&text, step.value), (4, 0));
}

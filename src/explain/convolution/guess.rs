//! A guess at an output, and where it went wrong: what a person most likely forgot or did twice.

use super::Step;
use crate::explain::cell::Term;

/// What would make a wrong guess right.
#[derive(Clone, Debug, PartialEq)]
pub enum Slip {
    /// The product of this channel and term was left out.
    LeftOut(usize, Term),
    /// It was counted twice.
    Twice(usize, Term),
    /// It was counted with the other sign.
    Sign(usize, Term),
    /// Its two numbers were added instead of multiplied.
    Added(usize, Term),
    /// The bias was left out.
    Bias,
    /// The products were added up, but not divided by their number.
    Undivided(usize),
    /// The kernel was turned by 180° first, as a mathematician's convolution has it.
    Flipped,
    /// None of these.
    Other,
}

/// Whether `guess` is `value` to the digits that are shown: whole numbers exactly, others to two decimals or three digits.
pub fn is_right(guess: f32, value: f32) -> bool {
    let tolerance = if value == value.round() { 1e-3 } else { 0.005_1_f32.max(value.abs() * 0.005) };
    (guess - value).abs() <= tolerance
}

/// What would make `guess` right; `None` if it is.
pub fn slip(step: &Step, guess: f32) -> Option<Slip> {
    if is_right(guess, step.value) {
        return None;
    }
    let divisor = step.divisor.map_or(1.0, |count| count as f32);
    let matches = |change: f32| change != 0.0 && is_right(guess, step.value + change / divisor);
    if step.bias.is_some_and(|bias| matches(-bias * divisor)) {
        return Some(Slip::Bias);
    }
    let sum: f32 = step.parts.iter().map(crate::explain::cell::Part::subtotal).sum();
    if let Some(count) = step.divisor
        && is_right(guess, sum + step.bias.unwrap_or(0.0))
    {
        return Some(Slip::Undivided(count));
    }
    let flipped: f32 = step
        .parts
        .iter()
        .map(|part| {
            let turned = part.terms.iter().rev();
            part.terms.iter().zip(turned).map(|(term, other)| term.seen.x * other.weight).sum::<f32>()
        })
        .sum::<f32>()
        / divisor
        + step.bias.unwrap_or(0.0);
    if is_right(guess, flipped) {
        return Some(Slip::Flipped);
    }
    let terms =
        || step.parts.iter().flat_map(|part| part.terms.iter().map(move |term| (part.channel, *term)));
    let named = |change: fn(&Term) -> f32, slip: fn(usize, Term) -> Slip| {
        terms().find(|(_, term)| matches(change(term))).map(|(channel, term)| slip(channel, term))
    };
    let found = named(|term| -term.product(), Slip::LeftOut)
        .or_else(|| named(|term| -2.0 * term.product(), Slip::Sign))
        .or_else(|| named(Term::product, Slip::Twice))
        .or_else(|| named(|term| term.seen.x + term.weight - term.product(), Slip::Added));
    Some(found.unwrap_or(Slip::Other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        explain::convolution::{Convolution, Then},
        nn::{Shape, layers::Conv2d},
    };

    fn step() -> Step {
        let x: Vec<f32> = vec![1.0, 2.0, 3.0, 5.0];
        let weight = [7.0, 0.0, -11.0, 13.0];
        // 7 − 33 + 65 + 100 = 139.
        let conv = Convolution::new(Conv2d::new(1, 2), Shape::maps(1, 2, 2), &x, &weight, &[100.0]).unwrap();
        conv.step(0).unwrap()
    }

    #[test]
    fn what_was_forgotten_is_named() {
        let step = step();
        assert_eq!(step.value, 139.0);
        assert_eq!(slip(&step, 139.0), None);
        assert_eq!(slip(&step, 39.0), Some(Slip::Bias));
        let kernel = |slip: Option<Slip>| match slip {
            Some(
                Slip::LeftOut(0, term) | Slip::Twice(0, term) | Slip::Sign(0, term) | Slip::Added(0, term),
            ) => term.kernel,
            other => panic!("{other:?}"),
        };
        let left_out = slip(&step, 139.0 - 65.0);
        assert!(matches!(left_out, Some(Slip::LeftOut(..))));
        assert_eq!(kernel(left_out), (1, 1));
        let sign = slip(&step, 139.0 + 66.0);
        assert!(matches!(sign, Some(Slip::Sign(..))));
        assert_eq!(kernel(sign), (1, 0));
        let twice = slip(&step, 139.0 + 7.0);
        assert!(matches!(twice, Some(Slip::Twice(..))));
        assert_eq!(kernel(twice), (0, 0));
        assert_eq!(kernel(slip(&step, 139.0 - 65.0 + 18.0)), (1, 1));
        assert_eq!(slip(&step, 13.0 - 22.0 + 35.0 + 100.0), Some(Slip::Flipped));
        assert_eq!(slip(&step, 1000.0), Some(Slip::Other));
    }

    #[test]
    fn of_a_mean_what_was_forgotten_is_divided_too() {
        let x: Vec<f32> = vec![1.0, 2.0, 3.0, 5.0];
        let (conv, then) = (Conv2d::new(1, 2), Then { averages: true, ..Then::default() });
        // (8 − 36 + 60) / 4 + 100 = 108.
        let made =
            Convolution::with(conv, then, Shape::maps(1, 2, 2), &x, &[8.0, 0.0, -12.0, 12.0], &[100.0])
                .unwrap();
        let step = made.step(0).unwrap();
        assert_eq!(step.value, 108.0);
        assert_eq!(slip(&step, 132.0), Some(Slip::Undivided(4)));
        assert_eq!(slip(&step, 8.0), Some(Slip::Bias));
        assert!(matches!(slip(&step, 108.0 - 15.0), Some(Slip::LeftOut(0, _))));
        // (12 − 24 + 40) / 4 + 100.
        assert_eq!(slip(&step, 107.0), Some(Slip::Flipped));
    }

    #[test]
    fn shown_digits_are_enough() {
        assert!(is_right(0.38, 0.384) && !is_right(0.37, 0.384));
        assert!(is_right(-2.0, -2.0) && !is_right(-1.9, -2.0));
        assert!(is_right(123.0, 123.4));
    }
}

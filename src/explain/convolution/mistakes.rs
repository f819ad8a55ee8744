//! Diagnoses a wrong guess of an output: which single mistake explains the number.

use super::ConvolutionStep;
use crate::explain::cell::Term;

/// A mistake that explains a wrong guess.
#[derive(Clone, Debug, PartialEq)]
pub enum Mistake {
    /// The product of this channel and term was omitted.
    LeftOut(usize, Term),
    /// The product was counted twice.
    Twice(usize, Term),
    /// The product was counted with the wrong sign.
    Sign(usize, Term),
    /// The two numbers were added instead of multiplied.
    Added(usize, Term),
    /// The bias was omitted.
    Bias,
    /// The sum was not divided by the number of products.
    Undivided(usize),
    /// The kernel was rotated by 180° first, as in the mathematical definition of convolution.
    Flipped,
    /// No single mistake explains the guess.
    Other,
}

/// Whether `guess` equals `value` to the displayed precision: exactly for whole numbers, otherwise to two decimals or
/// three significant digits.
pub fn is_correct(guess: f32, value: f32) -> bool {
    let tolerance = if value == value.round() { 1e-3 } else { 0.005_1_f32.max(value.abs() * 0.005) };
    (guess - value).abs() <= tolerance
}

/// Finds the mistake that explains `guess`; `None` if the guess is correct.
pub fn diagnose(step: &ConvolutionStep, guess: f32) -> Option<Mistake> {
    possible(step, guess).into_iter().next()
}

/// How a slip changes the sum by a term.
type Change = fn(&Term) -> f32;

/// The slip with a term of a channel.
type Make = fn(usize, Term) -> Mistake;

/// All mistakes of the likeliest kind that explain `guess`: the same slip with each of several products. Empty if the guess
/// is correct.
pub fn possible(step: &ConvolutionStep, guess: f32) -> Vec<Mistake> {
    if is_correct(guess, step.value) {
        return Vec::new();
    }
    let divisor = step.divisor.map_or(1.0, |count| count as f32);
    let matches = |change: f32| change != 0.0 && is_correct(guess, step.value + change / divisor);
    if step.bias.is_some_and(|bias| matches(-bias * divisor)) {
        return vec![Mistake::Bias];
    }
    let sum: f32 = step.parts.iter().map(crate::explain::cell::ChannelTerms::subtotal).sum();
    if let Some(count) = step.divisor
        && is_correct(guess, sum + step.bias.unwrap_or(0.0))
    {
        return vec![Mistake::Undivided(count)];
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
    if is_correct(guess, flipped) {
        return vec![Mistake::Flipped];
    }
    let terms =
        || step.parts.iter().flat_map(|part| part.terms.iter().map(move |term| (part.channel, *term)));
    let kinds: [(Change, Make); 4] = [
        (|term| -term.product(), Mistake::LeftOut),
        // Without a minus sign, there is none to be overlooked.
        (
            |term| if term.seen.x < 0.0 || term.weight < 0.0 { -2.0 * term.product() } else { 0.0 },
            Mistake::Sign,
        ),
        (Term::product, Mistake::Twice),
        (|term| term.seen.x + term.weight - term.product(), Mistake::Added),
    ];
    for (change, make) in kinds {
        let found = terms().filter(|(_, term)| matches(change(term)));
        let found: Vec<Mistake> = found.map(|(channel, term)| make(channel, term)).collect();
        if !found.is_empty() {
            return found;
        }
    }
    vec![Mistake::Other]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        explain::convolution::{Convolution, Postprocess},
        nn::{Shape, layers::Conv2d},
    };

    fn step() -> ConvolutionStep {
        let x: Vec<f32> = vec![1.0, 2.0, 3.0, 5.0];
        let weight = [7.0, 0.0, -11.0, 13.0];
        let conv = Convolution::new(Conv2d::new(1, 2), Shape::maps(1, 2, 2), &x, &weight, &[100.0]).unwrap();
        conv.step(0).unwrap()
    }

    #[test]
    fn single_mistakes_are_diagnosed() {
        let step = step();
        assert_eq!(step.value, 139.0);
        assert_eq!(diagnose(&step, 139.0), None);
        assert_eq!(diagnose(&step, 39.0), Some(Mistake::Bias));
        let kernel = |diagnose: Option<Mistake>| match diagnose {
            Some(
                Mistake::LeftOut(0, term)
                | Mistake::Twice(0, term)
                | Mistake::Sign(0, term)
                | Mistake::Added(0, term),
            ) => term.kernel,
            other => panic!("{other:?}"),
        };
        let left_out = diagnose(&step, 139.0 - 65.0);
        assert!(matches!(left_out, Some(Mistake::LeftOut(..))));
        assert_eq!(kernel(left_out), (1, 1));
        let sign = diagnose(&step, 139.0 + 66.0);
        assert!(matches!(sign, Some(Mistake::Sign(..))));
        assert_eq!(kernel(sign), (1, 0));
        let twice = diagnose(&step, 139.0 + 7.0);
        assert!(matches!(twice, Some(Mistake::Twice(..))));
        assert_eq!(kernel(twice), (0, 0));
        assert_eq!(kernel(diagnose(&step, 139.0 - 65.0 + 18.0)), (1, 1));
        assert_eq!(diagnose(&step, 13.0 - 22.0 + 35.0 + 100.0), Some(Mistake::Flipped));
        assert_eq!(diagnose(&step, 1000.0), Some(Mistake::Other));
    }

    #[test]
    fn a_slip_that_fits_several_products_is_each_of_them() {
        let (x, weight) = ([1.0, 1.0, 2.0, 1.0], [0.25; 4]);
        let conv = Convolution::new(Conv2d::new(1, 2), Shape::maps(1, 2, 2), &x, &weight, &[0.0]).unwrap();
        let step = conv.step(0).unwrap();
        let left_out = possible(&step, 1.0);
        assert_eq!(left_out.len(), 3, "{left_out:?}");
        assert!(
            left_out.iter().all(|mistake| matches!(mistake, Mistake::LeftOut(0, term) if term.seen.x == 1.0))
        );
        // There is no minus sign to overlook.
        assert_eq!(possible(&step, 0.25), [Mistake::Other]);
        assert!(possible(&step, 1.25).is_empty());
    }

    #[test]
    fn mistakes_in_a_mean_are_diagnosed() {
        let x: Vec<f32> = vec![1.0, 2.0, 3.0, 5.0];
        let (conv, postprocess) =
            (Conv2d::new(1, 2), Postprocess { averages: true, ..Postprocess::default() });
        let made = Convolution::with_postprocess(
            conv,
            postprocess,
            Shape::maps(1, 2, 2),
            &x,
            &[8.0, 0.0, -12.0, 12.0],
            &[100.0],
        )
        .unwrap();
        let step = made.step(0).unwrap();
        assert_eq!(step.value, 108.0);
        assert_eq!(diagnose(&step, 132.0), Some(Mistake::Undivided(4)));
        assert_eq!(diagnose(&step, 8.0), Some(Mistake::Bias));
        assert!(matches!(diagnose(&step, 108.0 - 15.0), Some(Mistake::LeftOut(0, _))));
        assert_eq!(diagnose(&step, 107.0), Some(Mistake::Flipped));
    }

    #[test]
    fn the_displayed_precision_is_enough() {
        assert!(is_correct(0.38, 0.384) && !is_correct(0.37, 0.384));
        assert!(is_correct(-2.0, -2.0) && !is_correct(-1.9, -2.0));
        assert!(is_correct(123.0, 123.4));
    }
}

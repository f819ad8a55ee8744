//! What the probabilities amount to: an answer, or "not sure" and why.

use crate::nn::loss::argmax;

/// Below this probability of the most likely class, the answer is "not sure".
pub const SURE: f32 = 0.65;

/// Two classes that have less than this together are not what the doubt is between.
const BETWEEN: f32 = 0.8;

/// What a network's probabilities say about an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// One class stands out.
    Sure {
        /// The class.
        class: usize,
        /// Its probability, 0…1.
        probability: f32,
    },
    /// There is no answer to give.
    NotSure {
        /// The most likely class.
        first: usize,
        /// The one after it.
        second: usize,
        /// What keeps from an answer.
        why: Why,
    },
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is one of two classes, and neither reaches [`SURE`].
    Between,
    /// The probabilities are spread: the image is like none of the classes.
    Unlike,
    /// The picture itself shows it, in words that go on after "not sure: ".
    Picture(&'static str),
}

impl Verdict {
    /// Judges one image's class probabilities; `None` if there are none or one is no number. `objection` is what the
    /// picture itself says against its showing one of the classes: then no probability is believed.
    pub fn of(probabilities: &[f32], objection: Option<&'static str>) -> Option<Self> {
        if probabilities.is_empty() || probabilities.iter().any(|p| !p.is_finite()) {
            return None;
        }
        let first = argmax(probabilities);
        if probabilities[first] >= SURE && objection.is_none() {
            return Some(Self::Sure { class: first, probability: probabilities[first] });
        }
        let mut others = probabilities.to_vec();
        others[first] = f32::NEG_INFINITY;
        let second = argmax(&others);
        let is_between = probabilities[first] + probabilities[second] >= BETWEEN;
        let why = match objection {
            Some(reason) => Why::Picture(reason),
            None if is_between => Why::Between,
            None => Why::Unlike,
        };
        Some(Self::NotSure { first, second, why })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_must_stand_out() {
        assert_eq!(Verdict::of(&[0.1, 0.7, 0.2], None), Some(Verdict::Sure { class: 1, probability: 0.7 }));
        let between = Verdict::NotSure { first: 0, second: 2, why: Why::Between };
        assert_eq!(Verdict::of(&[0.5, 0.1, 0.4], None), Some(between));
        let unlike = Verdict::NotSure { first: 3, second: 1, why: Why::Unlike };
        assert_eq!(Verdict::of(&[0.2, 0.25, 0.2, 0.35], None), Some(unlike));
        assert_eq!(Verdict::of(&[], None), None);
        assert_eq!(Verdict::of(&[f32::NAN, 1.0], None), None);
    }

    #[test]
    fn what_the_picture_shows_counts_more_than_any_probability() {
        let why = Why::Picture("two signs");
        let doubted = Verdict::NotSure { first: 1, second: 0, why };
        assert_eq!(Verdict::of(&[0.1, 0.9], Some("two signs")), Some(doubted));
    }
}

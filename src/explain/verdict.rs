//! Turns class probabilities into an answer, or into "not sure" with a reason, or into "not a number".

use crate::{nn::loss::argmax, text::Sentence};

/// The lowest probability of the most likely class at which the network gives an answer.
pub const MIN_CONFIDENCE: f32 = 0.65;

/// The lowest sum of the two largest probabilities at which the image is said to lie between two classes.
const MIN_PAIR_CONFIDENCE: f32 = 0.8;

/// What the probabilities say about an image.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// One class is likely enough.
    Sure {
        /// The class.
        class: usize,
        /// The probability of the class, 0 to 1.
        probability: f32,
    },
    /// No class is likely enough, or the drawing's shape rules a digit out.
    NotSure {
        /// The most likely class.
        first: usize,
        /// The second most likely class.
        second: usize,
        /// The reason.
        why: DoubtReason,
    },
    /// The probabilities are not numbers: the weights of the network are too large, or no numbers themselves.
    NotANumber,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DoubtReason {
    /// Two classes share the probability, and neither reaches [`MIN_CONFIDENCE`].
    Between,
    /// The probability is spread over several classes.
    Unlike,
    /// The drawing's shape rules a digit out, for this reason. The sentence continues "not sure: ".
    Objection(Sentence),
}

impl Verdict {
    /// Judges the class probabilities of one image. An `objection` to the drawing's shape overrides the probabilities.
    /// `None` if there are no probabilities.
    pub fn of(probabilities: &[f32], objection: Option<Sentence>) -> Option<Self> {
        if probabilities.is_empty() {
            return None;
        }
        if probabilities.iter().any(|p| !p.is_finite()) {
            return Some(Self::NotANumber);
        }
        let first = argmax(probabilities);
        if probabilities[first] >= MIN_CONFIDENCE && objection.is_none() {
            return Some(Self::Sure { class: first, probability: probabilities[first] });
        }
        let mut others = probabilities.to_vec();
        others[first] = f32::NEG_INFINITY;
        let second = argmax(&others);
        let is_between = probabilities[first] + probabilities[second] >= MIN_PAIR_CONFIDENCE;
        let why = match objection {
            Some(reason) => DoubtReason::Objection(reason),
            None if is_between => DoubtReason::Between,
            None => DoubtReason::Unlike,
        };
        Some(Self::NotSure { first, second, why })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_needs_one_likely_class() {
        assert_eq!(Verdict::of(&[0.1, 0.7, 0.2], None), Some(Verdict::Sure { class: 1, probability: 0.7 }));
        let between = Verdict::NotSure { first: 0, second: 2, why: DoubtReason::Between };
        assert_eq!(Verdict::of(&[0.5, 0.1, 0.4], None), Some(between));
        let unlike = Verdict::NotSure { first: 3, second: 1, why: DoubtReason::Unlike };
        assert_eq!(Verdict::of(&[0.2, 0.25, 0.2, 0.35], None), Some(unlike));
        assert_eq!(Verdict::of(&[], None), None);
        assert_eq!(Verdict::of(&[f32::NAN, 1.0], None), Some(Verdict::NotANumber));
    }

    #[test]
    fn an_objection_overrides_the_probabilities() {
        let reason = Sentence::new("there are two digits");
        let not_sure = Verdict::NotSure { first: 1, second: 0, why: DoubtReason::Objection(reason.clone()) };
        assert_eq!(Verdict::of(&[0.1, 0.9], Some(reason)), Some(not_sure));
    }
}

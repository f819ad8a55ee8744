//! What the probabilities amount to: an answer, or "not sure".

use crate::nn::loss::argmax;

/// Below this probability of the most likely class, the answer is "not sure".
pub const SURE: f32 = 0.5;

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
    /// No class reaches [`SURE`].
    NotSure {
        /// The most likely class.
        first: usize,
        /// The one after it.
        second: usize,
    },
}

impl Verdict {
    /// Judges one image's class probabilities; `None` if there are none or one is no number.
    pub fn of(probabilities: &[f32]) -> Option<Self> {
        if probabilities.is_empty() || probabilities.iter().any(|p| !p.is_finite()) {
            return None;
        }
        let first = argmax(probabilities);
        if probabilities[first] >= SURE {
            return Some(Self::Sure { class: first, probability: probabilities[first] });
        }
        let mut others = probabilities.to_vec();
        others[first] = f32::NEG_INFINITY;
        Some(Self::NotSure { first, second: argmax(&others) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_must_stand_out() {
        assert_eq!(Verdict::of(&[0.1, 0.7, 0.2]), Some(Verdict::Sure { class: 1, probability: 0.7 }));
        assert_eq!(Verdict::of(&[0.4, 0.25, 0.35]), Some(Verdict::NotSure { first: 0, second: 2 }));
        assert_eq!(Verdict::of(&[]), None);
        assert_eq!(Verdict::of(&[f32::NAN, 1.0]), None);
    }
}

//! One-dimensional convolution: one signal slides along another, and the products are added up at each position.

use super::{BaselineKind, CostComparison, TotalCost};
use crate::explain::{ExplainError, cell::ChannelTerms};
use crate::nn::{
    LayerSpec, Pair, Shape,
    lab::{Conv1d, conv1d, slide_flipped},
    layers::{Conv2d, Linear},
};

/// Two signals and their convolution.
#[derive(Clone, Debug, PartialEq)]
pub struct SlidingSignals {
    /// The fixed signal.
    pub f: Vec<f32>,
    /// The sliding signal, as given.
    pub g: Vec<f32>,
    /// Whether the sliding signal is reversed first, as in the mathematical definition of convolution. Neural networks
    /// do not reverse it (cross-correlation).
    pub is_flipped: bool,
    /// The result: `f.len() + g.len() − 1` values.
    pub y: Vec<f32>,
}

/// The two signals at one position.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// The index in the fixed signal of the first value of the sliding one; negative before its start.
    pub start: isize,
    /// The sliding signal, reversed if `is_flipped`.
    pub sliding: Vec<f32>,
    /// (index in the fixed signal, its value, the value of the sliding signal) where the two overlap.
    pub terms: Vec<(usize, f32, f32)>,
    /// The result at this position: the sum of the products.
    pub value: f32,
}

/// Example pairs: (name, fixed signal, sliding signal).
pub const PAIRS: &[(&str, &[f32], &[f32])] = &[
    ("a box and a ramp", &[0.0, 2.0, 2.0, 2.0, 2.0, 0.0], &[3.0, 2.0, 1.0]),
    ("two boxes", &[0.0, 1.0, 1.0, 1.0, 1.0, 0.0], &[1.0, 1.0, 1.0, 1.0]),
    ("a signal and an edge", &[0.0, 0.0, 1.0, 3.0, 3.0, 2.0, 0.0, 0.0], &[-1.0, 0.0, 1.0]),
    ("a signal and a mean", &[0.0, 4.0, 1.0, 3.0, 0.0, 2.0, 5.0, 1.0], &[1.0, 1.0, 1.0]),
];

impl Overlap {
    /// The products, in order.
    pub fn part(&self) -> ChannelTerms {
        ChannelTerms::of_pairs(self.terms.iter().map(|&(_, f, g)| (f, g)))
    }
}

impl SlidingSignals {
    /// Slides `g` along `f`. Fails if a signal is empty or too long.
    pub fn new(f: &[f32], g: &[f32], is_flipped: bool) -> Result<Self, ExplainError> {
        if f.is_empty() || g.is_empty() {
            return Err(ExplainError::EmptySignal);
        }
        let y = if is_flipped {
            slide_flipped(f, g)
        } else {
            let settings = Conv1d {
                in_channels: 1,
                out_channels: 1,
                kernel_size: g.len(),
                stride: 1,
                padding: g.len() - 1,
                dilation: 1,
            };
            conv1d(settings, f, g, &[])?
        };
        Ok(Self { f: f.to_vec(), g: g.to_vec(), is_flipped, y })
    }

    /// Compares the cost with a fully connected layer from the fixed signal to the result.
    pub fn compare_costs(&self) -> Result<CostComparison, ExplainError> {
        let dense = Linear { out_features: self.y.len(), bias: false };
        let cost = |input: Shape, layer: LayerSpec| TotalCost::of(input, &[layer]);
        // The same operation as a `conv2d` layer over one row.
        let kernel_size = Pair { h: 1, w: self.g.len() };
        let padding = Pair { h: 0, w: self.g.len() - 1 };
        let slides = Conv2d { kernel_size, padding: padding.into(), bias: false, ..Conv2d::new(1, 1) };
        Ok(CostComparison {
            kind: BaselineKind::FullyConnected,
            baseline: cost(Shape::Vector(self.f.len()), dense.into())?,
            variant: cost(Shape::maps(1, 1, self.f.len()), slides.into())?,
        })
    }

    /// The number of positions.
    pub fn len(&self) -> usize {
        self.y.len()
    }

    /// Whether there are no positions; there always is one.
    pub fn is_empty(&self) -> bool {
        self.y.is_empty()
    }

    /// The signals at position `at`; `None` if there is no such position.
    pub fn step(&self, at: usize) -> Option<Overlap> {
        let value = *self.y.get(at)?;
        let mut sliding = self.g.clone();
        if self.is_flipped {
            sliding.reverse();
        }
        let start = at as isize - (self.g.len() as isize - 1);
        let terms = sliding.iter().enumerate().filter_map(|(i, &g)| {
            let place = usize::try_from(start + i as isize).ok()?;
            Some((place, *self.f.get(place)?, g))
        });
        Some(Overlap { start, terms: terms.collect(), sliding, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_adds_up_to_the_computed_value() {
        let (f, g) = ([0.0, 1.0, 3.0, 2.0, -1.0, 0.5], [1.0, 2.0, -3.0]);
        for is_flipped in [false, true] {
            let sliding = SlidingSignals::new(&f, &g, is_flipped).unwrap();
            assert_eq!(sliding.len(), 8);
            for at in 0..sliding.len() {
                let overlap = sliding.step(at).unwrap();
                let area: f32 = overlap.terms.iter().map(|(_, f, g)| f * g).sum();
                assert!((area - overlap.value).abs() < 1e-6, "{is_flipped} {at}");
            }
            assert!(sliding.step(8).is_none());
            let compare_costs = sliding.compare_costs().unwrap();
            assert_eq!((compare_costs.variant.parameters, compare_costs.baseline.parameters), (3, 6 * 8));
        }
    }

    #[test]
    fn reversal_matters_unless_the_kernel_is_symmetric() {
        let f = [1.0, 0.0, 0.0];
        // With a unit impulse, convolution returns the signal itself, cross-correlation its mirror image.
        assert_eq!(SlidingSignals::new(&f, &[1.0, 2.0, 3.0], true).unwrap().y[..3], [1.0, 2.0, 3.0]);
        assert_eq!(SlidingSignals::new(&f, &[1.0, 2.0, 3.0], false).unwrap().y[..3], [3.0, 2.0, 1.0]);
        for (name, f, g) in PAIRS {
            assert!(SlidingSignals::new(f, g, true).is_ok_and(|sliding| sliding.len() >= 8), "{name}");
        }
        let even = [1.0, 2.0, 1.0];
        assert_eq!(
            SlidingSignals::new(&f, &even, true).unwrap().y,
            SlidingSignals::new(&f, &even, false).unwrap().y
        );
        assert!(SlidingSignals::new(&[], &even, true).is_err());
    }
}

//! One function sliding along another: the products where they overlap, and the area under them.

use super::{Cost, Figure, StandardKind};
use crate::explain::cell::Part;
use crate::nn::{
    LayerSpec, Pair, Shape,
    lab::{Conv1d, conv1d, slide_flipped},
    layers::{Conv2d, Linear},
};

/// Two functions and what one makes of the other at every place where they meet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sliding {
    /// The one that stands still.
    pub f: Vec<f32>,
    /// The one that slides, as it is given.
    pub g: Vec<f32>,
    /// Whether it is flipped first, as a mathematician's convolution has it; a network's is not.
    pub is_flipped: bool,
    /// The result: one value a place, `f.len() + g.len() − 1` of them.
    pub y: Vec<f32>,
}

/// The two functions at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// Where the sliding function's first value stands on the other, below 0 before its beginning.
    pub start: isize,
    /// The sliding function as it stands: flipped or not.
    pub sliding: Vec<f32>,
    /// (place on the function that stands still, its value, the sliding one's value), where both are.
    pub terms: Vec<(usize, f32, f32)>,
    /// The result at this place: the area under the products.
    pub value: f32,
}

/// Pairs of functions to slide along each other: a name, the one that stands, the one that slides.
pub const PAIRS: &[(&str, &[f32], &[f32])] = &[
    ("a box and a ramp", &[0.0, 2.0, 2.0, 2.0, 2.0, 0.0], &[3.0, 2.0, 1.0]),
    ("two boxes", &[0.0, 1.0, 1.0, 1.0, 1.0, 0.0], &[1.0, 1.0, 1.0, 1.0]),
    ("a signal and an edge", &[0.0, 0.0, 1.0, 3.0, 3.0, 2.0, 0.0, 0.0], &[-1.0, 0.0, 1.0]),
    ("a signal and a mean", &[0.0, 4.0, 1.0, 3.0, 0.0, 2.0, 5.0, 1.0], &[1.0, 1.0, 1.0]),
];

impl Overlap {
    /// Its products, in the order of the places.
    pub fn part(&self) -> Part {
        Part::of_pairs(self.terms.iter().map(|&(_, f, g)| (f, g)))
    }
}

impl Sliding {
    /// Slides `g` along `f`. The error says what does not fit.
    pub fn new(f: &[f32], g: &[f32], is_flipped: bool) -> Result<Self, String> {
        if f.is_empty() || g.is_empty() {
            return Err("both functions need a value at least".to_owned());
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
            conv1d(settings, f, g, &[]).map_err(|e| e.to_string())?
        };
        Ok(Self { f: f.to_vec(), g: g.to_vec(), is_flipped, y })
    }

    /// What it costs, and what a fully connected layer from the one function to the result does.
    pub fn figure(&self) -> Result<Figure, String> {
        let dense = Linear { out_features: self.y.len(), bias: false };
        let cost = |input: Shape, layer: LayerSpec| Cost::of(input, &[layer]);
        // The same sliding, as the core's layer over one row.
        let kernel_size = Pair { h: 1, w: self.g.len() };
        let padding = Pair { h: 0, w: self.g.len() - 1 };
        let slides = Conv2d { kernel_size, padding, bias: false, ..Conv2d::new(1, 1) };
        Ok(Figure {
            kind: StandardKind::FullyConnected,
            standard: cost(Shape::Vector(self.f.len()), dense.into())?,
            member: cost(Shape::maps(1, 1, self.f.len()), slides.into())?,
        })
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.y.len()
    }

    /// Whether there is no place; there always is one.
    pub fn is_empty(&self) -> bool {
        self.y.is_empty()
    }

    /// The two functions at place `at`; `None` beyond the last one.
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
    fn every_place_adds_up_to_the_cores_value() {
        let (f, g) = ([0.0, 1.0, 3.0, 2.0, -1.0, 0.5], [1.0, 2.0, -3.0]);
        for is_flipped in [false, true] {
            let sliding = Sliding::new(&f, &g, is_flipped).unwrap();
            assert_eq!(sliding.len(), 8);
            for at in 0..sliding.len() {
                let overlap = sliding.step(at).unwrap();
                let area: f32 = overlap.terms.iter().map(|(_, f, g)| f * g).sum();
                assert!((area - overlap.value).abs() < 1e-6, "{is_flipped} {at}");
            }
            assert!(sliding.step(8).is_none());
            let figure = sliding.figure().unwrap();
            assert_eq!((figure.member.parameters, figure.standard.parameters), (3, 6 * 8));
        }
    }

    #[test]
    fn the_flip_tells_the_two_apart_where_the_kernel_is_no_mirror_of_itself() {
        let f = [1.0, 0.0, 0.0];
        // Of a single 1, the mathematician's convolution gives the function itself, a network's its mirror image.
        assert_eq!(Sliding::new(&f, &[1.0, 2.0, 3.0], true).unwrap().y[..3], [1.0, 2.0, 3.0]);
        assert_eq!(Sliding::new(&f, &[1.0, 2.0, 3.0], false).unwrap().y[..3], [3.0, 2.0, 1.0]);
        for (name, f, g) in PAIRS {
            assert!(Sliding::new(f, g, true).is_ok_and(|sliding| sliding.len() >= 8), "{name}");
        }
        let even = [1.0, 2.0, 1.0];
        assert_eq!(Sliding::new(&f, &even, true).unwrap().y, Sliding::new(&f, &even, false).unwrap().y);
        assert!(Sliding::new(&[], &even, true).is_err());
    }
}

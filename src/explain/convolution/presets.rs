//! Small examples with whole numbers, as the literature has them.

use crate::nn::{Pair, layers::Conv2d};

/// An input with kernels and settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Its name.
    pub name: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// (channels, height, width)
    pub input: (usize, usize, usize),
    /// The input, (C, H, W).
    pub x: &'static [f32],
    /// The settings.
    pub conv: Conv2d,
    /// The weights, (filters, C, KH, KW).
    pub weight: &'static [f32],
    /// One a filter.
    pub bias: &'static [f32],
}

const THREE: Conv2d = Conv2d::new(1, 3);

/// The 4×4 input and 3×3 kernel of many a first page.
const FOUR: &[f32] = &[1.0, 2.0, 3.0, 0.0, 0.0, 1.0, 2.0, 3.0, 3.0, 0.0, 1.0, 2.0, 2.0, 3.0, 0.0, 1.0];
const FOUR_KERNEL: &[f32] = &[2.0, 0.0, 1.0, 0.0, 1.0, 2.0, 1.0, 0.0, 2.0];

const FIVE: &[f32] = &[
    3.0, 3.0, 2.0, 1.0, 0.0, //
    0.0, 0.0, 1.0, 3.0, 1.0, //
    3.0, 1.0, 2.0, 2.0, 3.0, //
    2.0, 0.0, 0.0, 2.0, 2.0, //
    2.0, 0.0, 0.0, 0.0, 1.0,
];
const FIVE_KERNEL: &[f32] = &[0.0, 1.0, 2.0, 2.0, 2.0, 0.0, 0.0, 1.0, 2.0];

const SEVEN: &[f32] = &[
    1.0, 2.0, 3.0, 0.0, 1.0, 2.0, 3.0, //
    0.0, 1.0, 2.0, 3.0, 0.0, 1.0, 2.0, //
    3.0, 0.0, 1.0, 2.0, 3.0, 0.0, 1.0, //
    2.0, 3.0, 0.0, 1.0, 2.0, 3.0, 0.0, //
    1.0, 2.0, 3.0, 0.0, 1.0, 2.0, 3.0, //
    0.0, 1.0, 2.0, 3.0, 0.0, 1.0, 2.0, //
    3.0, 0.0, 1.0, 2.0, 3.0, 0.0, 1.0,
];

const EDGE: &[f32] = &[
    10.0, 10.0, 10.0, 0.0, 0.0, 0.0, //
    10.0, 10.0, 10.0, 0.0, 0.0, 0.0, //
    10.0, 10.0, 10.0, 0.0, 0.0, 0.0, //
    10.0, 10.0, 10.0, 0.0, 0.0, 0.0, //
    10.0, 10.0, 10.0, 0.0, 0.0, 0.0, //
    10.0, 10.0, 10.0, 0.0, 0.0, 0.0,
];

/// Three channels of 7×7, a border of zeros around 5×5.
const VOLUME: &[f32] = &[
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, //
    0.0, 0.0, 1.0, 1.0, 0.0, 2.0, 0.0, //
    0.0, 2.0, 2.0, 2.0, 2.0, 1.0, 0.0, //
    0.0, 1.0, 0.0, 0.0, 2.0, 0.0, 0.0, //
    0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, //
    0.0, 1.0, 2.0, 0.0, 0.0, 2.0, 0.0, //
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, //
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, //
    0.0, 1.0, 0.0, 2.0, 2.0, 0.0, 0.0, //
    0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, //
    0.0, 1.0, 2.0, 1.0, 2.0, 1.0, 0.0, //
    0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, //
    0.0, 1.0, 2.0, 1.0, 1.0, 1.0, 0.0, //
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, //
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, //
    0.0, 2.0, 1.0, 2.0, 0.0, 0.0, 0.0, //
    0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, //
    0.0, 0.0, 2.0, 1.0, 0.0, 1.0, 0.0, //
    0.0, 0.0, 1.0, 2.0, 2.0, 2.0, 0.0, //
    0.0, 2.0, 1.0, 0.0, 0.0, 1.0, 0.0, //
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
];
const VOLUME_KERNELS: &[f32] = &[
    -1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, -1.0, 1.0, //
    -1.0, 0.0, 1.0, 1.0, -1.0, 1.0, 0.0, 1.0, 0.0, //
    -1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, -1.0, 0.0, //
    0.0, 1.0, -1.0, 0.0, -1.0, 0.0, 0.0, -1.0, 1.0, //
    -1.0, 0.0, 0.0, 1.0, -1.0, 0.0, 1.0, -1.0, 0.0, //
    -1.0, 1.0, -1.0, 0.0, -1.0, -1.0, 1.0, 0.0, 0.0,
];

/// A picture of an X, ink 1 and ground −1.
const CROSS: &[f32] = &[
    -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, //
    -1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, -1.0, //
    -1.0, -1.0, 1.0, -1.0, -1.0, -1.0, 1.0, -1.0, -1.0, //
    -1.0, -1.0, -1.0, 1.0, -1.0, 1.0, -1.0, -1.0, -1.0, //
    -1.0, -1.0, -1.0, -1.0, 1.0, -1.0, -1.0, -1.0, -1.0, //
    -1.0, -1.0, -1.0, 1.0, -1.0, 1.0, -1.0, -1.0, -1.0, //
    -1.0, -1.0, 1.0, -1.0, -1.0, -1.0, 1.0, -1.0, -1.0, //
    -1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 1.0, -1.0, //
    -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0,
];
const CROSS_KERNELS: &[f32] = &[
    1.0, -1.0, -1.0, -1.0, 1.0, -1.0, -1.0, -1.0, 1.0, //
    1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, //
    -1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, -1.0,
];

/// The examples, simplest first.
pub const EXAMPLES: &[Example] = &[
    Example {
        name: "4×4",
        about: "A 3×3 kernel over 4×4: four windows, four sums.",
        input: (1, 4, 4),
        x: FOUR,
        conv: THREE,
        weight: FOUR_KERNEL,
        bias: &[0.0],
    },
    Example {
        name: "4×4, padding 1",
        about: "A border of zeros keeps the size: 4×4 stays 4×4.",
        input: (1, 4, 4),
        x: FOUR,
        conv: THREE.padded(1),
        weight: FOUR_KERNEL,
        bias: &[0.0],
    },
    Example {
        name: "5×5",
        about: "The figures of “A guide to convolution arithmetic”.",
        input: (1, 5, 5),
        x: FIVE,
        conv: THREE,
        weight: FIVE_KERNEL,
        bias: &[0.0],
    },
    Example {
        name: "7×7, stride 2",
        about: "The window moves by two: 3×3 outputs.",
        input: (1, 7, 7),
        x: SEVEN,
        conv: Conv2d { stride: Pair::square(2), ..THREE },
        weight: FOUR_KERNEL,
        bias: &[0.0],
    },
    Example {
        name: "7×7, dilation 2",
        about: "The kernel's elements stand apart: 3×3 weights span 5×5.",
        input: (1, 7, 7),
        x: SEVEN,
        conv: Conv2d { dilation: Pair::square(2), ..THREE },
        weight: FOUR_KERNEL,
        bias: &[0.0],
    },
    Example {
        name: "6×6, an edge",
        about: "Light at the left, dark at the right: the kernel answers where they meet.",
        input: (1, 6, 6),
        x: EDGE,
        conv: THREE,
        weight: &[1.0, 0.0, -1.0, 1.0, 0.0, -1.0, 1.0, 0.0, -1.0],
        bias: &[0.0],
    },
    Example {
        name: "7×7×3, two filters",
        about: "Each filter has a kernel for each channel; their sums and the bias are one map a filter.",
        input: (3, 7, 7),
        x: VOLUME,
        conv: Conv2d { out_channels: 2, stride: Pair::square(2), ..THREE },
        weight: VOLUME_KERNELS,
        bias: &[1.0, 0.0],
    },
    Example {
        name: "9×9, an X",
        about: "Three hand-made kernels; each answers 9 where exactly its pattern stands.",
        input: (1, 9, 9),
        x: CROSS,
        conv: Conv2d { out_channels: 3, ..THREE },
        weight: CROSS_KERNELS,
        bias: &[0.0, 0.0, 0.0],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{explain::convolution::Convolution, nn::Shape};

    fn outputs(name: &str) -> (Shape, Vec<f32>) {
        let Example { input: (c, h, w), x, conv, weight, bias, .. } =
            EXAMPLES.iter().find(|example| example.name == name).unwrap();
        let made = Convolution::new(*conv, Shape::maps(*c, *h, *w), x, weight, bias).unwrap();
        (made.output(), made.y().to_vec())
    }

    #[test]
    fn every_example_is_what_its_book_says() {
        assert_eq!(outputs("4×4").1, [15.0, 16.0, 6.0, 15.0]);
        let padded = [7.0, 12.0, 10.0, 2.0, 4.0, 15.0, 16.0, 10.0, 10.0, 6.0, 15.0, 6.0, 8.0, 10.0, 4.0, 3.0];
        assert_eq!(outputs("4×4, padding 1").1, padded);
        assert_eq!(outputs("5×5").1, [12.0, 12.0, 17.0, 10.0, 17.0, 19.0, 9.0, 6.0, 14.0]);
        assert_eq!(outputs("7×7, stride 2").1, [15.0, 17.0, 15.0, 17.0, 15.0, 17.0, 15.0, 17.0, 15.0]);
        assert_eq!(outputs("7×7, dilation 2").0, Shape::maps(1, 3, 3));
        assert_eq!(outputs("6×6, an edge").1[..4], [0.0, 30.0, 30.0, 0.0]);
        assert_eq!(outputs("7×7×3, two filters").0, Shape::maps(2, 3, 3));
        let (shape, cross) = outputs("9×9, an X");
        assert_eq!(shape, Shape::maps(3, 7, 7));
        // Each kernel finds its pattern, and nowhere is an answer larger.
        for (filter, map) in cross.chunks_exact(49).enumerate() {
            assert_eq!(map.iter().copied().fold(f32::MIN, f32::max), 9.0, "{filter}");
        }
        assert_eq!(cross[49 + 24], 9.0);
        for example in EXAMPLES {
            let _ = outputs(example.name);
        }
    }
}

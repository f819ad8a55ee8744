//! Small worked examples from textbooks and tutorials.

use super::Postprocess;
use crate::nn::{Pair, layers::Conv2d};

/// An input with kernels and settings.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvolutionExample {
    /// Name.
    pub name: &'static str,
    /// What the example shows.
    pub about: &'static str,
    /// The shape of the input: (channels, height, width).
    pub input: (usize, usize, usize),
    /// The input (C, H, W).
    pub x: &'static [f32],
    /// The settings.
    pub conv: Conv2d,
    /// The weights (filters, C, KH, KW).
    pub weight: &'static [f32],
    /// One bias for each filter.
    pub bias: &'static [f32],
    /// The steps after the products.
    pub postprocess: Postprocess,
}

const THREE: Conv2d = Conv2d::new(1, 3);

/// A 4×4 input and a 3×3 kernel used by many introductions.
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

/// Three channels of 7×7: 5×5 values with a border of zeros. From the course notes “Convolutional neural networks for
/// visual recognition”, Stanford.
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

/// An image of an X: foreground 1, background −1.
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

const NOTHING: Postprocess = Postprocess { averages: false, relu: false, pool: false };

/// An example with a square input, one channel, one filter and no bias.
const fn plain(
    name: &'static str,
    about: &'static str,
    (side, x): (usize, &'static [f32]),
    conv: Conv2d,
    weight: &'static [f32],
) -> ConvolutionExample {
    ConvolutionExample {
        name,
        about,
        input: (1, side, side),
        x,
        conv,
        weight,
        bias: &[0.0],
        postprocess: NOTHING,
    }
}

/// The examples, from simple to complex.
pub const EXAMPLES: &[ConvolutionExample] = &[
    plain(
        "4×4",
        "A 3×3 kernel fits into 4×4 at four positions: four outputs.",
        (4, FOUR),
        THREE,
        FOUR_KERNEL,
    ),
    plain(
        "4×4, padding 1",
        "A border of zeros keeps the size: 4×4 in, 4×4 out.",
        (4, FOUR),
        THREE.padded(1),
        FOUR_KERNEL,
    ),
    plain("5×5", "The figures of “A guide to convolution arithmetic”.", (5, FIVE), THREE, FIVE_KERNEL),
    plain(
        "7×7, stride 2",
        "The window moves by two cells: 3×3 outputs.",
        (7, SEVEN),
        Conv2d { stride: Pair::square(2), ..THREE },
        FOUR_KERNEL,
    ),
    plain(
        "7×7, dilation 2",
        "The kernel's elements are spread out: 3×3 weights cover 5×5.",
        (7, SEVEN),
        Conv2d { dilation: Pair::square(2), ..THREE },
        FOUR_KERNEL,
    ),
    plain(
        "6×6, an edge",
        "Bright on the left, dark on the right: the output is large at the edge between them.",
        (6, EDGE),
        THREE,
        &[1.0, 0.0, -1.0, 1.0, 0.0, -1.0, 1.0, 0.0, -1.0],
    ),
    ConvolutionExample {
        name: "7×7×3, two filters",
        about: "Each filter has one kernel for each channel. Their sums and the bias make one output map.",
        input: (3, 7, 7),
        x: VOLUME,
        conv: Conv2d { out_channels: 2, stride: Pair::square(2), ..THREE },
        weight: VOLUME_KERNELS,
        bias: &[1.0, 0.0],
        postprocess: NOTHING,
    },
    ConvolutionExample {
        name: "9×9, an X",
        about: "Three hand-made kernels whose products are averaged: each gives 1 where its pattern matches exactly. Then ReLU and pooling.",
        input: (1, 9, 9),
        x: CROSS,
        conv: Conv2d { out_channels: 3, ..THREE },
        weight: CROSS_KERNELS,
        bias: &[0.0, 0.0, 0.0],
        postprocess: Postprocess { averages: true, relu: true, pool: true },
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{explain::convolution::Convolution, nn::Shape};

    fn outputs(name: &str) -> (Shape, Vec<f32>) {
        let ConvolutionExample { input: (c, h, w), x, conv, weight, bias, postprocess, .. } =
            EXAMPLES.iter().find(|example| example.name == name).unwrap();
        let made =
            Convolution::with_postprocess(*conv, *postprocess, Shape::maps(*c, *h, *w), x, weight, bias)
                .unwrap();
        (made.output(), made.y().to_vec())
    }

    #[test]
    fn examples_give_the_published_outputs() {
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
        // Each kernel matches its own pattern exactly once or more, with the value 1, which is the maximum.
        for (filter, map) in cross.chunks_exact(49).enumerate() {
            assert_eq!(map.iter().copied().fold(f32::MIN, f32::max), 1.0, "{filter}");
        }
        assert_eq!(cross[49 + 24], 1.0);
        for example in EXAMPLES {
            let _ = outputs(example.name);
        }
    }
}

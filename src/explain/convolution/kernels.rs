//! Named kernels, and resizing of kernels.

use crate::nn::Pair;

/// A named kernel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KernelPreset {
    /// Name.
    pub name: &'static str,
    /// Height and width.
    pub size: Pair,
    /// The values before division, row-major.
    pub values: &'static [f32],
    /// The common divisor.
    pub divisor: f32,
}

impl KernelPreset {
    /// The values after division.
    pub fn weights(&self) -> Vec<f32> {
        self.values.iter().map(|value| value / self.divisor).collect()
    }
}

const THREE: Pair = Pair::square(3);

const fn three(name: &'static str, values: &'static [f32], divisor: f32) -> KernelPreset {
    KernelPreset { name, size: THREE, values, divisor }
}

/// Common kernels of image processing.
pub const KERNELS: &[KernelPreset] = &[
    three("Sobel, vertical edges", &[-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0], 1.0),
    three("Sobel, horizontal edges", &[-1.0, -2.0, -1.0, 0.0, 0.0, 0.0, 1.0, 2.0, 1.0], 1.0),
    three("Identity", &[0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0], 1.0),
    three("Box blur", &[1.0; 9], 9.0),
    three("Gaussian blur", &[1.0, 2.0, 1.0, 2.0, 4.0, 2.0, 1.0, 2.0, 1.0], 16.0),
    three("Sharpen", &[0.0, -1.0, 0.0, -1.0, 5.0, -1.0, 0.0, -1.0, 0.0], 1.0),
    three("Laplacian", &[0.0, 1.0, 0.0, 1.0, -4.0, 1.0, 0.0, 1.0, 0.0], 1.0),
    three("Emboss", &[-2.0, -1.0, 0.0, -1.0, 1.0, 1.0, 0.0, 1.0, 2.0], 1.0),
    KernelPreset {
        name: "Gaussian blur 5×5",
        size: Pair::square(5),
        values: &[
            1.0, 4.0, 6.0, 4.0, 1.0, //
            4.0, 16.0, 24.0, 16.0, 4.0, //
            6.0, 24.0, 36.0, 24.0, 6.0, //
            4.0, 16.0, 24.0, 16.0, 4.0, //
            1.0, 4.0, 6.0, 4.0, 1.0,
        ],
        divisor: 256.0,
    },
];

/// Resizes a kernel from `from` to `to`, keeping it centred: values outside are dropped, new values are 0.
pub fn resized(values: &[f32], from: Pair, to: Pair) -> Vec<f32> {
    let mut kernel = vec![0.0; to.area()];
    // The centre of an even side is its later half, so that growing and shrinking restores the kernel.
    let shift = |from: usize, to: usize| to as isize / 2 - from as isize / 2;
    let (down, right) = (shift(from.h, to.h), shift(from.w, to.w));
    for (i, value) in values.iter().enumerate() {
        let (row, column) = ((i / from.w.max(1)) as isize + down, (i % from.w.max(1)) as isize + right);
        if (0..to.h as isize).contains(&row) && (0..to.w as isize).contains(&column) {
            kernel[row as usize * to.w + column as usize] = *value;
        }
    }
    kernel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_have_their_size_and_sum() {
        for kernel in KERNELS {
            assert_eq!(kernel.values.len(), kernel.size.area(), "{}", kernel.name);
            let sum: f32 = kernel.weights().iter().sum();
            let expected =
                if ["Sobel", "Laplacian"].iter().any(|edge| kernel.name.contains(edge)) { 0.0 } else { 1.0 };
            assert!((sum - expected).abs() < 1e-5, "{}: {sum}", kernel.name);
        }
    }

    #[test]
    fn growing_and_shrinking_restores_a_kernel() {
        let values: Vec<f32> = (1..=6).map(|v| v as f32).collect();
        let from = Pair { h: 2, w: 3 };
        for to in [Pair::square(5), Pair { h: 4, w: 3 }, Pair { h: 7, w: 8 }] {
            assert_eq!(resized(&resized(&values, from, to), to, from), values);
        }
        assert_eq!(resized(&values, from, Pair::square(1)), [5.0]);
    }
}

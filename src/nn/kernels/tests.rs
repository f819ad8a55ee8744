//! The kernels against plain loops, in registers of every width.

use super::*;
use crate::nn::{
    im2col::{Geometry, Window, im2col},
    pair::Pair,
    windows::Windows,
};
use pulp::Arch;

/// Scalar code, AVX2, and the widest registers of this machine.
pub(super) fn widths() -> Vec<Arch> {
    let mut all = vec![Arch::Scalar, Arch::new()];
    #[cfg(target_arch = "x86_64")]
    all.extend(pulp::x86::V3::try_new().map(Arch::V3));
    all
}

pub(super) fn values(len: usize, factor: usize) -> Vec<f32> {
    (0..len).map(|i| (i * factor % 13) as f32 - 6.0).collect()
}

/// (rows, depth, columns) around every size of tile and block.
const SIZES: &[(usize, usize, usize)] = &[
    (1, 1, 1),
    (3, 5, 7),
    (8, 16, 16),
    (9, 17, 33),
    (16, 200, 48),
    (5, 193, 100),
    (30, 25, 49),
    (2, 1100, 9),
];

#[test]
fn products_agree_with_three_loops_for_every_register_width() {
    for &(rows, depth, columns) in SIZES {
        let (a, b) = (values(rows * depth, 7), values(depth * columns, 5));
        let transposed: Vec<f32> = (0..depth * columns).map(|i| b[i % depth * columns + i / depth]).collect();
        let product = |i: usize| -> f32 {
            (0..depth).map(|p| a[i / columns * depth + p] * b[p * columns + i % columns]).sum()
        };
        let product: Vec<f32> = (0..rows * columns).map(product).collect();
        for arch in widths() {
            for beta in [Beta::Zero, Beta::One] {
                let mut memory = vec![0.0; Packed::len(rows, depth)];
                let a = Packed::new(rows, depth, &mut memory, &(0..depth).map(|p| &a[p..]), depth);
                let b = |row: usize| &b[row * columns..][..columns];
                let (mut c, mut block) = (vec![1.0; rows * columns], vec![f32::NAN; BLOCK_LEN]);
                let gemm = Gemm { a, b, columns: 0..columns, beta };
                let result = &mut Matrix(&mut c, columns);
                arch.dispatch(gemm::Task { gemm, c: result, block: &mut block });
                for (&c, &product) in c.iter().zip(&product) {
                    let added = match beta {
                        Beta::Zero => 0.0,
                        Beta::One => 1.0,
                    };
                    assert_eq!(c, product + added, "{rows}×{depth}×{columns}, {arch:?}, {beta:?}");
                }
            }
            let mut c = vec![1.0; rows * columns];
            let gemm_nt = GemmNt {
                rows: (rows, columns),
                pairs: 2,
                a: |_, row| &a[row * depth..][..depth],
                b: |_, column| &transposed[column * depth..][..depth],
            };
            arch.dispatch(gemm_nt::Task { gemm_nt, c: &mut Matrix(&mut c, columns) });
            for (c, product) in c.iter().zip(&product) {
                assert_eq!(*c, 1.0 + 2.0 * product, "{rows}×{depth}×{columns}, {arch:?}");
            }
        }
    }
}

/// (channels, filters, stride, padding, dilation): small and large ones, and more filters than one block of panels.
const CONVOLUTIONS: &[(usize, usize, usize, usize, usize)] =
    &[(1, 1, 1, 0, 1), (3, 19, 2, 1, 1), (2, 70, 1, 2, 2), (40, 9, 1, 1, 1), (5, 50, 3, 0, 1)];

#[test]
fn convolutions_and_gradients_agree_with_im2col_for_every_register_width() {
    for &(channels, filters, stride, padding, dilation) in CONVOLUTIONS {
        let window = Window {
            kernel_size: Pair { h: 3, w: 2 },
            stride: Pair { h: stride, w: 1 },
            padding: Pair { h: padding, w: padding },
            dilation: Pair { h: dilation, w: 1 },
        };
        let g = Geometry::new(channels, 9, 21, window).unwrap();
        let (rows, columns) = (g.rows(), g.columns());
        let maps = values(channels * 9 * 21, 7);
        let (weights, bias, dy) =
            (values(filters * rows, 5), values(filters, 3), values(filters * columns, 11));
        let mut matrix = vec![0.0; rows * columns];
        im2col(&maps, &g, &mut matrix);
        let windows = Windows::forward(&g);
        let windows = windows.interleaved(1);
        let mut padded = vec![0.0; windows.padded_len()];
        windows.pad(&maps, &mut padded);
        for arch in widths() {
            let mut memory = vec![f32::NAN; Packed::len(filters, rows)];
            let packed = Packed::new(filters, rows, &mut memory, &(0..rows).map(|p| &weights[p..]), rows);
            let conv = DirectConv { filters: packed, windows, padded: &padded, bias: Some(&bias) };
            let mut y = vec![f32::NAN; filters * columns];
            arch.dispatch(direct_conv::Task { conv, maps: &mut y });
            for (i, &y) in y.iter().enumerate() {
                let (filter, column) = (i / columns, i % columns);
                let sum: f32 =
                    (0..rows).map(|p| weights[filter * rows + p] * matrix[p * columns + column]).sum();
                assert_eq!(y, bias[filter] + sum, "{channels} channels, filter {filter}, {arch:?}");
            }
            let mut transposed = vec![f32::NAN; ConvWeightGradient::transposed_len(filters)];
            let op = ConvWeightGradient { windows, padded: &padded, filters, outputs: &dy };
            let mut gradient = vec![1.0; rows * filters];
            arch.dispatch(conv_weight_gradient::Task {
                op,
                gradient: &mut gradient,
                transposed: &mut transposed,
            });
            for (i, &gradient) in gradient.iter().enumerate() {
                let (element, filter) = (i / filters, i % filters);
                let sum: f32 =
                    (0..columns).map(|p| matrix[element * columns + p] * dy[filter * columns + p]).sum();
                assert_eq!(gradient, 1.0 + sum, "{channels} channels, element {element}, {arch:?}");
            }
        }
    }
}

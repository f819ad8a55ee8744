//! The matrix of a transposed convolution.

use super::LabError;
use crate::{nn::im2col::Geometry, text::Sentence};

/// A sparse matrix whose entries are kernel elements.
#[derive(Clone, Debug, PartialEq)]
pub struct SparseMatrix {
    /// The number of rows: cells of the output map.
    pub rows: usize,
    /// The number of columns: cells of the input map.
    pub columns: usize,
    /// (row, column, index of the kernel element, value), row by row.
    pub entries: Vec<(usize, usize, usize, f32)>,
}

/// The matrix of the transposed convolution of one map: `y = matrix · x` with `x` a map of `g.out_height` × `g.out_width`
/// cells and `y` a map of `g.height` × `g.width` cells, both row by row. It is the transpose of the convolution's matrix.
///
/// `g` is the convolution whose adjoint this is, from the larger map to the smaller: for a 4×4 map and a 3×3 kernel the
/// matrix is 16×4. `kernel`: (KH, KW).
///
/// # Errors
/// If there is more than one channel, or the kernel has another size.
pub fn transposed_matrix(kernel: &[f32], g: &Geometry) -> Result<SparseMatrix, LabError> {
    let window = g.window;
    if g.channels != 1 || kernel.len() != window.kernel_size.area() {
        let sentence = "the kernel has {values} values for {channels} channels, but the matrix needs one channel and {needed} values";
        let sentence = Sentence::new(sentence).with("values", kernel.len()).with("channels", g.channels);
        return Err(LabError::Values(sentence.with("needed", window.kernel_size)));
    }
    let mut entries = Vec::new();
    for oy in 0..g.out_height {
        for ox in 0..g.out_width {
            for (element, &value) in kernel.iter().enumerate() {
                let (ky, kx) = (element / window.kernel_size.w, element % window.kernel_size.w);
                let y = (oy * window.stride.h + ky * window.dilation.h).checked_sub(window.padding.h);
                let x = (ox * window.stride.w + kx * window.dilation.w).checked_sub(window.padding.w);
                if let (Some(y), Some(x)) = (y.filter(|&y| y < g.height), x.filter(|&x| x < g.width)) {
                    entries.push((y * g.width + x, oy * g.out_width + ox, element, value));
                }
            }
        }
    }
    entries.sort_by_key(|&(row, column, ..)| (row, column));
    Ok(SparseMatrix { rows: g.height * g.width, columns: g.columns(), entries })
}

impl SparseMatrix {
    /// The product with `x`, which has one value per column; missing ones are 0.
    pub fn times(&self, x: &[f32]) -> Vec<f32> {
        let mut y = vec![0.0; self.rows];
        for &(row, column, _, value) in &self.entries {
            y[row] += value * x.get(column).copied().unwrap_or(0.0);
        }
        y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{
        im2col::Window,
        layers::{ConvTranspose2d, LayerContext, LayerSpec},
        pair::Pair,
        shape::Shape,
        tensor::Tensor,
    };

    fn geometry(size: usize, stride: usize, padding: usize) -> Geometry {
        let window = Window {
            kernel_size: Pair::square(3),
            stride: stride.into(),
            padding: padding.into(),
            dilation: Pair::square(1),
        };
        Geometry::new(1, size, size, window).unwrap()
    }

    #[test]
    fn the_textbooks_matrix() {
        let kernel: Vec<f32> = (1..=9).map(|v| v as f32).collect();
        let matrix = transposed_matrix(&kernel, &geometry(4, 1, 0)).unwrap();
        assert_eq!((matrix.rows, matrix.columns, matrix.entries.len()), (16, 4, 4 * 9));
        // All four inputs contribute to output cell (1, 1), through elements 4, 3, 1 and 0.
        let row: Vec<_> = matrix.entries.iter().filter(|e| e.0 == 5).map(|e| (e.1, e.2)).collect();
        assert_eq!(row, [(0, 4), (1, 3), (2, 1), (3, 0)]);
        assert!(transposed_matrix(&kernel[1..], &geometry(4, 1, 0)).is_err());
    }

    #[test]
    fn it_does_what_the_layer_does() {
        let kernel: Vec<f32> = (0..9).map(|v| v as f32 - 3.0).collect();
        for (size, stride, padding) in [(4, 1, 0), (7, 2, 1), (6, 2, 0)] {
            let g = geometry(size, stride, padding);
            let settings = ConvTranspose2d {
                stride: stride.into(),
                padding: padding.into(),
                // Cells at the end that a convolution of this size does not reach.
                output_padding: ((size + 2 * padding - 3) % stride).into(),
                bias: false,
                ..ConvTranspose2d::new(1, 3)
            };
            let layer = LayerSpec::from(settings).build(Shape::maps(1, g.out_height, g.out_width)).unwrap();
            assert_eq!(layer.output(), Shape::maps(1, size, size));
            let x: Vec<f32> = (0..g.columns()).map(|v| (v * v) as f32 - 5.0).collect();
            let weight = Tensor::new(&[1, 1, 3, 3], &kernel).unwrap();
            let (mut y, mut scratch) = (vec![0.0; size * size], vec![0.0; layer.scratch_len(1)]);
            layer.forward(
                &[weight],
                &x,
                &mut y,
                &mut LayerContext { scratch: &mut scratch, ..LayerContext::empty() },
            );
            assert_eq!(transposed_matrix(&kernel, &g).unwrap().times(&x), y, "{size}, {stride}, {padding}");
        }
    }
}

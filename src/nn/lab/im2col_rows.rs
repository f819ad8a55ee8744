//! im2col as textbooks write it, with one row per position of the kernel.

use super::{LabError, result_len};
use crate::nn::{
    im2col::{Geometry, im2col},
    tensor::Tensor,
};

/// The im2col matrix (N·OH·OW, C·KH·KW) of `images` (N, C, H, W). Each row is one window, so that `matrix · Wᵀ + b` is the
/// convolution in the order (N, OH, OW, filters).
///
/// It is the transpose of what [`im2col`] writes for each image.
pub fn im2col_rows(images: &[f32], g: &Geometry) -> Result<Tensor, LabError> {
    let image = g.channels * g.height * g.width;
    let (rows, columns) = (g.columns(), g.rows());
    if image == 0 || !images.len().is_multiple_of(image) {
        return Err(LabError::values(
            "{values} values are not whole images of {needed}",
            images.len(),
            image,
        ));
    }
    let n = images.len() / image;
    result_len(&[n, rows, columns])?;
    let mut matrix = Tensor::zeros(&[n * rows, columns]);
    let mut scratch = vec![0.0; rows * columns];
    for (image, part) in images.chunks_exact(image).zip(matrix.values_mut().chunks_exact_mut(rows * columns))
    {
        im2col(image, g, &mut scratch);
        for (column, values) in scratch.chunks_exact(rows).enumerate() {
            for (row, &value) in values.iter().enumerate() {
                part[row * columns + column] = value;
            }
        }
    }
    Ok(matrix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{im2col::Window, pair::Pair};

    fn geometry() -> Geometry {
        let one = Pair::square(1);
        let window =
            Window { kernel_size: Pair::square(5), stride: one, padding: Pair::square(0), dilation: one };
        Geometry::new(3, 7, 7, window).unwrap()
    }

    #[test]
    fn the_textbooks_shapes() {
        let shape = |images: usize| {
            im2col_rows(&vec![1.0; images * 3 * 7 * 7], &geometry()).unwrap().shape().to_vec()
        };
        assert_eq!(shape(1), [9, 75]);
        assert_eq!(shape(10), [90, 75]);
        assert!(im2col_rows(&[1.0; 100], &geometry()).unwrap_err().to_string().contains("whole images"));
    }

    #[test]
    fn a_row_is_what_the_kernel_sees() {
        let images: Vec<f32> = (0..2 * 3 * 49).map(|i| i as f32).collect();
        let matrix = im2col_rows(&images, &geometry()).unwrap();
        // The second image, the window at row 1, column 2; its channel 2, row 3, column 4.
        let (row, column) = (9 + 3 + 2, 2 * 25 + 3 * 5 + 4);
        assert_eq!(matrix.values()[row * 75 + column], (3 * 49 + 2 * 49 + (1 + 3) * 7 + 2 + 4) as f32);
    }
}

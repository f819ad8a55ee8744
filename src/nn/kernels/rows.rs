//! Matrices as rows that a kernel writes, and the sum of a row.

/// A matrix that a kernel writes row by row; its rows may be anywhere in memory.
pub(in crate::nn) trait RowsMut {
    /// The values of a row.
    fn row(&mut self, number: usize) -> &mut [f32];
}

impl RowsMut for [&mut [f32]] {
    fn row(&mut self, number: usize) -> &mut [f32] {
        self[number]
    }
}

/// A contiguous matrix and its number of columns.
pub(in crate::nn) struct Matrix<'a>(pub(in crate::nn) &'a mut [f32], pub(in crate::nn) usize);

impl RowsMut for Matrix<'_> {
    fn row(&mut self, number: usize) -> &mut [f32] {
        &mut self.0[number * self.1..][..self.1]
    }
}

/// The most rows that are held as an array of slices.
pub(in crate::nn) const MAX_ROWS: usize = 128;

/// The first rows of a contiguous matrix with this many columns, and their number: at most [`MAX_ROWS`].
#[inline]
pub(in crate::nn) fn rows_mut(matrix: &mut [f32], columns: usize) -> ([&mut [f32]; MAX_ROWS], usize) {
    let (mut rows, mut count) = (std::array::from_fn(|_| <&mut [f32]>::default()), 0);
    for row in matrix.chunks_exact_mut(columns).take(MAX_ROWS) {
        rows[count] = row;
        count += 1;
    }
    (rows, count)
}

/// The most values that are summed in `f32`.
const MAX_F32_SUM: usize = 1 << 14;

/// The sum of all values: of blocks in `f32`, and of the blocks' sums in `f64`, so that long sums are accurate.
pub(in crate::nn) fn sum(values: &[f32]) -> f32 {
    if values.len() <= MAX_F32_SUM {
        return block_sum(values);
    }
    values.chunks(MAX_F32_SUM).map(|block| f64::from(block_sum(block))).sum::<f64>() as f32
}

/// The mean of all values, accumulated in `f64`.
pub(in crate::nn) fn mean(values: &[f32]) -> f32 {
    (sum_f64(values) / values.len() as f64) as f32
}

/// The sum of all values, accumulated in eight partial sums in `f64`.
pub(in crate::nn) fn sum_f64(values: &[f32]) -> f64 {
    let mut sums = [0.0; 8];
    let (blocks, rest) = values.as_chunks::<8>();
    for block in blocks {
        for i in 0..8 {
            sums[i] += f64::from(block[i]);
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|&value| f64::from(value)).sum::<f64>()
}

/// The sum of all values, accumulated in sixteen partial sums, which the compiler vectorises.
fn block_sum(values: &[f32]) -> f32 {
    let mut sums = [0.0; 16];
    let (blocks, rest) = values.as_chunks::<16>();
    for block in blocks {
        for i in 0..16 {
            sums[i] += block[i];
        }
    }
    sums.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_has_all_values() {
        for len in [0, 1, 15, 16, 17, 100] {
            let values: Vec<f32> = (0..len).map(|i| (i * 7 % 13) as f32 - 6.0).collect();
            assert_eq!(sum(&values), values.iter().sum::<f32>());
            assert_eq!(sum_f64(&values), f64::from(sum(&values)));
        }
    }

    #[test]
    fn long_sums_are_accurate() {
        let values = vec![0.1; 1 << 20];
        assert!((mean(&values) - 0.1).abs() < 1e-8);
        assert!((sum(&values) / 0.1 / (1 << 20) as f32 - 1.0).abs() < 1e-5);
    }
}

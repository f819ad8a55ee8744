//! A tensor of a file, in PyTorch's layout and single precision.

use super::number::{Precision, to_f32};

/// A tensor of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundTensor {
    /// Its name in the file.
    pub key: String,
    /// Its dimensions in PyTorch's order, the slowest first.
    pub shape: Vec<usize>,
    /// What its numbers are in the file.
    pub precision: Precision,
    /// Its values, row-major.
    pub values: Vec<f32>,
    /// The key of the network's tensor, such as `0.weight`, if the file says which it is.
    pub place: Option<String>,
}

impl FoundTensor {
    /// Reads little-endian bytes; `None` if they are not as many as the shape needs.
    pub(super) fn of_bytes(key: &str, shape: &[usize], precision: Precision, bytes: &[u8]) -> Option<Self> {
        let len = shape.iter().try_fold(precision.bytes(), |product, &d| product.checked_mul(d))?;
        (len == bytes.len()).then(|| Self {
            key: key.to_owned(),
            shape: shape.to_vec(),
            precision,
            values: to_f32(precision, bytes),
            place: None,
        })
    }

    /// The name of the layer and of the tensor in it: `conv1` and `weight` of `conv1.weight`.
    pub fn parts(&self) -> (&str, &str) {
        self.key.rsplit_once('.').unwrap_or(("", &self.key))
    }

    /// The dimensions of a tensor in another order: dimension `order[i]` becomes dimension `i`.
    pub(super) fn permuted(self, order: &[usize]) -> Self {
        let shape: Vec<usize> = order.iter().filter_map(|&d| self.shape.get(d).copied()).collect();
        if shape.len() != self.shape.len() {
            return self;
        }
        // Cells from one index of a dimension to the next.
        let mut steps = vec![1; shape.len()];
        for d in (1..shape.len()).rev() {
            steps[d - 1] = steps[d] * self.shape[d];
        }
        let mut values = Vec::with_capacity(self.values.len());
        let mut index = vec![0; shape.len()];
        for _ in 0..self.values.len() {
            let place: usize = order.iter().zip(&index).map(|(&d, i)| steps[d] * i).sum();
            values.push(self.values[place]);
            for d in (0..shape.len()).rev() {
                index[d] += 1;
                if index[d] < shape[d] {
                    break;
                }
                index[d] = 0;
            }
        }
        Self { shape, values, ..self }
    }
}

/// Flattened (height, width, channels) as flattened (channels, height, width).
pub(super) fn channels_first(values: &[f32], (channels, height, width): (usize, usize, usize)) -> Vec<f32> {
    let plane = height * width;
    let place = |i: usize| (i % plane.max(1)) * channels + i / plane.max(1);
    (0..values.len()).filter_map(|i| values.get(place(i)).copied()).collect()
}

//! A contiguous block of `f32` with its shape: parameters, gradients and stored activations.

use super::aligned::Aligned;
use ndarray::{ArrayViewD, IxDyn};

/// Values in row-major order with the shape that PyTorch gives them, e.g. (6, 1, 5, 5) for a conv weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    shape: Vec<usize>,
    values: Aligned,
}

impl Tensor {
    /// A tensor of zeros.
    pub fn zeros(shape: &[usize]) -> Self {
        Self { shape: shape.to_vec(), values: Aligned::zeros(shape.iter().product()) }
    }

    /// Copies `values` into a shape; `None` when their number is not the product of `shape`.
    pub fn new(shape: &[usize], values: &[f32]) -> Option<Self> {
        let is_whole = shape.iter().product::<usize>() == values.len();
        is_whole.then(|| Self { shape: shape.to_vec(), values: Aligned::from(values) })
    }

    /// The dimensions, slowest first.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The values in row-major order.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The values in row-major order, to change.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the tensor has no value.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The tensor as an array of ndarray; `None` never happens, since the shape is checked on construction.
    pub fn view(&self) -> Option<ArrayViewD<'_, f32>> {
        ArrayViewD::from_shape(IxDyn(&self.shape), self.values()).ok()
    }
}

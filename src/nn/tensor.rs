//! Tensors: parameters, gradients and stored activations.

use super::simd::AlignedVec;
use ndarray::{ArrayViewD, IxDyn, aview1};

/// `f32` values in row-major order with PyTorch's shape, e.g. (6, 1, 5, 5) for the weight of a convolution.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    shape: Vec<usize>,
    values: AlignedVec,
}

impl Tensor {
    /// A tensor of zeros.
    pub fn zeros(shape: &[usize]) -> Self {
        Self { shape: shape.to_vec(), values: AlignedVec::zeros(shape.iter().product()) }
    }

    /// A copy of `values` with this shape. `None` if their number is not the product of `shape`.
    pub fn new(shape: &[usize], values: &[f32]) -> Option<Self> {
        let is_full_batch = shape.iter().product::<usize>() == values.len();
        is_full_batch.then(|| Self { shape: shape.to_vec(), values: AlignedVec::from(values) })
    }

    /// The dimensions, slowest first.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The values in row-major order.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Mutable access to [`Tensor::values`].
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the tensor has no values.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The tensor as an array of ndarray, to index by dimension or to slice.
    ///
    /// ```
    /// use convlens::nn::Tensor;
    /// let weight = Tensor::new(&[2, 1, 1, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
    /// assert_eq!(weight.view()[[1, 0, 0, 2]], 6.0);
    /// ```
    pub fn view(&self) -> ArrayViewD<'_, f32> {
        let view = ArrayViewD::from_shape(IxDyn(&self.shape), self.values());
        // The constructors check the shape, so the view always has it.
        view.unwrap_or_else(|_| aview1(self.values()).into_dyn())
    }
}

//! Weights and activations as `ndarray` views.

use crate::nn::{Shape, Tensor};
use ndarray::{Array2, ArrayView3, ArrayView4};

/// The weights of a convolution with all four axes: (filters, channels per group, KH, KW), or (channels, filters per
/// group, KH, KW) for a transposed convolution. `None` for other layers.
pub fn kernels(weight: &Tensor) -> Option<ArrayView4<'_, f32>> {
    weight.view().into_dimensionality().ok()
}

/// The activation of one image as maps: (C, H, W). `None` if `values` has another length than `shape`.
pub fn maps(values: &[f32], shape: Shape) -> Option<ArrayView3<'_, f32>> {
    (values.len() == shape.len()).then(|| ArrayView3::from_shape(shape.as_maps(), values).ok())?
}

/// The largest absolute value: the end of a symmetric colour scale.
pub fn limit(values: &Array2<f32>) -> f32 {
    values.iter().fold(0.0, |limit, v| limit.max(v.abs()))
}

/// The (row, column) of the largest absolute value; the last one if several are equal.
pub fn strongest(values: &Array2<f32>) -> (usize, usize) {
    let all = values.indexed_iter();
    all.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())).map_or((0, 0), |(place, _)| place)
}

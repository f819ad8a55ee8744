//! im2col: every window as a column of a matrix, so that the convolution is one product.

use super::Convolution;
use crate::nn::im2col::im2col;

/// The product `weights · windows + bias` of one group.
#[derive(Clone, Debug, PartialEq)]
pub struct Im2col {
    /// The filters of the group.
    pub filters: std::ops::Range<usize>,
    /// Rows of the matrix of windows: C·KH·KW.
    pub elements: usize,
    /// Its columns: OH·OW windows.
    pub windows: usize,
    /// The matrix (elements, windows), as the core writes it.
    pub columns: Vec<f32>,
    /// The filters as rows, (filters, elements), divided as the products are.
    pub weights: Vec<f32>,
    /// The product with the biases added: the layer's outputs, (filters, windows).
    pub outputs: Vec<f32>,
}

impl Im2col {
    pub(super) fn of(conv: &Convolution, filter: usize) -> Option<Self> {
        let g = &conv.geometry;
        let filters = conv.conv.out_channels / conv.conv.groups.max(1);
        let group = filter / filters.max(1);
        let (elements, windows) = (g.rows(), g.columns());
        let len = g.channels * g.height * g.width;
        let image = conv.x().get(group * len..(group + 1) * len)?;
        let mut columns = vec![0.0; elements * windows];
        im2col(image, g, &mut columns);
        let filters = group * filters..(group + 1) * filters;
        let weights = conv.weight().values().get(filters.start * elements..filters.end * elements)?;
        let divisor = conv.divisor().unwrap_or(1) as f32;
        let weights = weights.iter().map(|weight| weight / divisor).collect();
        let outputs = conv.y().get(filters.start * windows..filters.end * windows)?.to_vec();
        Some(Self { filters, elements, windows, columns, weights, outputs })
    }
}

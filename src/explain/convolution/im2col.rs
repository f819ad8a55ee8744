//! im2col: convolution as one matrix product. Source: K. Chellapilla, S. Puri, P. Simard, *High performance
//! convolutional neural networks for document processing*, 2006.

use super::Convolution;
use crate::nn::{
    Pair,
    im2col::{Geometry, Window, im2col},
    layers::PaddingMode,
};
use ndarray::{Array2, ArrayView2};
use std::ops::Range;

/// The product `weights · columns + bias` for one group of filters.
#[derive(Clone, Debug, PartialEq)]
pub struct Im2col {
    /// The filters of the group.
    pub filters: Range<usize>,
    /// The input, one column for each window: (C·KH·KW elements, OH·OW windows).
    pub columns: Array2<f32>,
    /// The filters, one row each: (filters, elements). Divided by the divisor if the products are averaged.
    pub weights: Array2<f32>,
    /// The output of the layer: (filters, windows).
    pub outputs: Array2<f32>,
}

impl Im2col {
    pub(super) fn of<'a>(conv: &'a Convolution, filter: usize) -> Option<Self> {
        let g = &conv.geometry;
        let filters = conv.conv.out_channels / conv.conv.groups.max(1);
        let group = filter / filters.max(1);
        let (elements, windows) = (g.rows(), g.columns());
        let len = g.channels * g.height * g.width;
        let image = conv.x().get(group * len..(group + 1) * len)?;
        let mut columns = vec![0.0; elements * windows];
        if conv.conv.padding_mode == PaddingMode::Zeros {
            im2col(image, g, &mut columns);
        } else {
            let (padded, geometry) = padded(conv, image)?;
            im2col(&padded, &geometry, &mut columns);
        }
        let columns = Array2::from_shape_vec((elements, windows), columns).ok()?;
        let filters = group * filters..(group + 1) * filters;
        let rows = |values: &'a [f32], width: usize| {
            let values = values.get(filters.start * width..filters.end * width)?;
            ArrayView2::from_shape((filters.len(), width), values).ok()
        };
        let weights = &rows(conv.weight().values(), elements)? / conv.divisor().unwrap_or(1) as f32;
        let outputs = rows(conv.y(), windows)?.to_owned();
        Some(Self { filters, columns, weights, outputs })
    }
}

/// The maps of a group with their border, and the windows over them.
fn padded(conv: &Convolution, maps: &[f32]) -> Option<(Vec<f32>, Geometry)> {
    let (g, border) = (&conv.geometry, conv.border());
    let (height, width) = border.around(g.height, g.width);
    let mut padded = Vec::with_capacity(g.channels * height * width);
    for map in maps.chunks_exact(g.height * g.width) {
        for place in 0..height * width {
            let (row, column) = ((place / width) as isize, (place % width) as isize);
            let from = conv.source(row - border.top as isize, column - border.left as isize);
            padded.push(from.map_or(Some(&0.0), |(row, column)| map.get(row * g.width + column)).copied()?);
        }
    }
    let window = Window { padding: Pair::square(0), ..g.window };
    Some((padded, Geometry { height, width, window, ..*g }))
}

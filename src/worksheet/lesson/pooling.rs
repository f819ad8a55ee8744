//! The Pooling view of a step, on paper.

use super::figure::{Map, MapKind, Paper};
use crate::{
    explain::Pooling,
    lesson::{
        Quantity,
        show::{ShowPooling, ShowPoolingPage},
    },
    nn::{
        Pair,
        layers::{AvgPool2d, MaxPool2d},
    },
};

/// A step's state on paper; `None` where it has more than a grid of numbers and its windows.
pub(super) fn of(wanted: &ShowPooling) -> Option<Paper> {
    if !matches!(wanted.show, None | Some(ShowPoolingPage::Windows)) {
        return None;
    }
    let rows = wanted.input.as_ref()?;
    let (height, width) = (rows.len(), rows.first()?.len());
    let x: Vec<f32> = rows.iter().flatten().copied().collect();
    let kernel_size = wanted.kernel_size.map_or(Pair::square(2), Pair::from);
    let stride = wanted.stride.map_or(kernel_size, Pair::from);
    let padding = wanted.padding.map_or(Pair::square(0), Pair::from);
    let dilation = wanted.dilation.map_or(Pair::square(1), Pair::from);
    let ceil_mode = wanted.ceil_mode.unwrap_or(false);
    if ceil_mode {
        return None;
    }
    let layer = MaxPool2d { kernel_size, stride, padding, dilation, ceil_mode };
    let max = Pooling::new(layer.into(), &x, (height, width)).ok()?;
    let (out_rows, out_columns) = max.output_size();
    let position = wanted.window.unwrap_or(0).min(max.len().saturating_sub(1));
    let side = |value: usize| value as f64;
    let mut values = vec![
        (Quantity::PoolOutput, f64::from(*max.output().get(position)?)),
        (Quantity::PoolOutputHeight, side(out_rows)),
        (Quantity::PoolOutputWidth, side(out_columns)),
        (Quantity::PoolKernelSize, side(kernel_size.h)),
        (Quantity::PoolStride, side(stride.h)),
    ];
    if dilation == Pair::square(1) {
        let layer = AvgPool2d {
            kernel_size,
            stride,
            padding,
            ceil_mode,
            count_include_pad: wanted.count_include_pad.unwrap_or(true),
            divisor_override: None,
        };
        let average = Pooling::new(layer.into(), &x, (height, width)).ok()?;
        values.push((Quantity::PoolAverage, f64::from(*average.output().get(position)?)));
    }
    let step = max.step(position);
    let (first, last) = (step.window.first()?, step.window.last()?);
    let from = |at: isize, padding: usize| (at + padding as isize).max(0) as usize;
    let (row, column) = (from(first.row, padding.h), from(first.column, padding.w));
    let (high, wide) = ((last.row - first.row) as usize + 1, (last.column - first.column) as usize + 1);
    let some = |values: &[f32]| values.iter().copied().map(Some).collect::<Vec<_>>();
    let input = Map {
        kind: MapKind::Input,
        size: (height, width),
        padding: (padding.h, padding.w),
        cells: some(&x),
        frame: Some((row, column, high, wide)),
    };
    let output = Map {
        kind: MapKind::Output,
        size: (out_rows, out_columns),
        padding: (0, 0),
        cells: some(max.output()),
        frame: Some((step.at.0, step.at.1, 1, 1)),
    };
    Some(Paper { values, inputs: Some(vec![input]), output, position, is_whole: false })
}

//! Maps of another size, each cell of which is a fixed mean of cells of the input: a matrix from the left for the rows, and one
//! from the right for the columns. Runtimes disagree about the places of `Resize`; about products they do not.

use super::{graph::Value, scope::Scope};
use crate::{
    nn::{
        Pair,
        layers::{AdaptiveAvgPool2d, AdaptiveMaxPool2d, Interpolation, Upsample, adaptive_range},
    },
    text::Sentence,
};

/// Adds an enlargement.
pub(super) fn upsample(scope: &mut Scope<'_>, s: &Upsample) {
    let (_, height, width) = scope.maps();
    let Ok([rows, columns]) = s.places(height, width) else { return };
    let matrix = |side: Interpolation| {
        let mut matrix = vec![0.0; side.outputs * side.input];
        for at in 0..side.outputs {
            let tap = side.tap(at);
            matrix[at * side.input + tap.first] += 1.0 - tap.share;
            matrix[at * side.input + tap.second] += tap.share;
        }
        matrix
    };
    products(scope, (&matrix(rows), rows.outputs), (&matrix(columns), columns.outputs));
}

/// Adds the means of adaptive windows.
pub(super) fn adaptive_mean(scope: &mut Scope<'_>, s: AdaptiveAvgPool2d) {
    let (_, height, width) = scope.maps();
    let Pair { h, w } = s.output_size;
    let matrix = |outputs: usize, n: usize| {
        let mut matrix = vec![0.0; outputs * n];
        for at in 0..outputs {
            let range = adaptive_range(at, outputs, n);
            let share = 1.0 / range.len() as f32;
            matrix[at * n..][range].fill(share);
        }
        matrix
    };
    products(scope, (&matrix(h, height), h), (&matrix(w, width), w));
}

/// Adds the maxima of adaptive windows.
///
/// # Errors
/// Windows of several sizes.
pub(super) fn adaptive_max(scope: &mut Scope<'_>, s: AdaptiveMaxPool2d) -> Result<(), Sentence> {
    let (_, height, width) = scope.maps();
    let Pair { h, w } = s.output_size;
    if !height.is_multiple_of(h) || !width.is_multiple_of(w) {
        return Err(Sentence::new(
            "its max pooling has windows of one size, which the output must divide the input into",
        ));
    }
    let window = || Value::ints([height / h, width / w]);
    let (x, dims) = (scope.x.clone(), scope.output());
    scope.op("MaxPool", &[&x], vec![("kernel_shape", window()), ("strides", window())], &dims);
    Ok(())
}

/// Multiplies every map by a matrix for its rows, (rows of the output, rows), and one for its columns.
fn products(scope: &mut Scope<'_>, (rows, height): (&[f32], usize), (columns, width): (&[f32], usize)) {
    let (x, (channels, input_height, input_width)) = (scope.x.clone(), scope.maps());
    // (columns, columns of the output)
    let transposed: Vec<f32> = (0..input_width)
        .flat_map(|from| (0..width).map(move |to| columns[to * input_width + from]))
        .collect();
    let right = scope.builder.floats(format!("{}/columns", scope.name), &[input_width, width], &transposed);
    let left = scope.builder.floats(format!("{}/rows", scope.name), &[height, input_height], rows);
    let wide = scope.op("MatMul", &[&x, &right], vec![], &[channels, input_height, width]);
    scope.op("MatMul", &[&left, &wide], vec![], &[channels, height, width]);
}

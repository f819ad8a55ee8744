//! Layers that compute sums of products.

use super::{Cell, ChannelTerms, Place, Term, WindowCell, input::Input};
use crate::explain::arrays::kernels;
use crate::nn::{
    Border, Tensor,
    layers::{Conv2d, ConvTranspose2d, Tap, Upsample, UpsampleMode},
};
use ndarray::Axis;

/// The cells under the window in each channel of the filter's group, times the kernel.
pub(super) fn conv2d(conv: &Conv2d, input: Input<'_>, place: Place, parameters: &[Tensor]) -> Option<Cell> {
    let kernels = kernels(parameters.first()?)?.index_axis_move(Axis(0), place.channel);
    let (channels, ..) = kernels.dim();
    let group = place.channel / (conv.out_channels / conv.groups);
    let Border { left, top, .. } = conv.border();
    let parts = kernels.outer_iter().enumerate().map(|(inner, kernel)| {
        let channel = group * channels + inner;
        let terms = kernel.indexed_iter().map(|((y, x), &weight)| {
            let row = (place.row * conv.stride.h + y * conv.dilation.h) as isize - top as isize;
            let column = (place.column * conv.stride.w + x * conv.dilation.w) as isize - left as isize;
            Term { seen: input.seen_in(conv.padding_mode, channel, row, column), kernel: (y, x), weight }
        });
        ChannelTerms { channel, terms: terms.collect() }
    });
    Some(Cell::Sum { parts: parts.collect(), bias: bias(parameters, place) })
}

/// The input cells whose spread kernel covers the output cell, times the kernel element that does.
pub(super) fn conv_transpose2d(
    conv: &ConvTranspose2d,
    input: Input<'_>,
    place: Place,
    parameters: &[Tensor],
) -> Option<Cell> {
    let kernels = kernels(parameters.first()?)?;
    let (_, maps, ..) = kernels.dim();
    let (channels, rows, columns) = input.shape.as_maps();
    let (group, inner) = (place.channel / maps, place.channel % maps);
    let channels = channels / conv.groups;
    let source = |out: usize, padding: usize, element: usize, dilation: usize, stride: usize, n: usize| {
        let from = (out + padding).checked_sub(element * dilation)?;
        (from.is_multiple_of(stride) && from / stride < n).then_some(from / stride)
    };
    let parts = (group * channels..(group + 1) * channels).map(|channel| {
        let kernel = kernels.index_axis(Axis(0), channel).index_axis_move(Axis(0), inner);
        let terms = kernel.indexed_iter().filter_map(|((y, x), &weight)| {
            let row = source(place.row, conv.padding.h, y, conv.dilation.h, conv.stride.h, rows)?;
            let column = source(place.column, conv.padding.w, x, conv.dilation.w, conv.stride.w, columns)?;
            Some(Term { seen: input.seen(channel, row as isize, column as isize), kernel: (y, x), weight })
        });
        ChannelTerms { channel, terms: terms.collect() }
    });
    Some(Cell::Sum { parts: parts.collect(), bias: bias(parameters, place) })
}

/// The cells around the place of the output cell, by their distances, or the one there.
pub(super) fn upsample(upsample: &Upsample, input: Input<'_>, place: Place) -> Option<Cell> {
    let (_, height, width) = input.shape.as_maps();
    let [rows, columns] = upsample.places(height, width).ok()?;
    let (down, right) = (rows.tap(place.row), columns.tap(place.column));
    if upsample.mode == UpsampleMode::Nearest {
        let from = Place { row: down.first, column: right.first, ..place };
        return Some(Cell::Same { from, x: input.at(from) });
    }
    let sides = |tap: Tap| [(0, tap.first, 1.0 - tap.share), (1, tap.second, tap.share)];
    let cells = sides(down).into_iter().flat_map(|row| sides(right).map(|column| (row, column)));
    let terms = cells.map(|((y, row, down), (x, column, right))| Term {
        seen: input.seen(place.channel, row as isize, column as isize),
        kernel: (y, x),
        weight: down * right,
    });
    let terms = terms.filter(|term| term.weight != 0.0).collect();
    Some(Cell::Sum { parts: vec![ChannelTerms { channel: place.channel, terms }], bias: None })
}

/// Each input, times its weight.
pub(super) fn linear(input: Input<'_>, place: Place, parameters: &[Tensor]) -> Cell {
    let weights = &parameters[0].values()[place.channel * input.x.len()..][..input.x.len()];
    let terms = input.x.iter().zip(weights).enumerate().map(|(i, (&x, &weight))| Term {
        seen: WindowCell::of_vector(i, x),
        kernel: (0, i),
        weight,
    });
    let parts = vec![ChannelTerms { channel: 0, terms: terms.collect() }];
    Cell::Sum { parts, bias: bias(parameters, place) }
}

fn bias(parameters: &[Tensor], place: Place) -> Option<f32> {
    parameters.get(1).map(|bias| bias.values()[place.channel])
}

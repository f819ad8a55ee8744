//! Layers whose cells are sums of products.

use super::{Cell, Input, Part, Place, Seen, Term};
use crate::nn::{
    Tensor,
    layers::{Conv2d, ConvTranspose2d},
};

/// The weights of a convolution, (outer, inner, height, width).
struct Kernels<'a>(&'a Tensor);

impl Kernels<'_> {
    fn sides(&self) -> (usize, usize, usize) {
        let shape = self.0.shape();
        (shape[1], shape[2], shape[3])
    }

    fn at(&self, outer: usize, inner: usize, (y, x): (usize, usize)) -> f32 {
        let (inners, height, width) = self.sides();
        self.0.values()[((outer * inners + inner) * height + y) * width + x]
    }
}

/// Everything under the window of one filter's group, times the filter.
pub(super) fn conv2d(conv: &Conv2d, input: Input<'_>, place: Place, parameters: &[Tensor]) -> Cell {
    let kernels = Kernels(&parameters[0]);
    let (channels, height, width) = kernels.sides();
    let group = place.channel / (conv.out_channels / conv.groups);
    let parts = (0..channels).map(|inner| {
        let channel = group * channels + inner;
        let terms = elements(height, width).map(|(y, x)| {
            let at = |out: usize, stride: usize, element: usize, dilation: usize, padding: usize| {
                (out * stride + element * dilation) as isize - padding as isize
            };
            let row = at(place.row, conv.stride.h, y, conv.dilation.h, conv.padding.h);
            let column = at(place.column, conv.stride.w, x, conv.dilation.w, conv.padding.w);
            let weight = kernels.at(place.channel, inner, (y, x));
            Term { seen: input.seen(channel, row, column), kernel: (y, x), weight }
        });
        Part { channel, terms: terms.collect() }
    });
    Cell::Sum { parts: parts.collect(), bias: bias(parameters, place) }
}

/// Every input cell of the group from which a kernel reaches the output cell, times the element that does.
pub(super) fn conv_transpose2d(
    conv: &ConvTranspose2d,
    input: Input<'_>,
    place: Place,
    parameters: &[Tensor],
) -> Cell {
    let kernels = Kernels(&parameters[0]);
    let (maps, height, width) = kernels.sides();
    let (channels, rows, columns) = input.shape.as_maps();
    let (group, inner) = (place.channel / maps, place.channel % maps);
    let channels = channels / conv.groups;
    let reaches = |out: usize, padding: usize, element: usize, dilation: usize, stride: usize, n: usize| {
        let from = (out + padding).checked_sub(element * dilation)?;
        (from.is_multiple_of(stride) && from / stride < n).then_some(from / stride)
    };
    let parts = (group * channels..(group + 1) * channels).map(|channel| {
        let terms = elements(height, width).filter_map(|(y, x)| {
            let row = reaches(place.row, conv.padding.h, y, conv.dilation.h, conv.stride.h, rows)?;
            let column = reaches(place.column, conv.padding.w, x, conv.dilation.w, conv.stride.w, columns)?;
            let seen = input.seen(channel, row as isize, column as isize);
            Some(Term { seen, kernel: (y, x), weight: kernels.at(channel, inner, (y, x)) })
        });
        Part { channel, terms: terms.collect() }
    });
    Cell::Sum { parts: parts.collect(), bias: bias(parameters, place) }
}

/// Every input, times its weight.
pub(super) fn linear(input: Input<'_>, place: Place, parameters: &[Tensor]) -> Cell {
    let weights = &parameters[0].values()[place.channel * input.x.len()..][..input.x.len()];
    let terms = input.x.iter().zip(weights).enumerate().map(|(i, (&x, &weight))| {
        let seen = Seen { row: 0, column: i as isize, inside: true, x };
        Term { seen, kernel: (0, i), weight }
    });
    let parts = vec![Part { channel: 0, terms: terms.collect() }];
    Cell::Sum { parts, bias: bias(parameters, place) }
}

fn elements(height: usize, width: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..height * width).map(move |i| (i / width, i % width))
}

fn bias(parameters: &[Tensor], place: Place) -> Option<f32> {
    parameters.get(1).map(|bias| bias.values()[place.channel])
}

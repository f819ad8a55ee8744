//! Pooling layers: cells computed from a window over one channel.

use super::{Cell, Place, WindowCell, input::Input};
use crate::nn::{
    Pair,
    layers::{AvgPool2d, MaxPool2d, adaptive_range},
};

/// The cells under a window, row-major, including padding.
fn window(
    input: Input<'_>,
    place: Place,
    kernel: Pair,
    stride: Pair,
    padding: Pair,
    dilation: Pair,
) -> Vec<WindowCell> {
    let cells = (0..kernel.h * kernel.w).map(|i| (i / kernel.w, i % kernel.w));
    let seen = cells.map(|(y, x)| {
        let row = (place.row * stride.h + y * dilation.h) as isize - padding.h as isize;
        let column = (place.column * stride.w + x * dilation.w) as isize - padding.w as isize;
        input.seen(place.channel, row, column)
    });
    seen.collect()
}

pub(super) fn largest(pool: &MaxPool2d, input: Input<'_>, place: Place) -> Cell {
    largest_of(place, window(input, place, pool.kernel_size, pool.stride, pool.padding, pool.dilation))
}

pub(super) fn adaptive_largest(outputs: Pair, input: Input<'_>, place: Place) -> Cell {
    largest_of(place, part(outputs, input, place))
}

fn largest_of(place: Place, window: Vec<WindowCell>) -> Cell {
    let inside = || window.iter().enumerate().filter(|(_, seen)| seen.inside);
    let largest = inside().map(|(_, seen)| seen.x).fold(f32::NEG_INFINITY, f32::max);
    // NaN counts as the maximum, as in PyTorch, so that it is not hidden.
    let is_broken = inside().any(|(_, seen)| seen.x.is_nan());
    let wins = |x: f32| if is_broken { x.is_nan() } else { x == largest };
    let winners = inside().filter(|(_, seen)| wins(seen.x)).map(|(i, _)| i).collect();
    Cell::Largest { channel: place.channel, window, winners }
}

pub(super) fn mean(pool: &AvgPool2d, input: Input<'_>, place: Place) -> Cell {
    let one = Pair::square(1);
    let mut window = window(input, place, pool.kernel_size, pool.stride, pool.padding, one);
    let (_, height, width) = input.shape.as_maps();
    // With `ceil_mode`, the last window can extend beyond the padding. Those cells never count.
    let within = |at: isize, n: usize, padding: usize| at < (n + padding) as isize;
    window.retain(|seen| {
        within(seen.row, height, pool.padding.h) && within(seen.column, width, pool.padding.w)
    });
    let count = window.iter().filter(|seen| seen.inside || pool.count_include_pad).count();
    let divisor = pool.divisor_override.unwrap_or(count) as f32;
    Cell::Mean { channel: place.channel, window, divisor }
}

/// The cells of one of the parts into which adaptive pooling divides a map.
fn part(outputs: Pair, input: Input<'_>, place: Place) -> Vec<WindowCell> {
    let (_, height, width) = input.shape.as_maps();
    let columns = adaptive_range(place.column, outputs.w, width);
    let rows = adaptive_range(place.row, outputs.h, height);
    let cells = rows.flat_map(|row| columns.clone().map(move |column| (row, column)));
    cells.map(|(row, column)| input.seen(place.channel, row as isize, column as isize)).collect()
}

pub(super) fn adaptive_mean(outputs: Pair, input: Input<'_>, place: Place) -> Cell {
    let window = part(outputs, input, place);
    let divisor = window.len() as f32;
    Cell::Mean { channel: place.channel, window, divisor }
}

pub(super) fn global_mean(input: Input<'_>, place: Place) -> Cell {
    let (_, height, width) = input.shape.as_maps();
    let all = Pair { h: height, w: width };
    let from = Place { row: 0, column: 0, ..place };
    let window = window(input, from, all, Pair::square(1), Pair::square(0), Pair::square(1));
    Cell::Mean { channel: place.channel, window, divisor: (height * width) as f32 }
}

//! What is computed over the whole batch at once, all lanes' images together, in parts of the parameters or of what they
//! make.

use super::{
    lane::Lane,
    layers::{Layer, Part, WholeBatch},
    network::Network,
    parts::{Executor, LANES, each, range, split_mut},
    products::{ROWS_AT_HAND, rows_mut},
    tensor::Tensor,
};

/// Multiplications that take as long as passing over one value in the memory.
const MULTIPLIED: usize = 8;

/// The rows of a matrix, cut into [`LANES`] parts of its columns.
struct ByColumns<'a>([[&'a mut [f32]; ROWS_AT_HAND]; LANES]);

impl<'a> ByColumns<'a> {
    fn new() -> Self {
        Self(std::array::from_fn(|_| std::array::from_fn(|_| <&mut [f32]>::default())))
    }

    /// Puts row number `at` in.
    fn put(&mut self, at: usize, mut row: &'a mut [f32]) {
        let len = row.len();
        for (number, part) in self.0.iter_mut().enumerate() {
            let (of_part, rest) = row.split_at_mut(range(len, number).len());
            (part[at], row) = (of_part, rest);
        }
    }
}

/// What is read and written of the next images, and how many they are.
fn gather<'a>(
    images: &mut impl Iterator<Item = (&'a [f32], &'a mut [f32])>,
) -> (usize, [&'a [f32]; ROWS_AT_HAND], ByColumns<'a>) {
    let (mut count, mut from, mut to) = (0, [&[][..]; ROWS_AT_HAND], ByColumns::new());
    for (slot, (of_image, written)) in from.iter_mut().zip(images) {
        *slot = of_image;
        to.put(count, written);
        count += 1;
    }
    (count, from, to)
}

/// The layer's work on a whole batch, if it is so large that forward and backward are done so.
pub(super) fn large(layer: &dyn Layer) -> Option<&dyn WholeBatch> {
    layer.whole_batch().filter(|whole| whole.is_large())
}

/// The outputs of layer `i` for all lanes' images.
pub(super) fn forward(
    whole: &dyn WholeBatch,
    i: usize,
    network: &Network,
    lanes: &mut [Lane],
    executor: &dyn Executor,
) {
    let (layer, parameters) = (&network.layers()[i], &network.parameters()[i]);
    let (inputs, outputs) = (layer.input().len(), layer.output().len());
    let mut images = lanes.iter_mut().flat_map(|lane| {
        let (before, after) = lane.activations.split_at_mut(i);
        let x = before.last().unwrap_or(&lane.inputs).chunks_exact(inputs);
        x.zip(after[0].chunks_exact_mut(outputs)).take(lane.images)
    });
    loop {
        let (count, x, y) = gather(&mut images);
        if count == 0 {
            return;
        }
        let mut number = 0;
        let parts = y.0.map(|y| {
            number += 1;
            (range(outputs, number - 1), y)
        });
        each(executor, inputs * outputs, parts, |(outputs, mut y)| {
            whole.outputs(parameters, outputs, &x[..count], &mut y[..count]);
        });
    }
}

/// The gradient by the input of layer `i` for all lanes' images, from `deltas[0]` to `deltas[1]`, which change places.
pub(super) fn backward(
    whole: &dyn WholeBatch,
    i: usize,
    network: &Network,
    lanes: &mut [Lane],
    executor: &dyn Executor,
) {
    let (layer, parameters) = (&network.layers()[i], &network.parameters()[i]);
    let (inputs, outputs) = (layer.input().len(), layer.output().len());
    for lane in &mut *lanes {
        let len = lane.images * outputs;
        lane.kept[i][..len].copy_from_slice(&lane.deltas[0][..len]);
    }
    if i == network.first_to_learn() {
        return;
    }
    let mut scratch: [&mut [f32]; LANES] = std::array::from_fn(|_| <&mut [f32]>::default());
    let mut of_lanes: [_; LANES] = std::array::from_fn(|_| None);
    for (lane, (scratch, images)) in lanes.iter_mut().zip(scratch.iter_mut().zip(&mut of_lanes)) {
        lane.deltas.swap(0, 1);
        let [dx, dy] = &mut lane.deltas;
        *images = Some(dy.chunks_exact(outputs).zip(dx.chunks_exact_mut(inputs)).take(lane.images));
        *scratch = &mut lane.scratch;
    }
    let mut images = of_lanes.into_iter().flatten().flatten();
    loop {
        let (count, dy, dx) = gather(&mut images);
        if count == 0 {
            return;
        }
        let mut parts = dx.0.into_iter().zip(&mut scratch).enumerate();
        let parts: [_; LANES] = std::array::from_fn(|_| parts.next());
        each(executor, inputs * outputs, parts, |part| {
            let Some((number, (mut dx, scratch))) = part else { return };
            whole.input_gradient(parameters, range(inputs, number), &dy[..count], &mut dx[..count], scratch);
        });
    }
}

/// Overwrites `gradient`, that of parameter `number` of layer `i`.
pub(super) fn gradient(
    whole: &dyn WholeBatch,
    (i, number): (usize, usize),
    layer: &dyn Layer,
    lanes: &mut [Lane],
    gradient: &mut Tensor,
    executor: &dyn Executor,
) {
    let images: usize = lanes.iter().map(|lane| lane.images).sum();
    let mut scratch: [&mut [f32]; LANES] = std::array::from_fn(|_| <&mut [f32]>::default());
    let mut batch = [Part::default(); LANES];
    for ((lane, scratch), part) in lanes.iter_mut().zip(&mut scratch).zip(&mut batch) {
        let x = if i == 0 { &lane.inputs } else { &lane.activations[i - 1] };
        let (x, dy) =
            (&x[..lane.images * layer.input().len()], &lane.kept[i][..lane.images * layer.output().len()]);
        (*part, *scratch) = (Part { x, dy }, &mut lane.scratch);
    }
    let len = gradient.len();
    // A value that is passed over takes as long as some that are multiplied.
    let work = len * images / MULTIPLIED;
    let columns = gradient.shape().last().copied().unwrap_or(1).max(1);
    let rows = len / columns;
    if rows <= ROWS_AT_HAND {
        // So few rows, in parts, would be little use of what is brought into the cache for them.
        let mut by_columns = ByColumns::new();
        gradient
            .values_mut()
            .chunks_exact_mut(columns)
            .enumerate()
            .for_each(|(at, row)| by_columns.put(at, row));
        let mut parts = by_columns.0.into_iter().zip(scratch).enumerate();
        let parts: [_; LANES] = std::array::from_fn(|_| parts.next());
        return each(executor, work, parts, |part| {
            let Some((part, (mut gradient, scratch))) = part else { return };
            whole.gradient(number, (0, range(columns, part)), &batch, &mut gradient[..rows], scratch);
        });
    }
    let mut scratch = scratch.into_iter();
    let parts = split_mut(gradient.values_mut(), rows).map(|part| (part, scratch.next().unwrap_or_default()));
    each(executor, work, parts, |((first, gradient), scratch)| {
        for (i, gradient) in gradient.chunks_mut(ROWS_AT_HAND * columns).enumerate() {
            let (mut rows, count) = rows_mut(gradient, columns);
            let place = (first + i * ROWS_AT_HAND, 0..columns);
            whole.gradient(number, place, &batch, &mut rows[..count], scratch);
        }
    });
}

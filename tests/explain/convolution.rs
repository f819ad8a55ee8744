//! Convolutions taken apart, compared with the layer itself over random settings.

use convlens::{
    explain::{Convolution, ExplainError},
    nn::{
        Pair, Shape,
        layers::{Conv2d, Padding, PaddingMode},
    },
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

struct Case {
    conv: Conv2d,
    input: Shape,
    x: Vec<f32>,
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Case {
    /// Random settings, many of which do not fit the input.
    fn random(random: &mut ChaCha8Rng) -> Self {
        let mut pair = |least: usize, most: usize| Pair {
            h: random.random_range(least..=most),
            w: random.random_range(least..=most),
        };
        let (kernel_size, stride, padding, dilation) = (pair(1, 4), pair(1, 3), pair(0, 2), pair(1, 2));
        let side = pair(3, 7);
        let groups = random.random_range(1..=2);
        let (channels, filters) = (groups * random.random_range(1..=2), groups * random.random_range(1..=2));
        let bias = random.random_range(0..2) == 1;
        let padding_mode = PaddingMode::ALL[random.random_range(0..4)];
        // Half of the modes have zeros, which allow any padding.
        let padding_mode = if random.random() { padding_mode } else { PaddingMode::Zeros };
        let padding =
            if stride == Pair::square(1) && random.random() { Padding::Same } else { padding.into() };
        let conv = Conv2d {
            kernel_size,
            stride,
            padding,
            dilation,
            groups,
            bias,
            padding_mode,
            ..Conv2d::new(filters, 1)
        };
        let input = Shape::maps(channels, side.h, side.w);
        let mut values =
            |len: usize| (0..len).map(|_| random.random_range(-4..=4) as f32).collect::<Vec<_>>();
        let x = values(input.len());
        // No weight is 0, so that every input under a window changes its output; nor is the sum of some, where the padding
        // shows an input again.
        let weight = values(filters * channels / groups * kernel_size.area());
        let is_zeros = padding_mode == PaddingMode::Zeros;
        let nonzero = |w: f32| if w == 0.0 { 5.0 } else { w };
        let weight =
            weight.into_iter().map(|w| if is_zeros { nonzero(w) } else { nonzero(w.abs()) }).collect();
        let bias = if bias { values(filters) } else { Vec::new() };
        Self { conv, input, x, weight, bias }
    }

    fn made(&self) -> Result<Convolution, ExplainError> {
        Convolution::new(self.conv, self.input, &self.x, &self.weight, &self.bias)
    }
}

/// Valid random cases.
fn cases(seed: u64, count: usize) -> Vec<(Case, Convolution)> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let cases = std::iter::repeat_with(|| Case::random(&mut random));
    cases.filter_map(|case| case.made().ok().map(|made| (case, made))).take(count).collect()
}

#[test]
fn every_step_adds_up_to_the_layers_output() {
    for (case, made) in cases(1, 60) {
        assert_eq!(made.len(), made.y().len());
        for at in 0..made.len() {
            let step = made.step(at).unwrap();
            let sum: f32 = step.parts.iter().map(convlens::explain::cell::ChannelTerms::subtotal).sum();
            assert_eq!(sum + step.bias.unwrap_or(0.0), step.value, "{:?}", case.conv);
            assert_eq!((step.value, step.place), (made.y()[at], made.place(at)));
            let channels: Vec<usize> = step.parts.iter().map(|part| part.channel).collect();
            assert_eq!(channels, made.channels(step.place.channel).collect::<Vec<_>>());
        }
        assert!(made.step(made.len()).is_none());
    }
}

#[test]
fn outputs_reading_an_input_are_those_that_it_changes() {
    for (mut case, made) in cases(2, 40) {
        let (_, height, width) = made.input().as_maps();
        let (_, out_height, out_width) = made.output().as_maps();
        let padding = case.conv.window().padding;
        let (rows, columns) = made.covered();
        for (row, column) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let kept = case.x[row * width + column];
            case.x[row * width + column] += 100.0;
            let moved = case.made().unwrap();
            case.x[row * width + column] = kept;
            // The first filter belongs to the group of the first channel.
            let is_moved = |at: &usize| made.y()[*at] != moved.y()[*at];
            let changed: Vec<_> = (0..out_height * out_width)
                .filter(is_moved)
                .map(|at| (at / out_width, at % out_width))
                .collect();
            assert_eq!(made.outputs_reading(row, column), changed, "{:?} ({row}, {column})", case.conv);
            let is_covered = rows[row + padding.h] && columns[column + padding.w];
            let is_read_elsewhere = case.conv.padding_mode != PaddingMode::Zeros && !changed.is_empty();
            assert!(is_covered != changed.is_empty() || is_read_elsewhere, "{:?}", case.conv);
        }
    }
}

#[test]
fn sizes_remainders_and_costs_match_the_layer() {
    for (case, made) in cases(3, 60) {
        let (filters, height, width) = made.output().as_maps();
        let [rows, columns] = made.output_sizes();
        assert_eq!((rows.output, columns.output), (height, width));
        for side in [rows, columns] {
            let moves = side.input + 2 * side.padding + side.extra - side.span();
            assert_eq!(moves / side.stride + 1, side.output);
            assert_eq!((side.output - 1) * side.stride + side.remainder(), moves);
        }
        let costs = made.costs();
        assert_eq!(costs.conv.parameters as usize, case.weight.len() + case.bias.len());
        assert_eq!(costs.conv.multiply_adds as usize, case.weight.len() / filters * made.output().len());
        let dense = costs.dense.unwrap().parameters as usize;
        let biases = if case.bias.is_empty() { 0 } else { made.output().len() };
        assert_eq!(dense, made.input().len() * made.output().len() + biases);
    }
}

#[test]
fn the_product_of_its_matrices_is_the_layers_output() {
    for (case, made) in cases(4, 40) {
        for filter in 0..case.conv.out_channels {
            let product = made.im2col(filter).unwrap();
            let row = filter - product.filters.start;
            let bias = case.bias.get(filter).copied().unwrap_or(0.0);
            let outputs = product.weights.row(row).dot(&product.columns) + bias;
            assert_eq!(outputs, product.outputs.row(row));
            assert_eq!(outputs.as_slice().unwrap(), made.output_map(filter), "{:?}", case.conv);
        }
    }
}

#[test]
fn errors_name_the_cause() {
    let conv = Conv2d::new(1, 3);
    let refused = |conv: Conv2d, input: Shape, x: usize, weight: usize| {
        Convolution::new(conv, input, &vec![0.0; x], &vec![0.0; weight], &[0.0]).unwrap_err().to_string()
    };
    assert!(refused(conv, Shape::maps(1, 2, 2), 4, 9).contains("larger than the padded input"));
    assert!(refused(conv, Shape::maps(1, 4, 4), 15, 9).contains("15 values"));
    assert!(refused(conv, Shape::maps(1, 4, 4), 16, 8).contains("weight has 8 values"));
    assert!(refused(Conv2d { groups: 2, ..conv }, Shape::maps(1, 4, 4), 16, 9).contains("groups"));
}

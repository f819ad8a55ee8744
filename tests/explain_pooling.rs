//! Pooling step by step, compared with the layers: windows, gradients, shifts and the information lost.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use convlens::{
    explain::pooling::{Direction, PoolOutputSize, Pooling, PoolingRule},
    nn::{
        LayerSpec, Pair,
        layers::{AvgPool2d, Conv2d, GlobalAvgPool2d, MaxPool2d},
    },
};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Small whole numbers, so that there are ties.
fn map(height: usize, width: usize, random: &mut impl Rng) -> Vec<f32> {
    (0..height * width).map(|_| random.random_range(-4..5) as f32).collect()
}

/// Random settings that usually fit: (kernel, stride, padding, ceil mode).
fn settings(random: &mut impl Rng) -> (Pair, Pair, Pair, bool) {
    let mut pair = |least: usize, most: usize| Pair {
        h: random.random_range(least..=most),
        w: random.random_range(least..=most),
    };
    (pair(1, 4), pair(1, 4), pair(0, 2), random.random())
}

/// Random pooling layers of every type over random maps.
fn poolings(count: usize, seed: u64) -> Vec<Pooling> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut all = Vec::new();
    while all.len() < count {
        let size = (random.random_range(1..10), random.random_range(1..10));
        let map = map(size.0, size.1, &mut random);
        let (kernel_size, stride, padding, ceil_mode) = settings(&mut random);
        let layer: LayerSpec = match random.random_range(0..7) {
            0 => GlobalAvgPool2d {}.into(),
            1..=3 => {
                let dilation = Pair { h: random.random_range(1..3), w: random.random_range(1..3) };
                MaxPool2d { kernel_size, stride, padding, dilation, ceil_mode }.into()
            }
            _ => AvgPool2d {
                kernel_size,
                stride,
                padding,
                ceil_mode,
                count_include_pad: random.random(),
                divisor_override: random.random::<bool>().then_some(3),
            }
            .into(),
        };
        all.extend(Pooling::new(layer, &map, size));
    }
    all
}

#[test]
fn steps_are_the_outputs_of_the_layer() {
    for pooling in poolings(400, 1) {
        let (rows, columns) = pooling.output_size();
        assert_eq!((pooling.len(), pooling.output().len()), (rows * columns, rows * columns));
        for number in 0..pooling.len() {
            let step = pooling.step(number);
            assert_eq!(step.at, (number / columns, number % columns));
            assert_eq!(step.value, pooling.output()[number]);
            let expected = match &step.rule {
                PoolingRule::Largest { winners } => {
                    let places = step.winners();
                    assert_eq!(places.len(), winners.len());
                    let (_, width) = pooling.input_size();
                    assert!(places.iter().all(|&(y, x)| pooling.input()[y * width + x] == step.value));
                    assert!(places.is_sorted(), "the first in the order of rows is first");
                    step.inside().map(|(.., x)| x).fold(f32::NEG_INFINITY, f32::max)
                }
                PoolingRule::Mean { divisor } => step.sum() / divisor,
            };
            assert!((step.value - expected).abs() < 1e-5, "{:?}: {step:?}", pooling.layer());
        }
        // Numbers beyond the last step give the last step.
        assert_eq!(pooling.step(usize::MAX), pooling.step(pooling.len() - 1));
    }
}

#[test]
fn steps_reading_a_cell_have_it_in_their_window() {
    for pooling in poolings(300, 2) {
        let (height, width) = pooling.input_size();
        let windows: Vec<Vec<(usize, usize)>> = (0..pooling.len())
            .map(|number| pooling.step(number).inside().map(|(y, x, _)| (y, x)).collect())
            .collect();
        let (rows, columns) = pooling.uncovered();
        for place in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let seen: Vec<usize> = (0..windows.len()).filter(|&n| windows[n].contains(&place)).collect();
            assert_eq!(pooling.steps_reading(place.0, place.1), seen, "{:?} {place:?}", pooling.layer());
            assert_eq!(seen.is_empty(), rows.contains(&place.0) || columns.contains(&place.1));
        }
        assert!(pooling.steps_reading(height, 0).is_empty());
    }
}

#[test]
fn max_gradients_go_to_the_first_winner_and_mean_gradients_to_all() {
    for pooling in poolings(300, 3) {
        let (_, width) = pooling.input_size();
        let mut all = vec![0.0; pooling.input().len()];
        for number in 0..pooling.len() {
            let step = pooling.step(number);
            let mut expected = vec![0.0; pooling.input().len()];
            match &step.rule {
                PoolingRule::Largest { .. } => {
                    let (y, x) = step.winners()[0];
                    expected[y * width + x] = 1.0;
                }
                PoolingRule::Mean { divisor } => {
                    step.inside().for_each(|(y, x, _)| expected[y * width + x] = 1.0 / divisor);
                }
            }
            let one = pooling.backward_of_one(number);
            let off = one.iter().zip(&expected).map(|(a, b): (&f32, &f32)| (a - b).abs()).fold(0.0, f32::max);
            assert!(off < 1e-6, "{:?} {step:?}: {one:?}", pooling.layer());
            all.iter_mut().zip(&one).for_each(|(sum, d)| *sum += d);
        }
        for count in [0, 1, pooling.len() / 2, pooling.len(), usize::MAX] {
            let mut sum = vec![0.0; pooling.input().len()];
            for number in 0..count.min(pooling.len()) {
                sum.iter_mut().zip(pooling.backward_of_one(number)).for_each(|(sum, d)| *sum += d);
            }
            let first = pooling.backward_of_first(count);
            let off = first.iter().zip(&sum).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(off < 1e-5, "{:?} {count}", pooling.layer());
        }
        let off = pooling.backward_of_all().iter().zip(&all).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(off < 1e-5, "{:?}", pooling.layer());
    }
}

#[test]
fn gradients_match_finite_differences() {
    for pooling in poolings(150, 4) {
        let gradient = pooling.backward_of_all();
        let sum = |pooling: &Pooling| pooling.output().iter().sum::<f32>();
        for (at, &slope) in gradient.iter().enumerate() {
            let moved = |by: f32| {
                let mut map = pooling.input().to_vec();
                map[at] += by;
                sum(&pooling.with_input(&map).unwrap())
            };
            // At a tie the left and right derivatives differ, and the gradient lies between them.
            let (up, down) = ((moved(0.25) - moved(0.0)) / 0.25, (moved(0.0) - moved(-0.25)) / 0.25);
            let is_between = down.min(up) - 1e-4 <= slope && slope <= down.max(up) + 1e-4;
            assert!(is_between, "{:?}, {at}: {slope}, {down}, {up}", pooling.layer());
        }
    }
}

#[test]
fn a_shift_applies_the_layer_to_the_shifted_map() {
    let rows = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];
    let max = Pooling::new(MaxPool2d::strided(2, 1).into(), rows.as_flattened(), (3, 3)).unwrap();
    let up = max.shift_input(Direction::Up);
    assert_eq!(up.after, [4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 7.0, 8.0, 9.0]);
    assert_eq!((up.count(), up.mean_change), (6, 2.0));
    assert_eq!(max.shift_input(Direction::Right).after, [1.0, 1.0, 2.0, 4.0, 4.0, 5.0, 7.0, 7.0, 8.0]);
    let pooled = max.shift_output(Direction::Up);
    assert_eq!((pooled.after.as_slice(), pooled.count()), ([8.0, 9.0, 8.0, 9.0].as_slice(), 2));
    for pooling in poolings(200, 5) {
        for direction in Direction::ALL {
            let input = pooling.shift_input(direction);
            let moved = Pooling::new(pooling.layer().clone(), &input.after, pooling.input_size()).unwrap();
            let output = pooling.shift_output(direction);
            assert_eq!(moved.output(), output.after);
            let others = moved.output().iter().zip(pooling.output()).filter(|(a, b)| a != b).count();
            assert_eq!(output.count(), others);
            if input.count() == 0 {
                assert_eq!((output.count(), output.mean_change), (0, 0.0));
            }
        }
    }
}

#[test]
fn max_pooling_ignores_shifts_within_a_window() {
    let mut map = [0.0; 16];
    map[0] = 1.0;
    let max = Pooling::new(MaxPool2d::new(2).into(), &map, (4, 4)).unwrap();
    let mut moved = [0.0; 16];
    moved[5] = 1.0;
    assert_eq!(max.with_input(&moved).unwrap().output(), max.output());
    assert!(max.with_input(&moved[1..]).is_none());
}

#[test]
fn the_information_lost_is_measured() {
    let map = [1.0, 1.0, 2.0, 4.0, 1.0, 1.0, 0.0, 2.0, 3.0, 0.0, 5.0, 5.0, 0.0, 1.0, 5.0, 5.0];
    let max = Pooling::new(MaxPool2d::new(2).into(), &map, (4, 4)).unwrap().loss();
    let [a, b, c, d] = [1.0, 4.0, 3.0, 5.0];
    assert_eq!(max.upsampled, [a, a, b, b, a, a, b, b, c, c, d, d, c, c, d, d]);
    assert_eq!((max.kept, max.mean_squared), (0.25, 46.0 / 16.0));
    let average = Pooling::new(AvgPool2d::new(2).into(), &map, (4, 4)).unwrap().loss();
    // The average has the smallest error of all maps that are constant over each window.
    assert!(average.mean_squared < max.mean_squared);
    let same = Pooling::new(MaxPool2d::new(1).into(), &map, (4, 4)).unwrap().loss();
    assert_eq!((same.upsampled.as_slice(), same.kept, same.mean_squared), (map.as_slice(), 1.0, 0.0));
    for pooling in poolings(200, 6) {
        let loss = pooling.loss();
        let (height, width) = pooling.input_size();
        // Each cell is filled once, and the errors of all steps add up to the total.
        let mut filled = vec![None; height * width];
        let (mut cells, mut squares) = (0, 0.0);
        assert_eq!(loss.steps.len(), pooling.len());
        for (number, step) in loss.steps.iter().enumerate() {
            for at in step.rows.clone().flat_map(|y| step.columns.clone().map(move |x| y * width + x)) {
                assert_eq!(pooling.step_at(at / width, at % width), number);
                let value = pooling.step(number).value;
                assert_eq!(filled[at].replace(value), None);
                cells += 1;
                squares += f64::from(value - pooling.input()[at]).powi(2);
            }
            assert_eq!(step.cells, cells);
            assert!((step.squares - squares).abs() < 1e-9 && step.mean_squared() >= 0.0);
        }
        assert_eq!(filled.into_iter().collect::<Option<Vec<f32>>>().unwrap(), loss.upsampled);
        assert_eq!(loss.steps.last().unwrap().mean_squared(), loss.mean_squared);
        assert_eq!(loss.upsampled.len(), pooling.input().len());
        assert!(loss.upsampled.iter().all(|value| pooling.output().contains(value)));
    }
}

#[test]
fn the_formula_gives_the_output_size() {
    let (mut sizes, mut left_out) = (0, 0);
    for n in 1..9 {
        for (kernel, stride, padding) in
            (1..5).flat_map(|k| (1..5).flat_map(move |s| (0..=k / 2).map(move |p| (k, s, p))))
        {
            for (ceil_mode, dilation) in [(false, 1), (true, 1), (false, 2), (true, 3)] {
                let side = PoolOutputSize { n, kernel, stride, padding, dilation, ceil_mode };
                let (padding, dilation) = (padding.into(), dilation.into());
                let layer = MaxPool2d { padding, dilation, ceil_mode, ..MaxPool2d::strided(kernel, stride) };
                let pooling = Pooling::new(layer.into(), &vec![0.0; n * n], (n, n));
                // PyTorch refuses a dilated window that can lie in the padding entirely.
                let is_blind = matches!(&pooling, Err(error) if error.setting().is_some_and(|error| error.setting() == "dilation"));
                assert_eq!(side.formula().is_some() && !is_blind, pooling.is_ok(), "{side:?}");
                let Ok(pooling) = pooling else { continue };
                let expected = side.formula().unwrap() - usize::from(side.drops_last_window());
                assert_eq!(pooling.output_size(), (expected, expected), "{side:?}");
                sizes += 1;
                left_out += usize::from(side.drops_last_window());
                if side.divides() && side.padding == 0 && stride <= kernel && side.dilation == 1 {
                    assert_eq!(pooling.uncovered(), (vec![], vec![]), "{side:?}");
                }
            }
        }
    }
    assert!(sizes > 300 && left_out > 10, "{sizes}, {left_out}");
    assert_eq!(
        PoolOutputSize { n: 4, kernel: 2, stride: 0, padding: 0, dilation: 1, ceil_mode: true }.formula(),
        None
    );
}

#[test]
fn errors_name_the_cause() {
    let error = |layer: LayerSpec, size: (usize, usize)| {
        Pooling::new(layer, &[0.0; 16], size).unwrap_err().to_string()
    };
    let large = error(MaxPool2d::new(5).into(), (4, 4));
    assert!(large.contains("kernel") && large.contains('5') && large.contains('4'), "{large}");
    let padded = MaxPool2d { padding: 2.into(), ..MaxPool2d::new(2) };
    assert!(error(padded.into(), (4, 4)).contains("padding 2×2"));
    assert!(error(MaxPool2d::strided(2, 0).into(), (4, 4)).contains("stride is 0"));
    assert!(error(Conv2d::new(1, 2).into(), (4, 4)).contains("not a pooling layer"));
    assert!(error(MaxPool2d::new(2).into(), (4, 5)).contains("16 values"));
    assert!(Pooling::new(MaxPool2d::new(1).into(), &[], (0, 0)).is_err());
}

#[test]
fn nan_and_infinity_do_not_panic() {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for layer in [LayerSpec::from(MaxPool2d::new(2)), AvgPool2d::new(2).into()] {
            for map in [[value; 16], std::array::from_fn(|i| if i == 3 { value } else { i as f32 })] {
                let pooling = Pooling::new(layer.clone(), &map, (4, 4)).unwrap();
                for number in 0..pooling.len() {
                    let step = pooling.step(number);
                    assert!(step.winners().iter().all(|&(y, x)| y < 4 && x < 4));
                }
                assert_eq!(pooling.backward_of_all().iter().sum::<f32>(), 4.0);
                let _ = (pooling.loss(), pooling.shift_output(Direction::Left));
            }
        }
    }
}

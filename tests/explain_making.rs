//! How a map came about is, at every place, how its cells came about.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use convlens::{
    explain::{Cell, Making, cell::Part},
    nn::{
        Init, LayerSpec, Network, NetworkSpec, Pair, Shape, Trace,
        layers::{Conv2d, ConvTranspose2d},
    },
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn network(layers: &[LayerSpec], input: Shape, random: &mut ChaCha8Rng) -> Option<Network> {
    let json = serde_json::json!({"name": "made", "input": input.dims(), "layers": layers}).to_string();
    let mut network = Network::new(NetworkSpec::from_json(&json).ok()?, Init::He, 1).ok()?;
    for tensor in network.parameters_mut().iter_mut().flatten() {
        tensor.values_mut().fill_with(|| random.random_range(-1.0..1.0));
    }
    Some(network)
}

fn trace(network: &Network, random: &mut ChaCha8Rng) -> Trace {
    let x: Vec<f32> = (0..network.input().len()).map(|_| random.random_range(-1.0..1.0)).collect();
    network.trace(&x)
}

/// Compares every partial result of a map of layer `number` with the cells' subtotals, and the sum with the trace.
fn compare(network: &Network, trace: &Trace, number: usize, map: usize) {
    let making = Making::of(network, trace, number, map).unwrap();
    assert_eq!((making.layer, making.channel), (number, map));
    let (height, width) = (making.sum.height, making.sum.width);
    for place in 0..height * width {
        let at = map * height * width + place;
        let what = || format!("{:?}, map {map}, place {place}", network.spec().layers[number]);
        let Some(Cell::Sum { parts, bias }) = Cell::of(network, trace, number, at) else {
            panic!("{} is a sum", what())
        };
        assert_eq!(bias, making.bias);
        assert_eq!(making.sum.values[place], trace.activation(number)[at], "{}", what());
        let partials: Vec<f32> = making.shares.iter().map(|share| share.partial.values[place]).collect();
        if making.window.is_some() {
            let channels: Vec<usize> = making.shares.iter().map(|share| share.channel).collect();
            assert_eq!(channels, parts.iter().map(|part| part.channel).collect::<Vec<_>>(), "{}", what());
            assert_eq!(partials, parts.iter().map(Part::subtotal).collect::<Vec<_>>(), "{}", what());
        }
        if making.window.is_some() {
            let marks = making.marks(None, place / width, place % width).inputs;
            let terms = parts.iter().flat_map(|part| &part.terms);
            let is_marked = |row, column| marks.rows.contains(&row) && marks.columns.contains(&column);
            assert!(terms.map(|t| &t.seen).all(|seen| is_marked(seen.row, seen.column)), "{}", what());
        }
        let products = making.shares.iter().filter_map(|share| share.products.as_ref());
        let products: Vec<f32> = products.flat_map(|picture| &picture.values).copied().collect();
        if making.window.is_none() {
            assert_eq!(
                products,
                parts[0].terms.iter().map(convlens::explain::cell::Term::product).collect::<Vec<_>>()
            );
        }
        let total = partials.iter().sum::<f32>() + bias.unwrap_or(0.0);
        let size = parts.iter().flat_map(|part| &part.terms).map(|term| term.product().abs()).sum::<f32>();
        assert!((total - making.sum.values[place]).abs() <= 2e-6 * (size + 1.0), "{}: {total}", what());
    }
}

#[test]
fn partial_results_are_the_cells_subtotals() {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let mut tried = 0;
    for _ in 0..400 {
        let mut pair = |least: usize, most: usize| Pair {
            h: random.random_range(least..=most),
            w: random.random_range(least..=most),
        };
        let (kernel_size, stride, padding, dilation) = (pair(1, 4), pair(1, 3), pair(0, 2), pair(1, 2));
        let groups = [1, 2, 4][random.random_range(0..3)];
        let layer: LayerSpec = match random.random_range(0..2) {
            0 => Conv2d { kernel_size, stride, padding, dilation, groups, ..Conv2d::new(4, 1) }.into(),
            _ => ConvTranspose2d {
                kernel_size,
                stride,
                padding,
                dilation,
                groups,
                ..ConvTranspose2d::new(4, 1)
            }
            .into(),
        };
        let input = Shape::maps(4, random.random_range(2..9), random.random_range(2..9));
        let layers = [layer, serde_json::from_str(r#"{"type": "flatten"}"#).unwrap()];
        let Some(network) = network(&layers, input, &mut random) else { continue };
        let trace = trace(&network, &mut random);
        compare(&network, &trace, 0, random.random_range(0..4));
        tried += 1;
    }
    assert!(tried > 200, "{tried}");
}

const WHOLE: &str = r#"[
    {"type": "conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1}, {"type": "batch_norm2d"}, {"type": "relu"},
    {"type": "channel_shuffle", "groups": 2}, {"type": "max_pool2d", "kernel_size": 2},
    {"type": "conv2d", "out_channels": 6, "kernel_size": 2, "groups": 2}, {"type": "tanh"},
    {"type": "flatten"}, {"type": "dropout"}, {"type": "linear", "out_features": 5}, {"type": "relu"},
    {"type": "linear", "out_features": 3}]"#;

#[test]
fn every_map_of_a_network_has_its_way() {
    let mut random = ChaCha8Rng::seed_from_u64(12);
    let layers: Vec<LayerSpec> = serde_json::from_str(WHOLE).unwrap();
    let network = network(&layers, Shape::maps(2, 8, 8), &mut random).unwrap();
    let trace = trace(&network, &mut random);
    for (layer, maps) in [(0, 4), (5, 6), (9, 5), (11, 3)] {
        for map in 0..maps {
            compare(&network, &trace, layer, map);
            let making = Making::of(&network, &trace, layer, map).unwrap();
            // Whichever stage is asked for, the way is the same one; and each stage is the trace's map.
            for stage in &making.stages {
                let again = Making::of(&network, &trace, stage.layer, stage.channel).unwrap();
                assert_eq!(again, making, "layer {}, map {}", stage.layer, stage.channel);
                let size = stage.picture.values.len();
                let values = &trace.activation(stage.layer)[stage.channel * size..][..size];
                assert_eq!(stage.picture.values, values);
            }
            let followers: Vec<usize> = making.stages.iter().map(|stage| stage.layer).collect();
            let expected: &[usize] = match layer {
                0 => &[1, 2, 3, 4],
                5 => &[6],
                9 => &[10],
                _ => &[],
            };
            assert_eq!(followers, expected);
        }
    }
    // A flattened value belongs to its map, and what a fully connected layer reads is shown as the maps that it was.
    assert_eq!(Making::of(&network, &trace, 7, 40), Making::of(&network, &trace, 6, 40 / 9));
    let linear = Making::of(&network, &trace, 9, 1).unwrap();
    assert_eq!((linear.shares.len(), linear.shares[5].input.height), (6, 3));
    let last = Making::of(&network, &trace, 11, 1).unwrap();
    assert_eq!((last.shares.len(), last.shares[0].input.width), (1, 5));
}

#[test]
fn what_was_never_added_up_has_no_way() {
    let mut random = ChaCha8Rng::seed_from_u64(13);
    let layers: Vec<LayerSpec> = serde_json::from_str(
        r#"[{"type": "relu"}, {"type": "flatten"}, {"type": "linear", "out_features": 2}]"#,
    )
    .unwrap();
    let network = network(&layers, Shape::maps(1, 3, 3), &mut random).unwrap();
    let trace = trace(&network, &mut random);
    for (layer, map) in [(0, 0), (1, 4), (2, 2), (3, 0)] {
        assert!(Making::of(&network, &trace, layer, map).is_none(), "{layer}, {map}");
    }
    assert!(Making::of(&network, &trace, 2, 1).is_some());
}

/// Marks, looked up in the cells themselves: what a place of `layer` reads one layer before.
fn read_by(network: &Network, trace: &Trace, layer: usize, at: usize) -> (Vec<isize>, Vec<isize>) {
    let seen: Vec<(isize, isize)> = match Cell::of(network, trace, layer, at).unwrap() {
        Cell::Sum { parts, .. } => {
            parts.iter().flat_map(|part| &part.terms).map(|term| (term.seen.row, term.seen.column)).collect()
        }
        Cell::Largest { window, .. } | Cell::Mean { window, .. } => {
            window.iter().map(|seen| (seen.row, seen.column)).collect()
        }
        Cell::Function { from, .. } | Cell::Same { from, .. } => {
            vec![(from.row as isize, from.column as isize)]
        }
        other => panic!("{other:?} has no place"),
    };
    seen.into_iter().unzip()
}

fn span(mut places: Vec<isize>) -> std::ops::Range<isize> {
    places.sort_unstable();
    places[0]..places[places.len() - 1] + 1
}

#[test]
fn what_is_marked_is_what_cells_read() {
    let mut random = ChaCha8Rng::seed_from_u64(14);
    let layers: Vec<LayerSpec> = serde_json::from_str(
        r#"[{"type": "conv2d", "out_channels": 2, "kernel_size": [3, 2], "stride": [2, 1], "padding": [1, 0], "dilation": [1, 2]},
            {"type": "relu"}, {"type": "max_pool2d", "kernel_size": 3, "stride": 2},
            {"type": "avg_pool2d", "kernel_size": 2, "stride": 1}, {"type": "flatten"}]"#,
    )
    .unwrap();
    let network = network(&layers, Shape::maps(1, 17, 12), &mut random).unwrap();
    let trace = trace(&network, &mut random);
    let making = Making::of(&network, &trace, 0, 1).unwrap();
    let sizes: Vec<_> = making.stages.iter().map(|s| (s.picture.height, s.picture.width)).collect();
    // From every place of every picture back to the input.
    for stage in [None, Some(0), Some(1), Some(2)] {
        let (height, width) = stage.map_or((making.sum.height, making.sum.width), |stage| sizes[stage]);
        for (row, column) in (0..height * width).map(|i| (i / width, i % width)) {
            let marks = making.marks(stage, row, column);
            let mut cells = vec![(row, column)];
            for layer in (0..=stage.map_or(0, |stage| stage + 1)).rev() {
                let (height, width) =
                    if layer == 0 { (making.sum.height, making.sum.width) } else { sizes[layer - 1] };
                let expected = if layer == 0 { &marks.sum } else { &marks.stages[layer - 1] };
                let rows = cells.iter().map(|cell| cell.0 as isize).collect();
                let columns = cells.iter().map(|cell| cell.1 as isize).collect();
                assert_eq!((span(rows), span(columns)), (expected.rows.clone(), expected.columns.clone()));
                let read: Vec<(isize, isize)> = cells
                    .iter()
                    .flat_map(|&(y, x)| {
                        let (rows, columns) = read_by(&network, &trace, layer, (height + y) * width + x);
                        rows.into_iter().zip(columns)
                    })
                    .collect();
                if layer == 0 {
                    let (rows, columns) = read.into_iter().unzip();
                    assert_eq!(
                        (span(rows), span(columns)),
                        (marks.inputs.rows.clone(), marks.inputs.columns.clone())
                    );
                    break;
                }
                cells = read.into_iter().map(|(y, x)| (y as usize, x as usize)).collect();
            }
        }
    }
    // From every place of the sum on: a pooled cell is marked exactly if it reads the place.
    for (row, column) in
        (0..making.sum.height * making.sum.width).map(|i| (i / making.sum.width, i % making.sum.width))
    {
        let marks = making.marks(None, row, column);
        let (height, width) = sizes[1];
        for (y, x) in (0..height * width).map(|i| (i / width, i % width)) {
            let back = making.marks(Some(1), y, x).sum;
            let reads = back.rows.contains(&(row as isize)) && back.columns.contains(&(column as isize));
            let marked = &marks.stages[1];
            let is_marked = marked.rows.contains(&(y as isize)) && marked.columns.contains(&(x as isize));
            assert_eq!(is_marked, reads, "({y}, {x}) of ({row}, {column})");
        }
    }
}

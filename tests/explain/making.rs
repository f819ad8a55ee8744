//! The breakdown of a map agrees with its cells at every position.

use convlens::{
    explain::{Breakdown, Cell, cell::ChannelTerms},
    nn::{
        Init, LayerSpec, Network, NetworkSpec, Pair, Shape, Trace,
        layers::{
            AdaptiveAvgPool2d, AdaptiveMaxPool2d, Conv2d, ConvTranspose2d, Flatten, PaddingMode, Prelu,
            Upsample, UpsampleMode, ZeroPad2d,
        },
    },
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn network(layers: &[LayerSpec], input: Shape, random: &mut ChaCha8Rng) -> Option<Network> {
    let json = serde_json::json!({"name": "breakdown", "input": input.dims(), "layers": layers}).to_string();
    let mut network = Network::new(NetworkSpec::from_json(&json).ok()?, Init::He, 1).ok()?;
    network.fill_parameters(|| random.random_range(-1.0..1.0));
    Some(network)
}

fn trace(network: &Network, random: &mut ChaCha8Rng) -> Trace {
    let x: Vec<f32> = (0..network.input().len()).map(|_| random.random_range(-1.0..1.0)).collect();
    network.trace(&x)
}

/// Compares the contributions to a map of layer `number` with the subtotals of its cells, and the sum with the trace.
fn compare(network: &Network, trace: &Trace, number: usize, map: usize) {
    let breakdown = Breakdown::of(network, trace, number, map).unwrap();
    assert_eq!((breakdown.layer, breakdown.channel), (number, map));
    let (height, width) = breakdown.sum.dim();
    for place in 0..height * width {
        let at = map * height * width + place;
        let what = || format!("{:?}, map {map}, place {place}", network.spec().layers[number]);
        let Some(Cell::Sum { parts, bias }) = Cell::of(network, trace, number, at) else {
            panic!("{} is a sum", what())
        };
        assert_eq!(bias, breakdown.bias);
        assert_eq!(breakdown.sum.as_slice().unwrap()[place], trace.activation(number)[at], "{}", what());
        let partials: Vec<f32> =
            breakdown.contributions.iter().map(|of| of.partial[(place / width, place % width)]).collect();
        if breakdown.window.is_some() {
            let channels: Vec<usize> = breakdown.contributions.iter().map(|of| of.channel).collect();
            assert_eq!(channels, parts.iter().map(|part| part.channel).collect::<Vec<_>>(), "{}", what());
            assert_eq!(partials, parts.iter().map(ChannelTerms::subtotal).collect::<Vec<_>>(), "{}", what());
        }
        if breakdown.window.is_some() {
            let highlights = breakdown.highlights(None, place / width, place % width).inputs;
            let terms = parts.iter().flat_map(|part| &part.terms);
            let is_highlighted =
                |row, column| highlights.rows.contains(&row) && highlights.columns.contains(&column);
            assert!(terms.map(|t| &t.seen).all(|seen| is_highlighted(seen.row, seen.column)), "{}", what());
        }
        let products = breakdown.contributions.iter().filter_map(|of| of.products.as_ref());
        let products: Vec<f32> = products.flatten().copied().collect();
        if breakdown.window.is_none() {
            assert_eq!(
                products,
                parts[0].terms.iter().map(convlens::explain::cell::Term::product).collect::<Vec<_>>()
            );
        }
        let total = partials.iter().sum::<f32>() + bias.unwrap_or(0.0);
        let size = parts.iter().flat_map(|part| &part.terms).map(|term| term.product().abs()).sum::<f32>();
        assert!(
            (total - breakdown.sum.as_slice().unwrap()[place]).abs() <= 2e-6 * (size + 1.0),
            "{}: {total}",
            what()
        );
    }
}

#[test]
fn contributions_are_the_subtotals_of_cells() {
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
            0 => {
                Conv2d { kernel_size, stride, padding: padding.into(), dilation, groups, ..Conv2d::new(4, 1) }
                    .into()
            }
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
fn every_map_is_broken_down() {
    let mut random = ChaCha8Rng::seed_from_u64(12);
    let layers: Vec<LayerSpec> = serde_json::from_str(WHOLE).unwrap();
    let network = network(&layers, Shape::maps(2, 8, 8), &mut random).unwrap();
    let trace = trace(&network, &mut random);
    for (layer, maps) in [(0, 4), (5, 6), (9, 5), (11, 3)] {
        for map in 0..maps {
            compare(&network, &trace, layer, map);
            let breakdown = Breakdown::of(&network, &trace, layer, map).unwrap();
            // Every stage leads to the same breakdown, and holds the map of the trace.
            for stage in &breakdown.stages {
                let again = Breakdown::of(&network, &trace, stage.layer, stage.channel).unwrap();
                assert_eq!(again, breakdown, "layer {}, map {}", stage.layer, stage.channel);
                let size = stage.map.len();
                let values = &trace.activation(stage.layer)[stage.channel * size..][..size];
                assert_eq!(stage.map.as_slice().unwrap(), values);
            }
            let followers: Vec<usize> = breakdown.stages.iter().map(|stage| stage.layer).collect();
            let expected: &[usize] = match layer {
                0 => &[1, 2, 3, 4],
                5 => &[6],
                9 => &[10],
                _ => &[],
            };
            assert_eq!(followers, expected);
        }
    }
    // A flattened value belongs to its map, and a fully connected layer reads the maps that were flattened.
    assert_eq!(Breakdown::of(&network, &trace, 7, 40), Breakdown::of(&network, &trace, 6, 40 / 9));
    let linear = Breakdown::of(&network, &trace, 9, 1).unwrap();
    assert_eq!((linear.contributions.len(), linear.contributions[5].input.nrows()), (6, 3));
    let last = Breakdown::of(&network, &trace, 11, 1).unwrap();
    assert_eq!((last.contributions.len(), last.contributions[0].input.ncols()), (1, 5));
}

#[test]
fn layers_before_the_first_sum_have_no_breakdown() {
    let mut random = ChaCha8Rng::seed_from_u64(13);
    let layers: Vec<LayerSpec> = serde_json::from_str(
        r#"[{"type": "relu"}, {"type": "flatten"}, {"type": "linear", "out_features": 2}]"#,
    )
    .unwrap();
    let network = network(&layers, Shape::maps(1, 3, 3), &mut random).unwrap();
    let trace = trace(&network, &mut random);
    for (layer, map) in [(0, 0), (1, 4), (2, 2), (3, 0)] {
        assert!(Breakdown::of(&network, &trace, layer, map).is_none(), "{layer}, {map}");
    }
    assert!(Breakdown::of(&network, &trace, 2, 1).is_some());
}

/// The rows and columns that cell `at` of `layer` reads in the layer before, from the cell itself.
fn read_by(network: &Network, trace: &Trace, layer: usize, at: usize) -> (Vec<isize>, Vec<isize>) {
    let seen: Vec<(isize, isize)> = match Cell::of(network, trace, layer, at).unwrap() {
        Cell::Sum { parts, .. } => {
            parts.iter().flat_map(|part| &part.terms).map(|term| (term.seen.row, term.seen.column)).collect()
        }
        Cell::Largest { window, .. } | Cell::Mean { window, .. } => {
            window.iter().map(|seen| (seen.row, seen.column)).collect()
        }
        Cell::Function { from, .. } | Cell::Sloped { from, .. } | Cell::Same { from, .. } => {
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
fn highlights_are_what_cells_read() {
    let mut random = ChaCha8Rng::seed_from_u64(14);
    let layers: Vec<LayerSpec> = serde_json::from_str(
        r#"[{"type": "conv2d", "out_channels": 2, "kernel_size": [3, 2], "stride": [2, 1], "padding": [1, 0], "dilation": [1, 2]},
            {"type": "relu"}, {"type": "max_pool2d", "kernel_size": 3, "stride": 2},
            {"type": "avg_pool2d", "kernel_size": 2, "stride": 1}, {"type": "flatten"}]"#,
    )
    .unwrap();
    let network = network(&layers, Shape::maps(1, 17, 12), &mut random).unwrap();
    let trace = trace(&network, &mut random);
    let breakdown = Breakdown::of(&network, &trace, 0, 1).unwrap();
    let sizes: Vec<_> = breakdown.stages.iter().map(|s| s.map.dim()).collect();
    // From every cell of every map back to the input.
    for stage in [None, Some(0), Some(1), Some(2)] {
        let (height, width) = stage.map_or(breakdown.sum.dim(), |stage| sizes[stage]);
        for (row, column) in (0..height * width).map(|i| (i / width, i % width)) {
            let highlights = breakdown.highlights(stage, row, column);
            let mut cells = vec![(row, column)];
            for layer in (0..=stage.map_or(0, |stage| stage + 1)).rev() {
                let (height, width) = if layer == 0 { breakdown.sum.dim() } else { sizes[layer - 1] };
                let expected = if layer == 0 { &highlights.sum } else { &highlights.stages[layer - 1] };
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
                        (highlights.inputs.rows.clone(), highlights.inputs.columns.clone())
                    );
                    break;
                }
                cells = read.into_iter().map(|(y, x)| (y as usize, x as usize)).collect();
            }
        }
    }
    // From every cell of the sum forward: a pooled cell is highlighted if and only if it reads the cell.
    for (row, column) in breakdown.sum.indexed_iter().map(|(place, _)| place) {
        let highlights = breakdown.highlights(None, row, column);
        let (height, width) = sizes[1];
        for (y, x) in (0..height * width).map(|i| (i / width, i % width)) {
            let back = breakdown.highlights(Some(1), y, x).sum;
            let reads = back.rows.contains(&(row as isize)) && back.columns.contains(&(column as isize));
            let highlighted = &highlights.stages[1];
            let is_highlighted =
                highlighted.rows.contains(&(y as isize)) && highlighted.columns.contains(&(x as isize));
            assert_eq!(is_highlighted, reads, "({y}, {x}) of ({row}, {column})");
        }
    }
}

#[test]
fn padding_that_shows_cells_contributes() {
    let mut random = ChaCha8Rng::seed_from_u64(17);
    let mut modes = 0;
    for (layer, input) in LayerSpec::examples() {
        let LayerSpec::Conv2d(conv) = &layer else { continue };
        let network = network(&[layer.clone(), Flatten {}.into()], input, &mut random).unwrap();
        let trace = trace(&network, &mut random);
        for map in 0..conv.out_channels {
            compare(&network, &trace, 0, map);
        }
        modes += usize::from(conv.padding_mode != PaddingMode::Zeros);
    }
    assert!(modes > 3);
}

#[test]
fn stages_without_a_sliding_window_mark_what_they_read() {
    let mut random = ChaCha8Rng::seed_from_u64(18);
    let output_size = Pair { h: 3, w: 2 };
    let stages: [LayerSpec; 6] = [
        ZeroPad2d { padding: [1, 0, 2, 1].into() }.into(),
        AdaptiveAvgPool2d { output_size }.into(),
        AdaptiveMaxPool2d { output_size }.into(),
        Upsample::scaled(1.5).into(),
        Upsample { mode: UpsampleMode::Bilinear, ..Upsample::scaled(2.0) }.into(),
        Prelu::default().into(),
    ];
    for stage in stages {
        let layers = [Conv2d::new(2, 2).into(), stage.clone(), Flatten {}.into()];
        let network = network(&layers, Shape::maps(1, 8, 6), &mut random).unwrap();
        let trace = trace(&network, &mut random);
        let breakdown = Breakdown::of(&network, &trace, 1, 1).unwrap();
        let (height, width) = breakdown.stages[0].map.dim();
        for place in 0..height * width {
            let at = height * width + place;
            let marked = breakdown.highlights(Some(0), place / width, place % width);
            if Cell::of(&network, &trace, 1, at) == Some(Cell::Border) {
                assert!(
                    !(0..7).contains(&marked.sum.rows.start) || !(0..5).contains(&marked.sum.columns.start)
                );
                continue;
            }
            let (rows, columns) = read_by(&network, &trace, 1, at);
            assert_eq!(
                (span(rows), span(columns)),
                (marked.sum.rows, marked.sum.columns),
                "{stage:?}, {place}"
            );
        }
    }
}

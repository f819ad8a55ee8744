//! The numbers of the Network view are the network's.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a test's helpers cannot have fails the test"
)]

mod ui_support;

use convlens::{
    explain::ReceptiveField,
    nn::{Shape, presets},
    ui::{
        action::{Action, NetworkChoice},
        widgets::numbers,
    },
};
use egui::{Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::{collections::BTreeSet, ops::Range};
use ui_support::{LARGE, SMALL, Window};

/// The names of the columns that show maps, with how many there are in each.
fn columns(window: &Window) -> Vec<(String, usize)> {
    let network = &window.state().network.network;
    let layers = network.spec().layers.iter().zip(network.layers()).enumerate();
    let names = layers.map(|(i, (spec, layer))| (format!("{} {i}", spec.type_name()), layer.output()));
    let all = std::iter::once(("input".to_owned(), network.input())).chain(names);
    all.filter_map(|(name, shape)| match shape {
        Shape::Maps { channels, height, width } if height * width > 1 => Some((name, channels)),
        _ => None,
    })
    .collect()
}

/// The values of a map as the network computed them, without the view's help.
fn values(window: &Window, column: &str, map: usize) -> Vec<f32> {
    let state = window.state();
    let trace = state.network.network.trace(&state.image.input_for(&state.network.network));
    let (values, shape) = match column.rsplit_once(' ') {
        None => (trace.input.values().to_vec(), trace.input.shape().to_vec()),
        Some((_, number)) => {
            let number: usize = number.parse().unwrap();
            (trace.activation(number).to_vec(), trace.activations[number].shape().to_vec())
        }
    };
    let size: usize = shape[2..].iter().product();
    values[map * size..][..size].to_vec()
}

/// The number of the map whose details are shown.
fn shown_map(window: &Window) -> Option<usize> {
    let labels = window.h.query_all_by_label_contains("Map ");
    let mut numbers = labels.filter_map(|node| node.value()?.strip_prefix("Map ")?.parse().ok());
    numbers.next_back()
}

/// Whether `text` is `value` with as many digits as it has.
fn is_rounded(text: &str, value: f64) -> bool {
    let digits = text.replace('−', "-").replace('+', "");
    let Ok(read) = digits.parse::<f64>() else { return false };
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    let unit = 10_f64.powi(exponent.parse::<i32>().unwrap() - decimals);
    // Sums in another order differ in the last bits.
    (read - value).abs() <= 0.5 * unit + 1e-5 * value.abs().max(1e-3) && text.starts_with('+') == (read > 0.0)
}

#[track_caller]
fn assert_details(window: &Window, column: &str, map: usize) {
    let values = values(window, column, map);
    let (mut largest, mut smallest, mut sum, mut zeros) = (f32::MIN, f32::MAX, 0.0_f64, 0);
    for &value in &values {
        largest = largest.max(value);
        smallest = smallest.min(value);
        sum += f64::from(value);
        zeros += usize::from(value == 0.0);
    }
    let cell = |name| window.value(Role::Cell, name);
    let what = format!("{column}, map {map}");
    let mean = sum / values.len() as f64;
    for (name, value) in [("largest", largest.into()), ("smallest", smallest.into()), ("mean", mean)] {
        assert!(is_rounded(&cell(name), value), "{what}: {name} is {} for {value}", cell(name));
    }
    let share = zeros as f32 / values.len() as f32;
    assert_eq!(cell("exactly zero"), numbers::percent(share), "{what}");
}

#[test]
fn a_click_on_any_map_shows_its_numbers() {
    for name in ["lenet5-relu", "lenet5", "simple-conv-net"] {
        let mut window = Window::new();
        if name != "lenet5-relu" {
            window.act(Action::ChooseNetwork(NetworkChoice::Preset(name.into())));
        }
        window.tab("Network");
        for (column, count) in columns(&window) {
            let mut seen = BTreeSet::new();
            let rect = window.h.get_by_role_and_label(Role::Image, &column).rect();
            // Two clicks a map and direction, so that none is missed.
            let step = (rect.area() / count as f32).sqrt() / 2.2;
            let steps = (rect.size() / step).ceil();
            let (across, down) = (steps.x as usize, steps.y as usize);
            for (x, y) in (0..down).flat_map(|y| (0..across).map(move |x| (x, y))) {
                if seen.len() == count {
                    break;
                }
                let share = vec2((x as f32 + 0.5) / across as f32, (y as f32 + 0.5) / down as f32);
                let before = shown_map(&window);
                click_at(&mut window, rect.lerp_inside(share));
                // A second click on a map puts it away; between maps nothing happens.
                if let Some(map) = shown_map(&window).filter(|map| before != Some(*map) || seen.is_empty()) {
                    assert_details(&window, &column, map);
                    seen.insert(map);
                }
            }
            assert_eq!(seen, (0..count).collect(), "{name}: every map of {column} can be selected");
        }
    }
}

fn click_at(window: &mut Window, place: egui::Pos2) {
    window.h.hover_at(place);
    window.h.drag_at(place);
    window.h.drop_at(place);
    window.settle();
}

#[test]
fn a_narrow_window_has_room_for_the_map_that_was_clicked() {
    let mut window = Window::sized(SMALL);
    window.tab("Network");
    assert!(window.h.query_by_role_and_label(Role::Image, "Map, enlarged").is_none());
    let place = window.h.get_by_role_and_label(Role::Image, "conv2d 0").rect().left_top() + vec2(9.0, 9.0);
    click_at(&mut window, place);
    let large = window.h.get_by_role_and_label(Role::Image, "Map, enlarged").rect();
    assert!(large.right() <= SMALL.x && large.width() > 100.0, "{large:?}");
    let place = window.h.get_by_role_and_label(Role::Image, "conv2d 0").rect().left_top() + vec2(9.0, 9.0);
    click_at(&mut window, place);
    assert!(window.h.query_by_role_and_label(Role::Image, "Map, enlarged").is_none());
}

#[test]
fn the_details_follow_the_image() {
    let mut window = Window::with_data(LARGE);
    window.tab("Network");
    let rect = window.h.get_by_role_and_label(Role::Image, "conv2d 0").rect();
    click_at(&mut window, rect.left_top() + vec2(9.0, 9.0));
    let map = shown_map(&window).expect("a map is selected");
    let mut means = BTreeSet::new();
    for _ in 0..4 {
        window.button("Next sample");
        assert_details(&window, "conv2d 0", map);
        means.insert(window.value(Role::Cell, "mean"));
    }
    assert!(means.len() > 1, "{means:?}");
    // A network without such a map has no details of it to show.
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("mlp-5".into())));
    assert!(window.h.query_by_role_and_label(Role::Cell, "largest").is_none());
}

#[test]
fn the_layers_are_listed_with_their_parameters() {
    let mut window = Window::new();
    window.tab("Network");
    for preset in presets::all() {
        window.act(Action::ChooseNetwork(NetworkChoice::Preset(preset.spec.name.clone())));
        let network = window.state().network.network.clone();
        let total = format!("{} parameters", numbers::count(network.parameter_count() as u64));
        assert!(window.shows(&total), "{total}");
        for (i, spec) in network.spec().layers.iter().enumerate() {
            let parameters: usize = network.parameters()[i].iter().map(|tensor| tensor.values().len()).sum();
            let shown = window.value(Role::Cell, &format!("{i}  {}", spec.summary()));
            let count = if parameters > 0 { numbers::count(parameters as u64) } else { "–".to_owned() };
            assert_eq!(shown, format!("{} · {count}", network.layers()[i].output()));
        }
    }
}

#[test]
fn the_last_column_is_the_softmax() {
    let mut window = Window::new();
    window.tab("Network");
    for (shown, computed) in window.bars().iter().zip(window.state().probabilities()) {
        assert!((shown / 100.0 - computed).abs() <= 0.000_51, "{shown} % for {computed}");
    }
    let sum: f32 = window.bars().iter().sum();
    assert!((sum - 100.0).abs() <= 0.5, "{sum}");
}

/// What the inspector's lines from channels or inputs to the bias come to.
fn shown_sum(window: &Window) -> f32 {
    let lines = window.h.query_all_by_role(Role::Cell);
    let is_term = |name: &str| {
        name.starts_with("channel ") || name.starts_with('[') || name.ends_with("others") || name == "bias"
    };
    let terms = lines.filter(|line| line.accesskit_node().label().is_some_and(|name| is_term(&name)));
    terms.filter_map(|line| line.value()?.replace('−', "-").replace('+', "").parse::<f32>().ok()).sum()
}

#[test]
fn a_click_on_a_value_says_how_it_came_about() {
    let mut window = Window::new();
    window.tab("Network");
    for (column, layer, has_sum) in [("conv2d 0", 0, true), ("conv2d 3", 3, true), ("max_pool2d 2", 2, false)]
    {
        let rect = window.h.get_by_role_and_label(Role::Image, column).rect();
        click_at(&mut window, rect.left_top() + vec2(9.0, 9.0));
        let map = shown_map(&window).expect("a map is selected");
        let large = window.h.get_by_role_and_label(Role::Image, "Map, enlarged").rect();
        let (share_y, share_x) = (0.62, 0.45);
        click_at(&mut window, large.lerp_inside(vec2(share_x, share_y)));
        let network = window.state().network.network.clone();
        let (_, height, width) = network.layers()[layer].output().as_maps();
        let at = (share_y * height as f32) as usize * width + (share_x * width as f32) as usize;
        let value = values(&window, column, map)[at];
        let shown = window.value(Role::Cell, "value");
        assert!(is_rounded(&shown, f64::from(value)), "{column}: {shown} for {value}");
        if has_sum {
            for matrix in ["patch", "kernel", "products"] {
                assert!(
                    window.h.query_by_role_and_label(Role::Image, matrix).is_some(),
                    "{column}: {matrix}"
                );
            }
            // Each of at most eight lines is rounded to three decimals.
            assert!(
                (shown_sum(&window) - value).abs() < 0.006,
                "{column}: {} for {value}",
                shown_sum(&window)
            );
        } else {
            assert!(window.h.query_by_role_and_label(Role::Image, "window").is_some());
        }
        let (rows, columns) =
            ReceptiveField::of_layers(network.spec()).unwrap()[layer].region(at / width, at % width);
        let seen = window.value(Role::Cell, "sees of the input");
        let range = |range: &Range<usize>| format!("{}–{}", range.start, range.end - 1);
        assert_eq!(seen, format!("rows {}, columns {}", range(&rows), range(&columns)), "{column}");
        // A second click on the same pixel puts it away.
        click_at(&mut window, large.lerp_inside(vec2(share_x, share_y)));
        assert!(window.h.query_by_role_and_label(Role::Cell, "value").is_none(), "{column}");
    }
    // A value of a vector has no map to click first.
    let rect = window.h.get_by_role_and_label(Role::Image, "linear 7").rect();
    click_at(&mut window, rect.center());
    let state = window.state();
    let trace = state.network.network.trace(&state.image.input_for(&state.network.network));
    let value = trace.activation(7)[60];
    let shown = window.value(Role::Cell, "value");
    assert!(is_rounded(&shown, f64::from(value)), "linear: {shown} for {value}");
    assert!((shown_sum(&window) - value).abs() < 0.01, "linear: {} for {value}", shown_sum(&window));
}

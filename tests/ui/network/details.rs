//! The details of a map and of one of its values.

use super::{at, column_number, columns, is_rounded, lenet, select, shown_map, values};
use crate::support::{LARGE, Window};
use convlens::{
    explain::{ReceptiveField, Softmax},
    ui::{
        action::Action,
        model::{network::NetworkChoice, selection::Selection, view::ViewId},
        widgets::numbers,
    },
};
use egui::{Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::{collections::BTreeSet, ops::Range};

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
    for (name, value) in [("Largest", largest.into()), ("Smallest", smallest.into()), ("Mean", mean)] {
        assert!(is_rounded(&cell(name), value), "{what}: {name} is {} for {value}", cell(name));
    }
    let share = zeros as f32 / values.len() as f32;
    assert_eq!(cell("Exactly zero"), numbers::percent(share), "{what}");
}

#[test]
fn a_click_on_any_map_shows_its_numbers() {
    for name in ["lenet5-relu", "lenet5", "simple-conv-net"] {
        let mut window = Window::new();
        window.act(Action::ChooseNetwork(NetworkChoice::Preset(name.into())));
        window.tab("Network");
        for (column, count) in columns(&window) {
            let mut seen = BTreeSet::new();
            window.go_to(&column);
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
                window.click_at(rect.lerp_inside(share));
                // Between maps nothing happens.
                let chosen = window.state().selection.map.map(|map| map.column);
                let is_of_column = chosen == Some(column_number(&column));
                if let Some(map) = shown_map(&window).filter(|map| is_of_column && !seen.contains(map)) {
                    assert_details(&window, &column, map);
                    seen.insert(map);
                }
            }
            assert_eq!(seen, (0..count).collect(), "{name}: every map of {column} can be selected");
        }
    }
}

#[test]
fn the_details_follow_the_image() {
    let mut window = Window::with_data(LARGE);
    window.tab("Network");
    let rect = window.h.get_by_role_and_label(Role::Image, "conv2d 0").rect();
    window.click_at(rect.left_top() + vec2(9.0, 9.0));
    let map = shown_map(&window).expect("a map is selected");
    let mut means = BTreeSet::new();
    for _ in 0..4 {
        window.button("Next sample");
        assert_details(&window, "conv2d 0", map);
        means.insert(window.value(Role::Cell, "Mean"));
    }
    assert!(means.len() > 1, "{means:?}");
    // A network without such a map has no details of it to show.
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("mlp-5".into())));
    assert!(window.h.query_by_role_and_label(Role::Cell, "Largest").is_none());
}

/// What the inspector's lines from channels or inputs to the bias come to.
fn shown_sum(window: &Window) -> f32 {
    let lines = window.h.query_all_by_role(Role::Cell);
    let is_term = |name: &str| {
        name.starts_with("channel ") || name.starts_with('[') || name.ends_with("others") || name == "Bias"
    };
    let terms = lines.filter(|line| line.accesskit_node().label().is_some_and(|name| is_term(&name)));
    terms.filter_map(|line| line.value()?.replace('−', "-").replace('+', "").parse::<f32>().ok()).sum()
}

#[test]
fn a_click_on_a_value_says_how_it_came_about() {
    let mut window = lenet();
    window.tab("Network");
    for (column, layer, has_sum) in [("conv2d 0", 0, true), ("conv2d 3", 3, true), ("max_pool2d 2", 2, false)]
    {
        window.go_to(column);
        let rect = window.h.get_by_role_and_label(Role::Image, column).rect();
        window.click_at(rect.left_top() + vec2(9.0, 9.0));
        let map = shown_map(&window).expect("a map is selected");
        let large = window.h.get_by_role_and_label(Role::Image, "Map, enlarged").rect();
        let (share_y, share_x) = (0.62, 0.45);
        window.click_at(large.lerp_inside(vec2(share_x, share_y)));
        let network = window.state().network.network.clone();
        let (_, height, width) = network.layers()[layer].output().as_maps();
        let at = (share_y * height as f32) as usize * width + (share_x * width as f32) as usize;
        let value = values(&window, column, map)[at];
        let shown = window.value(Role::Cell, "Value");
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
        let seen = window.value(Role::Cell, "Receptive field");
        let range = |range: &Range<usize>| format!("{} to {}", range.start, range.end - 1);
        assert_eq!(seen, format!("rows {}, columns {}", range(&rows), range(&columns)), "{column}");
        // A second click on the same pixel puts it away.
        window.click_at(large.lerp_inside(vec2(share_x, share_y)));
        assert!(window.h.query_by_role_and_label(Role::Cell, "Value").is_none(), "{column}");
    }
    // A value of a vector has no map to click first.
    window.go_to("linear 7");
    let rect = window.h.get_by_role_and_label(Role::Image, "linear 7").rect();
    window.click_at(rect.center());
    let state = window.state();
    let trace = state.network.network.trace(&state.image.input_for(&state.network.network));
    let value = trace.activation(7)[60];
    let shown = window.value(Role::Cell, "Value");
    assert!(is_rounded(&shown, f64::from(value)), "linear: {shown} for {value}");
    assert!((shown_sum(&window) - value).abs() < 0.01, "linear: {} for {value}", shown_sum(&window));
}

/// A flattened value sees what it saw in its map, in the picture as in the words.
#[test]
fn a_flattened_value_sees_no_more_than_it_saw() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5-relu".into())));
    window.tab("Network");
    // Element 25·2 + 5·1 + 3 is row 1, column 3 of map 2: 16×16 pixels from (4, 12) on.
    select(&mut window, 6, 58);
    assert_eq!(window.value(Role::Cell, "Receptive field"), "rows 4 to 19, columns 12 to 27");
    assert!(window.shows("16×16"));
}

#[test]
fn a_pooled_pixel_opens_in_the_pooling_view() {
    let mut window = lenet();
    window.tab("Network");
    window.act(Action::Select(Selection { pixel: Some((3, 1)), ..at(5, 2) }));
    let value = window.value(Role::Cell, "Value");
    window.button("Open in Pooling");
    assert_eq!(window.state().settings.view, ViewId::Pooling);
    let position = window.state().pooling.playback.position(window.state().pooling.track());
    assert_eq!(position, 3 * 5 + 1);
    assert!(window.shows(value.trim_start_matches('+')), "{value}");
}

#[test]
fn a_pixel_of_a_convolution_opens_in_the_convolution_view() {
    let mut window = Window::new();
    window.tab("Network");
    window.act(Action::Select(Selection { pixel: Some((3, 1)), ..at(3, 2) }));
    let at = 2 * 100 + 3 * 10 + 1;
    window.button("Open in Convolution");
    assert_eq!(window.state().settings.view, ViewId::Convolution);
    assert_eq!(window.state().convolution.position(), at);
    let step = window.state().convolution.shown.as_ref().and_then(|conv| conv.step(at)).unwrap();
    assert_eq!(step.value, window.state().trace().unwrap().activation(3)[at]);
}

#[test]
fn a_probability_is_taken_apart() {
    let mut window = Window::new();
    window.tab("Network");
    window.click(Role::Meter, "Probability of 2");
    let network = window.state().network.network.clone();
    let trace = network.trace(&window.state().image.input_for(&network));
    let softmax = Softmax::of(&trace).unwrap();
    let cell = |name| window.value(Role::Cell, name);
    assert!(is_rounded(&cell("m, the largest logit"), softmax.largest.into()));
    assert!(is_rounded(&cell("Σ, their sum"), softmax.sum.into()));
    let exponential = cell("exp(z − m)");
    let (_, exponential) = exponential.rsplit_once(' ').unwrap();
    assert!(is_rounded(&format!("+{exponential}"), softmax.exponentials[2].into()), "{exponential}");
    assert_eq!(window.value(Role::Cell, "Probability"), numbers::percent(trace.first_probabilities()[2]));
    // Its logit's making stands below.
    let shown = window.value(Role::Image, "sum of the partial results");
    assert!(is_rounded(&shown, f64::from(softmax.logits[2])), "{shown}");
}

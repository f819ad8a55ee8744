//! The numbers of the Network view are the network's.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a test's helpers cannot have fails the test"
)]

mod ui_support;

use convlens::{
    explain::{Breakdown, Cell, ReceptiveField, Softmax, cell::ChannelTerms},
    nn::{Shape, presets},
    ui::{
        action::Action,
        model::{
            file_kind::FileKind,
            network::NetworkChoice,
            selection::{MapId, Selection},
            view::ViewId,
        },
        widgets::numbers,
    },
};
use egui::{Key, Modifiers, Role, vec2};
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
        window.act(Action::ChooseNetwork(NetworkChoice::Preset(name.into())));
        window.tab("Network");
        // With the first map its making opens, and the columns take less room from then on.
        let first = window.h.get_by_role_and_label(Role::Image, "conv2d 0").rect();
        window.click_at(first.left_top() + vec2(9.0, 9.0));
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

/// The number of a column by its name.
fn column_number(name: &str) -> usize {
    name.rsplit_once(' ').map_or(0, |(_, layer)| layer.parse::<usize>().unwrap() + 1)
}

/// A window with LeNet-5's six and sixteen maps.
fn lenet() -> Window {
    let mut window = Window::new();
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5-relu".into())));
    window
}

#[test]
fn a_narrow_window_has_room_for_the_map_that_was_clicked() {
    let mut window = Window::sized(SMALL);
    window.tab("Network");
    assert!(window.h.query_by_role_and_label(Role::Image, "Map, enlarged").is_none());
    let place = window.h.get_by_role_and_label(Role::Image, "conv2d 0").rect().left_top() + vec2(9.0, 9.0);
    window.click_at(place);
    let large = window.h.get_by_role_and_label(Role::Image, "Map, enlarged").rect();
    assert!(large.right() <= SMALL.x && large.width() > 100.0, "{large:?}");
    window.key(Modifiers::NONE, Key::Escape);
    assert!(window.h.query_by_role_and_label(Role::Image, "Map, enlarged").is_none());
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
    let mut window = lenet();
    window.tab("Network");
    for (column, layer, has_sum) in [("conv2d 0", 0, true), ("conv2d 3", 3, true), ("max_pool2d 2", 2, false)]
    {
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
        window.click_at(large.lerp_inside(vec2(share_x, share_y)));
        assert!(window.h.query_by_role_and_label(Role::Cell, "value").is_none(), "{column}");
    }
    // A value of a vector has no map to click first.
    let rect = window.h.get_by_role_and_label(Role::Image, "linear 7").rect();
    window.click_at(rect.center());
    let state = window.state();
    let trace = state.network.network.trace(&state.image.input_for(&state.network.network));
    let value = trace.activation(7)[60];
    let shown = window.value(Role::Cell, "value");
    assert!(is_rounded(&shown, f64::from(value)), "linear: {shown} for {value}");
    assert!((shown_sum(&window) - value).abs() < 0.01, "linear: {} for {value}", shown_sum(&window));
}

/// Looks at a map as a click on it does.
fn select(window: &mut Window, layer: usize, map: usize) {
    window.act(Action::Select(Selection::of(MapId { column: layer + 1, map })));
}

fn number_of(text: &str) -> f32 {
    text.replace('−', "-").replace('+', "").parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// The partial results, the sum and the stages that are shown, against the cell of the place that is marked.
#[track_caller]
fn assert_making(window: &Window, layer: usize, map: usize, (row, column): (usize, usize)) {
    let network = window.state().network.network.clone();
    let trace = network.trace(&window.state().image.input_for(&network));
    let making = Breakdown::of(&network, &trace, layer, map).unwrap();
    let at = (map * making.sum.nrows() + row) * making.sum.ncols() + column;
    let Some(Cell::Sum { parts, .. }) = Cell::of(&network, &trace, layer, at) else { panic!("a sum") };
    for part in &parts {
        let shown = window.value(Role::Image, &format!("partial result of channel {}", part.channel));
        assert!(
            is_rounded(&shown, f64::from(ChannelTerms::subtotal(part))),
            "channel {}: {shown}",
            part.channel
        );
    }
    let shown = window.value(Role::Image, "sum of the partial results");
    assert!(is_rounded(&shown, f64::from(trace.activation(layer)[at])), "{shown}");
    let after = window.value(Role::Image, &format!("made of it by layer {}", layer + 1));
    assert!((number_of(&after) - trace.activation(layer + 1)[at]).abs() < 0.006, "{after}");
}

#[test]
fn the_making_of_a_map_is_played_stepped_and_scrubbed() {
    let mut window = lenet();
    window.tab("Network");
    select(&mut window, 3, 7);
    // Without a pixel chosen, the strongest one is shown.
    let values = values(&window, "conv2d 3", 7);
    let strongest = (0..100).max_by(|a, b| values[*a].abs().total_cmp(&values[*b].abs())).unwrap();
    assert_making(&window, 3, 7, (strongest / 10, strongest % 10));
    window.button("To the beginning");
    let pixel = |window: &Window| window.state().selection.pixel;
    for (button, expected) in [
        ("Step forward", (0, 1)),
        ("Row forward", (1, 1)),
        ("Step back", (1, 0)),
        ("To the end", (9, 9)),
        ("Row back", (8, 9)),
        ("To the beginning", (0, 0)),
    ] {
        window.button(button);
        assert_eq!(pixel(&window), Some(expected), "{button}");
        assert_making(&window, 3, 7, expected);
        // The inspector explains the same place.
        assert!(is_rounded(
            &window.value(Role::Cell, "value"),
            f64::from(values[expected.0 * 10 + expected.1])
        ));
    }
    window.set_number(Role::Slider, "Scrub places", 57.0);
    assert_eq!(pixel(&window), Some((5, 7)));
    window.set_number(Role::SpinButton, "Steps a second", 60.0);
    window.h.key_press(Key::Space);
    window.h.run_steps(12);
    assert!(!window.state().is_training(), "the space bar plays what is shown");
    let played = pixel(&window).unwrap();
    assert!(played.0 * 10 + played.1 > 60, "{played:?}");
    window.h.key_press(Key::Space);
    window.settle();
    let stopped = pixel(&window).unwrap();
    assert_making(&window, 3, 7, stopped);
    // A pooled pixel has its own places.
    select(&mut window, 5, 7);
    window.button("To the end");
    assert_eq!(pixel(&window), Some((4, 4)));
    let shown = window.value(Role::Image, "made of it by layer 5");
    let pooled = self::values(&window, "max_pool2d 5", 7)[24];
    assert!((number_of(&shown) - pooled).abs() < 0.006, "{shown} for {pooled}");
    window.button("Close the making");
    assert_eq!(window.state().selection, Selection::default());
}

#[test]
fn a_click_in_the_making_goes_to_the_pixel_and_its_channel() {
    let mut window = lenet();
    window.tab("Network");
    select(&mut window, 3, 2);
    let rect = window.h.get_by_role_and_label(Role::Image, "partial result of channel 4").rect();
    window.click_at(rect.lerp_inside(vec2(0.35, 0.85)));
    let place = Some((8, 3));
    assert_eq!(window.state().selection, Selection { pixel: place, channel: Some(4), ..at(3, 2) });
    let rect = window.h.get_by_role_and_label(Role::Image, "made of it by layer 5").rect();
    window.click_at(rect.lerp_inside(vec2(0.5, 0.1)));
    assert_eq!(window.state().selection, Selection { pixel: Some((0, 2)), ..at(5, 2) });
    // A place of an input map stands for the window around it.
    let rect = window.h.get_by_role_and_label(Role::Image, "input map 1").rect();
    window.click_at(rect.lerp_inside(vec2(7.5 / 14.0, 9.5 / 14.0)));
    assert_eq!(window.state().selection, Selection { pixel: Some((7, 5)), channel: Some(1), ..at(3, 2) });
}

/// Gives a picture the keyboard and presses the space bar on it.
fn press_on(window: &mut Window, name: &str) {
    window.h.get_by_role_and_label(Role::Image, name).focus();
    window.settle();
    assert!(window.h.get_by_role_and_label(Role::Image, name).is_focused(), "{name}");
    window.key(Modifiers::NONE, Key::Space);
}

#[test]
fn the_pictures_of_a_making_are_chosen_from_by_keys() {
    let mut window = lenet();
    window.tab("Network");
    let chosen = Selection { pixel: Some((4, 3)), ..at(3, 2) };
    window.act(Action::Select(chosen));
    press_on(&mut window, "partial result of channel 4");
    assert_eq!(window.state().selection, Selection { channel: Some(4), ..chosen });
    press_on(&mut window, "input map 1");
    assert_eq!(window.state().selection, Selection { channel: Some(1), ..chosen });
    press_on(&mut window, "sum of the partial results");
    assert_eq!(window.state().selection, chosen);
    // The arrows walk on through the maps.
    window.key(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(window.state().selection, Selection { pixel: Some((4, 4)), ..chosen });
    press_on(&mut window, "made of it by layer 5");
    assert_eq!(window.state().selection, Selection { pixel: Some((2, 2)), ..at(5, 2) });
    // A screen reader's click does the same.
    window.act(Action::Select(chosen));
    window.h.get_by_role_and_label(Role::Image, "made of it by layer 4").click_accesskit();
    window.settle();
    assert_eq!(window.state().selection, Selection { pixel: Some((4, 3)), ..at(4, 2) });
    // From a kernel there is nothing to choose, so the keyboard does not stop there.
    window.act(Action::Select(chosen));
    window.h.get_by_role_and_label(Role::Image, "kernel of channel 1").focus();
    window.settle();
    assert!(!window.h.get_by_role_and_label(Role::Image, "kernel of channel 1").is_focused());
}

#[test]
fn a_key_on_the_enlarged_map_keeps_its_pixel() {
    let mut window = lenet();
    window.tab("Network");
    let chosen = Selection { pixel: Some((4, 3)), ..at(3, 2) };
    window.act(Action::Select(chosen));
    press_on(&mut window, "Map, enlarged");
    assert_eq!(window.state().selection, chosen);
    window.act(Action::Select(at(3, 2)));
    press_on(&mut window, "Map, enlarged");
    assert_eq!(window.state().selection, Selection { pixel: Some((5, 5)), ..at(3, 2) });
}

/// A flattened value sees what it saw in its map, in the picture as in the words.
#[test]
fn a_flattened_value_sees_no_more_than_it_saw() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5-relu".into())));
    window.tab("Network");
    // Element 25·2 + 5·1 + 3 is row 1, column 3 of map 2: 16×16 pixels from (4, 12) on.
    select(&mut window, 6, 58);
    assert_eq!(window.value(Role::Cell, "sees of the input"), "rows 4–19, columns 12–27");
    assert!(window.shows("16×16"));
}

fn at(layer: usize, map: usize) -> Selection {
    Selection::of(MapId { column: layer + 1, map })
}

#[test]
fn a_pooled_pixel_opens_in_the_pooling_view() {
    let mut window = lenet();
    window.tab("Network");
    window.act(Action::Select(Selection { pixel: Some((3, 1)), ..at(5, 2) }));
    let value = window.value(Role::Cell, "value");
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
fn the_keyboard_walks_through_maps_layers_and_pixels() {
    let mut window = lenet();
    window.tab("Network");
    let steps: [(Modifiers, Key, Selection); 13] = [
        (Modifiers::NONE, Key::ArrowRight, at(0, 0)),
        (Modifiers::NONE, Key::ArrowUp, at(0, 0)),
        (Modifiers::NONE, Key::ArrowDown, at(0, 1)),
        (Modifiers::NONE, Key::ArrowRight, at(1, 1)),
        (Modifiers::NONE, Key::ArrowRight, at(2, 1)),
        (Modifiers::NONE, Key::ArrowRight, at(3, 1)),
        (Modifiers::NONE, Key::ArrowLeft, at(2, 1)),
        (Modifiers::NONE, Key::ArrowDown, at(2, 2)),
        (Modifiers::NONE, Key::ArrowDown, at(2, 3)),
        (Modifiers::NONE, Key::ArrowDown, at(2, 4)),
        (Modifiers::NONE, Key::ArrowDown, at(2, 5)),
        (Modifiers::NONE, Key::ArrowDown, at(2, 5)),
        (Modifiers::NONE, Key::ArrowRight, at(3, 5)),
    ];
    for (modifiers, key, expected) in steps {
        window.key(modifiers, key);
        assert_eq!(window.state().selection, expected, "{key:?}");
    }
    window.key(Modifiers::NONE, Key::Enter);
    let values = values(&window, "conv2d 3", 5);
    let strongest = (0..100).max_by(|a, b| values[*a].abs().total_cmp(&values[*b].abs())).unwrap();
    let (y, x) = (strongest / 10, strongest % 10);
    assert_eq!(window.state().selection.pixel, Some((y, x)));
    window.key(Modifiers::SHIFT, Key::ArrowUp);
    window.key(Modifiers::SHIFT, Key::ArrowLeft);
    let moved = (y.saturating_sub(1), x.saturating_sub(1));
    assert_eq!(window.state().selection, Selection { pixel: Some(moved), ..at(3, 5) });
    window.key(Modifiers::NONE, Key::Escape);
    assert_eq!(window.state().selection, at(3, 5));
    window.key(Modifiers::NONE, Key::Escape);
    assert_eq!(window.state().selection, Selection::default());
}

#[test]
fn maps_show_gradients_of_the_loss_of_any_class() {
    let mut window = Window::new();
    window.tab("Network");
    select(&mut window, 3, 7);
    window.click(Role::RadioButton, "Gradients");
    let network = window.state().network.network.clone();
    let trace = network.trace(&window.state().image.input_for(&network));
    let answer = trace.first_probabilities().iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
    for class in [answer, 3] {
        if class == 3 {
            window.act(Action::SetLossClass(Some(3)));
        }
        let gradients = network.loss_gradients(&trace, class).unwrap();
        let map = &gradients.activation(3)[700..800];
        let largest = map.iter().copied().fold(f32::MIN, f32::max);
        let shown = window.value(Role::Cell, "largest");
        assert!(is_rounded(&shown, f64::from(largest)), "class {class}: {shown} for {largest}");
        window.key(Modifiers::NONE, Key::Enter);
        let (y, x) = window.state().selection.pixel.unwrap();
        let shown = window.value(Role::Cell, &format!("∂loss/∂value, class {class}"));
        let gradient = map[y * 10 + x];
        assert!(is_rounded(&shown, f64::from(gradient)), "class {class}: {shown} for {gradient}");
    }
    // Of a test image, it is the label's loss.
    let mut window = Window::with_data(LARGE);
    window.tab("Network");
    window.click(Role::RadioButton, "Gradients");
    window.button("Next sample");
    let convlens::ui::model::image::ImageSource::Sample { label, .. } = &window.state().image.source else {
        panic!("a sample")
    };
    let expected = format!("loss of {label} (auto)");
    assert!(window.h.query_all_by_role(Role::ComboBox).any(|node| node.value() == Some(expected.clone())));
}

#[test]
fn a_probability_is_taken_apart() {
    let mut window = Window::new();
    window.tab("Network");
    window.click(Role::Meter, "Probability of 2");
    let network = window.state().network.network.clone();
    let trace = network.trace(&window.state().image.input_for(&network));
    let softmax = Softmax::of(&trace).unwrap();
    assert_eq!(window.value(Role::Cell, "m, the largest logit"), numbers::precise(softmax.largest));
    assert_eq!(window.value(Role::Cell, "Σ, their sum"), numbers::precise(softmax.sum));
    assert_eq!(window.value(Role::Cell, "exp(z − m)"), numbers::precise(softmax.exponentials[2]));
    assert_eq!(window.value(Role::Cell, "probability"), numbers::percent(trace.first_probabilities()[2]));
    // Its logit's making stands below.
    let shown = window.value(Role::Image, "sum of the partial results");
    assert!(is_rounded(&shown, f64::from(softmax.logits[2])), "{shown}");
}

#[test]
fn five_hundred_maps_and_thirty_layers_have_their_places() {
    let deep = (0..14).map(
        |_| r#"{"type": "conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1}, {"type": "relu"}"#,
    );
    let deep = deep.collect::<Vec<_>>().join(", ");
    let deep = format!(
        r#"{{"name": "deep", "input": [1, 12, 12], "layers": [{deep}, {{"type": "flatten"}}, {{"type": "linear", "out_features": 10}}]}}"#
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.safetensors");
    let network = convlens::nn::Network::new(
        convlens::nn::NetworkSpec::from_json(&deep).unwrap(),
        convlens::nn::Init::He,
        1,
    )
    .unwrap();
    convlens::model_file::save(&path, &network).unwrap();
    for size in [LARGE, SMALL] {
        let mut window = Window::sized(size);
        window.tab("Network");
        window.act(Action::ChooseNetwork(NetworkChoice::Preset("three-conv".into())));
        select(&mut window, 4, 511);
        assert_eq!(shown_map(&window), Some(511));
        window.key(Modifiers::NONE, Key::ArrowLeft);
        assert_eq!(window.state().selection, at(3, 127));
        window.act(Action::UseFile(FileKind::Model, path.clone()));
        assert_eq!(window.state().network.network.spec().name, "deep");
        window.key(Modifiers::NONE, Key::ArrowRight);
        for _ in 0..27 {
            window.key(Modifiers::NONE, Key::ArrowRight);
        }
        assert_eq!(window.state().selection.map.map(|map| map.column), Some(28));
        // In a low window the making has all the room; what the keys led to is in sight when it is closed.
        if size == SMALL {
            assert!(window.h.query_by_role_and_label(Role::Image, "relu 27").is_none());
            continue;
        }
        let column = window.h.get_by_role_and_label(Role::Image, "relu 27").rect();
        assert!(column.left() >= 0.0 && column.right() <= size.x, "{column:?}");
    }
}

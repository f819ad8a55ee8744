//! Columns that have no room, the overview, and places that do not move.

use super::lenet;
use crate::support::{LARGE, SMALL, Window};
use convlens::ui::{
    action::Action,
    model::{display::MapScale, network::NetworkChoice, selection::Selection},
};
use egui::{Rect, Role, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::collections::BTreeSet;

const LAPTOP: Vec2 = vec2(1366.0, 768.0);

fn preset(name: &str, size: Vec2) -> Window {
    let mut window = Window::sized(size);
    window.act(Action::ChooseNetwork(NetworkChoice::Preset(name.into())));
    window.tab("Network");
    window
}

fn column(window: &Window, name: &str) -> Option<Rect> {
    window.h.query_by_role_and_label(Role::Image, name).map(|node| node.rect())
}

/// The names of all layers.
fn layers(window: &Window) -> Vec<String> {
    let spec = window.state().network.network.spec();
    (0..spec.layers.len()).map(|layer| spec.layer_name(layer)).collect()
}

/// The button that brings more columns from the right, and how many it says there are.
fn more_to_the_right(window: &Window) -> Option<(String, usize)> {
    let buttons = window.h.query_all_by_role(Role::Button).filter_map(|node| node.accesskit_node().label());
    let name = buttons.into_iter().find(|name| name.ends_with("more layers to the right"))?;
    let count = name.split(' ').nth(1)?.parse().ok()?;
    Some((name, count))
}

#[test]
fn hidden_columns_are_counted_and_brought_by_clicks() {
    for (name, sizes) in [("three-conv", &[LARGE][..]), ("cnn-5", &[LARGE, SMALL])] {
        for &size in sizes {
            let mut window = preset(name, size);
            let all: BTreeSet<String> = layers(&window).into_iter().collect();
            let shown = |window: &Window| -> BTreeSet<String> {
                all.iter().filter(|name| column(window, name).is_some()).cloned().collect()
            };
            let mut seen = shown(&window);
            let hidden = all.len() - seen.len();
            if let Some((_, count)) = more_to_the_right(&window) {
                // A column that is cut in the middle may count as hidden.
                assert!((hidden..=hidden + 1).contains(&count), "{name} {size}: {count} for {hidden}");
            } else {
                assert_eq!(hidden, 0, "{name} {size}");
            }
            let mut clicks = 0;
            while let Some((more, _)) = more_to_the_right(&window) {
                window.button(&more);
                seen.extend(shown(&window));
                clicks += 1;
                assert!(clicks < 30, "{name} {size}");
            }
            assert_eq!(seen, all, "{name} {size}: every layer is reached");
        }
    }
}

#[test]
fn a_click_in_the_overview_goes_to_a_layer() {
    for size in [LARGE, LAPTOP, SMALL] {
        let mut window = preset("lenet5-wide", size);
        let names = layers(&window);
        for name in names.iter().rev() {
            window.button(&format!("Go to {name}"));
            let rect = column(&window, name).unwrap_or_else(|| panic!("{name} is in sight in {size}"));
            assert!(rect.right() > 0.0 && rect.left() < size.x, "{name}: {rect:?}");
        }
        // Dragging to the left end shows the input again.
        let from = window.h.get_by_role_and_label(Role::Button, "Go to relu 8").rect().center();
        let to = window.h.get_by_role_and_label(Role::Button, "Go to input").rect().left_center();
        window.h.hover_at(from);
        window.h.drag_at(from);
        window.h.hover_at(to);
        window.h.drop_at(to);
        window.settle();
        assert!(column(&window, "input").is_some(), "{size}");
    }
}

#[test]
fn a_map_that_is_clicked_stays_where_it_is() {
    for name in ["lenet5-relu", "cnn-5"] {
        for size in [LARGE, LAPTOP, SMALL] {
            let mut window = preset(name, size);
            for layer in ["conv2d 0", "relu 1"] {
                let before = column(&window, layer).unwrap();
                for place in [vec2(0.05, 0.05), vec2(0.05, 0.95)] {
                    window.act(Action::Select(Selection::default()));
                    assert_eq!(
                        column(&window, layer),
                        Some(before),
                        "{name} {size} {layer}: closing moves it"
                    );
                    window.click_at(before.lerp_inside(place));
                    assert!(window.state().selection.map.is_some());
                    assert_eq!(column(&window, layer), Some(before), "{name} {size} {layer}");
                }
                window.act(Action::Select(Selection::default()));
            }
        }
    }
}

#[test]
fn logits_and_probabilities_are_in_line() {
    for size in [LARGE, SMALL] {
        let mut window = lenet();
        if size == SMALL {
            window = preset("lenet5-relu", size);
        }
        window.tab("Network");
        window.go_to("linear 11");
        let Some(logits) = column(&window, "linear 11") else { panic!("the logits are in sight in {size}") };
        for class in 0..10 {
            let row = window.h.get_by_role_and_label(Role::Meter, &format!("Probability of {class}")).rect();
            let middle = logits.top() + logits.height() * (class as f32 + 0.5) / 10.0;
            assert!((row.center().y - middle).abs() < 0.6, "{class} in {size}: {row:?} in {logits:?}");
        }
    }
}

#[test]
fn the_legend_says_what_full_colour_is() {
    let mut window = lenet();
    window.tab("Network");
    let legends = [
        ("Per map", MapScale::Map, "+max of each map"),
        ("Per layer", MapScale::Layer, "+max of each layer"),
        ("Fixed", MapScale::Fixed, "Colours from −4.0 to +4.0"),
    ];
    for (name, scale, legend) in legends {
        window.click(Role::RadioButton, name);
        assert_eq!(window.state().settings.map_scale, scale);
        assert!(window.shows(legend), "{name}");
    }
    window.act(Action::SetMapLimit(2.5));
    assert!(window.shows("Colours from −2.5 to +2.5"));
    window.act(Action::SetMapLimit(f32::NAN));
    assert_eq!(window.state().settings.map_limit, 2.5);
}

#[test]
fn an_example_is_computed_until_a_map_is_selected() {
    let mut window = lenet();
    window.tab("Network");
    assert!(window.shows("Example:"));
    assert!(window.h.query_by_role_and_label(Role::Image, "sum of the partial results").is_some());
    assert_eq!(window.state().selection, Selection::default());
    window.button("Step forward");
    assert_eq!(window.state().selection.map, super::at(0, 0).map);
    assert!(!window.shows("Example:"));
}

//! What is switched off in the Network view: what it changes there, and that it changes nothing elsewhere.

use crate::support::{LARGE, SMALL, Window, layout};
use convlens::{
    explain::{
        WhatIf,
        what_if::{LayerKernel, LayerMap},
    },
    nn::{Network, Trace},
    text::written::percent_change,
    ui::{
        action::Action,
        model::{display::ThemeChoice, network::NetworkChoice, selection::Selection},
    },
};
use egui::{Role, accesskit::Toggled, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// The current image through the current network without what is off, by the core alone.
fn computed(window: &Window, off: &WhatIf) -> Trace {
    let state = window.state();
    let network: &Network = &state.network.network;
    off.trace(&off.network(network), &state.image.input_for(network))
}

/// Clicks a map of a column: the one whose corner is nearest to the column's.
fn select_first_map(window: &mut Window, column: &str) {
    window.go_to(column);
    let place = window.h.get_by_role_and_label(Role::Image, column).rect().left_top() + vec2(9.0, 9.0);
    window.click_at(place);
}

fn is_on(window: &Window, name: &str) -> bool {
    window.h.get_by_role_and_label(Role::Switch, name).accesskit_node().toggled() == Some(Toggled::True)
}

#[track_caller]
fn assert_bars(window: &Window, trace: &Trace) {
    for (shown, computed) in window.bars().iter().zip(trace.first_probabilities()) {
        assert!((shown / 100.0 - computed).abs() <= 0.000_51, "{shown} % for {computed}");
    }
}

#[test]
fn a_map_is_switched_off_and_everything_on_again() {
    let mut window = Window::new();
    window.tab("Network");
    let whole = computed(&window, &WhatIf::default());
    select_first_map(&mut window, "relu 1");
    assert!(is_on(&window, "This map"));
    window.click(Role::Switch, "This map");
    assert!(!is_on(&window, "This map"));
    let map = LayerMap { layer: 1, map: 0 };
    assert_eq!(window.state().what_if.maps().collect::<Vec<_>>(), [map]);
    let off = window.state().what_if.clone();
    let without = computed(&window, &off);
    assert_ne!(without.probabilities, whole.probabilities);
    // The view shows the network without the map: bars, and the map itself.
    assert_bars(&window, &without);
    assert_eq!(window.value(Role::Cell, "Exactly zero"), "100.0 %");
    // The change is told class by class, for those that change most.
    let (before, after) = (whole.first_probabilities(), without.first_probabilities());
    let most = (0..10).max_by(|&a, &b| (after[a] - before[a]).abs().total_cmp(&(after[b] - before[b]).abs()));
    let class = most.unwrap();
    let (was, is) = (before[class], after[class]);
    let told = window.value(Role::Cell, &format!("class {class}"));
    let [was, is, points] = percent_change(was, is);
    assert_eq!(told, format!("{was} → {is}  {points}"));
    // What is elsewhere is the whole network's.
    assert_eq!(window.state().trace().unwrap().first_probabilities(), before);
    window.tab("Draw");
    assert_bars(&window, &whole);
    window.tab("Network");
    window.button("1 map off · reset");
    assert!(window.state().what_if.is_empty() && is_on(&window, "This map"));
    assert_bars(&window, &whole);
    assert!(window.h.query_by_label_contains("off · reset").is_none());
}

#[test]
fn kernels_are_switched_by_a_click_and_listed_with_the_way_back() {
    let mut window = Window::new();
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5-relu".into())));
    window.tab("Network");
    select_first_map(&mut window, "conv2d 3");
    let kernels = window.h.query_all_by_role(Role::Switch);
    assert_eq!(
        kernels.filter(|node| node.accesskit_node().label().unwrap().starts_with("Kernel")).count(),
        6
    );
    for input in [0, 4] {
        let name = format!("Kernel of input map {input}");
        window.h.get_by_role_and_label(Role::Switch, &name).scroll_to_me();
        window.settle();
        window.click(Role::Switch, &name);
        assert!(!is_on(&window, &format!("Kernel of input map {input}")));
    }
    let off = window.state().what_if.clone();
    let kernel = |input| LayerKernel { layer: 3, output: 0, input };
    assert_eq!(off.kernels().collect::<Vec<_>>(), [kernel(0), kernel(4)]);
    assert_bars(&window, &computed(&window, &off));
    // A pixel's explanation is of the weights without them.
    window.h.get_by_role_and_label(Role::Image, "Map, enlarged").scroll_to_me();
    window.settle();
    let large = window.h.get_by_role_and_label(Role::Image, "Map, enlarged").rect();
    let place = large.lerp_inside(vec2(0.45, 0.62));
    window.click_at(place);
    assert_eq!(window.value(Role::Cell, "channel 4"), "0");
    // In its making they are crossed out.
    for (input, is_off) in [(0, true), (1, false), (4, true)] {
        let name = format!("kernel of channel {input}, switched off");
        assert_eq!(window.h.query_by_role_and_label(Role::Image, &name).is_some(), is_off, "{name}");
    }
    // Without a map selected, what is off is listed.
    window.button("Close the breakdown");
    window.button("Switch on conv2d 3 · kernel 4 → 0");
    assert_eq!(window.state().what_if.kernels().collect::<Vec<_>>(), [kernel(0)]);
    window.button("Switch on conv2d 3 · kernel 0 → 0");
    assert!(window.state().what_if.is_empty());
}

#[test]
fn switches_belong_to_one_network() {
    let mut window = Window::with_data(LARGE);
    window.tab("Network");
    window.act(Action::SwitchMap(LayerMap { layer: 1, map: 2 }, false));
    window.act(Action::NextSample);
    assert_eq!(window.state().what_if.maps().len(), 1, "another image is looked at by the same network");
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5-wide".into())));
    assert_eq!(window.state().what_if.maps().len(), 1, "other weights, the same layers");
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("mlp-5".into())));
    assert!(window.state().what_if.is_empty());
    // What the network does not have cannot be switched off.
    window.act(Action::SwitchMap(LayerMap { layer: 70, map: 0 }, false));
    window.act(Action::SwitchKernel(LayerKernel { layer: 1, output: 0, input: 0 }, false));
    let last = window.state().network.network.layers().len() - 1;
    window.act(Action::SwitchMap(LayerMap { layer: last, map: 0 }, false));
    assert!(window.state().what_if.is_empty());
}

#[test]
fn a_value_of_a_vector_is_switched_too_but_no_logit() {
    let mut window = Window::new();
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5-relu".into())));
    window.tab("Network");
    window.go_to("linear 7");
    let rect = window.h.get_by_role_and_label(Role::Image, "linear 7").rect();
    window.click_at(rect.center());
    window.click(Role::Switch, "This map");
    let off: Vec<LayerMap> = window.state().what_if.maps().collect();
    assert_eq!(off, [LayerMap { layer: 7, map: 60 }]);
    assert_bars(&window, &computed(&window, &window.state().what_if.clone()));
    assert!(window.h.query_by_role_and_label(Role::Cell, "Value").is_none(), "nothing added up to this 0");
    window.button("Close the breakdown");
    window.go_to("linear 11");
    let rect = window.h.get_by_role_and_label(Role::Image, "linear 11").rect();
    window.click_at(rect.center());
    assert!(window.h.query_by_role_and_label(Role::Switch, "This map").is_none());
}

#[test]
fn nothing_is_cut_off_while_something_is_off() {
    let mut faults = Vec::new();
    for size in [LARGE, SMALL] {
        for preset in ["lenet5-relu", "alexnet-mini"] {
            let mut window = Window::with_data(size);
            window.act(Action::ChooseNetwork(NetworkChoice::Preset(preset.into())));
            window.tab("Network");
            window.act(Action::SwitchMap(LayerMap { layer: 0, map: 0 }, false));
            window.act(Action::SwitchMap(LayerMap { layer: 0, map: 1 }, false));
            window.act(Action::SwitchKernel(LayerKernel { layer: 0, output: 2, input: 0 }, false));
            for theme in [ThemeChoice::Dark, ThemeChoice::Light] {
                window.act(Action::SetTheme(theme));
                faults.extend(layout::faults(&mut window, &format!("{preset} {size} all")));
                select_first_map(&mut window, "conv2d 0");
                faults.extend(layout::faults(&mut window, &format!("{preset} {size} map")));
                window.act(Action::Select(Selection::default()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

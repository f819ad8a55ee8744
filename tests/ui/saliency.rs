//! Saliency and the patches with the largest values: the Network view shows the values of the core.

use crate::support::{LARGE, SMALL, Window, layout, small_set};
use convlens::{
    explain::{
        Saliency, WhatIf,
        saliency::{Method, default_layer},
        what_if::LayerMap,
    },
    nn::loss::argmax,
    ui::{
        action::{Action, Transport},
        model::{
            display::ThemeChoice,
            image::ImageSource,
            network::NetworkChoice,
            saliency::{SaliencyChoice, SaliencyKind},
            selection::Selection,
        },
        widgets::numbers,
    },
};
use egui::{Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// What the core says of the current image, by itself.
fn computed(window: &Window, class: Option<usize>, method: Method) -> Saliency {
    let state = window.state();
    let network = &state.network.network;
    let x = state.image.input_for(network);
    let off = &state.what_if;
    let without = off.network(network);
    let class = class.unwrap_or_else(|| argmax(off.trace(&without, &x).first_probabilities()));
    Saliency::of(&without, off, &x, class, method, &|| true).unwrap().unwrap()
}

/// What is shown.
fn shown(window: &Window) -> Saliency {
    window.state().saliency.as_ref().expect("an answer").result.clone().unwrap()
}

#[test]
fn each_way_of_asking_is_answered_as_the_core_does() {
    let mut window = Window::with_data(LARGE);
    window.tab("Network");
    let layer = default_layer(&window.state().network.network).unwrap();
    let ways = [
        ("Gradient", Method::Gradient),
        ("Gradient × input", Method::GradientTimesInput),
        ("Grad-CAM", Method::GradCam { layer }),
        ("Occlusion", Method::Occlusion { patch: 5, stride: 2 }),
    ];
    for (name, method) in ways {
        window.click(Role::RadioButton, name);
        assert_eq!(shown(&window), computed(&window, None, method), "{name}");
        window.h.get_by_role_and_label(Role::Image, "Saliency over the input");
    }
    // It follows the image, the switches, and the class that is asked about.
    let before = shown(&window);
    window.button("Next sample");
    assert_ne!(shown(&window), before);
    assert_eq!(shown(&window), computed(&window, None, ways[3].1));
    window.act(Action::SwitchMap(LayerMap { layer: 1, map: 0 }, false));
    assert_eq!(shown(&window), computed(&window, None, ways[3].1));
    window.act(Action::SwitchAllOn);
    window.choose("Class", "class 3");
    assert_eq!(window.state().settings.saliency.class, Some(3));
    assert_eq!(shown(&window), computed(&window, Some(3), ways[3].1));
    assert!(window.shows("a 3"));
}

#[test]
fn the_pixel_under_the_pointer_says_its_value() {
    let mut window = Window::new();
    window.tab("Network");
    window.click(Role::RadioButton, "Gradient");
    let rect = window.h.get_by_role_and_label(Role::Image, "Saliency over the input").rect();
    window.h.hover_at(rect.lerp_inside(vec2(14.5 / 32.0, 9.5 / 32.0)));
    window.settle();
    let value = computed(&window, None, Method::Gradient).values[9 * 32 + 14];
    assert!(window.shows(&format!("row 9, column 14: {}", numbers::signed(value))));
}

#[test]
fn settings_of_the_question_are_set_by_hand() {
    let mut window = Window::new();
    window.tab("Network");
    window.click(Role::RadioButton, "Occlusion");
    window.set_number(Role::Slider, "Patch", 3.0);
    window.set_number(Role::Slider, "Stride", 3.0);
    window.set_number(Role::Slider, "Opacity", 40.0);
    let choice = window.state().settings.saliency;
    assert_eq!((choice.patch, choice.stride, choice.opacity), (3, 3, 0.4));
    assert_eq!(shown(&window).method, Method::Occlusion { patch: 3, stride: 3 });
    // A stride never leaves pixels out.
    window.set_number(Role::Slider, "Patch", 2.0);
    assert_eq!(window.state().settings.saliency.stride, 2);
    window.click(Role::RadioButton, "Grad-CAM");
    window.choose("Layer", "conv2d 0 ·");
    assert_eq!(shown(&window).method, Method::GradCam { layer: 0 });
    // A patch of another network that is larger than this one's input becomes as large as it.
    let strange = SaliencyChoice { kind: SaliencyKind::Occlusion, patch: 77, ..choice };
    window.act(Action::SetSaliency(strange));
    assert_eq!(window.state().settings.saliency.patch, 32);
    assert_eq!(shown(&window).method, Method::Occlusion { patch: 32, stride: strange.stride });
    // What cannot be asked is said in a sentence.
    window.act(Action::SetSaliency(SaliencyChoice { class: Some(40), ..choice }));
    assert!(window.shows("There is no class 40"));
    window.act(Action::SetSaliency(SaliencyChoice {
        kind: SaliencyKind::GradCam,
        ..SaliencyChoice::default()
    }));
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("mlp-5".into())));
    assert!(window.shows("Grad-CAM needs a layer with maps"));
    window.button("Clear the image");
    assert!(window.shows("Draw a digit first."));
}

#[test]
fn the_patches_are_those_of_the_test_set() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5-relu".into())));
    window.until("the run is loaded", |state| state.snapshot.is_some());
    window.tab("Network");
    window.go_to("relu 4");
    let place = window.h.get_by_role_and_label(Role::Image, "relu 4").rect().left_top() + vec2(9.0, 9.0);
    window.click_at(place);
    let state = window.state();
    let found = state.top_activations.clone().expect("a search");
    assert!(found.is_over);
    assert_eq!((found.layer, found.images, found.search.images()), (4, 200, 200));
    // By hand: the largest value of map 0 in every image.
    let (network, set) = (state.network.network.clone(), small_set());
    let (height, width) = (set.test.height(), set.test.width());
    let transform = convlens::train::evaluate::input_transform(&network);
    let mut largest: Vec<(f32, usize)> = (0..200)
        .map(|i| {
            let mut x = vec![0.0; network.input().len()];
            transform.apply(set.test.image(i), height, width, &mut x);
            let trace = network.trace(&x);
            (trace.activation(4)[..100].iter().copied().fold(f32::NEG_INFINITY, f32::max), i)
        })
        .collect();
    largest.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (place, (value, image)) in largest.iter().take(12).enumerate() {
        let (label, value) = (set.test.label(*image), numbers::precise(*value));
        let name = format!("Patch {}: image {image}, a {label}, {value}", place + 1);
        window.h.get_by_role_and_label(Role::Button, &name);
    }
    // Another map of the layer needs no other search.
    let before = found.search.clone();
    window.go_to("relu 4");
    let column = window.h.get_by_role_and_label(Role::Image, "relu 4").rect();
    window.click_at(column.center());
    assert!(std::sync::Arc::ptr_eq(&window.state().top_activations.as_ref().unwrap().search, &before));
    // A click makes the image the current one.
    let patch = window
        .h
        .query_all_by_role(Role::Button)
        .find_map(|node| node.accesskit_node().label().filter(|label| label.starts_with("Patch 2: image ")));
    let patch = patch.unwrap();
    window.button(&patch);
    let ImageSource::Sample { index, .. } = window.state().image.source else { panic!("no sample") };
    assert!(patch.starts_with(&format!("Patch 2: image {index}, ")), "{patch}");
}

#[test]
fn weights_that_moved_on_are_said_and_looked_at_again() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5-relu".into())));
    window.until("the run is loaded", |state| state.snapshot.is_some());
    window.tab("Network");
    let place = window.h.get_by_role_and_label(Role::Image, "conv2d 0").rect().left_top() + vec2(9.0, 9.0);
    window.click_at(place);
    assert!(!window.shows("The weights have changed since the search."));
    window.act(Action::Train(Transport::OneBatch));
    window.until("a step", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 1 && !s.is_active()));
    window.settle();
    assert!(window.shows("The weights have changed since the search."));
    window.h.get_by_role_and_label(Role::Button, "Search again").scroll_to_me();
    window.settle();
    window.button("Search again");
    assert!(!window.shows("The weights have changed since the search."));
    window.click(Role::RadioButton, "all");
    assert_eq!(window.state().top_activations.as_ref().unwrap().images, 200);
    // What was called off keeps what it has, and says so.
    window.act(Action::StopPatches);
    assert!(window.state().top_activations.as_ref().unwrap().is_over);
    // An image that is not there changes nothing.
    let revision = window.state().image.revision;
    window.act(Action::ShowSample(200));
    assert_eq!(window.state().image.revision, revision);
}

#[test]
fn without_a_data_set_there_is_nothing_to_look_through() {
    let mut window = Window::new();
    window.tab("Network");
    window.act(Action::FindPatches(1));
    assert!(window.state().top_activations.is_none());
    let place = window.h.get_by_role_and_label(Role::Image, "conv2d 0").rect().left_top() + vec2(9.0, 9.0);
    window.click_at(place);
    assert!(window.shows("when a data set is loaded"));
    assert!(window.state().what_if == WhatIf::default());
}

#[test]
fn nothing_is_cut_off_whatever_is_asked() {
    let mut faults = Vec::new();
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5-relu".into())));
        window.until("the run is loaded", |state| state.snapshot.is_some());
        window.tab("Network");
        for kind in [
            SaliencyKind::Gradient,
            SaliencyKind::GradientTimesInput,
            SaliencyKind::GradCam,
            SaliencyKind::Occlusion,
        ] {
            window.act(Action::SetSaliency(SaliencyChoice { kind, ..SaliencyChoice::default() }));
            for theme in [ThemeChoice::Dark, ThemeChoice::Light] {
                window.act(Action::SetTheme(theme));
                faults.extend(layout::faults(&mut window, &format!("{kind:?} {theme:?} {size}")));
            }
        }
        for column in ["conv2d 3", "relu 1"] {
            window.go_to(column);
            let place =
                window.h.get_by_role_and_label(Role::Image, column).rect().left_top() + vec2(9.0, 9.0);
            window.click_at(place);
            faults.extend(layout::faults(&mut window, &format!("patches of {column} {size}")));
            window.act(Action::Select(Selection::default()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

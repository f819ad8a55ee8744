//! The columns of maps: their contents, size and the keyboard.

use super::{at, is_rounded, lenet, select, shown_map, values};
use crate::support::{LARGE, SMALL, Window};
use convlens::{
    nn::presets,
    ui::{
        action::Action,
        model::{file_kind::FileKind, network::NetworkChoice, selection::Selection},
        widgets::numbers,
    },
};
use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::Queryable as _;

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
            let shown = window.value(Role::Cell, &format!("{} {i}", spec.type_name()));
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
        let shown = window.value(Role::Cell, "Largest");
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
        let column = window.h.get_by_role_and_label(Role::Image, "relu 27").rect();
        assert!(column.left() >= 0.0 && column.right() <= size.x, "{column:?}");
    }
}

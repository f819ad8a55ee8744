//! A network whose answers are not numbers: no view names a class.

use crate::support::{LARGE, SMALL, Window, layout};
use convlens::{
    model_file,
    nn::{Init, Network, presets},
    ui::{
        action::Action,
        model::{
            file_kind::FileKind,
            selection::{MapId, Selection},
        },
    },
};
use egui::{Role, Vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// A window with a network of weights so large that its sums overflow.
fn overflowing(size: Vec2) -> Window {
    let mut network = Network::new(presets::by_name("lenet5-relu").unwrap().spec, Init::He, 1).unwrap();
    for tensor in network.parameters_mut().iter_mut().flatten() {
        tensor.values_mut().iter_mut().for_each(|value| *value *= 1e30);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.safetensors");
    model_file::save(&path, &network).unwrap();
    let mut window = Window::with_data(size);
    window.act(Action::UseFile(FileKind::Model, path));
    assert_eq!(window.state().network.network.spec().name, "lenet5-relu", "{:?}", window.messages());
    assert!(window.state().probabilities().iter().any(|p| p.is_nan()));
    window
}

#[test]
fn draw_and_network_say_not_a_number() {
    for size in [LARGE, SMALL] {
        let mut window = overflowing(size);
        window.tab("Draw");
        assert!(window.answer().starts_with("? not a number"), "{}", window.answer());
        for class in 0..10 {
            assert_eq!(window.value(Role::Meter, &format!("Probability of {class}")), "–");
        }
        assert_eq!(layout::faults(&mut window, "draw"), Vec::<String>::new());
        if size == SMALL {
            continue;
        }
        assert!(window.shows("not a number"), "beside the current image");
        window.tab("Network");
        assert!(window.shows("What speaks for a digit") && window.shows("nothing speaks for it"));
        // The outputs of the last layer for all images.
        window.act(Action::Select(Selection::of(MapId { column: 12, map: 3 })));
        assert!(window.shows("this map has no largest value"));
        let patches = window.h.query_all_by_role(Role::Button);
        let names = patches.filter_map(|node| node.accesskit_node().label());
        assert!(!names.into_iter().any(|name| name.starts_with("Patch ")));
    }
}

#[test]
fn nothing_is_evaluated_and_nothing_is_near() {
    for size in [LARGE, SMALL] {
        let mut window = overflowing(size);
        window.tab("Evaluate");
        assert!(window.state().evaluate.measured.is_none());
        assert!(window.shows("Not a number: lenet5-relu gives no probability to any class of"));
        assert!(window.h.query_by_role_and_label(Role::Cell, "Accuracy").is_none());
        window.act(Action::ShowInspector(true));
        window.click(Role::Switch, "Find training images like the current image");
        assert!(window.shows("no image is nearer than another"));
        window.h.get_by_role_and_label(Role::Button, "by pixels 1");
        assert_eq!(layout::faults(&mut window, "evaluate"), Vec::<String>::new());
    }
}

#[test]
fn the_gradient_check_says_that_there_is_no_slope() {
    let mut window = overflowing(LARGE);
    window.tab("Network");
    window.button("Gradient check");
    window.button("Check gradients");
    assert!(window.shows("its loss has no slope"));
    let result = window.state().gradcheck.found.clone().unwrap();
    assert!(result.has_nan() && result.worst().is_some_and(f64::is_nan));
    assert!(window.value(Role::Row, "Checked weight 1").contains("not a number"));
}

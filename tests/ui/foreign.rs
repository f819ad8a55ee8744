//! Models of other programs in the window: opened, asked about, and used.

use crate::support::Window;
use convlens::ui::{
    action::Action,
    model::{import::ImportAct, network::Origin, view::ViewId},
};
use egui::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::path::PathBuf;

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/foreign").join(name)
}

/// The name of the current network.
fn network(window: &Window) -> String {
    window.state().network.network.spec().name.clone()
}

#[test]
fn a_file_that_says_its_layers_is_opened_at_once() {
    let mut window = Window::new();
    for (name, spec) in [("lenet.onnx", "lenet"), ("first.keras", "sequential"), ("second.h5", "second")] {
        window.act(Action::OpenFile(file(name)));
        assert!(window.shows(name), "{name}");
        assert_eq!(network(&window), spec);
        assert!(matches!(&window.state().network.origin, Origin::Opened(opened) if opened == name));
    }
    window.act(Action::OpenFile(file("residual.onnx")));
    assert!(window.shows("/block/Add"));
}

#[test]
fn weights_alone_open_a_draft_that_is_completed_and_used() {
    let mut window = Window::new();
    let before = network(&window);
    window.act(Action::OpenFile(file("zip.pt")));
    assert_eq!(window.state().settings.view, ViewId::Architecture);
    assert!(window.shows("Weights of zip.pt: "));
    assert_eq!(network(&window), before, "nothing is taken over unasked");
    let draft = &window.state().architecture.draft;
    assert_eq!((draft.name.as_str(), draft.classes), ("zip", 3));
    window.button("Tensors…");
    assert!(window.shows("4×3×3×3"));
    window.button("Done");
    window.button("Use these weights");
    assert_eq!(network(&window), "zip");
    assert!(window.state().import.is_none());
}

#[test]
fn the_row_says_what_does_not_fit() {
    let mut window = Window::new();
    window.act(Action::OpenFile(file("alike.pt")));
    assert!(window.shows("Every tensor has its place."));
    window.act(Action::Import(ImportAct::Choose("1.weight".into(), Some("stem.bias".into()))));
    assert!(window.shows("The tensor stem.bias is [4], but linear 1 needs [4, 4]."));
    {
        let mut buttons = window.h.query_all_by_role_and_label(Role::Button, "Use these weights");
        assert!(buttons.all(|button| button.accesskit_node().is_disabled()));
    }
    window.act(Action::Import(ImportAct::Again));
    window.button("Close the weights");
    assert!(window.state().import.is_none());
}

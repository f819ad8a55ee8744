//! The histograms of the layers: they follow training and the timeline.

use super::{one_batch, snapshot};
use crate::support::{LARGE, SMALL, Window, layout};
use convlens::ui::{
    action::Action,
    model::{network::Origin, timeline::TimelineAct},
};
use egui::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

const KINDS: [&str; 3] = ["Weights", "Gradients", "Activations"];

fn shown(size: egui::Vec2) -> Window {
    let mut window = Window::with_data(size);
    window.tab("Train");
    window.click(Role::RadioButton, "Layers");
    window.settle();
    window
}

/// What is said of a histogram.
fn said(window: &Window, kind: &str) -> String {
    window.value(Role::Image, &format!("{kind} of conv2d 0"))
}

#[test]
fn histograms_follow_training_and_the_timeline() {
    for size in [LARGE, SMALL] {
        let mut window = shown(size);
        let rows: Vec<String> = window
            .h
            .query_all_by_role(Role::Row)
            .map(|node| node.accesskit_node().label().unwrap_or_default())
            .collect();
        let network = &window.state().network.network;
        let with_weights = (0..network.layers().len()).filter(|&i| !network.parameters()[i].is_empty());
        assert_eq!(rows, with_weights.map(|i| network.spec().layer_name(i)).collect::<Vec<_>>(), "{size}");
        assert_eq!(said(&window, "Gradients"), "", "no step yet");
        one_batch(&mut window, 1);
        window.settle();
        assert_eq!(snapshot(&window).look.as_ref().map(|look| look.step), Some(1));
        let first = KINDS.map(|kind| said(&window, kind));
        assert!(first.iter().all(|text| !text.is_empty()), "{first:?}");
        (2..=6).for_each(|step| one_batch(&mut window, step));
        window.settle();
        let last = KINDS.map(|kind| said(&window, kind));
        for (kind, (first, last)) in KINDS.iter().zip(first.iter().zip(&last)) {
            assert_ne!(first, last, "{kind} {size}");
        }
        // Back at step 1, weights and activations are those of then; gradients are of the newest step, and say so.
        window.act(Action::Timeline(TimelineAct::Show(1)));
        window.until("step 1", |state| state.network.origin == Origin::Moment(1));
        window.settle();
        assert_eq!([0, 2].map(|i| said(&window, KINDS[i])), [first[0].clone(), first[2].clone()]);
        assert_eq!(said(&window, "Gradients"), last[1]);
        assert!(size == SMALL || window.shows("gradients, step 6"));
        let faults = layout::faults(&mut window, "layers");
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[test]
fn dead_units_and_steps_that_are_too_large_are_said() {
    let mut window = shown(LARGE);
    assert!(window.shows("A step usually moves the weights by about 0.001 of their size"));
    window.set_number(Role::SpinButton, "Learning rate", 1.0);
    one_batch(&mut window, 1);
    window.settle();
    assert!(window.shows("of its size in one step; about 0.001 is usual. It may forget what it has learnt"));
    one_batch(&mut window, 2);
    window.settle();
    let dead: usize = window
        .state()
        .layers
        .as_ref()
        .and_then(|answer| answer.layers.as_ref())
        .map_or(0, |layers| layers.iter().filter_map(|layer| layer.dead.as_ref()).map(Vec::len).sum());
    assert!(dead > 0);
    assert!(window.shows("images: dead, they learn nothing"));
}

#[test]
fn nothing_is_looked_at_while_the_layers_are_not_shown() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    one_batch(&mut window, 1);
    assert!(window.state().layers.is_none() && snapshot(&window).look.is_none());
}

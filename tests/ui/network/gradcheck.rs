//! The gradient check: its numbers are the core's, on the images and the network that it names.

use crate::support::{LARGE, SMALL, Window, builder, layout, open, options, small_set};
use convlens::{
    data,
    nn::{
        Network,
        gradcheck::{self, Check},
    },
    train::evaluate::input_transform,
    ui::{
        Options,
        action::{Action, Transport},
        model::{
            display::MapValues,
            gradcheck::{BATCH, CheckAct, CheckImages, CheckSetup, Nudge},
            network::NetworkChoice,
            timeline::TimelineAct,
        },
        work::tasks::Threading,
    },
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;

/// The checks of the first test images, by the function that the terminal calls.
fn expected(network: &Network, each: usize, h: f32) -> Vec<Check> {
    let set = small_set();
    let indices: Vec<u32> = (0..BATCH as u32).collect();
    let (mut inputs, mut labels) = (vec![0.0; BATCH * network.input().len()], vec![0; BATCH]);
    data::fill(&set.test, &indices, &input_transform(network), None, &mut inputs, &mut labels);
    gradcheck::check(network, &inputs, &labels, each, h)
}

/// What was found, in the core's order.
fn found(window: &Window) -> Vec<Check> {
    let rows = &window.state().gradcheck.found.as_ref().expect("something was checked").rows;
    let mut checks: Vec<Check> = rows.iter().map(|row| row.check.clone()).collect();
    checks.sort_by_key(|check| (check.layer, check.name.ends_with("bias"), check.index));
    checks
}

fn sentence(window: &Window) -> String {
    let mut all = window.h.query_all_by_label_contains("the slopes measured by nudging");
    all.find_map(|node| egui_kittest::kittest::NodeT::accesskit_node(&node).value()).unwrap_or_default()
}

#[test]
fn its_slopes_are_those_of_the_terminal_and_the_worst_comes_first() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5-relu".into())));
    window.tab("Network");
    window.button("Gradient check");
    window.click(Role::RadioButton, "8 test images");
    window.click(Role::RadioButton, "5 each");
    window.button("Check gradients");
    let network = window.state().network.network.clone();
    let expected = expected(&network, 5, Nudge::default().value());
    assert_eq!(found(&window), expected);
    let result = window.state().gradcheck.found.clone().unwrap();
    assert!(result.is_over && result.rows.windows(2).all(|pair| pair[0].relative >= pair[1].relative));
    // The first row of the table, and the plot, say it.
    let worst = &result.rows[0].check;
    let row = window.value(Role::Row, "Checked weight 1");
    let layer = network.spec().layer_name(worst.layer);
    assert!(row.starts_with(&layer) && row.contains("measured") && row.contains("computed"), "{row}");
    let (agree, corners, others) = result.counts();
    let plot = window.value(Role::Image, "Measured against computed slopes");
    assert_eq!(plot, format!("{agree} agree, {corners} differ at a corner, {others} differ"));
    assert!(agree * 10 > result.rows.len() * 8, "most of them agree: {plot}");
    let said = sentence(&window);
    assert!(said.contains("ε = 0.001") && said.contains("mean loss of 8 images"), "{said}");
    // One layer.
    window.click(Role::ComboBox, "Checked layer");
    window.h.get_by_label("conv2d 3").click();
    window.settle();
    window.button("Check gradients");
    let of_layer: Vec<Check> = expected.into_iter().filter(|check| check.layer == 3).collect();
    assert_eq!(found(&window), of_layer);
    window.key(Modifiers::NONE, Key::Escape);
    assert!(!window.state().gradcheck.is_open);
}

#[test]
fn a_drawing_has_the_loss_of_the_answer_and_a_blank_one_has_none() {
    let mut window = Window::with_data(SMALL);
    window.tab("Network");
    window.act(Action::SetMapValues(MapValues::Gradients));
    window.button("Gradient check");
    window.button("Check gradients");
    let result = window.state().gradcheck.found.clone().unwrap();
    assert_eq!((result.of.images, result.of.class), (1, Some(7)));
    assert!(sentence(&window).contains("loss of 7"), "{}", sentence(&window));
    window.act(Action::ClearDrawing);
    window.button("Check gradients");
    assert!(window.shows("There is no image"));
    window.button("Back to the maps");
    assert!(!window.state().gradcheck.is_open);
}

#[test]
fn a_moment_of_the_timeline_is_checked_as_it_was() {
    let mut window = Window::with_data(LARGE);
    for step in 1..=3 {
        window.act(Action::Train(Transport::OneBatch));
        window.until("a step", |state| {
            state.snapshot.as_ref().is_some_and(|s| s.step == step && !s.is_active())
        });
    }
    window.act(Action::Timeline(TimelineAct::Show(1)));
    window.until("step 1", |state| state.history_step() == Some(1));
    window.tab("Network");
    window.act(Action::GradientCheck(CheckAct::Open(true)));
    let setup = CheckSetup { images: CheckImages::Batch, samples: 5, ..CheckSetup::default() };
    window.act(Action::GradientCheck(CheckAct::Edit(setup)));
    window.button("Check gradients");
    assert!(sentence(&window).contains("at step 1"), "{}", sentence(&window));
    let then = found(&window);
    assert_eq!(then, expected(&window.state().network.network, 5, 1e-3));
    window.act(Action::Timeline(TimelineAct::Live));
    window.button("Check gradients");
    assert!(sentence(&window).contains("at step 3") && found(&window) != then);
}

#[test]
fn a_long_check_shows_how_far_it_is_and_is_called_off() {
    let mut window = open(builder(LARGE), Options { threading: Threading::Threads, ..options() });
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("alexnet-mini".into())));
    window.until("the network", |state| state.network.network.spec().name == "alexnet-mini");
    window.tab("Network");
    window.act(Action::GradientCheck(CheckAct::Open(true)));
    let setup = CheckSetup { samples: 100, ..CheckSetup::default() };
    window.act(Action::GradientCheck(CheckAct::Edit(setup)));
    window.h.get_by_role_and_label(Role::Button, "Check gradients").click();
    window.until("some of it", |state| state.gradcheck.found.as_ref().is_some_and(|f| !f.rows.is_empty()));
    let found = window.state().gradcheck.found.clone().unwrap();
    assert!(!found.is_over && found.rows.len() < found.total);
    window.h.get_by_role_and_label(Role::Button, "Cancel").click();
    window.until("the end", |state| !state.gradcheck.is_running);
    assert!(window.state().gradcheck.found.as_ref().is_some_and(|found| !found.is_over));
    // What comes too late does not begin it again.
    window.h.run_steps(20);
    assert!(!window.state().gradcheck.is_running);
}

#[test]
fn it_fits_its_window() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.tab("Network");
        window.act(Action::GradientCheck(CheckAct::Open(true)));
        let before = layout::controls(&window);
        let mut faults = layout::faults(&mut window, "before a check");
        window.button("Check gradients");
        faults.extend(layout::faults(&mut window, "after a check"));
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(layout::cut_texts(&window), Vec::<String>::new());
        assert_eq!(before, layout::controls(&window), "nothing moves");
    }
}

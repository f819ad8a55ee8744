//! *Filters*: what it shows is what the network has; a filter is painted, undone, frozen and looked at by keys.

use crate::support::{LARGE, SMALL, Window};
use convlens::{
    nn::{
        Network,
        filters::{FilterId, FilterLayout},
    },
    train::Status,
    ui::{
        action::{Action, Transport},
        model::{
            filters::FiltersAct,
            network::{NetworkChoice, Origin},
            timeline::TimelineAct,
            view::ViewId,
        },
    },
};
use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

fn bits(network: &Network, filter: usize) -> Vec<u32> {
    let layout = FilterLayout::of(network, 0).unwrap();
    layout.values(&network.parameters()[0], filter).iter().map(|v| v.to_bits()).collect()
}

fn network(window: &Window) -> &Network {
    &window.state().network.network
}

fn id(filter: usize) -> FilterId {
    FilterId { layer: 0, filter }
}

/// The view on the run of an untrained network with six 5×5 filters, after `steps` steps.
fn run(size: egui::Vec2, steps: u64) -> Window {
    let mut window = Window::with_data(size);
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("lenet5-relu".into())));
    window.until("the run", |state| state.snapshot.as_ref().is_some_and(|run| run.step == 0));
    for step in 1..=steps {
        window.act(Action::Train(Transport::OneBatch));
        window.until("a step", |state| {
            state.snapshot.as_ref().is_some_and(|s| s.step == step && s.status == Status::Paused)
        });
    }
    window.tab("Filters");
    window
}

/// In a low window, the page with one filter.
fn look_closely(window: &mut Window) {
    if window.h.query_by_role_and_label(Role::RadioButton, "One filter").is_some() {
        window.click(Role::RadioButton, "One filter");
    }
}

/// Waits until the training thread has all that was done.
fn settle(window: &mut Window) {
    window.until("the thread has it", |state| {
        state.snapshot.as_ref().is_none_or(|run| run.hand == state.filters.hand)
    });
    window.settle();
}

fn selected(window: &Window) -> (usize, usize) {
    window.state().filters.kernel
}

/// A stroke over cells of the numbers, (row, column), by the primary button.
fn paint(window: &mut Window, cells: &[(usize, usize)]) {
    let rect = window.h.get_by_role_and_label(Role::Grid, "filter").rect();
    let at = |(row, column): (usize, usize)| {
        rect.lerp_inside(vec2((column as f32 + 0.5) / 5.0, (row as f32 + 0.5) / 5.0))
    };
    window.h.hover_at(at(cells[0]));
    window.h.drag_at(at(cells[0]));
    for cell in cells {
        window.h.hover_at(at(*cell));
        window.h.run_steps(1);
    }
    window.h.drop_at(at(cells[cells.len() - 1]));
    window.h.remove_cursor();
    window.settle();
}

#[test]
fn a_filter_is_painted_the_answer_changes_and_it_is_undone() {
    for size in [LARGE, SMALL] {
        let mut window = run(size, 2);
        look_closely(&mut window);
        window.act(Action::Filters(FiltersAct::Select(2, 0)));
        let (learned, answer) = (bits(network(&window), 2), window.state().probabilities());
        let others: Vec<_> = [0, 1, 3, 4, 5].map(|filter| bits(network(&window), filter)).to_vec();
        // One stroke is one step, and every view has it. A fast one leaves out no cell.
        paint(&mut window, &[(1, 0), (1, 3)]);
        settle(&mut window);
        let values =
            FilterLayout::of(network(&window), 0).unwrap().values(&network(&window).parameters()[0], 2);
        assert_eq!(values[5..9], [0.5; 4]);
        assert_ne!(values[9], 0.5);
        let painted = bits(network(&window), 2);
        let state = window.state();
        assert!(state.filters.hand.is_painted(id(2)) && state.filters.hand.is_frozen(id(2)));
        assert_eq!(bits(&state.snapshot.as_ref().unwrap().network, 2), painted, "the run has it");
        assert_ne!(state.probabilities(), answer);
        assert_eq!(others, [0, 1, 3, 4, 5].map(|filter| bits(&state.network.network, filter)));
        assert!(window.shows("painted, not learned"));
        for view in ["Draw", "Network"] {
            window.tab(view);
            assert!(window.shows("1 PAINTED FILTER"), "{view} at {size}");
            let shown = window.state().current_answer().unwrap();
            assert_eq!(bits(&shown.network, 2), painted, "{view}");
        }
        window.tab("Filters");
        window.key(Modifiers::COMMAND, Key::Z);
        settle(&mut window);
        assert_eq!(bits(network(&window), 2), learned);
        assert!(window.state().filters.hand.is_empty());
        assert_eq!(window.state().probabilities(), answer);
        window.key(Modifiers::COMMAND, Key::Y);
        settle(&mut window);
        assert_eq!(bits(network(&window), 2), painted);
        window.button("Learned numbers");
        settle(&mut window);
        assert_eq!(bits(network(&window), 2), learned);
        assert!(!window.state().filters.hand.is_painted(id(2)));
    }
}

#[test]
fn numbers_are_typed_and_presets_taken() {
    let mut window = run(LARGE, 1);
    window.click(Role::RadioButton, "Type");
    window.set_number(Role::SpinButton, "filter 2, 3", 0.75);
    settle(&mut window);
    let layout = FilterLayout::of(network(&window), 0).unwrap();
    assert_eq!(layout.values(&network(&window).parameters()[0], 0)[13], 0.75);
    let norm = |values: &[f32]| values.iter().map(|v| v * v).sum::<f32>().sqrt();
    let learned = window.state().filters.hand.learned(id(0)).unwrap().to_vec();
    window.button("Preset Sobel, vertical edges");
    settle(&mut window);
    let values = layout.values(&network(&window).parameters()[0], 0);
    assert!((norm(&values[..25]) - norm(&learned[..25])).abs() < 1e-4, "the size that the next layers know");
    assert!(values[..25].chunks(5).all(|row| row[0] < 0.0 && row[2].abs() < 1e-6 && row[4] > 0.0));
    assert_eq!(values[25], learned[25], "the bias stays");
    window.set_number(Role::SpinButton, "bias of the filter", -0.5);
    settle(&mut window);
    assert_eq!(layout.values(&network(&window).parameters()[0], 0)[25], -0.5);
    // What is no number is said, and changes nothing.
    for (name, text) in [("bias of the filter", "nan"), ("filter 0, 0", "abc")] {
        let before = bits(network(&window), 0);
        window.click(Role::SpinButton, name);
        window.h.get_by_role_and_label(Role::SpinButton, name).type_text(text);
        window.settle();
        window.key(Modifiers::NONE, Key::Enter);
        settle(&mut window);
        assert!(window.shows(&format!("“{text}” is not a number")));
        assert_eq!(bits(network(&window), 0), before);
    }
}

#[test]
fn frozen_filters_stay_through_an_epoch_bit_by_bit() {
    let mut window = run(LARGE, 2);
    window.act(Action::Filters(FiltersAct::Select(1, 0)));
    paint(&mut window, &[(0, 0), (4, 4)]);
    window.act(Action::Filters(FiltersAct::Select(4, 0)));
    window.click(Role::Switch, "Freeze this filter");
    settle(&mut window);
    assert_eq!(window.value(Role::Button, "Filter 4").split(',').next(), Some("frozen"));
    assert!(window.value(Role::Button, "Filter 1").starts_with("painted, frozen"));
    let before: Vec<_> = (0..6).map(|filter| bits(network(&window), filter)).collect();
    window.act(Action::Train(Transport::OneEpoch));
    window.until("an epoch", |state| {
        state.snapshot.as_ref().is_some_and(|s| s.epoch >= 1 && s.status == Status::Paused)
    });
    window.settle();
    for filter in 0..6 {
        let is_same = bits(network(&window), filter) == before[filter];
        assert_eq!(is_same, [1, 4].contains(&filter), "{filter}");
    }
    let run = window.state().snapshot.as_ref().unwrap();
    assert_eq!(run.timeline.marks().len(), 2);
    // Released, both learn again.
    window.click(Role::Switch, "Freeze this layer");
    window.click(Role::Switch, "Freeze this layer");
    settle(&mut window);
    assert_eq!(window.state().filters.hand.frozen_count(), 0);
    window.act(Action::Train(Transport::OneEpoch));
    window.until("another epoch", |state| {
        state.snapshot.as_ref().is_some_and(|s| s.epoch >= 2 && s.status == Status::Paused)
    });
    assert!([1, 4].iter().all(|&filter| bits(network(&window), filter) != before[filter]));
}

#[test]
fn painting_the_past_begins_a_branch() {
    let mut window = run(LARGE, 5);
    let first = window.state().snapshot.as_ref().unwrap().run;
    window.act(Action::Timeline(TimelineAct::Show(2)));
    window.until("a moment", |state| state.history_step() == Some(2));
    let then = bits(network(&window), 0);
    paint(&mut window, &[(2, 2)]);
    assert_eq!(bits(network(&window), 0), then, "history does not change");
    assert!(window.shows("a change begins a new run from here"));
    window.button("Leave it");
    assert!(window.state().filters.waits.is_none());
    paint(&mut window, &[(2, 2)]);
    window.button("Branch and change");
    window.until("the branch", |state| {
        state.snapshot.as_ref().is_some_and(|run| run.run > first && run.hand.is_painted(id(0)))
    });
    settle(&mut window);
    let state = window.state();
    assert_eq!((&state.network.origin, state.snapshot.as_ref().unwrap().step), (&Origin::Live, 2));
    let values = bits(network(&window), 0);
    assert_eq!(values[12], 0.5_f32.to_bits());
    assert_eq!((&values[..12], &values[13..]), (&then[..12], &then[13..]));
    window.key(Modifiers::COMMAND, Key::Z);
    settle(&mut window);
    assert_eq!(bits(network(&window), 0), then);
}

#[test]
fn what_is_painted_before_the_first_step_outlives_a_change_of_the_settings() {
    let mut window = run(LARGE, 0);
    paint(&mut window, &[(0, 0), (4, 4)]);
    settle(&mut window);
    let painted = bits(network(&window), 0);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Learning rate", 0.01);
    window.until("the run with the new rate", |state| {
        state.snapshot.as_ref().is_some_and(|run| run.config.lr == 0.01 && run.hand.is_frozen(id(0)))
    });
    window.settle();
    assert_eq!(bits(network(&window), 0), painted);
}

#[test]
fn undoing_a_release_keeps_what_was_trained_since() {
    let mut window = run(LARGE, 1);
    for is_frozen in [true, false] {
        window.act(Action::Filters(FiltersAct::Freeze(vec![id(1)], is_frozen)));
        settle(&mut window);
    }
    let before = bits(network(&window), 1);
    window.act(Action::Train(Transport::OneBatch));
    window.until("a step", |state| {
        state.snapshot.as_ref().is_some_and(|s| s.step == 2 && s.status == Status::Paused)
    });
    window.settle();
    let trained = bits(network(&window), 1);
    assert_ne!(trained, before);
    window.act(Action::Filters(FiltersAct::Undo));
    settle(&mut window);
    assert!(window.state().filters.hand.is_frozen(id(1)));
    assert_eq!(bits(network(&window), 1), trained);
}

#[test]
fn a_stroke_over_the_past_waits_as_a_whole() {
    let mut window = run(LARGE, 3);
    window.act(Action::Timeline(TimelineAct::Show(1)));
    window.until("a moment", |state| state.history_step() == Some(1));
    paint(&mut window, &[(1, 0), (1, 1), (1, 2)]);
    window.button("Branch and change");
    window.until("the branch", |state| state.snapshot.as_ref().is_some_and(|run| run.hand.is_painted(id(0))));
    settle(&mut window);
    assert_eq!(bits(network(&window), 0)[5..8], [0.5_f32.to_bits(); 3]);
}

#[test]
fn it_follows_the_timeline_and_training() {
    let mut window = run(LARGE, 4);
    assert!(window.shows("live at step 4. Before is step 0."));
    let now = bits(network(&window), 3);
    window.act(Action::Timeline(TimelineAct::Show(0)));
    window.until("step 0", |state| state.history_step() == Some(0));
    window.settle();
    assert!(window.shows("at step 0. Before is step 0."));
    // Nothing has changed at step 0.
    assert_eq!(window.value(Role::Button, "Filter 3"), "0 %");
    window.act(Action::Timeline(TimelineAct::Live));
    window.settle();
    assert_eq!(bits(network(&window), 3), now);
    assert_ne!(window.value(Role::Button, "Filter 3"), "0 %");
}

#[test]
fn the_inspector_goes_on_by_keys_in_the_order_that_is_shown() {
    use convlens::explain::kernels::FilterOrder;
    let mut window = run(LARGE, 3);
    for order in FilterOrder::ALL {
        window.act(Action::Filters(FiltersAct::Order(order)));
        let (network, start) = (network(&window), &window.state().snapshot.as_ref().unwrap().initial);
        let layout = FilterLayout::of(network, 0).unwrap();
        let expected = order.of(&layout, &network.parameters()[0], Some(&start.parameters()[0]));
        // Read row by row, the buttons stand in this order.
        let place = |filter: usize| {
            let rect = window.h.get_by_role_and_label(Role::Button, &format!("Filter {filter}")).rect();
            (rect.top() as i32, rect.left() as i32)
        };
        let places: Vec<_> = expected.iter().map(|filter| place(*filter)).collect();
        assert!(places.is_sorted(), "{order:?}: {places:?}");
        window.act(Action::Filters(FiltersAct::Select(expected[0], 0)));
        for filter in &expected[1..] {
            window.key(Modifiers::NONE, Key::ArrowRight);
            assert_eq!(selected(&window), (*filter, 0), "{order:?}");
        }
    }
    // Of a layer with many input maps, right is the next kernel and down the next filter.
    window.act(Action::Filters(FiltersAct::Order(FilterOrder::Index)));
    window.act(Action::Filters(FiltersAct::Layer(3)));
    window.key(Modifiers::NONE, Key::ArrowDown);
    window.key(Modifiers::NONE, Key::ArrowRight);
    window.key(Modifiers::NONE, Key::ArrowRight);
    assert_eq!(selected(&window), (1, 2));
    window.button("Filter 2, input 4");
    assert_eq!(selected(&window), (2, 4));
    window.key(Modifiers::NONE, Key::End);
    assert_eq!(selected(&window), (15, 4));
    window.key(Modifiers::NONE, Key::Home);
    assert_eq!(selected(&window), (0, 4));
}

#[test]
fn what_is_shown_of_a_filter_is_what_the_core_computes() {
    let mut window = run(LARGE, 2);
    window.act(Action::Filters(FiltersAct::Select(3, 0)));
    let layout = FilterLayout::of(network(&window), 0).unwrap();
    let kernel = layout.kernel_of(&network(&window).parameters()[0], 3, 0).to_vec();
    let figures = convlens::explain::kernels::KernelFigures::of(&kernel);
    let norm = convlens::ui::widgets::numbers::plain(figures.norm);
    assert!(window.shows(&format!("norm {norm}")));
    // The patches are those of the search in Network.
    let found = window.state().top_activations.as_ref().expect("a search");
    assert!(found.is_over && found.layer == 0);
    let best = found.search.of_map(3)[0].clone();
    assert!(window.h.query_by_label(&format!("Patch 1: image {}", best.image)).is_some());
    window.button(&format!("Patch 1: image {}", best.image));
    assert!(window.shows("small test"), "it is the current image");
}

#[test]
fn a_network_of_no_run_is_painted_too() {
    let mut window = Window::with_data(LARGE);
    window.tab("Filters");
    assert_eq!(window.state().network.origin, Origin::Shipped);
    assert!(window.shows("step 0 is not known"));
    let learned = network(&window).parameters().clone();
    window.button("Preset Zero");
    assert_ne!(network(&window).parameters(), &learned);
    assert!(window.shows("Before is what was learned."));
    let painted = network(&window).parameters().clone();
    // Started over and back, it is still painted.
    window.act(Action::StartOver);
    window.until("the first network", |state| state.network.network.parameters() == &learned);
    window.act(Action::UndoStartOver);
    window.until("the painted network", |state| state.network.network.parameters() == &painted);
    // Another network has nothing to do with it, and the first one is as it was.
    window.act(Action::ChooseNetwork(NetworkChoice::Preset("cnn-5".into())));
    window.act(Action::ChooseNetwork(NetworkChoice::Shipped));
    assert_eq!(network(&window).parameters(), &learned);
    assert!(window.state().filters.hand.is_empty() && window.state().filters.undo.is_empty());
}

#[test]
fn a_new_run_is_trained_with_frozen_hand_made_filters() {
    let mut window = run(LARGE, 1);
    window.button("Preset Sobel, horizontal edges");
    settle(&mut window);
    let painted = bits(network(&window), 0);
    let first = window.state().snapshot.as_ref().unwrap().run;
    window.button("Train anew with these frozen");
    window.until("a new run", |state| {
        state.snapshot.as_ref().is_some_and(|run| run.run > first && run.step > 2)
    });
    window.act(Action::Train(Transport::Pause));
    window.until("a pause", |state| !state.is_training());
    assert_eq!(window.state().settings.view, ViewId::Train);
    let run = window.state().snapshot.as_ref().unwrap();
    assert_eq!((bits(&run.network, 0), run.hand.frozen_count()), (painted, 1));
    assert!(window.shows("1 filter frozen"));
}

#[test]
fn a_photograph_goes_through_the_first_layer() {
    for size in [LARGE, SMALL] {
        let mut window = run(size, 1);
        window.click(Role::RadioButton, "Photograph");
        for name in ["Camera", "Current image", "Cat"] {
            window.click(Role::RadioButton, name);
            let maps = window.state().filters.photo_maps.as_ref().expect("maps");
            assert_eq!(maps.size.0, 6);
            if name == "Cat" {
                let (_, height, width) = maps.photo.size;
                assert_eq!((maps.size.1, maps.size.2), (height, width), "as large as the photograph");
            }
        }
        window.button("Map of filter 1");
        assert_eq!(selected(&window), (1, 0));
        assert!(!window.state().filters.shows_photo);
        let tile = window.h.get_by_role_and_label(Role::RadioButton, "All filters");
        assert_eq!(tile.accesskit_node().toggled(), Some(egui::accesskit::Toggled::True));
    }
}

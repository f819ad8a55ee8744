//! The buttons: train, pause, one batch, one epoch, reset, and how a run ends.

use super::{one_batch, reset, snapshot, step};
use crate::support::{LARGE, SMALL, Window, layout, small_set, write_set};
use convlens::{
    data::{DataSet, Split},
    train::{Snapshot, Status},
    ui::{
        action::{Action, Transport},
        model::{file_kind::FileKind, network::Origin},
        state::AppState,
    },
};
use egui::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::sync::Arc;

/// Frames in which the training thread would show if it were at work.
#[track_caller]
fn assert_nothing_runs(window: &mut Window) {
    let before = step(window);
    window.h.run_steps(30);
    assert_eq!(step(window), before);
    assert!(!window.state().is_training());
}

#[test]
fn train_learns_and_pause_stops() {
    let mut window = Window::with_data(LARGE);
    assert!(window.shows("TRAINED"));
    window.tab("Train");
    window.set_number(Role::SpinButton, "Epochs", 500.0);
    window.button("Train");
    window.until("LIVE", AppState::is_training);
    assert_eq!(window.state().network.origin, Origin::Live);
    assert!(window.shows("LIVE") || window.shows("TESTING"));
    let first = step(&window);
    window.until("more steps", move |state| state.snapshot.as_ref().is_some_and(|s| s.step > first + 20));
    window.until("a loss below 1", |state| {
        state.snapshot.as_ref().and_then(|s| s.history.last()).is_some_and(|point| point.loss < 1.0)
    });
    window.button("Pause");
    window.until("a pause", |state| !state.is_training());
    assert_nothing_runs(&mut window);
    assert!(window.shows("PAUSED"));

    // The numbers on the screen are the run's.
    let s = snapshot(&window);
    let (loss, accuracy) = s.history.last().map(|point| (point.loss, point.accuracy)).unwrap();
    let made = s.step;
    assert_eq!(window.value(Role::Cell, "Training loss"), format!("{loss:.4}"));
    assert_eq!(window.value(Role::Cell, "Training accuracy"), format!("{:.1} %", accuracy * 100.0));
    assert_eq!(window.value(Role::Cell, "Steps made"), convlens::ui::widgets::numbers::count(made));
    assert!(window.shows(&format!("{loss:.4}")));
    assert!(accuracy > 0.5, "{accuracy}");

    // And it goes on from there.
    window.button("Train");
    window.until("more", move |state| state.snapshot.as_ref().is_some_and(|s| s.step > made));
}

#[test]
fn one_batch_is_one_step_and_one_epoch_is_one_epoch() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        let per_epoch = snapshot(&window).batches_per_epoch as u64;
        assert_eq!(per_epoch, 600_u64.div_ceil(64));
        for wanted in 1..=3 {
            one_batch(&mut window, wanted);
            assert_nothing_runs(&mut window);
        }
        assert_eq!(window.state().network.origin, Origin::Live);
        for epoch in 1..=2 {
            window.button("1 epoch");
            window.until("the epoch's end", move |state| {
                state.snapshot.as_ref().is_some_and(|s| s.epoch == epoch && !s.is_active())
            });
            assert_eq!((step(&window), snapshot(&window).batch), (per_epoch * epoch as u64, 0));
            assert_eq!(snapshot(&window).history.full.len(), epoch);
            assert_nothing_runs(&mut window);
        }
    }
}

#[test]
fn reset_returns_to_step_0_and_the_same_seed_learns_the_same() {
    let mut window = Window::with_data(LARGE);
    let mut runs = Vec::new();
    for _ in 0..2 {
        for wanted in 1..=4 {
            one_batch(&mut window, wanted);
        }
        runs.push((snapshot(&window).history.clone(), window.state().probabilities()));
        reset(&mut window);
        assert_eq!(window.state().network.origin, Origin::Live);
        assert!(snapshot(&window).history.last().is_none());
        assert_nothing_runs(&mut window);
    }
    assert_eq!(runs[0], runs[1]);
    // Another seed is another network.
    window.tab("Train");
    window.set_number(Role::SpinButton, "Seed", 7.0);
    window.until("the other weights", |state| state.snapshot.as_ref().is_some_and(|s| s.config.seed == 7));
    for wanted in 1..=4 {
        one_batch(&mut window, wanted);
    }
    assert_ne!(*snapshot(&window).history, *runs[0].0);
}

#[test]
fn the_drawing_is_read_by_the_network_that_is_learning() {
    let mut window = Window::with_data(LARGE);
    let trained = window.bars();
    window.act(Action::Train(Transport::Run));
    window.until("training", |state| state.is_training() && state.network.origin == Origin::Live);
    let mut seen = vec![trained];
    for _ in 0..5 {
        let before = window.state().probabilities();
        window.until("other probabilities", move |state| {
            let now = state.probabilities();
            now.iter().zip(&before).any(|(a, b)| (a - b).abs() > 0.002)
        });
        // The numbers on the screen are those of one moment of the network.
        let state = window.state();
        let answer = state.answer.as_ref().unwrap();
        assert_eq!(*answer.trace, answer.network.trace(&state.image.input_for(&answer.network)));
        seen.push(window.bars());
        let sum: f32 = window.bars().iter().sum();
        assert!((sum - 100.0).abs() <= 0.5, "{sum}");
        if !state.is_training() {
            window.act(Action::Train(Transport::Run));
        }
    }
    seen.dedup();
    assert!(seen.len() > 3, "{seen:?}");
}

#[test]
fn a_run_that_is_over_says_so_and_goes_on_when_asked() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Epochs", 1.0);
    window.button("Train");
    let is_over = |epochs: usize| {
        move |state: &AppState| {
            state.snapshot.as_ref().is_some_and(|s| s.status == Status::Finished && s.epoch == epochs)
        }
    };
    window.until("the end", is_over(1));
    window.until_said("Trained for 1 epoch: test accuracy");
    window.settle();
    assert!(window.shows("FINISHED"));
    let full = snapshot(&window).history.full.last().copied().unwrap();
    assert_eq!(full.images, 200);
    assert_eq!(window.value(Role::Cell, "Test accuracy"), format!("{:.2} %", full.accuracy * 100.0));
    window.button("Train");
    window.until("another epoch", is_over(2));
}

#[test]
fn a_run_that_diverges_stops_at_finite_weights_and_says_why() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Learning rate", 1e30);
    window.button("Train");
    window.until("the end", |state| state.snapshot.as_ref().is_some_and(|s| s.status == Status::Diverged));
    window.until_said("lower learning rate");
    window.settle();
    assert!(window.shows("DIVERGED"));
    let faults = layout::faults(&mut window, "diverged");
    assert!(faults.is_empty(), "{faults:?}");
    let network = &snapshot(&window).network;
    let is_finite = |tensor: &convlens::nn::Tensor| tensor.values().iter().all(|w| w.is_finite());
    assert!(network.parameters().iter().flatten().all(is_finite));
    window.set_number(Role::SpinButton, "Learning rate", 0.01);
    reset(&mut window);
    one_batch(&mut window, 1);
}

#[test]
fn a_run_that_diverged_goes_back_to_its_last_good_step_with_the_lower_rate() {
    let mut window = Window::with_data(SMALL);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Epochs", 1000.0);
    window.button("Train");
    window.until("something learnt", |state| state.snapshot.as_ref().is_some_and(|s| s.good_step > 0));
    let places = |window: &Window| {
        let rate = window.h.get_by_role_and_label(Role::SpinButton, "Learning rate").rect();
        (window.h.get_by_label("Loss").rect(), rate.min)
    };
    let before = places(&window);
    window.set_number(Role::SpinButton, "Learning rate", 1e30);
    window.until("the end", |state| state.snapshot.as_ref().is_some_and(|s| s.status == Status::Diverged));
    window.until_said("go back to step");
    assert_eq!(snapshot(&window).seconds_left, None);
    // Pressed on a ruined run, Train says what to do.
    window.dismiss_messages();
    window.button("Train");
    window.until_said("Go back to step");
    window.dismiss_messages();
    window.settle();
    // The way back moves nothing, and no number of a ruined run is too long for its place.
    assert_eq!(places(&window), before);
    let faults = layout::faults(&mut window, "diverged");
    assert!(faults.is_empty(), "{faults:?}");
    let good = snapshot(&window).good_step;
    window.set_number(Role::SpinButton, "Learning rate", 0.01);
    window.button(&format!("Back to step {good}"));
    window.until("the good step", move |state| {
        state.snapshot.as_ref().is_some_and(|s| s.status == Status::Paused && s.step == good)
    });
    window.settle();
    assert!(!window.shows("Back to step") && !window.shows("DIVERGED"));
    assert_eq!(snapshot(&window).config.lr, 0.01);
    window.button("Train");
    window.until("more steps", move |state| state.snapshot.as_ref().is_some_and(|s| s.step > good + 5));
}

#[test]
fn a_ruined_run_shows_its_last_good_weights_at_once() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.tab("Train");
        window.set_number(Role::SpinButton, "Epochs", 1000.0);
        window.button("Train");
        window.until("something learnt", |state| state.snapshot.as_ref().is_some_and(|s| s.good_step > 0));
        window.set_number(Role::SpinButton, "Learning rate", 1e30);
        window
            .until("the end", |state| state.snapshot.as_ref().is_some_and(|s| s.status == Status::Diverged));
        window.until("the good moment", |state| state.good_step_shown().is_some());
        let ruined = snapshot(&window).clone();
        let good = ruined.good_step;
        window.until_said("The weights shown are those of step");
        assert_eq!(window.state().network.origin, Origin::Moment(good));
        let moment = ruined.timeline.at(good).unwrap().network(&ruined.network);
        assert_eq!(window.state().network.network.parameters(), moment.parameters());
        // The curves keep what happened.
        assert_eq!(ruined.history.last().map(|point| point.step), Some(ruined.step));
        window.dismiss_messages();
        window.settle();
        assert_eq!(layout::faults(&mut window, "ruined"), Vec::<String>::new());
        if size == LARGE {
            let step = convlens::ui::widgets::numbers::count(good);
            assert!(window.shows(&format!("The weights shown are those of step {step}.")));
        }
        // The answer is that of the good weights, and says so.
        window.tab("Draw");
        window.settle();
        assert!(window.shows(&format!("step {}", convlens::ui::widgets::numbers::count(good))));
        // The ruined end is there for whoever wants to see it, and stays.
        window.button("Back to live");
        window.settle();
        assert_eq!(window.state().network.origin, Origin::Live);
        assert_eq!(window.state().network.network.parameters(), ruined.network.parameters());
        window.h.run_steps(20);
        assert_eq!(window.state().timeline.chosen, None);
        window.tab("Train");
        let rate = snapshot(&window).good_rate;
        window.button(&format!("Back to step {}", convlens::ui::widgets::numbers::count(good)));
        window.until("the good step", move |state| {
            state.snapshot.as_ref().is_some_and(|s| s.status == Status::Paused && s.step == good)
        });
        window.settle();
        assert_eq!(window.state().network.origin, Origin::Live);
        assert_eq!(window.state().network.network.parameters(), moment.parameters());
        // The rate of that step comes back, not the one that ruined the run.
        window.until("its rate", move |state| {
            state.snapshot.as_ref().is_some_and(|s| s.config.lr.to_bits() == rate.to_bits())
        });
        assert_eq!(window.state().setup.lr.to_bits(), rate.to_bits());
    }
}

#[test]
fn a_tenth_of_the_rate_leads_back_and_on() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Epochs", 1000.0);
    window.button("Train");
    window.until("something learnt", |state| state.snapshot.as_ref().is_some_and(|s| s.good_step > 0));
    let (rate, place) = (snapshot(&window).config.lr, window.h.get_by_label("Loss").rect());
    window.set_number(Role::SpinButton, "Learning rate", 1e30);
    window.until("the end", |state| state.snapshot.as_ref().is_some_and(|s| s.status == Status::Diverged));
    window.until_said("go back to step");
    window.dismiss_messages();
    assert_eq!(window.h.get_by_label("Loss").rect(), place);
    let good = snapshot(&window).good_step;
    window.until("the good moment", |state| state.good_step_shown().is_some());
    window.button("… with a tenth of the rate");
    window.until("the good step", move |state| {
        let is_there = |s: &Arc<Snapshot>| s.status == Status::Paused && s.step == good && s.config.lr < 1.0;
        state.snapshot.as_ref().is_some_and(is_there)
    });
    // From the good moment straight to the good step.
    window.until("the run itself", |state| state.network.origin == Origin::Live);
    let lr = snapshot(&window).config.lr;
    assert!((lr * 10.0 / rate - 1.0).abs() < 1e-4, "{lr} {rate}");
    assert_eq!(window.state().setup.lr, lr);
    window.button("Train");
    window.until("more steps", move |state| state.snapshot.as_ref().is_some_and(|s| s.step > good + 5));
}

#[test]
fn images_of_another_size_cannot_be_learnt_and_the_window_says_so() {
    let mut window = Window::with_data(LARGE);
    let split = |count: usize| {
        let labels = (0..count).map(|i| (i % 10) as u8).collect();
        Arc::new(Split::new("tiny", vec![7; count * 12 * 10], labels, 12, 10).unwrap())
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tiny");
    write_set(
        &path,
        &DataSet {
            name: "tiny".into(),
            train: split(30),
            test: split(20),
            classes: convlens::text::ClassNames::default(),
        },
    );
    window.act(Action::UseFile(FileKind::DataSet, path));
    window.h.run_steps(30);
    let said = |window: &Window| window.messages().iter().any(|text| text.contains("of tiny are 12×10"));
    window.until("the reason", |state| {
        state.toasts.visible().any(|(_, text)| text.contains("of tiny are 12×10"))
    });
    assert!(said(&window));
    // Nothing is learnt in secret, and whoever asks for it is told again.
    window.h.query_all_by_role(Role::Alert).for_each(|node| node.click());
    window.settle();
    window.button("Train");
    window.h.run_steps(30);
    assert!(!window.state().is_training());
    assert!(said(&window), "{:?}", window.messages());
    // Its images can still be looked at, and the next set is learnt from.
    window.tab("Draw");
    window.button("Next test digit");
    let path = folder.path().join("small");
    write_set(&path, &small_set());
    window.act(Action::UseFile(FileKind::DataSet, path));
    window.until("the run", |state| state.snapshot.as_ref().is_some_and(|s| s.batches_per_epoch == 10));
    one_batch(&mut window, 1);
}

#[test]
fn the_buttons_wait_for_a_data_set() {
    let window = Window::new();
    for name in ["Train", "1 batch", "1 epoch", "Reset"] {
        assert!(window.h.get_by_role_and_label(Role::Button, name).accesskit_node().is_disabled(), "{name}");
    }
}

#[test]
fn an_early_stop_says_which_weights_are_left() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Validation", 50.0);
    window.set_number(Role::SpinButton, "Early stop", 1.0);
    window.set_number(Role::SpinButton, "Epochs", 500.0);
    window.button("Train");
    window.until("the end", |state| state.snapshot.as_ref().is_some_and(|s| s.status == Status::Finished));
    window.until_said("Stopped after");
    let s = snapshot(&window);
    assert!(s.epoch < 500);
    let best = s.epoch - 1;
    let sentence = format!("Stopped after {} epochs", s.epoch);
    let weights =
        format!("These are the weights of epoch {best}, with loss {:.4}.", s.history.full[best - 1].loss);
    let messages = window.messages();
    assert!(messages.iter().any(|m| m.starts_with(&sentence) && m.ends_with(&weights)), "{messages:?}");
}

#[test]
fn what_a_run_learnt_is_kept_when_it_is_given_up() {
    let mut window = Window::with_data(LARGE);
    assert!(window.state().last_run.is_none());
    one_batch(&mut window, 1);
    one_batch(&mut window, 2);
    let learnt = snapshot(&window).network.clone();
    reset(&mut window);
    assert!(!Arc::ptr_eq(&window.state().network.network, &learnt));
    window.choose("Network menu", "last run, step 2");
    assert_eq!(window.state().network.origin, Origin::LastRun(2));
    assert_eq!(window.state().network.network.parameters(), learnt.parameters());
    assert!(window.shows("LAST RUN") && window.shows("The last run as it was after step 2."));
    // A run without a step has nothing to keep; another network ends one that has.
    window.choose("Network menu", "mlp-5");
    window.until("mlp-5", |state| state.snapshot.as_ref().is_some_and(|s| s.network.spec().name == "mlp-5"));
    assert_eq!(window.state().last_run.as_ref().map(|run| run.step), Some(2));
    one_batch(&mut window, 1);
    window.choose("Network menu", "simple-conv-net");
    window.until("the kept run", |state| state.last_run.as_ref().is_some_and(|run| run.step == 1));
    assert_eq!(window.state().last_run.as_ref().unwrap().network.spec().name, "mlp-5");
}

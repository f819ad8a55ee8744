//! Training as a person does it: the buttons, the settings, and what shows that it works.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a test's helpers cannot have fails the test"
)]

mod ui_support;

use convlens::{
    data::{DataSet, Split},
    nn::Network,
    train::{Snapshot, Status, TrainConfig},
    ui::{
        action::{Action, Transport},
        model::{file_kind::FileKind, network::Origin},
        state::AppState,
    },
};
use egui::{Event, Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::sync::Arc;
use ui_support::{LARGE, SMALL, Window, layout, small_set, write_set};

fn snapshot(window: &Window) -> &Snapshot {
    window.state().snapshot.as_ref().expect("a run is loaded")
}

fn step(window: &Window) -> u64 {
    snapshot(window).step
}

/// Presses “1 batch” and waits for it.
#[track_caller]
fn one_batch(window: &mut Window, wanted: u64) {
    window.button("1 batch");
    window.until("one step", |state| {
        state.snapshot.as_ref().is_some_and(|s| s.step >= wanted && !s.is_active())
    });
    assert_eq!(step(window), wanted);
}

#[track_caller]
fn reset(window: &mut Window) {
    window.button("Reset");
    window.until("step 0", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 0 && !s.is_active()));
}

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
    window.set_number(Role::SpinButton, "epochs", 500.0);
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
    assert_eq!(window.value(Role::Cell, "training loss"), format!("{loss:.4}"));
    assert_eq!(window.value(Role::Cell, "training accuracy"), format!("{:.1} %", accuracy * 100.0));
    assert_eq!(window.value(Role::Cell, "steps made"), convlens::ui::widgets::numbers::count(made));
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
    window.set_number(Role::SpinButton, "seed", 7.0);
    window.until("the other weights", |state| state.snapshot.as_ref().is_some_and(|s| s.config.seed == 7));
    for wanted in 1..=4 {
        one_batch(&mut window, wanted);
    }
    assert_ne!(*snapshot(&window).history, *runs[0].0);
}

#[test]
fn the_learning_rate_changes_while_it_learns() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "epochs", 10_000.0);
    window.button("Train");
    window.until("steps", |state| state.snapshot.as_ref().is_some_and(|s| s.step > 3));
    let (run, before) = (snapshot(&window).run, step(&window));
    window.set_number(Role::SpinButton, "learning rate", 0.005);
    window.set_number(Role::SpinButton, "momentum", 0.5);
    window.until("the other rate", |state| {
        let config = |s: &Arc<Snapshot>| s.config.lr == 0.005 && s.config.optimizer.momentum() == Some(0.5);
        state.snapshot.as_ref().is_some_and(config)
    });
    window.until("more steps", move |state| state.snapshot.as_ref().is_some_and(|s| s.step > before + 5));
    assert_eq!(snapshot(&window).run, run);
    assert!(window.state().is_training() && !window.state().needs_reset());
    assert!(window.h.query_by_role_and_label(Role::Button, "Reset and apply").is_none());
}

/// Types into a field key by key, without leaving it.
fn type_into(window: &mut Window, name: &str, text: &str) {
    window.click(Role::SpinButton, name);
    for letter in text.chars() {
        window.h.event(Event::Text(letter.to_string()));
        window.settle();
    }
}

/// The first digit of 12 is 1, which would end a run.
#[test]
fn a_number_counts_when_it_is_typed_to_the_end() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "epochs", 500.0);
    one_batch(&mut window, 1);
    type_into(&mut window, "epochs", "12");
    assert_eq!((window.state().setup.epochs, snapshot(&window).config.epochs), (500, 500));
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().setup.epochs, 12);
    window.until("the epochs", |state| state.snapshot.as_ref().is_some_and(|s| s.epochs == 12));
}

/// No file can hold them, and no run.
#[test]
fn numbers_without_end_are_not_taken() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    choose_augmentation(&mut window, "for digits");
    let names =
        ["learning rate", "weight decay", "gradient clipping", "validation", "rotation", "shift", "blur"];
    for name in names {
        for text in ["inf", "-inf", "NaN", "1e39", "-1e39", "9e999"] {
            window.h.get_by_role_and_label(Role::SpinButton, name).scroll_to_me();
            window.settle();
            type_into(&mut window, name, text);
            window.key(Modifiers::NONE, Key::Enter);
            let setup = window.state().setup;
            let written = serde_json::to_string(&setup).unwrap();
            assert_eq!(
                serde_json::from_str::<TrainConfig>(&written).unwrap(),
                setup,
                "{name} {text}: {written}"
            );
        }
    }
}

/// What is chosen for the next run is not told to this one, and what is told to this one arrives.
#[test]
fn the_run_under_way_is_told_what_is_meant_for_it() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "epochs", 50.0);
    one_batch(&mut window, 1);
    let before = snapshot(&window).config;
    window.choose("optimiser", "adamw");
    window.set_number(Role::SpinButton, "learning rate", 0.0007);
    window.set_number(Role::SpinButton, "epochs", 40.0);
    one_batch(&mut window, 2);
    assert_eq!(snapshot(&window).config, TrainConfig { epochs: 40, ..before });
    assert!(window.state().needs_reset());

    // Back to the run's own.
    window.act(Action::EditSetup(TrainConfig { epochs: 40, ..before }));
    assert!(!window.state().needs_reset());
    // A rate that was set beside an invalid setting is told when that is put right.
    window.set_number(Role::SpinButton, "batch", 0.0);
    window.set_number(Role::SpinButton, "learning rate", 0.0123);
    window.set_number(Role::SpinButton, "batch", before.batch as f64);
    one_batch(&mut window, 3);
    assert_eq!(snapshot(&window).config.lr, 0.0123);
    assert!(!window.state().needs_reset());

    // There and back before the run has heard of either.
    for lr in [0.5, 0.0123] {
        let setup = TrainConfig { lr, ..window.state().setup };
        window.h.state_mut().as_mut().unwrap().act(Action::EditSetup(setup));
    }
    one_batch(&mut window, 4);
    assert_eq!(snapshot(&window).config.lr, 0.0123);
}

/// A run that goes on after its end has more epochs than the field says; another learning rate does not end it again.
#[test]
fn another_rate_does_not_end_a_run_that_went_on() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "epochs", 1.0);
    window.button("1 epoch");
    window.until("the end", |state| state.snapshot.as_ref().is_some_and(|s| s.status == Status::Finished));
    let made = step(&window);
    one_batch(&mut window, made + 1);
    assert_eq!(snapshot(&window).epochs, 2);
    window.set_number(Role::SpinButton, "learning rate", 0.0123);
    one_batch(&mut window, made + 2);
    assert_eq!((snapshot(&window).epochs, snapshot(&window).config.lr), (2, 0.0123));
}

#[test]
fn what_needs_a_reset_says_so_and_reset_applies_it() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.tab("Train");
        for wanted in 1..=2 {
            one_batch(&mut window, wanted);
        }
        assert!(!window.shows("The run under way has other settings."));
        window.set_number(Role::SpinButton, "batch", 30.0);
        assert!(window.shows("The run under way has other settings."));
        assert_eq!(snapshot(&window).config.batch, 64);
        assert_eq!(step(&window), 2);
        let faults = layout::faults(&mut window, "the notice");
        assert!(faults.is_empty(), "{faults:?}");
        window.h.get_by_role_and_label(Role::Button, "Reset and apply").scroll_to_me();
        window.settle();
        window.button("Reset and apply");
        window.until("the new run", |state| {
            state.snapshot.as_ref().is_some_and(|s| s.step == 0 && s.config.batch == 30)
        });
        assert_eq!(snapshot(&window).batches_per_epoch, 20);
        assert!(!window.shows("The run under way has other settings."));
        one_batch(&mut window, 1);
    }
}

#[test]
fn before_the_first_step_everything_applies_at_once() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "batch", 100.0);
    window.set_number(Role::SpinButton, "validation", 50.0);
    window.until("the settings", |state| {
        state.snapshot.as_ref().is_some_and(|s| s.config.batch == 100 && s.validation)
    });
    assert_eq!(snapshot(&window).batches_per_epoch, 3);
    assert!(!window.state().needs_reset());
}

/// A value that no run can have, the sentence that says so, and one that will do.
const INVALID: [(&str, f64, &str, f64); 8] = [
    ("batch", 0.0, "batch is 0, but must be from 1 to 4096", 20.0),
    ("epochs", 0.0, "epochs is 0, but must be from 1 to 10000", 3.0),
    ("learning rate", -1.0, "learning rate is -1, but must be a number above 0", 0.01),
    ("momentum", 1.0, "momentum is 1, but must be at least 0 and below 1", 0.5),
    ("weight decay", -0.5, "weight decay is -0.5, but must be a number of at least 0", 0.0),
    ("gradient clipping", -1.0, "gradient clipping is -1, but must be a number of at least 0", 1.0),
    ("early stop", 3.0, "early stop is 3, but needs a validation fraction above 0", 0.0),
    ("validation", 95.0, "validation is 0.95, but must be from 0 to 0.9", 10.0),
];

#[test]
fn an_invalid_setting_explains_itself_and_breaks_nothing() {
    for (name, wrong, sentence, right) in INVALID {
        let mut window = Window::with_data(LARGE);
        window.tab("Train");
        one_batch(&mut window, 1);
        window.set_number(Role::SpinButton, name, wrong);
        let explained = window.h.get_by_label_contains(sentence).rect();
        let control = window.h.get_by_role_and_label(Role::SpinButton, name).rect();
        assert!(control.y_distance(explained) < 60.0, "{name}: {control:?} {explained:?}");
        let faults = layout::faults(&mut window, sentence);
        assert!(faults.is_empty(), "{faults:?}");
        // The run under way keeps what it has and goes on.
        one_batch(&mut window, 2);
        // A reset cannot apply it: it says why, and the run stays what it was, in sight.
        window.button("Reset");
        window.h.run_steps(10);
        assert!(window.messages().iter().any(|text| text.to_lowercase().contains(sentence)), "{name}");
        one_batch(&mut window, 3);
        // Put right, it applies.
        window.set_number(Role::SpinButton, name, right);
        assert!(!window.shows(sentence));
        reset(&mut window);
        assert!(!window.state().needs_reset());
        one_batch(&mut window, 1);
    }
}

trait Distance {
    fn y_distance(&self, other: Self) -> f32;
}

impl Distance for egui::Rect {
    fn y_distance(&self, other: Self) -> f32 {
        (self.center().y - other.center().y).abs()
    }
}

/// Settings that were changed while another one was invalid count as soon as that one is put right.
#[test]
fn a_seed_set_beside_an_invalid_setting_is_the_seed_of_the_weights() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    reset(&mut window);
    window.set_number(Role::SpinButton, "batch", 0.0);
    window.set_number(Role::SpinButton, "seed", 5.0);
    window.set_number(Role::SpinButton, "batch", 50.0);
    window.until("the run", |state| {
        state.snapshot.as_ref().is_some_and(|s| s.config.seed == 5 && s.config.batch == 50)
    });
    let loaded = snapshot(&window);
    let fresh = Network::new(loaded.network.spec().clone(), loaded.config.init, 5).unwrap();
    assert_eq!(loaded.initial.parameters(), fresh.parameters());
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
    window.set_number(Role::SpinButton, "epochs", 1.0);
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
    assert_eq!(window.value(Role::Cell, "test accuracy"), format!("{:.2} %", full.accuracy * 100.0));
    window.button("Train");
    window.until("another epoch", is_over(2));
}

#[test]
fn a_run_that_diverges_stops_at_finite_weights_and_says_why() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "learning rate", 1e30);
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
    window.set_number(Role::SpinButton, "learning rate", 0.01);
    reset(&mut window);
    one_batch(&mut window, 1);
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
    write_set(&path, &DataSet { name: "tiny".into(), train: split(30), test: split(20) });
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

fn choose_augmentation(window: &mut Window, name: &str) {
    window.h.get_by_role_and_label(Role::ComboBox, "augmentation").scroll_to_me();
    window.settle();
    window.choose("augmentation", name);
}

#[test]
fn augmentation_is_previewed_and_learnt_with() {
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.tab("Train");
        assert!(!window.shows("Augmented, epoch 1"));
        choose_augmentation(&mut window, "for digits");
        let pictures = window.h.query_all_by_label_contains("Augmented, epoch").count();
        assert_eq!(pictures, 8);
        window.h.get_by_label("Augmented, epoch 8").scroll_to_me();
        window.settle();
        let faults = layout::faults(&mut window, "the augmented images");
        assert!(faults.is_empty(), "{faults:?}");
        window.set_number(Role::SpinButton, "rotation", 45.0);
        assert_eq!(window.state().setup.augment.rotation, 45.0);
        window.until("the settings", |state| {
            state.snapshot.as_ref().is_some_and(|s| s.config.augment.rotation == 45.0)
        });
        one_batch(&mut window, 1);
        window.set_number(Role::SpinButton, "rotation", 200.0);
        assert!(window.shows("rotation is 200, but must be from 0 to 180 degrees"));
        assert_eq!(window.h.query_all_by_label_contains("Augmented, epoch").count(), 0);
        window.set_number(Role::SpinButton, "rotation", 10.0);
        choose_augmentation(&mut window, "none");
        assert!(!window.shows("Augmented, epoch 1"));
    }
}

#[test]
fn centring_by_the_set_is_the_networks_preprocessing_and_can_be_taken_back() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    let preprocess = |state: &AppState| state.snapshot.as_ref().map(|s| s.network.spec().preprocess);
    let plain = preprocess(window.state()).unwrap();
    assert_eq!((plain.mean, plain.std), (0.0, 1.0));
    window.click(Role::CheckBox, "centre by the set's mean");
    window.click(Role::CheckBox, "divide by its deviation");
    window.until("the figures", move |state| preprocess(state).is_some_and(|p| p.mean > 0.0 && p.std < 1.0));
    one_batch(&mut window, 1);
    window.click(Role::CheckBox, "centre by the set's mean");
    window.click(Role::CheckBox, "divide by its deviation");
    reset(&mut window);
    window.until("no figures", move |state| preprocess(state) == Some(plain));
}

#[test]
fn an_early_stop_says_which_weights_are_left() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "validation", 50.0);
    window.set_number(Role::SpinButton, "early stop", 1.0);
    window.set_number(Role::SpinButton, "epochs", 500.0);
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

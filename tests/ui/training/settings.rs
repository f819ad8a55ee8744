//! The settings: which of them change a run under way, and what is wrong with invalid ones.

use super::{one_batch, reset, snapshot, step};
use crate::support::{LARGE, SMALL, Window, layout};
use convlens::{
    nn::Network,
    train::{Snapshot, Status, TrainConfig},
    ui::{action::Action, state::AppState},
};
use egui::{Event, Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use std::sync::Arc;

#[test]
fn the_learning_rate_changes_while_it_learns() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Epochs", 10_000.0);
    window.button("Train");
    window.until("steps", |state| state.snapshot.as_ref().is_some_and(|s| s.step > 3));
    let (run, before) = (snapshot(&window).run, step(&window));
    window.set_number(Role::SpinButton, "Learning rate", 0.005);
    window.set_number(Role::SpinButton, "Momentum", 0.5);
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
    window.set_number(Role::SpinButton, "Epochs", 500.0);
    one_batch(&mut window, 1);
    type_into(&mut window, "Epochs", "12");
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
        ["Learning rate", "Weight decay", "Gradient clipping", "Validation", "Rotation", "Shift", "Blur"];
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

#[test]
fn what_is_not_a_number_is_answered_with_a_sentence() {
    let cases = [
        ("Learning rate", "abc", "“abc” is not a number."),
        ("Momentum", "0.9x", "“0.9x” is not a number."),
        ("Epochs", "-3", "“-3” is not a whole number"),
        ("Warm-up", "ten", "“ten” is not a whole number"),
        ("Weight decay", "-", "“-” is not a number."),
        ("Gradient clipping", "none", "“none” is not a number."),
        ("Batch size", "6.5", "“6.5” is not a whole number"),
        ("Seed", "−1", "“−1” is not a whole number"),
        ("Validation", "x %", "“x %” is not a number."),
        ("Early stop", "1e99", "“1e99” is too large a number."),
    ];
    for size in [LARGE, SMALL] {
        let mut window = Window::with_data(size);
        window.tab("Train");
        let before = window.state().setup;
        for (name, text, sentence) in cases {
            window.h.get_by_role_and_label(Role::SpinButton, name).scroll_to_me();
            window.settle();
            // From the heading, since the panel may still scroll.
            let place = |window: &Window| {
                let field = window.h.get_by_role_and_label(Role::SpinButton, name).rect();
                field.min - window.h.get_by_label("For the next run").rect().min
            };
            let placed = place(&window);
            type_into(&mut window, name, text);
            window.key(Modifiers::NONE, Key::Enter);
            assert_eq!(window.state().setup, before, "{name}");
            let note = window.h.get_by_label_contains(sentence).rect();
            let field = window.h.get_by_role_and_label(Role::SpinButton, name).rect();
            assert_eq!(place(&window), placed, "{name}");
            assert!(
                field.y_distance(note) < 60.0 && note.right() < field.left(),
                "{name}: {field:?} {note:?}"
            );
            let faults = layout::faults(&mut window, sentence);
            assert!(faults.is_empty(), "{faults:?}");
        }
        // Left as it is, *off* is no mistake; and a number takes the sentence away.
        type_into(&mut window, "Warm-up", "off");
        window.key(Modifiers::NONE, Key::Enter);
        assert!(!window.shows("is not a"));
        type_into(&mut window, "Early stop", "x");
        window.key(Modifiers::NONE, Key::Enter);
        assert!(window.shows("is not a"));
        window.set_number(Role::SpinButton, "Seed", 3.0);
        assert!(!window.shows("is not a"));
    }
}

/// A part of the training set and label smoothing are settings of the next run, which Reset applies.
#[test]
fn a_run_learns_from_a_part_of_the_set_with_smoothing() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Training images", 100.0);
    window.set_number(Role::SpinButton, "Label smoothing", 0.1);
    let setup = window.state().setup;
    assert_eq!((setup.train_images, setup.label_smoothing), (Some(100), 0.1));
    one_batch(&mut window, 1);
    let run = snapshot(&window);
    assert_eq!(
        (run.config.train_images, run.config.label_smoothing, run.batches_per_epoch),
        (Some(100), 0.1, 2)
    );

    window.set_number(Role::SpinButton, "Training images", 1e7);
    assert!(window.shows("but must be at most"), "the error is at the row");
    window.set_number(Role::SpinButton, "Training images", 0.0);
    assert_eq!(window.state().setup.train_images, None);
    assert!(!window.shows("but must be at most"));
    window.set_number(Role::SpinButton, "Label smoothing", 1.0);
    assert!(window.shows("Label smoothing is 1, but must be at least 0 and below 1"));
}

/// What is chosen for the next run is not told to this one, and what is told to this one arrives.
#[test]
fn the_run_under_way_is_told_what_is_meant_for_it() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Epochs", 50.0);
    one_batch(&mut window, 1);
    let before = snapshot(&window).config;
    window.choose("Optimiser", "AdamW");
    window.set_number(Role::SpinButton, "Learning rate", 0.0007);
    window.set_number(Role::SpinButton, "Epochs", 40.0);
    one_batch(&mut window, 2);
    assert_eq!(snapshot(&window).config, TrainConfig { epochs: 40, ..before });
    assert!(window.state().needs_reset());

    // Back to the run's own.
    window.act(Action::EditSetup(TrainConfig { epochs: 40, ..before }));
    assert!(!window.state().needs_reset());
    // A rate that was set beside an invalid setting is told at once.
    window.set_number(Role::SpinButton, "Batch size", 0.0);
    window.set_number(Role::SpinButton, "Learning rate", 0.0123);
    window.until("the rate", |state| state.snapshot.as_ref().is_some_and(|s| s.config.lr == 0.0123));
    window.set_number(Role::SpinButton, "Batch size", before.batch as f64);
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
    window.set_number(Role::SpinButton, "Epochs", 1.0);
    window.button("1 epoch");
    window.until("the end", |state| state.snapshot.as_ref().is_some_and(|s| s.status == Status::Finished));
    let made = step(&window);
    one_batch(&mut window, made + 1);
    assert_eq!(snapshot(&window).epochs, 2);
    window.set_number(Role::SpinButton, "Learning rate", 0.0123);
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
        assert!(!window.shows("changed"));
        window.set_number(Role::SpinButton, "Batch size", 30.0);
        assert!(window.shows("changed"));
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
        assert!(!window.shows("changed"));
        one_batch(&mut window, 1);
    }
}

#[test]
fn before_the_first_step_everything_applies_at_once() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Batch size", 100.0);
    window.set_number(Role::SpinButton, "Validation", 50.0);
    window.until("the settings", |state| {
        state.snapshot.as_ref().is_some_and(|s| s.config.batch == 100 && s.validation)
    });
    assert_eq!(snapshot(&window).batches_per_epoch, 3);
    assert!(!window.state().needs_reset());
}

/// A value that no run can have, the sentence that says so, and one that will do.
const INVALID: [(&str, f64, &str, f64); 8] = [
    ("Batch size", 0.0, "Batch size is 0, but must be from 1 to 4096", 20.0),
    ("Epochs", 0.0, "Epochs is 0, but must be from 1 to 10000", 3.0),
    ("Learning rate", -1.0, "Learning rate is -1, but must be a number above 0", 0.01),
    ("Momentum", 1.0, "Momentum is 1, but must be at least 0 and below 1", 0.5),
    ("Weight decay", -0.5, "Weight decay is -0.5, but must be a number of at least 0", 0.0),
    ("Gradient clipping", -1.0, "Gradient clipping is -1, but must be a number of at least 0", 1.0),
    ("Early stop", 3.0, "Early stop is 3, but needs a validation fraction above 0", 0.0),
    ("Validation", 95.0, "Validation is 95 %, but must be from 0 to 90 %", 10.0),
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
        // Training would go on with another value than the field shows: it says so instead.
        for button in ["Train", "1 batch", "1 epoch"] {
            window.button(button);
            window.h.run_steps(10);
            assert!(!window.state().is_training() && step(&window) == 1, "{name}, {button}");
            assert!(window.messages().iter().any(|text| text.contains(sentence)), "{name}, {button}");
            window.dismiss_messages();
        }
        // A reset cannot apply it: it says why, and the run stays what it was, in sight.
        window.button("Reset");
        window.h.run_steps(10);
        assert!(window.messages().iter().any(|text| text.contains(sentence)), "{name}");
        assert_eq!(step(&window), 1);
        // Put right, it applies, and the message goes.
        window.set_number(Role::SpinButton, name, right);
        assert!(!window.shows(sentence));
        one_batch(&mut window, 2);
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

/// One sentence, which names the first wrong field; and no valid value is lost for it.
#[test]
fn at_the_start_nothing_is_trained_with_other_values_than_are_shown() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Learning rate", 30.0);
    window.set_number(Role::SpinButton, "Learning rate", 0.03);
    window.set_number(Role::SpinButton, "Batch size", 100_000.0);
    window.button("Train");
    window.until_said("Batch size is 100000, but must be from 1 to 4096");
    assert!(!window.state().is_training() && step(&window) == 0);
    let said = |window: &Window, words: &str| window.messages().iter().any(|text| text.contains(words));
    window.set_number(Role::SpinButton, "Learning rate", -1.0);
    window.button("Train");
    window.until_said("Learning rate is -1, but must be a number above 0");
    assert!(!said(&window, "Batch size"));
    window.set_number(Role::SpinButton, "Learning rate", 0.03);
    window.set_number(Role::SpinButton, "Batch size", 50.0);
    one_batch(&mut window, 1);
    assert_eq!((snapshot(&window).config.lr, snapshot(&window).config.batch), (0.03, 50));
}

/// A momentum is a number of the optimiser, not another optimiser.
#[test]
fn the_optimiser_stays_what_was_chosen() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    window.choose("Optimiser", "SGD, momentum");
    one_batch(&mut window, 1);
    let named = |window: &Window| window.value(Role::ComboBox, "Optimiser");
    let before = named(&window);
    for momentum in [-1.0, 0.0, 0.5] {
        window.set_number(Role::SpinButton, "Momentum", momentum);
        assert_eq!(named(&window), before, "{momentum}");
        assert_eq!(window.shows("Momentum is -1, but must be at least 0 and below 1"), momentum < 0.0);
        assert!(!window.state().needs_reset() || momentum < 0.0);
    }
}

#[test]
fn small_numbers_are_written_so_that_they_are_not_0() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    for (text, value, shown) in [("1e-9", 1e-9, "1e-9"), ("0,05", 0.05, "0.05")] {
        type_into(&mut window, "Learning rate", text);
        window.key(Modifiers::NONE, Key::Enter);
        assert_eq!(window.state().setup.lr, value);
        assert!(window.value(Role::SpinButton, "Learning rate").starts_with(shown));
    }
    type_into(&mut window, "Learning rate", "5%");
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().setup.lr, 0.05);
    assert!(window.shows("“5%” is in percents, but Learning rate is not."));
}

/// Settings that were changed while another one was invalid count as soon as that one is put right.
#[test]
fn a_seed_set_beside_an_invalid_setting_is_the_seed_of_the_weights() {
    let mut window = Window::with_data(LARGE);
    window.tab("Train");
    reset(&mut window);
    window.set_number(Role::SpinButton, "Batch size", 0.0);
    window.set_number(Role::SpinButton, "Seed", 5.0);
    window.set_number(Role::SpinButton, "Batch size", 50.0);
    window.until("the run", |state| {
        state.snapshot.as_ref().is_some_and(|s| s.config.seed == 5 && s.config.batch == 50)
    });
    let loaded = snapshot(&window);
    let fresh = Network::new(loaded.network.spec().clone(), loaded.config.init, 5).unwrap();
    assert_eq!(loaded.initial.parameters(), fresh.parameters());
}

fn choose_augmentation(window: &mut Window, name: &str) {
    window.h.get_by_role_and_label(Role::ComboBox, "Augmentation").scroll_to_me();
    window.settle();
    window.choose("Augmentation", name);
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
        window.set_number(Role::SpinButton, "Rotation", 45.0);
        assert_eq!(window.state().setup.augment.rotation, 45.0);
        window.until("the settings", |state| {
            state.snapshot.as_ref().is_some_and(|s| s.config.augment.rotation == 45.0)
        });
        one_batch(&mut window, 1);
        // What is wrong is said beside the field, where that is in sight.
        window.h.get_by_role_and_label(Role::SpinButton, "Rotation").scroll_to_me();
        window.settle();
        window.set_number(Role::SpinButton, "Rotation", 200.0);
        assert!(window.shows("Rotation is 200, but must be from 0 to 180 degrees"));
        assert_eq!(window.h.query_all_by_label_contains("Augmented, epoch").count(), 0);
        window.set_number(Role::SpinButton, "Rotation", 10.0);
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
    window.click(Role::CheckBox, "Subtract the mean");
    window.click(Role::CheckBox, "Divide by the deviation");
    window.until("the figures", move |state| preprocess(state).is_some_and(|p| p.mean > 0.0 && p.std < 1.0));
    one_batch(&mut window, 1);
    window.click(Role::CheckBox, "Subtract the mean");
    window.click(Role::CheckBox, "Divide by the deviation");
    reset(&mut window);
    window.until("no figures", move |state| preprocess(state) == Some(plain));
}

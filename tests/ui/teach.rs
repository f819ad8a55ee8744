//! "Teach it my digit": drawings are named, kept, learnt, taken back and exported.

use crate::support::{LARGE, ONE, Window, kept, open, options};
use convlens::{
    data::DataSet,
    ui::{
        action::{Action, FineTuneAct},
        model::{file_kind::FileKind, fine_tune::FineTuneState, network::Origin},
    },
};
use egui::Role;
use egui_kittest::kittest::Queryable as _;
use std::sync::Arc;

/// A V, which is not a digit.
const V: [[f32; 2]; 5] = [[0.2, 0.2], [0.35, 0.5], [0.5, 0.8], [0.65, 0.5], [0.8, 0.2]];

/// Draws and says what it is.
fn keep(window: &mut Window, points: &[[f32; 2]], digit: u8) {
    window.act(Action::ClearDrawing);
    window.stroke(points);
    window.button(&format!("This is a {digit}"));
    window.dismiss_messages();
}

#[test]
fn labelled_drawings_are_learnt_and_teaching_can_be_undone() {
    let mut window = Window::with_data(LARGE);
    // A V, which somebody calls a five.
    for _ in 0..3 {
        keep(&mut window, &V, 5);
    }
    assert_eq!(window.state().collection.counts()[5], 3);
    assert!(window.state().drawing.is_blank(), "the canvas is free for the next one");
    window.stroke(&V);
    assert!(!window.answer().starts_with('5'), "{}", window.answer());
    let before = window.state().network.network.clone();
    window.button("Learn them");
    let FineTuneState::Done { read, drawings, accuracy, .. } = window.state().fine_tune.clone() else {
        panic!("{:?}", window.messages())
    };
    assert_eq!((read, drawings), ([0, 3], 3));
    assert!(accuracy.iter().all(|share| *share > 0.9), "{accuracy:?}");
    assert_eq!(window.state().network.origin, Origin::FineTuned(3));
    assert!(window.answer().starts_with('5'), "{}", window.answer());
    assert_eq!(window.value(Role::Cell, "Your drawings"), "0/3 → 3/3");
    window.button("Undo teaching");
    assert!(Arc::ptr_eq(&window.state().network.network, &before));
    assert!(!window.answer().starts_with('5'));
    assert!(matches!(window.state().fine_tune, FineTuneState::None));
}

/// The initial weights of the next run are ready later than the fine-tuned network, and must not replace it.
#[test]
fn a_fine_tuned_network_stays_after_training_in_the_window() {
    for is_preset in [true, false] {
        let mut window = Window::with_data(LARGE);
        if is_preset {
            window.choose("Network menu", "mlp-5");
            window.until("the preset", |state| {
                state.snapshot.as_ref().is_some_and(|s| s.network.spec().name == "mlp-5")
            });
        } else {
            window.button("1 batch");
            window.until("a step", |state| {
                state.snapshot.as_ref().is_some_and(|s| s.step == 1 && !s.is_active())
            });
        }
        assert_eq!(window.state().network.origin, Origin::Live);
        for _ in 0..3 {
            keep(&mut window, &V, 5);
        }
        let before = window.state().network.network.clone();
        window.button("Learn them");
        window.h.run_steps(30);
        assert_eq!(window.state().network.origin, Origin::FineTuned(3), "{:?}", window.messages());
        assert!(window.shows("TAUGHT"));
        let taught = window.state().network.network.clone();
        assert_ne!(taught.parameters(), before.parameters());
        window.until("the next run", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 0));
        // Neither the weights drawn for the next run nor other settings of it take the place of what was learnt.
        let mut setup = window.state().setup;
        setup.seed += 1;
        window.act(Action::EditSetup(setup));
        window.h.run_steps(30);
        assert!(Arc::ptr_eq(&window.state().network.network, &taught));
        window.button("Undo teaching");
        window.h.run_steps(30);
        assert!(Arc::ptr_eq(&window.state().network.network, &before));
        // Whoever trains sees the run.
        window.button("1 batch");
        window.until("a step", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 1));
        assert_eq!(window.state().network.origin, Origin::Live);
    }
}

#[test]
fn a_taught_network_is_there_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = kept::first_start(folder.path(), LARGE);
    for _ in 0..3 {
        keep(&mut window, &V, 5);
    }
    window.button("Learn them");
    let taught = window.state().network.network.clone();
    assert_eq!(window.state().network.origin, Origin::FineTuned(3), "{:?}", window.messages());
    window.close();

    let mut window = kept::start(folder.path(), LARGE);
    assert_eq!(window.state().network.network.parameters(), taught.parameters());
    // Taught again, and undone: the first teaching is what stays.
    keep(&mut window, &ONE, 1);
    window.button("Learn them");
    assert_ne!(window.state().network.network.parameters(), taught.parameters());
    window.button("Undo teaching");
    window.close();
    let mut window = kept::start(folder.path(), LARGE);
    assert_eq!(window.state().network.network.parameters(), taught.parameters());
    // Whoever chose another network finds that one.
    window.choose("Network menu", "ships with");
    window.close();
    assert_eq!(kept::start(folder.path(), LARGE).state().network.origin, Origin::Shipped);
}

#[test]
fn nothing_is_kept_of_a_blank_canvas_and_the_last_drawing_can_be_forgotten() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::ClearDrawing);
    window.act(Action::FineTune(FineTuneAct::Keep(3)));
    assert!(window.state().collection.is_empty());
    window.dismiss_messages();
    keep(&mut window, &ONE, 1);
    window.button("Forget the drawing kept last");
    assert!(window.state().collection.is_empty());
    window.act(Action::FineTune(FineTuneAct::Learn));
    assert!(matches!(window.state().fine_tune, FineTuneState::None));
}

#[test]
fn drawings_are_kept_between_runs_and_exported_as_a_set() {
    let folder = tempfile::tempdir().unwrap();
    let settings = || {
        let mut options = options();
        options.settings_path = Some(folder.path().join("settings.json"));
        open(crate::support::builder(LARGE), options)
    };
    let mut window = settings();
    for digit in [1, 7, 1] {
        keep(&mut window, &ONE, digit);
    }
    window.close();
    let mut window = settings();
    assert_eq!(window.state().collection.len(), 3);
    let set = folder.path().join("deep/my digits");
    window.button("Export your drawings as an IDX set");
    assert_eq!(window.question(), Some(FileKind::Drawings));
    window.type_path(&set);
    window.button("Save");
    let read = DataSet::read_dir(&set).unwrap();
    assert_eq!(read.train.labels(), [1, 7, 1]);
}

#[test]
fn drawings_that_are_not_a_single_digit_are_kept_with_a_warning() {
    let mut window = Window::with_data(LARGE);
    window.act(Action::ClearDrawing);
    let place = |window: &Window| window.h.get_by_role_and_label(Role::Button, "This is a 1").rect();
    let before = place(&window);
    window.stroke(&ONE);
    assert!(!window.shows("draw one at a time") && window.shows("Draw a digit, then click what it is"));
    window.act(Action::ClearDrawing);
    window.stroke(&[[0.2, 0.2], [0.2, 0.5], [0.2, 0.8]]);
    window.stroke(&[[0.8, 0.2], [0.8, 0.5], [0.8, 0.8]]);
    assert!(window.shows("There are two digits; draw one at a time."));
    assert_eq!(place(&window), before, "the warning does not move the buttons");
    window.button("This is a 1");
    assert_eq!(window.state().collection.counts()[1], 1);
    assert!(window.messages().iter().any(|text| text.contains("two digits")), "{:?}", window.messages());
    window.dismiss_messages();
    // A click leaves a dot.
    window.stroke(&[[0.5, 0.5], [0.5, 0.5]]);
    assert!(window.shows("This is a dot, not a digit."));
}

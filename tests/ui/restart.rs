//! What is there at the next start: the run, the runs before it, opened files, and the image.

use crate::support::{
    LARGE, Window,
    kept::{self, at_step, steps},
    small_set, write_picture,
};
use convlens::{
    lesson::shipped,
    model_file,
    nn::{Init, Network, presets},
    train::Status,
    ui::{
        action::Action,
        model::{image::ImageSource, lesson::LessonAct, network::Origin, view::ViewId},
    },
};
use egui::Role;
use std::path::Path;

fn start(folder: &Path) -> Window {
    kept::start(folder, LARGE)
}

fn first_start(folder: &Path) -> Window {
    kept::first_start(folder, LARGE)
}

#[test]
fn a_run_goes_on_at_the_next_start_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = first_start(folder.path());
    steps(&mut window, 0, 3);
    let network = window.state().network.network.clone();
    let history = window.state().snapshot.as_ref().unwrap().history.clone();
    window.close();

    let mut window = start(folder.path());
    // Never an untrained network, not even before the data set is there.
    assert_eq!(window.state().network.network.parameters(), network.parameters());
    at_step(&mut window, 3);
    assert_eq!(window.state().network.network.parameters(), network.parameters());
    assert_eq!(
        window.state().snapshot.as_ref().unwrap().history.training().count(),
        history.training().count()
    );
    assert!(window.messages().is_empty(), "{:?}", window.messages());
    steps(&mut window, 3, 4);
    window.close();

    // It goes on under its number: it is one run.
    let mut window = start(folder.path());
    at_step(&mut window, 4);
    window.settle();
    assert_eq!(window.state().runs.len(), 1);
    // Who turns to another network finds that one.
    window.choose("Network menu", "ships with");
    window.close();
    let window = start(folder.path());
    assert_eq!(window.state().network.origin, Origin::Shipped);
    assert_eq!(window.state().runs.len(), 1);
}

#[test]
fn two_windows_at_once_do_not_write_over_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = first_start(folder.path());
    steps(&mut first, 0, 2);
    first.close();
    let mut first = start(folder.path());
    at_step(&mut first, 2);
    let mut second = start(folder.path());
    at_step(&mut second, 2);
    assert!(
        second.messages()[0].starts_with("Another window of ConvLens is open"),
        "{:?}",
        second.messages()
    );
    // Both go on with the run, and both are kept.
    steps(&mut first, 2, 3);
    steps(&mut second, 2, 5);
    second.tab("Pooling");
    first.tab("Network");
    first.close();
    second.close();
    let mut window = start(folder.path());
    at_step(&mut window, 3);
    window.settle();
    assert!(window.messages().is_empty(), "{:?}", window.messages());
    assert_eq!(window.state().settings.view, ViewId::Network);
    let mut kept: Vec<u64> = window.state().runs.iter().map(|run| run.summary.step).collect();
    kept.sort_unstable();
    assert_eq!(kept, [3, 5]);
}

#[test]
fn a_reset_can_be_undone_and_earlier_runs_are_reopened() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = first_start(folder.path());
    steps(&mut window, 0, 3);
    let first = window.state().network.network.clone();
    window.button("Reset");
    window.until_said("The run of 3 steps is kept: reopen it in the network menu.");
    window.until("step 0", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 0));
    window.until("the list", |state| state.runs.len() == 1);
    steps(&mut window, 0, 2);
    window.choose("Network menu", "run, step 3");
    at_step(&mut window, 3);
    assert_eq!(window.state().network.network.parameters(), first.parameters());
    window.until("the list", |state| state.runs.len() == 2);
    window.close();
    let mut window = start(folder.path());
    at_step(&mut window, 3);
    window.choose("Network menu", "run, step 2");
    at_step(&mut window, 2);
    // Its own data set is gone: it is still shown.
    window.close();
    std::fs::remove_dir_all(folder.path().join("set")).unwrap();
    let window = start(folder.path());
    assert_eq!(window.state().network.origin, Origin::LastRun(2));
}

#[test]
fn opened_files_and_the_image_are_there_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let preset = |name| presets::by_name(name).unwrap().spec;
    model_file::save(&path("m1"), &Network::new(preset("mlp-5"), Init::He, 3).unwrap()).unwrap();
    std::fs::write(path("net.json"), preset("cnn-5").to_json()).unwrap();
    let seven = write_picture(path("seven.png"), &small_set(), 0, 5);
    let mut window = first_start(folder.path());
    for file in [path("net.json"), path("m1"), seven] {
        window.act(Action::OpenFile(file));
    }
    window.close();
    let mut window = start(folder.path());
    assert_eq!(window.state().network.origin, Origin::Opened("m1".into()));
    assert_eq!(window.state().image.source, ImageSource::Picture("seven.png".into()));
    window.choose("Network menu", "net.json");
    assert_eq!(window.state().network.network.spec().name, "cnn-5");
    window.choose("Network menu", "m1");
    assert_eq!(window.state().network.network.spec().name, "mlp-5");

    // A test image keeps its label, and is seen as it is.
    window.act(Action::ShowSample(3));
    let seen = window.state().image.seen.clone();
    window.close();
    let window = start(folder.path());
    let label = small_set().test.label(3);
    assert_eq!(window.state().image.source, ImageSource::Sample { set: "set".into(), index: 3, label });
    assert_eq!(window.state().image.seen, seen);
}

#[test]
fn a_ruined_run_is_reopened_where_it_was_well() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = first_start(folder.path());
    window.tab("Train");
    window.set_number(Role::SpinButton, "Epochs", 1000.0);
    window.button("Train");
    window.until("something learnt", |state| state.snapshot.as_ref().is_some_and(|s| s.good_step > 0));
    window.set_number(Role::SpinButton, "Learning rate", 1e30);
    window.until("the end", |state| state.snapshot.as_ref().is_some_and(|s| s.status == Status::Diverged));
    let good = window.state().snapshot.as_ref().unwrap().good_step;
    window.close();
    let mut window = start(folder.path());
    window.until("the good step", move |state| {
        state.snapshot.as_ref().is_some_and(|s| s.step == good && !s.is_active())
    });
    let snapshot = window.state().snapshot.as_ref().unwrap();
    assert!(!snapshot.is_ruined && snapshot.config.lr < 1.0 && window.state().setup.lr < 1.0);
    assert!(snapshot.history.last().unwrap().loss < 3.0);
    window.until("the list", |state| state.runs.len() == 1);
    assert_eq!(window.state().runs[0].summary.step, good);
    window.button("Train");
    window.until("more", move |state| state.snapshot.as_ref().is_some_and(|s| s.step > good));
}

/// What waits for the next run, and the run's own settings.
#[test]
fn settings_for_the_next_run_outlive_a_restart_and_a_lesson() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = first_start(folder.path());
    steps(&mut window, 0, 2);
    window.tab("Train");
    window.set_number(Role::SpinButton, "Weight decay", 0.01);
    window.set_number(Role::SpinButton, "Gradient clipping", 1.5);
    let assert_typed = |window: &mut Window| {
        at_step(window, 2);
        let mut setup = window.state().setup;
        assert_eq!((*setup.optimizer.weight_decay_mut(), setup.clip_norm), (0.01, 1.5));
        assert!(window.state().needs_reset());
    };
    assert_typed(&mut window);
    window.close();
    let mut window = start(folder.path());
    assert_typed(&mut window);
    window.act(Action::Lesson(LessonAct::Open(shipped()[0].id.clone())));
    window.act(Action::Lesson(LessonAct::Leave));
    assert_typed(&mut window);
    window.close();
    assert_typed(&mut start(folder.path()));
}

#[test]
fn a_kept_run_is_deleted_from_the_network_menu_until_that_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = first_start(folder.path());
    steps(&mut window, 0, 2);
    window.button("Reset");
    window.until("step 0", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 0));
    window.until("the list", |state| state.runs.len() == 1);
    let id = window.state().runs[0].id;
    window.click(Role::ComboBox, "Network menu");
    window.button(&format!("Delete run no. {id}"));
    window.until("an empty list", |state| state.runs.is_empty());
    window.key(egui::Modifiers::NONE, egui::Key::Escape);
    // A view without another *Undo*.
    window.tab("Train");
    window.button("Undo");
    window.until("the run", |state| state.runs.len() == 1);
    assert_eq!(window.state().runs[0].id, id);
}

#[test]
fn a_lesson_on_training_leaves_the_settings_of_the_run_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = first_start(folder.path());
    window.tab("Train");
    window.set_number(Role::SpinButton, "Learning rate", 0.0123);
    window.set_number(Role::SpinButton, "Epochs", 33.0);
    steps(&mut window, 0, 2);
    let lesson = shipped().iter().find(|lesson| lesson.id == "learning-by-heart").unwrap();
    window.act(Action::Lesson(LessonAct::Open(lesson.id.clone())));
    window.until("the lesson's network", |state| state.network.network.spec().name == "lenet5-relu");
    window.settle();
    window.act(Action::Lesson(LessonAct::Leave));
    at_step(&mut window, 2);
    let snapshot = window.state().snapshot.as_ref().unwrap();
    assert_eq!((snapshot.config.lr, snapshot.epochs), (0.0123, 33));
    assert_eq!((window.state().setup.lr, window.state().setup.epochs), (0.0123, 33));
}

#[test]
fn a_lesson_at_the_start_shows_its_own_network_and_brings_the_run_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = first_start(folder.path());
    steps(&mut window, 0, 2);
    let name = window.state().network.network.spec().name.clone();
    let lesson = shipped().iter().find(|lesson| lesson.id == "why-not-fully-connected").unwrap();
    window.close();

    let mut window = start(folder.path());
    window.act(Action::Lesson(LessonAct::Open(lesson.id.clone())));
    window.until("the lesson's network", |state| state.network.network.spec().name == "mlp-5");
    window.settle();
    assert_eq!(window.state().network.network.spec().name, "mlp-5");
    assert!(window.state().lesson.is_some());
    window.act(Action::Lesson(LessonAct::Leave));
    at_step(&mut window, 2);
    assert_eq!(window.state().network.network.spec().name, name);
}

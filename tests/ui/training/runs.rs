//! The table of the runs: legend, read-out, and everything that can be done with a run.

use crate::support::{
    LARGE, SMALL, Window,
    kept::{self, at_step, start, steps},
    layout,
};
use convlens::{
    model_file,
    ui::{action::Action, model::runs::RunRef, state::AppState, style::tokens::Tokens},
};
use egui::{Color32, Key, Modifiers, Rect, Role, Shape, Vec2, epaint::ColorMode};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::{fs, path::Path};

fn first_start(folder: &Path, size: Vec2) -> Window {
    let mut window = kept::first_start(folder, size);
    window.tab("Train");
    window.click(Role::RadioButton, "Runs");
    window
}

/// Resets; the run before is kept.
fn reset(window: &mut Window) {
    let before = window.state().snapshot.as_ref().and_then(|s| s.kept);
    window.button("Reset");
    window.until("a new run", |state| state.snapshot.as_ref().is_some_and(|s| s.step == 0));
    window.until("the list", move |state| state.runs.iter().any(|run| Some(run.id) == before));
    window.dismiss_messages();
}

/// The rows: names and what is said of them.
fn rows(window: &Window) -> Vec<(String, String)> {
    let all = window.h.query_all_by_role(Role::Row);
    all.map(|node| (node.accesskit_node().label().unwrap_or_default(), node.value().unwrap_or_default()))
        .collect()
}

fn names(window: &Window) -> Vec<String> {
    rows(window).into_iter().map(|(name, _)| name).collect()
}

/// Chooses from the menu of a run.
#[track_caller]
fn choose(window: &mut Window, name: &str, entry: &str) {
    window.button(&format!("More about {name}"));
    window.button(entry);
}

#[track_caller]
fn rename(window: &mut Window, name: &str, to: &str) {
    choose(window, name, "Rename");
    window.settle();
    window.key(Modifiers::COMMAND, Key::A);
    window.h.get_by_role_and_label(Role::TextInput, "Name of the run").type_text(to);
    window.settle();
    window.key(Modifiers::NONE, Key::Enter);
}

#[track_caller]
fn type_path(window: &mut Window, path: &Path) {
    window.type_path(path);
    window.button("Save");
    window.until("a file", |state| state.question.is_none());
    assert!(path.exists());
    window.dismiss_messages();
}

/// Whether a curve of this colour is painted in a part of the window.
fn has_line(window: &Window, within: Rect, color: Color32) -> bool {
    fn found(shape: &Shape, within: Rect, color: Color32) -> bool {
        match shape {
            Shape::Path(path) => {
                path.stroke.color == ColorMode::Solid(color)
                    && path.points.iter().any(|at| within.contains(*at))
            }
            Shape::Vec(shapes) => shapes.iter().any(|shape| found(shape, within, color)),
            _ => false,
        }
    }
    window.h.output().shapes.iter().any(|clipped| found(&clipped.shape, within, color))
}

fn plot(window: &Window) -> Rect {
    window.h.get_by_role_and_label(Role::Image, "Loss curves").rect()
}

/// Two runs: *first*, of three steps, and the current one of two with another rate.
fn two_runs(folder: &Path, size: Vec2) -> Window {
    let mut window = first_start(folder, size);
    steps(&mut window, 0, 3);
    rename(&mut window, "lenet5-wide", "first");
    assert_eq!(names(&window), ["first"]);
    reset(&mut window);
    window.act(Action::EditSetup(convlens::train::TrainConfig { lr: 0.004, ..window.state().setup }));
    steps(&mut window, 0, 2);
    window
}

#[test]
fn every_run_is_a_row_and_a_curve_with_what_differs() {
    for size in [LARGE, SMALL] {
        let folder = tempfile::tempdir().unwrap();
        let mut window = two_runs(folder.path(), size);
        let found = rows(&window);
        assert_eq!(names(&window), ["lenet5-wide", "first"], "{size}");
        assert!(found[0].1.starts_with("current run: lenet5-wide, 2 steps"), "{found:?}");
        let rate = window.state().runs.iter().find(|run| run.summary.step == 3).unwrap().summary.config.lr;
        assert!(found[1].1.starts_with(&format!("3 steps; learning rate {rate};")), "{found:?}");
        let run = &window.state().run_rows()[1];
        assert_eq!(run.run, RunRef::Kept(run.id.unwrap()));
        assert!(run.seconds.is_some_and(|seconds| seconds > 0.0));
        let t = Tokens::of(&window.h.ctx);
        let [own, other] = [t.runs[0], t.runs[run.color]];
        assert!(has_line(&window, plot(&window), own) && has_line(&window, plot(&window), other));
        // The eye.
        window.button("Hide the curves of first");
        assert!(has_line(&window, plot(&window), own) && !has_line(&window, plot(&window), other));
        window.button("Show the curves of first");
        assert!(has_line(&window, plot(&window), other));
        // The read-out at the pointer: in the table, and beside the pointer.
        let at = plot(&window).left_bottom() + egui::vec2(3.0, -3.0);
        window.h.hover_at(at);
        window.settle();
        assert!(window.shows("at step 0") || window.shows("at step 1"));
        let faults = layout::faults(&mut window, "runs");
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[test]
fn names_and_hidden_curves_are_kept_over_a_restart_and_a_row_opens_its_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = two_runs(folder.path(), LARGE);
    rename(&mut window, "lenet5-wide", "second");
    window.button("Hide the curves of first");
    window.close();

    let mut window = start(folder.path(), LARGE);
    at_step(&mut window, 2);
    window.settle();
    let shown = |state: &AppState| -> Vec<(String, bool)> {
        state.run_rows().into_iter().map(|row| (row.name, row.is_shown)).collect()
    };
    assert_eq!(shown(window.state()), [("second".into(), true), ("first".into(), false)]);
    // A double click.
    let row = window.h.get_by_role_and_label(Role::Row, "first").rect();
    for _ in 0..2 {
        window.h.hover_at(row.left_center() + egui::vec2(80.0, 0.0));
        window.h.drag_at(row.left_center() + egui::vec2(80.0, 0.0));
        window.h.drop_at(row.left_center() + egui::vec2(80.0, 0.0));
    }
    at_step(&mut window, 3);
    window.until("the list", |state| state.runs.len() == 2);
    window.settle();
    assert_eq!(names(&window), ["first", "second"]);
    window.button("Open second");
    at_step(&mut window, 2);
}

#[test]
fn escape_keeps_the_name_and_a_right_click_has_the_same_menu() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = two_runs(folder.path(), LARGE);
    choose(&mut window, "first", "Rename");
    window.settle();
    window.h.get_by_role_and_label(Role::TextInput, "Name of the run").type_text("nonsense");
    window.settle();
    window.key(Modifiers::NONE, Key::Escape);
    assert_eq!(names(&window), ["lenet5-wide", "first"]);
    window.h.get_by_role_and_label(Role::Row, "first").click_secondary();
    window.h.remove_cursor();
    window.settle();
    window.button("Hide curves");
    assert!(!window.state().run_rows()[1].is_shown);
}

#[test]
fn curves_and_network_are_exported() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = two_runs(folder.path(), LARGE);
    let [curves, model] = ["first.csv", "first.safetensors"].map(|name| folder.path().join(name));
    choose(&mut window, "first", "Save curves…");
    type_path(&mut window, &curves);
    let text = fs::read_to_string(&curves).unwrap();
    assert!(text.starts_with("step,epoch,loss,accuracy,set,images\n1,1,"), "{text}");
    assert_eq!(text.lines().filter(|line| line.contains(",train,")).count(), 3);
    choose(&mut window, "first", "Save network…");
    type_path(&mut window, &model);
    let saved = model_file::load(&model, None).unwrap();
    window.button("Open first");
    at_step(&mut window, 3);
    assert_eq!(saved.parameters(), window.state().network.network.parameters());
}

#[test]
fn a_run_is_exported_by_the_ending_and_has_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = two_runs(folder.path(), LARGE);
    let path = |name: &str| folder.path().join(name);
    for (name, files) in [
        ("first.onnx", &["first.onnx"][..]),
        ("first.keras.py", &["first.keras.py", "first.keras.safetensors"]),
    ] {
        choose(&mut window, "first", "Save network…");
        type_path(&mut window, &path(name));
        assert!(files.iter().all(|file| path(file).exists()), "{name}");
    }
    // The weights beside a module are not replaced without a question.
    fs::write(path("net.safetensors"), "weights").unwrap();
    choose(&mut window, "first", "Save network…");
    window.type_path(&path("net.py"));
    window.button("Save");
    assert!(window.shows("Replace the files?"));
    window.button("Another name");
    window.button("Cancel");
    assert!(!path("net.py").exists() && fs::read(path("net.safetensors")).unwrap() == b"weights");
    for (run, report) in [("first", "first.html"), ("lenet5-wide", "current.html")] {
        choose(&mut window, run, "Report…");
        type_path(&mut window, &path(report));
        let html = fs::read_to_string(path(report)).unwrap();
        assert!(html.contains("<h2>Worst mistakes</h2>") && html.contains("convlens train"), "{run}");
        assert!(window.state().run_table.report.is_none());
    }
}

#[test]
fn a_deleted_run_comes_back_until_another_one_is_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = two_runs(folder.path(), LARGE);
    choose(&mut window, "first", "Delete");
    window.until("no other run", |state| state.run_rows().len() == 1);
    assert!(window.shows("Deleted the run first."));
    window.button("Undo");
    window.until("the run", |state| state.run_rows().len() == 2);
    window.settle();
    assert_eq!(names(&window), ["lenet5-wide", "first"]);
    // The current one cannot be deleted.
    window.button("More about lenet5-wide");
    assert!(window.h.query_by_role_and_label(Role::Button, "Delete").is_none());
}

#[test]
fn a_damaged_file_is_a_sentence_and_can_be_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let window = two_runs(folder.path(), LARGE);
    window.close();
    let damaged = folder.path().join("runs/run-000077.training.safetensors");
    fs::write(&damaged, "nothing of the kind").unwrap();
    let mut window = start(folder.path(), LARGE);
    at_step(&mut window, 2);
    window.settle();
    assert_eq!(names(&window).len(), 2);
    assert!(window.shows("Run 77 cannot be read"));
    window.button("Delete the damaged run 77");
    window.until("its deletion", |state| state.run_table.damaged.is_empty());
    assert!(!damaged.exists());
}

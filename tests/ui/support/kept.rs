//! A window whose settings and runs are kept in a folder.

use super::{Window, builder, open, options, small_set, write_set};
use convlens::ui::{
    Options,
    action::Action,
    model::{file_kind::FileKind, network::Origin},
};
use egui::Vec2;
use std::path::Path;

/// The next start of the program.
pub fn start(folder: &Path, size: Vec2) -> Window {
    let (settings_path, runs_folder) = (Some(folder.join("settings.json")), Some(folder.join("runs")));
    open(builder(size), Options { settings_path, runs_folder, ..options() })
}

/// The first start, with a data set that is still there at the next one.
pub fn first_start(folder: &Path, size: Vec2) -> Window {
    let set = folder.join("set");
    write_set(&set, &small_set());
    let mut window = start(folder, size);
    assert_eq!(window.state().network.origin, Origin::Shipped);
    window.act(Action::UseFile(FileKind::DataSet, set));
    window.until("the run is loaded", |state| state.snapshot.is_some());
    window
}

/// Trains from one step to another, a batch at a time.
pub fn steps(window: &mut Window, from: u64, to: u64) {
    for step in from + 1..=to {
        window.button("1 batch");
        at_step(window, step);
    }
}

/// Waits until the run rests at a step and is the current network.
pub fn at_step(window: &mut Window, step: u64) {
    window.until("a step", |state| {
        let is_there = state.snapshot.as_ref().is_some_and(|s| s.step == step && !s.is_active());
        is_there && state.network.origin == Origin::Live
    });
}

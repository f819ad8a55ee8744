//! Training as a person does it: the buttons, the settings, and what shows that it works.

mod curves;
mod layers;
mod running;
mod runs;
mod settings;
mod timeline;

use crate::support::Window;
use convlens::train::Snapshot;

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

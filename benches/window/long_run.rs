//! Memory and frames of a long run with the window open.

use super::window::{FRAME, Window, p95};
use convlens::{
    train::TrainConfig,
    ui::{action::Action, model::view::ViewId, views::VIEWS},
};
use std::{
    thread,
    time::{Duration, Instant},
};

const STEPS: u64 = 100_000;
/// A report is printed after every so many steps.
const REPORT: u64 = 10_000;
/// Each view is shown for this many frames in turn.
const TURN: usize = 30;

/// Resident memory of this process in MB, where the system tells it.
fn memory() -> Option<f64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: f64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * 4096.0 / 1e6)
}

/// Trains a network for 100 000 steps while the views are shown in turn. Prints memory, and the frames of the Train view,
/// every 10 000 steps.
pub fn long_run(name: &str) {
    let mut window = Window::new(name, ViewId::Train);
    let setup = window.app.state().setup;
    window.app.act(Action::EditSetup(TrainConfig { epochs: 1000, ..setup }));
    let begun = Instant::now();
    let (mut next, mut frames, mut train) = (0, 0_usize, Vec::new());
    println!("{name}, {STEPS} steps with the window open, all views in turn");
    loop {
        let due = Instant::now() + FRAME;
        if frames.is_multiple_of(TURN) {
            window.app.act(Action::ShowView(VIEWS[frames / TURN % VIEWS.len()].id));
        }
        let cost = window.frame();
        if window.app.state().settings.view == ViewId::Train {
            train.push(cost);
        }
        frames += 1;
        let step = window.app.state().snapshot.as_ref().map_or(0, |snapshot| snapshot.step);
        if step >= next && !train.is_empty() {
            let memory = memory().map_or_else(|| "unknown".to_owned(), |mb| format!("{mb:.0} MB"));
            let frame = p95(&train, |cost| cost.processor);
            let seconds = begun.elapsed().as_secs();
            println!(
                "    step {step}, {seconds} s: memory {memory}; a frame of Train takes at most {frame:.2?} (95 %)"
            );
            (next, train) = (next + REPORT, Vec::new());
        }
        if step >= STEPS {
            return;
        }
        thread::sleep(due.saturating_duration_since(Instant::now()).min(Duration::from_millis(33)));
    }
}

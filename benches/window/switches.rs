//! The first frames after a switch to another view or size.

use super::window::{Cost, FRAME, Window, median};
use convlens::ui::{action::Action, model::view::ViewId, views::VIEWS};
use egui::vec2;
use std::{thread, time::Duration};

const ROUNDS: usize = 7;

/// Measures the first frame after a switch to each view, and after a change of the window's size, while a network trains.
/// Prints the median and the maximum of all rounds.
pub fn switches(name: &str) {
    let mut window = Window::new(name, ViewId::Draw);
    let mut costs: Vec<(String, Vec<Cost>)> = Vec::new();
    let mut note = |what: String, cost: Cost| match costs.iter_mut().find(|(name, _)| *name == what) {
        Some((_, all)) => all.push(cost),
        None => costs.push((what, vec![cost])),
    };
    for round in 0..ROUNDS {
        for entry in VIEWS {
            window.app.act(Action::ShowView(entry.id));
            let first = if round == 0 { ", the first time" } else { "" };
            note(format!("to {}{first}", entry.name), window.frame());
            for _ in 0..3 {
                thread::sleep(FRAME);
                window.frame();
            }
            window.size = if window.size.x > 1500.0 { vec2(1366.0, 728.0) } else { vec2(1600.0, 1000.0) };
            note(format!("another size of {}{first}", entry.name), window.frame());
        }
    }
    println!("{name}, training: the first frame after a switch, on a processor and by the clock");
    for (what, costs) in costs {
        let median = |of: fn(&Cost) -> Duration| {
            let mut all: Vec<f64> = costs.iter().map(|cost| of(cost).as_secs_f64() * 1e3).collect();
            (median(&mut all), all.last().copied().unwrap_or(0.0))
        };
        let (processor, clock) = (median(|cost| cost.processor), median(|cost| cost.clock));
        println!(
            "    {what}: {:.1} ms, at most {:.1}; by the clock {:.1}, at most {:.1}",
            processor.0, processor.1, clock.0, clock.1
        );
    }
}

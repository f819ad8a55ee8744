//! `cargo bench --bench window`: the cost of the open window for training, and the cost of a frame, without a display.
//!
//! Takes turns: training alone; training under the application, which runs the network on the current image at every
//! snapshot; and training with frames of a view at 1600×1000, laid out and tessellated 20 times a second, as often as training shows a step. Painting is left
//! out. A frame's cost is its thread's processor time, as mean and 95th percentile, and its 95th percentile by the clock,
//! which includes the work of other threads. Speeds depend on what else the machine does; the fraction of the process's
//! processor time that training has does not.
//!
//! `cargo bench --bench window -- alexnet-mini` measures that network alone, `-- switches` the frames after a switch to
//! another view or size (the budget is 50 ms), `-- long-run` memory over 100 000 steps.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench stops by panicking, and prints")]

mod long_run;
mod scenes;
mod share;
mod switches;
mod window;

use convlens::{
    data::{DataSet, mnist},
    nn::{Network, presets},
    train::{Pool, Session, TrainConfig},
    ui::model::view::ViewId,
};
use scenes::{SCENES, Scene};
use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};
use window::{Cost, TIME, Window, median, p95};

const NETS: [&str; 3] = ["lenet5-relu", "simple-conv-net", "alexnet-mini"];
const ROUNDS: usize = 5;

static MNIST: LazyLock<DataSet> = LazyLock::new(|| mnist::load().unwrap());

/// Training speed without the application, in images a second.
fn alone(name: &str) -> f64 {
    let preset = presets::by_name(name).unwrap();
    let network = Network::new(preset.spec, preset.recipe.init, 1).unwrap();
    let config = TrainConfig::from_recipe(&preset.recipe, 1);
    let batch = config.batch;
    let mut session = Session::new(config, network, &MNIST).unwrap();
    let pool = Pool::new(Pool::default_threads()).unwrap();
    let (mut steps, mut time) = (0, Duration::ZERO);
    while time < TIME {
        let begun = Instant::now();
        session.step(&pool).unwrap();
        time += begun.elapsed();
        steps += 1;
    }
    (steps * batch) as f64 / time.as_secs_f64()
}

fn main() {
    if std::env::args().any(|arg| arg == "switches") {
        switches::switches(NETS[1]);
        return;
    }
    if std::env::args().any(|arg| arg == "long-run") {
        long_run::long_run(NETS[0]);
        return;
    }
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for name in NETS.into_iter().filter(|name| asked.is_empty() || asked.iter().any(|asked| asked == name)) {
        let mut shares: [Vec<f64>; 1 + SCENES.len()] = Default::default();
        let mut processor: [Vec<f64>; 1 + SCENES.len()] = Default::default();
        let mut frames: [Vec<Cost>; SCENES.len()] = Default::default();
        let mut first = Vec::new();
        for _ in 0..ROUNDS {
            let before = alone(name);
            let mut window = Window::new(name, ViewId::Network);
            let (rate, share, _) = window.run(false);
            let mut rates = vec![rate];
            processor[0].push(share);
            for ((scene, frames), processor) in SCENES.iter().zip(&mut frames).zip(&mut processor[1..]) {
                for act in (scene.acts)() {
                    window.app.act(act);
                }
                let time = window.settle().as_secs_f64();
                if scene.name == "Evaluate" {
                    first.push(time);
                }
                let (rate, share, costs) = window.run(true);
                rates.push(rate);
                processor.push(share);
                frames.extend(costs);
            }
            drop(window);
            let by_itself = f64::midpoint(before, alone(name));
            shares.iter_mut().zip(rates).for_each(|(shares, rate)| shares.push(rate / by_itself));
        }
        let [app, scenes @ ..] = shares.map(|mut shares| 100.0 * median(&mut shares));
        let [app_time, times @ ..] = processor.map(|mut shares| 100.0 * median(&mut shares));
        println!(
            "{name}: training under the application {app:.0} % of alone, {app_time:.1} % of the processor time; Evaluate's first measurement {:.2} s",
            median(&mut first)
        );
        for (((Scene { name: scene, .. }, share), time), costs) in
            SCENES.iter().zip(scenes).zip(times).zip(frames)
        {
            let mean = costs.iter().map(|cost| cost.processor).sum::<Duration>() / costs.len() as u32;
            let (processor, clock) = (p95(&costs, |cost| cost.processor), p95(&costs, |cost| cost.clock));
            println!(
                "    with frames of {scene}: {share:.0} % of alone, {time:.1} % of the processor time; a frame takes {mean:.2?} on a processor, 95 % at most {processor:.2?}, {clock:.2?} by the clock"
            );
        }
    }
}

//! `cargo bench --bench window`: what the open window costs training, and what a frame costs, without a display.
//!
//! In turns: training alone; training under the application, which asks the network about the current image at every
//! snapshot; and the same with frames of a view at 1600×1000, laid out and tessellated 30 times a second, as often as
//! there are snapshots. Painting is left out. A frame's cost is what its thread had of a processor, mean and 95th percentile, where
//! the system tells it, and the 95th percentile by the clock, in which other threads have their part.
//!
//! `cargo bench --bench window -- alexnet-mini` tries that network alone, `-- switches` measures the frames after a switch
//! to another view or size: each has a budget of 50 ms.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench stops by panicking, and prints")]

use convlens::{
    data::{DataSet, mnist},
    nn::{Network, presets},
    train::{Pool, Session, TrainConfig},
    ui::{
        App, Options,
        action::{Action, Transport},
        model::{
            convolution::{
                ConvolutionSource, FamilyChoice,
                act::{ConvolutionAct, ConvolutionMode},
            },
            network::NetworkChoice,
            pooling::{PoolingMode, PoolingSetup, PoolingSource},
            selection::{MapId, Selection},
            view::ViewId,
        },
        views::VIEWS,
        widgets::PlaybackAct,
        work::tasks::Threading,
    },
};
use egui::{Context, Event, Pos2, RawInput, Rect, pos2, vec2};
use std::{
    sync::LazyLock,
    thread,
    time::{Duration, Instant},
};

const NETS: [&str; 3] = ["lenet5-relu", "simple-conv-net", "alexnet-mini"];
/// What is on the screen, and what a person does to get there.
struct Scene {
    name: &'static str,
    acts: fn() -> Vec<Action>,
}

const SCENES: [Scene; 11] = [
    Scene { name: "Draw", acts: || vec![Action::ShowView(ViewId::Draw)] },
    Scene {
        name: "Network",
        acts: || vec![Action::ShowView(ViewId::Network), Action::Select(Selection::default())],
    },
    Scene {
        name: "Network with the making of a map",
        acts: || vec![Action::ShowView(ViewId::Network), Action::Select(A_PIXEL)],
    },
    Scene { name: "Architecture", acts: || vec![Action::ShowView(ViewId::Architecture)] },
    Scene { name: "Train", acts: || vec![Action::ShowView(ViewId::Train)] },
    Scene { name: "Compare", acts: || vec![Action::ShowView(ViewId::Compare)] },
    Scene {
        name: "Convolution over an image, playing",
        acts: || {
            convolution([
                ConvolutionAct::UseSource(ConvolutionSource::Image),
                ConvolutionAct::SetMode(ConvolutionMode::Sum),
            ])
        },
    },
    Scene {
        name: "Convolution in three dimensions, playing",
        acts: || {
            let member = ConvolutionAct::UseFamily(FamilyChoice::ThreeDimensions);
            convolution([ConvolutionAct::SetMode(ConvolutionMode::Family), member])
        },
    },
    Scene {
        name: "Pooling of an image, playing",
        acts: || pooling(PoolingSource::Image, PoolingMode::Windows),
    },
    Scene { name: "Pooling of a map, its gradient, playing", acts: || pooling(A_MAP, PoolingMode::Gradient) },
    Scene { name: "Pooling of a map, what is lost, playing", acts: || pooling(A_MAP, PoolingMode::Loss) },
];
/// A pixel of the second convolution of most networks.
const A_PIXEL: Selection =
    Selection { map: Some(MapId { column: 5, map: 3 }), pixel: Some((4, 4)), channel: None };
/// A map of the first layer.
const A_MAP: PoolingSource = PoolingSource::Map { column: 1, map: 0 };

/// Plays round and round, as fast as there are frames.
const PLAY: [PlaybackAct; 4] =
    [PlaybackAct::Loop(true), PlaybackAct::Speed(30.0), PlaybackAct::Begin, PlaybackAct::Toggle];

fn convolution(acts: [ConvolutionAct; 2]) -> Vec<Action> {
    let acts = acts.into_iter().chain(PLAY.map(ConvolutionAct::Play)).map(Action::Convolution);
    std::iter::once(Action::ShowView(ViewId::Convolution)).chain(acts).collect()
}

fn pooling(source: PoolingSource, show: PoolingMode) -> Vec<Action> {
    let choice = PoolingSetup { source, show, ..PoolingSetup::default() };
    let acts = [Action::ShowView(ViewId::Pooling), Action::EditPooling(choice)];
    acts.into_iter().chain(PLAY.map(Action::PlayPooling)).collect()
}

const ROUNDS: usize = 5;
const SWITCH_ROUNDS: usize = 7;
/// How long each is tried in a round.
const TIME: Duration = Duration::from_secs(2);
const FRAME: Duration = Duration::from_millis(33);

static MNIST: LazyLock<DataSet> = LazyLock::new(|| mnist::load().unwrap());

/// Images a second of the training steps alone.
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

/// What this thread had of a processor, or else the time.
fn processor_time() -> Duration {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }
    #[cfg(not(unix))]
    {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }
}

/// What a frame cost.
#[derive(Clone, Copy)]
struct Cost {
    clock: Duration,
    processor: Duration,
}

/// The application with a context of its own.
struct Window {
    ctx: Context,
    app: App,
    pointer: Pos2,
    begun: Instant,
    size: egui::Vec2,
}

impl Window {
    fn new(name: &str, view: ViewId) -> Self {
        let ctx = Context::default();
        let options = Options {
            settings_path: None,
            threading: Threading::Threads,
            train_threads: Pool::default_threads(),
            reads_mnist: true,
            runs_folder: None,
            ..Options::default()
        };
        let app = App::new(&ctx, options);
        let size = vec2(1600.0, 1000.0);
        let mut window = Self { ctx, app, pointer: pos2(800.0, 500.0), begun: Instant::now(), size };
        window.until(|app| app.state().data.ready().is_some());
        window.app.act(Action::ChooseNetwork(NetworkChoice::Preset(name.to_owned())));
        window.until(|app| app.state().snapshot.as_ref().is_some_and(|s| s.network.spec().name == name));
        window.app.act(Action::NextSample);
        window.app.act(Action::ShowView(view));
        window.app.act(Action::Train(Transport::Run));
        window.until(|app| app.state().snapshot.as_ref().is_some_and(|s| s.images_per_second > 0.0));
        window
    }

    fn until(&mut self, is_so: impl Fn(&App) -> bool) {
        while !is_so(&self.app) {
            self.app.logic(&self.ctx);
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// One frame, with the pointer on its way over the window.
    fn frame(&mut self) -> Cost {
        let turn = self.begun.elapsed().as_secs_f32();
        self.pointer = pos2(800.0, 500.0) + vec2(600.0, 350.0) * egui::Vec2::angled(turn);
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
            time: Some(self.begun.elapsed().as_secs_f64()),
            events: vec![Event::PointerMoved(self.pointer)],
            ..RawInput::default()
        };
        let (begun, had) = (Instant::now(), processor_time());
        let Self { ctx, app, .. } = self;
        let output = ctx.run_ui(input, |ui| {
            app.logic(ui.ctx());
            app.ui(ui);
        });
        std::hint::black_box(ctx.tessellate(output.shapes, output.pixels_per_point));
        Cost { clock: begun.elapsed(), processor: processor_time().saturating_sub(had) }
    }

    /// Images a second in training, as the thread itself counts them, and the frames' costs.
    fn run(&mut self, draws: bool) -> (f64, Vec<Cost>) {
        let (mut rates, mut frames) = (Vec::new(), Vec::new());
        let begun = Instant::now();
        // The rate is of late: the first second is of what was before.
        while begun.elapsed() < TIME + Duration::from_secs(1) {
            let due = Instant::now() + FRAME;
            if draws {
                frames.push(self.frame());
            } else {
                self.app.logic(&self.ctx);
            }
            if begun.elapsed() > Duration::from_secs(1)
                && let Some(snapshot) = &self.app.state().snapshot
            {
                rates.push(snapshot.images_per_second);
            }
            thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        (median(&mut rates), frames)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.app.close();
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The value that 95 % do not exceed.
fn p95(costs: &[Cost], of: fn(&Cost) -> Duration) -> Duration {
    let mut all: Vec<Duration> = costs.iter().map(of).collect();
    all.sort_unstable();
    all[all.len() * 95 / 100]
}

/// What the first frames after a person turned to a view, or had made the window another size, cost while a network
/// trains: the median and the most of all rounds, a view each.
fn switches(name: &str) {
    let mut window = Window::new(name, ViewId::Draw);
    let mut costs: Vec<(String, Vec<Cost>)> = Vec::new();
    let mut note = |what: String, cost: Cost| match costs.iter_mut().find(|(name, _)| *name == what) {
        Some((_, all)) => all.push(cost),
        None => costs.push((what, vec![cost])),
    };
    for round in 0..SWITCH_ROUNDS {
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

fn main() {
    if std::env::args().any(|arg| arg == "switches") {
        switches(NETS[1]);
        return;
    }
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for name in NETS.into_iter().filter(|name| asked.is_empty() || asked.iter().any(|asked| asked == name)) {
        let mut shares: [Vec<f64>; 1 + SCENES.len()] = Default::default();
        let mut frames: [Vec<Cost>; SCENES.len()] = Default::default();
        for _ in 0..ROUNDS {
            let before = alone(name);
            let mut window = Window::new(name, ViewId::Network);
            let mut rates = vec![window.run(false).0];
            for (scene, frames) in SCENES.iter().zip(&mut frames) {
                for act in (scene.acts)() {
                    window.app.act(act);
                }
                let (rate, costs) = window.run(true);
                rates.push(rate);
                frames.extend(costs);
            }
            drop(window);
            let by_itself = f64::midpoint(before, alone(name));
            shares.iter_mut().zip(rates).for_each(|(shares, rate)| shares.push(rate / by_itself));
        }
        let [app, scenes @ ..] = shares.map(|mut shares| 100.0 * median(&mut shares));
        println!("{name}: training under the application {app:.0} % of alone");
        for ((Scene { name: scene, .. }, share), costs) in SCENES.iter().zip(scenes).zip(frames) {
            let mean = costs.iter().map(|cost| cost.processor).sum::<Duration>() / costs.len() as u32;
            let (processor, clock) = (p95(&costs, |cost| cost.processor), p95(&costs, |cost| cost.clock));
            println!(
                "    with frames of {scene}: {share:.0} % of alone; a frame takes {mean:.2?} on a processor, 95 % at most {processor:.2?}, {clock:.2?} by the clock"
            );
        }
    }
}
